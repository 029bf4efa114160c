"""A binding request on paper and in Excel: what `app.binding` hands over, set as form no. 1 (002 پیوست پنج)."""

from app.binding.facts import RowFacts
from app.binding.paper import BindingPaper
from app.papers import Printed
from reports.forms.data import FormData, FormRow
from reports.forms.pdf import form_pdf
from reports.forms.spec import FormKind, Signatory
from reports.forms.xlsx import form_xlsx
from reports.preview import page_count


def print_request(paper: BindingPaper) -> Printed:
    """Both files of the request: a `BindingPrinter`."""
    known = {signatory.value for signatory in Signatory}
    data = FormData(
        kind=FormKind.BINDING,
        library=paper.library,
        province=paper.province,
        county=paper.county,
        city=paper.city,
        grade=paper.grade,
        date=paper.day,
        rows=tuple(map(_row, paper.rows)),
        number=paper.number,
        signatories={Signatory(position): name for position, name in paper.officers.items() if position in known},
        chain_head=paper.chain_head,
        draft=paper.draft,
    )
    pdf = form_pdf(data)
    return Printed(pdf=pdf, xlsx=form_xlsx(data), pages=page_count(pdf))


def _row(copy: RowFacts) -> FormRow:
    return FormRow(
        title=copy.title,
        author=copy.main_creator or "",
        accession_no=str(copy.accession_no),
        accession_date=copy.accession_date,
        volume_no=copy.volume_no or "",
        copy_no=str(copy.copy_no),
    )

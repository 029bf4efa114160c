"""Weeding minutes on paper and in Excel: what `app.weeding` hands over, set as one of the official forms."""

from app.catalogue.call_number import display
from app.weeding.paper import MinutesPaper, Printed
from app.weeding.reads import ListedCopy
from reports.forms.data import FormData, FormRow
from reports.forms.pdf import form_pdf
from reports.forms.spec import FormKind
from reports.forms.xlsx import form_xlsx
from reports.preview import page_count


def print_minutes(paper: MinutesPaper) -> Printed:
    """Both files of the minutes: a `MinutesPrinter`. The expert's column is left to be written in."""
    data = FormData(
        kind=FormKind(f"weeding_{paper.reason}"),
        library=paper.library,
        province=paper.province,
        county=paper.county,
        city=paper.city,
        grade=paper.grade,
        date=paper.day,
        rows=tuple(map(_row, paper.rows)),
        number=paper.number,
        revision=paper.revision,
        chain_head=paper.chain_head,
        draft=paper.draft,
    )
    pdf = form_pdf(data)
    return Printed(pdf=pdf, xlsx=form_xlsx(data), pages=page_count(pdf))


def _row(copy: ListedCopy) -> FormRow:
    return FormRow(
        title=copy.title,
        author=copy.main_creator or "",
        year=_text(copy.year),
        accession_no=_text(copy.accession_no),
        accession_date=copy.accession_date,
        volume_no=_text(copy.volume_no),
        copy_no=_text(copy.copy_no),
        class_no=display(copy.class_no, "") if copy.class_no else "",
    )


def _text(number: int | str | None) -> str:
    return "" if number is None else str(number)

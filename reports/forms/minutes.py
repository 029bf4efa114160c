"""Weeding minutes on paper and in Excel: what `app.weeding` hands over, set as one of the official forms."""

from functools import partial

from app.catalogue.call_number import display
from app.labels import VERDICT
from app.papers import Printed
from app.weeding.minutes.paper import MinutesPaper
from app.weeding.reads import ListedCopy
from reports.forms.data import FormData, FormRow
from reports.forms.pdf import form_pdf
from reports.forms.spec import FormKind, Signatory
from reports.forms.xlsx import form_xlsx
from reports.preview import page_count


def print_minutes(paper: MinutesPaper) -> Printed:
    """Both files of the minutes: a `MinutesPrinter`. The expert's column holds what was ruled, else it is left to be
    written in."""
    data = FormData(
        kind=FormKind(f"weeding_{paper.reason}"),
        library=paper.library,
        province=paper.province,
        county=paper.county,
        city=paper.city,
        grade=paper.grade,
        date=paper.day,
        rows=tuple(map(partial(_row, paper), paper.rows)),
        number=paper.number,
        revision=paper.revision,
        signatories={Signatory(position): name for position, name in paper.officers.items()},
        guideline=paper.guideline,
        chain_head=paper.chain_head,
        draft=paper.draft,
    )
    pdf = form_pdf(data)
    return Printed(pdf=pdf, xlsx=form_xlsx(data), pages=page_count(pdf))


def _row(paper: MinutesPaper, copy: ListedCopy) -> FormRow:
    verdict = paper.verdicts.get(copy.item_id)
    struck = copy.struck_at is not None
    return FormRow(
        title=copy.title,
        author=copy.main_creator or "",
        year=_text(copy.year),
        accession_no=_text(copy.accession_no),
        accession_date=copy.accession_date,
        volume_no=_text(copy.volume_no),
        copy_no=_text(copy.copy_no),
        class_no=display(copy.class_no, "") if copy.class_no else "",
        ruling=copy.struck_why or "" if struck else VERDICT[verdict] if verdict else "",
        struck=struck,
    )


def _text(number: int | str | None) -> str:
    return "" if number is None else str(number)

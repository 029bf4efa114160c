"""A paper as the window handles it: the bytes of its files, and what is said about it."""

from dataclasses import dataclass

from app.papers import StoredDocument


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF file with its name, and the Excel file that says the same, where there is one.

    `title` and `facts` are ready Persian text; a `draft` has no number and may change yet. A working paper (lists,
    slips, letters) is neither a draft nor `frozen`: made again, it tells how things stand then.
    """

    title: str
    pdf: bytes
    pdf_name: str
    sheet: bytes = b""
    sheet_name: str = ""
    facts: tuple[str, ...] = ()
    draft: bool = False
    frozen: bool = True


def stored_paper(title: str, pdf: StoredDocument, sheet: StoredDocument, facts: tuple[str, ...]) -> Paper:
    """A frozen paper from the store: what is printed or saved are these very bytes."""
    return Paper(title, pdf.content, pdf.file_name, sheet.content, sheet.file_name, facts)

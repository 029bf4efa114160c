"""Papers for tests."""

from reports.pdf.paper import A4 as A4_POINTS
from reports.pdf.paper import Paper as Sheet
from ui.paper.paper import Paper


def pdf_of(pages: int, size: tuple[float, float] = A4_POINTS) -> bytes:
    """A PDF whose pages are black in their lower half."""
    sheet = Sheet("آزمون", size)
    for _ in range(pages):
        sheet.new_page()
        sheet.shade((0, 0, size[0], size[1] / 2), 0)
    return sheet.pdf()


def a_paper(pages: int = 3, title: str = "صورتجلسهٔ ۱۴۰۵/۱") -> Paper:
    """A paper with both files."""
    return Paper(title, pdf_of(pages), "minutes.pdf", b"PK-sheet", "minutes.xlsx", ("۱۲ نسخه",))

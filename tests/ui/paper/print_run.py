"""Prints a paper from a process of its own, for tests: libcups reads where to print once, when it is first used."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.trouble import Trouble
from reports.preview import page_count
from ui.jobs import Jobs
from ui.paper.paper import Paper
from ui.paper.preview import PaperPreview
from ui.paper.printing import Printing, PrintOrder, chosen_pages, printer_names
from ui.style import apply_theme


def main() -> None:
    """Write what happened to the standard output, as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--printer", default="")
    parser.add_argument("--pages", default="")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--kill", type=int, default=0, help="a process that dies after the first page")
    parser.add_argument("--window", action="store_true", help="from the preview, with the keys of a person")
    parser.add_argument("--cancel", action="store_true", help="stop after the first page")
    given = parser.parse_args()
    apply_theme(QApplication(sys.argv[:1]))
    jobs = Jobs()
    try:
        told = _from_preview(jobs, given) if given.window else _printed(jobs, given)
    except Trouble as trouble:
        told = {"end": trouble.code, "reason": str(trouble.context.get("reason", ""))}
    jobs.close()
    print(json.dumps(told))


def _printed(jobs: Jobs, given: argparse.Namespace) -> dict[str, object]:
    names = printer_names()
    pdf = given.pdf.read_bytes()
    pages = chosen_pages(given.pages, page_count(pdf))
    if pages is None:
        raise ValueError(given.pages)
    printing, loop = Printing(jobs), QEventLoop()
    told: dict[str, object] = {"printers": names, "steps": []}
    steps: list[tuple[int, int]] = []

    def ended(end: str, reason: str = "") -> None:
        told.update(end=end, reason=reason, steps=steps)
        loop.quit()

    def progressed(done: int, pages: int) -> None:
        steps.append((done, pages))
        if done == 1 and given.kill:
            os.kill(given.kill, signal.SIGKILL)
        if done == 1 and given.cancel:
            printing.cancel()

    printing.progressed.connect(progressed)
    printing.finished.connect(lambda: ended("finished"))
    printing.cancelled.connect(lambda: ended("cancelled"))
    printing.failed.connect(lambda error: ended(error.code, str(error.context.get("reason", ""))))
    printing.start(pdf, PrintOrder(given.printer or names[0], pages, given.copies), "برگه")
    QTimer.singleShot(60_000, loop.quit)
    loop.exec()
    return told


def _from_preview(jobs: Jobs, given: argparse.Namespace) -> dict[str, object]:
    preview, loop = PaperPreview(jobs), QEventLoop()
    preview.resize(1100, 700)
    preview.show()
    preview.activateWindow()
    QTest.qWaitForWindowActive(preview)
    preview.pictures.counted.connect(lambda _: loop.quit())
    preview.show_paper(Paper("برگه", given.pdf.read_bytes(), "x.pdf"))
    loop.exec()
    QTest.keyClick(preview.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    asked = (preview.form.printer.currentText(), preview.form.pages.placeholderText())
    preview.form.pages.setText(given.pages)
    preview.said.connect(loop.quit)
    QTimer.singleShot(60_000, loop.quit)
    QTest.keyClick(preview.form.pages, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    showing = preview.progress.isVisible()
    loop.exec()
    return {"asked": asked, "progress": showing, "end": preview.banner.title(), "left": preview.progress.isVisible()}


if __name__ == "__main__":
    main()

"""P6: a fresh process until the desk accepts a scan, against a fresh process that shows a bare Qt line."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Timings
from benchmarks.sample import make_library

ROUNDS = 9
FLOOR = (
    "from PySide6.QtWidgets import QApplication, QLineEdit\n"
    "app = QApplication([])\nline = QLineEdit()\nline.show()\napp.processEvents()\n"
)
OURS = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ui.main import Opening
from ui.style import apply_theme
app = QApplication([])
apply_theme(app)
opening = Opening(app, Path(sys.argv[1]), None)
opening.begin(None)
app.processEvents()
opening.app.close()
"""


@dataclass(frozen=True)
class StartFigures:
    """Seconds from the start of the process to its end; neither side works after it is ready."""

    floor: Timings
    ours: Timings


def measure(folder: Path) -> StartFigures:
    """Interleaved rounds of fresh processes."""
    make_library(folder / "library", titles=500, members=50).store.close()
    floor, ours = Timings(), Timings()
    _run(OURS, folder / "library")  # byte code and page cache are warm for both sides
    for _ in range(ROUNDS):
        floor.add_round([_run(FLOOR, folder)])
        ours.add_round([_run(OURS, folder / "library")])
    return StartFigures(floor, ours)


def _run(code: str, argument: Path) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(argument)], check=True, env=environment, capture_output=True)
    return time.perf_counter() - start

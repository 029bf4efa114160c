"""A paper on the screen: its pages, printing it, saving it. It lies over the page, not over the desk: scans go on."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.persian.digits import number
from ui.jobs import Jobs
from ui.keys import ESCAPE, KeyHelp
from ui.paper.paper import Paper
from ui.paper.pictures import Pictures
from ui.paper.print_form import PrintForm
from ui.paper.printing import Printing, PrintOrder, printer_names
from ui.paper.saving import SavePanel
from ui.paper.sheets import Fit, PageList, PageView
from ui.style import look
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.notice import Notice
from ui.widgets.progress import ProgressCard

PRINT, SAVE_PDF, SAVE_SHEET = "Ctrl+P", "Ctrl+S", "Ctrl+E"
_SIDE = 330
_FROZEN = Notice(

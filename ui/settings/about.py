"""The program itself: version, licences of what it ships."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.persian.digits import to_persian
from app.version import VERSION
from ui.resources import resource
from ui.settings.lines import card
from ui.style import look
from ui.widgets.buttons import Button
from ui.widgets.facts import Facts
from ui.widgets.labels import isolate, ltr
from ui.widgets.layouts import column, row

LICENCES = (resource("fonts", "OFL.txt"), resource("icons", "LICENSE"))
_TALL = 180


class AboutCard(QWidget):
    """The licence texts are shown on request."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.facts = Facts()
        self.facts.show_facts(
            (
                ("نسخه", f"پیشخان {to_persian(VERSION)}"),
                ("مجوز برنامه", f"آزاد، {ltr('GPL-3.0-or-later')}"),
                ("قلم", f"وزیرمتن، {ltr('SIL Open Font License 1.1')}"),
                ("نمادها", f"{ltr('Tabler Icons')}، {ltr('MIT')}"),
                ("پوشهٔ داده‌ها", isolate(str(folder))),
            )
        )
        self.texts = QPlainTextEdit()
        self.texts.setReadOnly(True)
        self.texts.setTabChangesFocus(True)
        self.texts.setFixedHeight(look().px(_TALL))
        self.texts.setAccessibleName("متن مجوزها")
        self.texts.hide()
        self.button = Button("متن مجوزها", icon="file-text")
        self.setLayout(column(card("دربارهٔ پیشخان", self.facts, row(self.button, None), self.texts), gap=0))
        self.button.clicked.connect(self.toggle)

    @Slot()
    def toggle(self) -> None:
        """Show the licences, or put them away."""
        if not self.texts.toPlainText():
            self.texts.setPlainText("\n\n".join(path.read_text(encoding="utf-8") for path in LICENCES))
        self.texts.setVisible(self.texts.isHidden())
        self.button.set_words("متن مجوزها" if self.texts.isHidden() else "بستن متن مجوزها")

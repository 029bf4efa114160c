"""The inputs that stand in the panel of the rules page: for whom a new line is, from when a new version holds."""

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from app.labels import MATERIAL
from app.policy.draft import OWN_DECISION, Key
from app.policy.table import ANY
from ui.policies import words
from ui.widgets import paint
from ui.widgets.inputs import Choice
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row


class KeyFields(QWidget):
    """Category, item type and branch of a line."""

    def __init__(self, categories: Mapping[str, str], branch: str) -> None:
        super().__init__()
        types = tuple((kind.value, label) for kind, label in MATERIAL.items())
        self.category = Choice(((ANY, words.ALL_MEMBERS), *categories.items()))
        self.item_type = Choice(((ANY, words.ALL_ITEMS), *types))
        self.branch = Choice(((ANY, words.ALL_BRANCHES), (branch, branch)))
        fields = (("گروه عضویت", self.category), ("نوع منبع", self.item_type), ("کتابخانه", self.branch))
        beside = row(*(captioned(caption, field) for caption, field in fields), None, gap=14)
        self.setLayout(beside)
        self.setFocusProxy(self.category)

    def show_key(self, key: Key) -> None:
        """Begin with this key."""
        self.category.choose(key.category)
        self.item_type.choose(key.item_type)
        self.branch.choose(key.branch)

    def key(self) -> Key:
        """What is chosen."""
        return Key(self.branch.code() or ANY, self.category.code() or ANY, self.item_type.code() or ANY)


class VersionFields(QWidget):
    """The title of a new version and the day it begins to hold."""

    def __init__(self, title: str, today: Callable[[], date]) -> None:
        super().__init__()
        self.title = QLineEdit(title)
        self.title.setMaxLength(200)
        self.title.setAlignment(paint.START)
        self.day = JalaliDateEdit(today)
        self.day.set_day(today())
        beside = row(captioned("عنوان این نسخه", self.title), captioned("از تاریخ", self.day), gap=14)
        beside.setStretch(0, 2)
        beside.setStretch(1, 1)
        self.setLayout(beside)
        self.setFocusProxy(self.day)


def source_box() -> QLineEdit:
    """Where figures that are changed by hand come from."""
    box = QLineEdit()
    box.setPlaceholderText(f"{OWN_DECISION} (یا نام بخشنامه)")
    box.setMaxLength(200)
    box.setAlignment(paint.START)
    box.setAccessibleName("منبع تغییرها")
    return box


def captioned(caption: str, field: QWidget) -> QWidget:
    """A field with its caption above."""
    made = QWidget()
    field.setAccessibleName(caption)
    made.setLayout(column(Label(caption, "muted"), field, gap=4))
    return made

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QLabel

from ui.style import apply_theme, look
from ui.theme import DARK, LIGHT


def test_the_application_is_persian_and_right_to_left(dressed: QApplication) -> None:
    assert dressed.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert QLocale().toString(1405) == "۱٬۴۰۵"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "انصراف"


def test_the_typeface_is_the_one_we_ship(dressed: QApplication) -> None:
    label = QLabel("کتاب")

    assert QFontInfo(label.font()).family() == "Vazirmatn"
    assert label.font().pointSizeF() == 10.5


def test_a_new_look_is_worn_at_once_and_loads_nothing_twice(dressed: QApplication) -> None:
    apply_theme(dressed, DARK, 150)
    try:
        assert look().theme is DARK
        assert look().px(10) == 15
        assert dressed.font().pointSizeF() == 15.75
        assert dressed.palette().window().color().name().upper() == DARK.background
        assert len(dressed.findChildren(QTranslator, "qtbase_fa")) == 1
    finally:
        apply_theme(dressed, LIGHT)

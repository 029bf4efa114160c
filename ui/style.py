"""The style sheet, and dressing the application: font, palette, direction, locale, Qt's own Persian words."""

import re
from string import Template

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.resources import resource
from ui.theme import FAMILY, LIGHT, Look, Theme, Tone

_PROPERTY = "look"
_LENGTH = re.compile(r"\b(\d+(?:\.\d+)?)(px|pt)\b")

_SHEET = Template("""
QMainWindow, QDialog, Page, #pages { background: $background; }
QToolTip { background: $ink; color: $card; border: 0; padding: 4px 8px; }

Card, RowList, ProgressCard { background: $card; border: 1px solid $line; border-radius: 10px; }
Card[quiet="true"] { background: $header; border: 0; }
StatTile { background: $card; border: 1px solid $line; border-radius: 10px; }
StatTile[chosen="true"] { border: 2px solid $primary; }
StatTile[clickable="true"]:hover { background: $hover; }
StatTile:focus { border: 2px solid $primary; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 15pt; font-weight: 700; }
QLabel[role="heading"] { font-size: 12pt; font-weight: 700; }
QLabel[role="strong"] { font-weight: 700; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: 9pt; }
QLabel[role="number"] { font-size: 16pt; font-weight: 700; }
QLabel[role="error"] { color: $red; font-size: 9pt; }
QLabel[role="banner"] { font-size: 13.5pt; font-weight: 700; }

Notice, Banner, Panel, #trouble { border-radius: 10px; border: 1px solid $line; }
$tones
Panel { background: $card; }
#trouble { background: $red_soft; border: 1px solid $red; }
#reason { background: $header; border-radius: 8px; }

QLineEdit, QPlainTextEdit, QSpinBox {
    background: $card; color: $ink; border: 1px solid $line; border-radius: 8px; padding: 5px 10px;
    selection-background-color: $primary; selection-color: $on_primary; placeholder-text-color: $muted;
    min-height: 22px;
}
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus { border: 1px solid $primary; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border: 1px solid $red; }
QLineEdit:disabled, QPlainTextEdit:disabled { background: $header; color: $muted; }
QLineEdit:read-only { background: $header; }

SearchBox { background: $card; border: 2px solid $line; border-radius: 12px; }
SearchBox[active="true"] { border: 2px solid $primary; }
SearchBox QLineEdit, SearchBox QLineEdit:focus { border: 0; background: transparent; font-size: 16pt; padding: 0; }
FilterBox { background: $card; border: 1px solid $line; border-radius: 8px; }
FilterBox[active="true"] { border: 1px solid $primary; }
FilterBox QLineEdit, FilterBox QLineEdit:focus { border: 0; background: transparent; padding: 3px 0; min-height: 20px; }

QTableView { background: $card; border: 0; gridline-color: transparent; outline: 0; }
QTableView QTableCornerButton::section { background: $header; border: 0; }
QListView { background: $card; border: 0; outline: 0; }
QComboBox QAbstractItemView {
    background: $card; color: $ink; border: 1px solid $line; padding: 4px;
    selection-background-color: $selected; selection-color: $ink;
}

QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $line; border: 0; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: $primary; border-radius: 4px; }

QMenu { background: $card; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 16px; border-radius: 6px; }
QMenu::item:selected { background: $selected; color: $ink; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QCalendarWidget #qt_calendar_navigationbar { background: $card; }
QCalendarWidget QToolButton {
    background: transparent; color: $ink; border: 0; border-radius: 6px; padding: 4px 8px; font-weight: 700;
}
QCalendarWidget QToolButton:hover { background: $hover; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QTableView {
    background: $card; alternate-background-color: $header;
    selection-background-color: $primary; selection-color: $on_primary;
}
DatePopup { background: $card; border: 1px solid $line; border-radius: 8px; }

#nav { background: $nav; }
#nav QLabel { color: $nav_muted; font-size: 9pt; }
#nav QLabel#brand { color: $nav_on_ink; font-size: 14pt; font-weight: 700; }
#nav QScrollBar::handle { background: $nav_line; }
#nav QFrame#rule { background: $nav_line; }
#statusLine { background: $card; border-top: 1px solid $line; }
#statusLine QLabel { color: $muted; font-size: 9.5pt; }
#sheet { background: $card; border: 1px solid $line; border-radius: 12px; }
#rule { background: $line; }
""")

_TONED = Template("""
Notice[tone="$tone"], Banner[tone="$tone"] { background: $paper; border: 1px solid $edge; }
Notice[tone="$tone"] { border-color: $paper; }
Notice[tone="$tone"] QLabel[role="strong"] { color: $ink; }
Panel[tone="$tone"] { border: 2px solid $ink; }
QLabel[tone="$tone"] { color: $ink; }
""")


def style_sheet(theme: Theme, scale: int = 100) -> str:
    """Qt's style sheet for a theme. Every length in it is written for 100 % and multiplied here."""
    tones = "".join(_TONED.substitute(theme.hue(tone)._asdict(), tone=tone.value) for tone in Tone)
    sheet = _SHEET.substitute(theme.roles(), tones=tones)
    return _LENGTH.sub(lambda length: f"{_scaled(float(length[1]), length[2], scale)}{length[2]}", sheet)


def _scaled(value: float, unit: str, scale: int) -> str:
    # Hairlines stay hairlines; a border of 1 px made 1.5 px would be drawn unevenly.
    if unit == "px":
        return str(int(value)) if value <= 2 else str(round(value * scale / 100))
    return f"{value * scale / 100:.2f}"


def apply_theme(app: QApplication, theme: Theme = LIGHT, scale: int = 100) -> None:
    """Dress the application. May be called again at any time: everything on screen follows."""
    look = Look(theme, scale)
    app.setProperty(_PROPERTY, look)
    _load_fonts()
    QLocale.setDefault(QLocale("fa_IR"))
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(_palette(theme))
    app.setFont(look.font())
    app.setStyleSheet(style_sheet(theme, scale))
    _load_words(app)


def look() -> Look:
    """The look the application wears now; it is kept on the QApplication, beside its palette and font."""
    app = QApplication.instance()
    worn = app.property(_PROPERTY) if app is not None else None
    return worn if isinstance(worn, Look) else Look()


def _load_fonts() -> None:
    if FAMILY in QFontDatabase.families():
        return
    for path in sorted(resource("fonts").glob(f"{FAMILY}-*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


def _load_words(app: QApplication) -> None:
    if app.findChild(QTranslator, "qtbase_fa") is not None:
        return
    translator = QTranslator(app)
    translator.setObjectName("qtbase_fa")
    if translator.load("qtbase_fa", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.background,
        role.WindowText: theme.ink,
        role.Base: theme.card,
        role.AlternateBase: theme.header,
        role.Text: theme.ink,
        role.PlaceholderText: theme.muted,
        role.Button: theme.card,
        role.ButtonText: theme.ink,
        role.BrightText: theme.red,
        role.Highlight: theme.primary,
        role.HighlightedText: theme.on_primary,
        role.Accent: theme.primary,
        role.ToolTipBase: theme.ink,
        role.ToolTipText: theme.card,
        role.Link: theme.primary,
        role.Mid: theme.line,
        role.Dark: theme.line,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.muted))
    return palette

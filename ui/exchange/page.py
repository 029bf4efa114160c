"""Exchange and handing over: packages on their way, what is ready to be packed, the libraries that may be given books
(002 م7-16 … م7-24، م10-2)."""

import uuid

from PySide6.QtCore import Slot

from app.persian.digits import number
from ui.binding.asking import YES_KEY
from ui.exchange.libraries import EDIT, FILE, LibrariesPart
from ui.exchange.packages import HELP, REPORT, PackagesPart
from ui.exchange.packing import SOME, ReadyPart
from ui.keys import KeyHelp
from ui.page import Action
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.parts_page import KEYS, ScanPartsPage
from ui.session import Session

STALE_AFTER = frozenset({"exchange", "weeding", "items", "rules"})
PACKAGES, READY, LIBRARIES = 0, 1, 2


class ExchangePage(ScanPartsPage):
    """A scan means what the part in front is for: a copy that is asked for, or one to be packed."""

    def __init__(self, session: Session) -> None:
        self.packages, self.ready, self.libraries = PackagesPart(session), ReadyPart(session), LibrariesPart(session)
        parts = (
            ("بسته‌ها", self.packages),
            ("آمادهٔ بسته‌بندی", self.ready),
            ("کتابخانه‌های دارای مجوز", self.libraries),
        )
        super().__init__(session, parts, STALE_AFTER)
        self._connect()
        self.show_part(PACKAGES)

    def parts(self) -> tuple[PackagesPart, ReadyPart, LibrariesPart]:
        return self.packages, self.ready, self.libraries

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self.shows_paper():
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "بسته‌ها، آمادهٔ بسته‌بندی، کتابخانه‌ها"),
            *HELP,
            KeyHelp(SOME, "تنها نسخه‌های برگزیده بسته‌بندی شود"),
            KeyHelp(EDIT, "ویرایش کتابخانه"),
            KeyHelp(FILE, "ورود فهرست کتابخانه‌های استان"),
            KeyHelp(YES_KEY, "تأیید، در پاسخ پرسش"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("مبادله: بسته‌ها", lambda: self.show_part(PACKAGES), KEYS[0]),
            Action("مبادله: آمادهٔ بسته‌بندی", lambda: self.show_part(READY), KEYS[1]),
            Action("مبادله: کتابخانه‌های دارای مجوز", lambda: self.show_part(LIBRARIES), KEYS[2]),
            Action("مبادله: گزارش بستهٔ برگزیده", self.packages.show_report, REPORT),
        )

    @Slot(object)
    def _packed(self, package_id: uuid.UUID) -> None:
        self.show_part(PACKAGES)
        self.packages.choose(package_id)

    def _connect(self) -> None:
        for part in self.parts():
            part.said.connect(self.say)
        packages, ready, libraries = self.tiles
        self.packages.counted.connect(
            lambda under_way, waiting: packages.show_number(
                number(under_way), f"در راه، {number(waiting)} در انتظار پاسخ" if waiting else "در راه"
            )
        )
        self.ready.counted.connect(
            lambda copies, groups: ready.show_number(
                number(copies), f"نسخه در {number(groups)} گروه" if copies else "نسخه"
            )
        )
        self.libraries.counted.connect(
            lambda every, without: libraries.show_number(
                number(every), f"کتابخانه، {number(without)} بی‌مجوز" if without else "کتابخانه"
            )
        )
        self.packages.printed.connect(self.show_paper)
        self.ready.packed.connect(self._packed)

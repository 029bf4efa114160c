"""What this library is, and the rules it lends by: their version, status and source (002: both guidelines are
drafts)."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from app.labels import BRANCH_KIND
from app.library import Library
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import RuleStatus
from ui.settings.lines import card
from ui.theme import Tone
from ui.widgets.facts import Facts
from ui.widgets.labels import isolate, ltr
from ui.widgets.layouts import column
from ui.widgets.pills import Pill

STATUS: Mapping[RuleStatus, str] = MappingProxyType({RuleStatus.DRAFT: "پیش‌نویس", RuleStatus.IN_FORCE: "ابلاغ‌شده"})


class LibraryCard(QWidget):
    """Read when the page is shown: rules change at midnight or by another desk."""

    def __init__(self) -> None:
        super().__init__()
        self.library, self.policy = Facts(), Facts()
        self.status = Pill()
        rules = card("قواعد امانت", self.policy, beside=self.status)
        self.setLayout(column(card("کتابخانه", self.library), rules, gap=14))

    def show_library(self, library: Library) -> None:
        """Show branch and policy."""
        branch, policy = library.branch, library.policy
        place = "، ".join(isolate(part) for part in (branch.province, branch.county, branch.city) if part)
        self.library.show_facts(
            (
                ("نام", isolate(branch.name)),
                ("جای", place),
                ("گونه", BRANCH_KIND[branch.kind]),
                ("درجه", to_persian(branch.grade) if branch.grade else ""),
                ("کمبود فضا", "ثبت شده است" if branch.space_shortage else "ثبت نشده است"),
                ("پیشوند برچسب", ltr(branch.barcode_prefix)),
            )
        )
        tone = Tone.OK if policy.status is RuleStatus.IN_FORCE else Tone.WARN
        self.status.show_state(STATUS[policy.status], tone)
        since = jalali.day_month_year(policy.effective_from) if policy.effective_from else ""
        self.policy.show_facts(
            (
                ("نام", isolate(policy.title)),
                ("نسخه", f"{number(policy.version)}، از {since}" if since else number(policy.version)),
                ("منبع", isolate(policy.source)),
                ("ردیف‌ها", number(len(policy.rows))),
            )
        )

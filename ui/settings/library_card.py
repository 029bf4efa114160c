"""What this library is, and the rules it lends and weeds by: their version, status and source (002: both guidelines are
drafts)."""

from PySide6.QtWidgets import QWidget

from app.labels import RULE_STATUS
from app.library import Library
from app.persian import jalali
from app.persian.digits import number
from db.codes import RuleStatus
from ui.session import Session
from ui.settings.branch_card import BranchCard
from ui.settings.guideline_card import GuidelineCard
from ui.settings.lines import card
from ui.settings.signers_card import SignersCard
from ui.theme import Tone
from ui.widgets.facts import Facts
from ui.widgets.labels import isolate
from ui.widgets.layouts import column
from ui.widgets.pills import Pill


class LibraryCard(QWidget):
    """Read when the page is shown: rules change at midnight or by another desk."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.branch = BranchCard(session)
        self.guideline = GuidelineCard(session)
        self.signers = SignersCard(session)
        self.policy, self.status = Facts(), Pill()
        rules = card("قواعد امانت", self.policy, beside=self.status)
        self.setLayout(column(self.branch, rules, self.guideline, self.signers, gap=14))

    def show_library(self, library: Library) -> None:
        """Show branch, policy, guideline, and whose signatures are believed."""
        self.branch.show_branch()
        policy = library.policy
        _show_status(self.status, policy.status)
        since = jalali.day_month_year(policy.effective_from) if policy.effective_from else ""
        self.policy.show_facts(
            (
                ("نام", isolate(policy.title)),
                ("نسخه", f"{number(policy.version)}، از {since}" if since else number(policy.version)),
                ("منبع", isolate(policy.source)),
                ("ردیف‌ها", number(len(policy.rows))),
            )
        )
        self.guideline.show_guideline()
        self.signers.show_signers()


def _show_status(pill: Pill, status: RuleStatus) -> None:
    pill.show_state(RULE_STATUS[status], Tone.OK if status is RuleStatus.IN_FORCE else Tone.WARN)

"""What a role may do here: one tick for each action, kept at once."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from app.actions import ACTION_LABELS, Action
from app.labels import ROLE
from app.outcome import Refused
from app.staff.people import DESK_ROLES
from app.staff.service import set_permission
from db.codes import Role
from ui.session import Session
from ui.style import look
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.inputs import Choice, Tick
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row

_COLUMNS = 2
_ONE_COLUMN = 125
"""Per cent of the writing from which on the words of two ticks do not fit beside each other."""
TURN = "Ctrl+O"


class PermissionsCard(Card):
    """`refused` carries the `Refused` of a change that may not be; the tick goes back."""

    refused = Signal(object)

    def __init__(self, session: Session) -> None:
        self._session = session
        self.role = Choice(tuple((role.value, ROLE[role]) for role in DESK_ROLES))
        self.role.setAccessibleName("نقش")
        self.ticks = {action: Tick(words) for action, words in ACTION_LABELS.items()}
        grid = QWidget()
        places = QGridLayout(grid)
        places.setContentsMargins(0, 0, 0, 0)
        places.setHorizontalSpacing(look().px(18))
        places.setVerticalSpacing(0)
        lines = -(-len(self.ticks) // (_COLUMNS if look().scale < _ONE_COLUMN else 1))
        for place, tick in enumerate(self.ticks.values()):
            places.addWidget(tick, place % lines, place // lines)
        self.turn = Button("امضاکنندگان", TURN, icon="id-badge-2")
        head = row(Label("اختیارها", "heading"), self.role, None, self.turn, gap=10)
        how = Label("هر تیک همان دم نگه داشته می‌شود و از کار بعدی برقرار است.", "small", wrap=True)
        super().__init__(column(head, how, grid, None, gap=10))
        self.role.activated.connect(self.show_role)
        for action, tick in self.ticks.items():
            tick.clicked.connect(lambda allowed, action=action: self._change(action, allowed))
        self.show_role()

    @Slot()
    def show_role(self) -> None:
        """Show what the role chosen may do now."""
        library, mine = self._session.library, self._session.person.role
        for action, tick in self.ticks.items():
            tick.setChecked(library.may(self._role, action))
            tick.setEnabled(library.may(mine, Action.MANAGE_STAFF))

    @property
    def _role(self) -> Role:
        return Role(self.role.code() or Role.HEAD)

    def _change(self, action: Action, allowed: bool) -> None:
        outcome = set_permission(self._session.library, self._role, action, allowed, self._session.act())
        if isinstance(outcome, Refused):
            self.refused.emit(outcome)
        else:
            self._session.refresh.tell("rules")
        self.show_role()

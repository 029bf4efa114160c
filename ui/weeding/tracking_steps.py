"""The steps of minutes as they are taken from the window: what a form and the marks on the rows say, handed to the use
case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from app.outcome import NotFound, Refused
from app.refusal import Answer
from app.weeding.minutes.archive import read_scan
from app.weeding.minutes.closing import close_minutes, execute_waiting
from app.weeding.minutes.outcomes import (
    Closed,
    CopyRuling,
    Executed,
    Letter,
    Reissued,
    Ruled,
    Rulings,
    Stepped,
    Strike,
    Unchanged,
)
from app.weeding.minutes.review import ask_correction, enter_rulings, reissue, send, withdraw
from app.weeding.minutes.ruling_file import take_ruling_file
from app.weeding.minutes.tracking import MinutesDetail
from db.act import Act
from db.codes import Verdict
from reports.forms.minutes import print_minutes
from ui.jobs import Token
from ui.session import Session
from ui.weeding.marking import Marking
from ui.weeding.tracking_deeds import (
    ANSWER,
    CORRECT,
    EXECUTE,
    LEVEL_OF,
    REISSUE,
    SEND,
    SEND_LIST,
    SIGNED,
    WITHDRAW,
    Deed,
)
from ui.widgets.form_values import Values, day_of, text_of

Outcome: TypeAlias = "Stepped | Unchanged | Reissued | Ruled | Closed | Executed | Refused | NotFound"


@dataclass(frozen=True, slots=True)
class Steps:
    """Takes steps with what is marked now, a file that was named, and the codes that were confirmed."""

    session: Session
    marking: Marking
    file: Path | None
    confirmed: frozenset[str]

    def run(self, deed: Deed, detail: MinutesDetail, values: Values) -> Outcome:
        """Take a step that makes no paper."""
        runs: Mapping[str, Callable[[MinutesDetail, Values, Act], Outcome]] = {
            SEND: self._send,
            SEND_LIST: self._send,
            ANSWER: self._answer,
            SIGNED: self._read_signed,
            CORRECT: self._correct,
            EXECUTE: self._execute,
            WITHDRAW: self._take_back,
        }
        return runs[deed.name](detail, values, self.session.act())

    def work(self, deed: Deed, detail: MinutesDetail, values: Values) -> Callable[[Token], Outcome]:
        """A step that makes a paper, for the line of long work; what is marked is read now."""
        session, act = self.session, self.session.act()
        if deed.name == REISSUE:
            return partial(_reissue, session, detail, self._strikes(values), values, act)
        return partial(_close, session, detail, act)

    def _send(self, detail: MinutesDetail, values: Values, act: Act) -> Outcome:
        return send(self.session.library, detail.minutes.id, act, _letter(values))

    def _answer(self, detail: MinutesDetail, values: Values, act: Act) -> Outcome:
        minutes = detail.minutes
        copies = tuple(
            CopyRuling(line.detail.row.barcode, Verdict(line.mark.value), line.why)
            for line in self.marking.marked()
            if line.mark is not None
        )
        rulings = Rulings(
            minutes.number, LEVEL_OF[minutes.state], _letter(values), Verdict.APPROVE, copies, minutes.revision,
            text_of(values, "remark") or "",
        )  # fmt: skip
        return enter_rulings(self.session.library, rulings, act, Answer(confirm=self.confirmed))

    def _read_signed(self, _detail: MinutesDetail, _values: Values, act: Act) -> Outcome:
        if self.file is None:
            raise RuntimeError("no file was named")
        content = read_scan(self.file).content
        return take_ruling_file(self.session.library, content, act, Answer(confirm=self.confirmed))

    def _correct(self, detail: MinutesDetail, values: Values, act: Act) -> Outcome:
        minutes, remark = detail.minutes, text_of(values, "remark") or ""
        copies = [line.detail.row.barcode for line in self.marking.marked()]
        level = LEVEL_OF[minutes.state]
        return ask_correction(self.session.library, minutes.id, level, remark, act, _letter(values), copies)

    def _execute(self, _detail: MinutesDetail, _values: Values, act: Act) -> Outcome:
        return execute_waiting(self.session.library, act)

    def _take_back(self, detail: MinutesDetail, values: Values, act: Act) -> Outcome:
        return withdraw(self.session.library, detail.minutes.id, text_of(values, "remark") or "", act)

    def _strikes(self, values: Values) -> tuple[Strike, ...]:
        """The rows that leave, each with its reason, else that of the whole."""
        why = text_of(values, "remark") or ""
        return tuple(Strike(line.detail.row.barcode, line.why or why) for line in self.marking.marked())


def _letter(values: Values) -> Letter:
    return Letter(text_of(values, "letter_no") or "", day_of(values, "letter_on"), text_of(values, "by") or "")


def _reissue(
    session: Session, detail: MinutesDetail, strikes: tuple[Strike, ...], values: Values, act: Act, _: Token
) -> Outcome:
    remark = text_of(values, "remark") or ""
    return reissue(session.library, detail.minutes.id, strikes, print_minutes, act, _letter(values), remark)


def _close(session: Session, detail: MinutesDetail, act: Act, _: Token) -> Outcome:
    return close_minutes(session.library, detail.minutes.id, print_minutes, act)

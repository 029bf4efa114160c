"""The expert of the province tells libraries what was found in their quarterly reports (002 م14-3)."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.directives.doing import do_directives
from app.library import Library
from app.outcome import NotFound, Refused
from app.review.report_answers import ResultSent, answer_report, one_report, result_on_the_way
from app.statistics.quarterly import Letter, make_report, report_of, send_report
from db.codes import DirectiveKind, RulingLevel
from db.models.centre import Directive
from db.models.collection import QuarterlyReport
from reports.printers import PRINTERS
from tests.app.review.centres import act_of, reviewer, told
from tests.app.weeding.minutes.on_the_way import COUNTY, PROVINCE
from tests.library import TODAY, act, rows


def reported(library: Library, *, sent: bool = True) -> uuid.UUID:
    """The report of last summer."""
    make_report(library, 1405, 2, PRINTERS.report, act(library))
    if sent:
        send_report(library, 1405, 2, Letter("۲۰/۱", TODAY), act(library))
    found: uuid.UUID = rows(library, QuarterlyReport)[0].id
    return found


def test_the_result_reaches_the_report_of_the_library(library: Library, centre: Centre) -> None:
    report_id = reported(library)
    told(centre, library)
    person = reviewer(centre, PROVINCE)
    outcome = answer_report(centre, person, report_id, "سازگار است", act_of(centre, person))
    assert outcome == ResultSent(library.branch.name)
    with centre.store.read() as reader:
        found = one_report(reader, report_id)
        assert found is not None
        on_the_way = result_on_the_way(reader, found)
        (directive,) = reader.connection.execute(sa.select(Directive)).mappings()
    assert on_the_way is not None
    assert (on_the_way.answer, on_the_way.by, on_the_way.refused) == ("سازگار است", person.name, "")
    carried: dict[str, Any] = {**directive, "bpos": None}
    with library.store.write() as tx:
        tx.connection.execute(sa.insert(Directive).values({name: carried[name] for name in carried if name != "bpos"}))
    (done,) = do_directives(library, act(library))
    assert (done.kind, done.done) == (DirectiveKind.REPORT_ANSWER, True)
    with library.store.read() as reader:
        report = report_of(reader, 1405, 2)
    assert report is not None
    assert (report.answer, report.answered_on) == ("سازگار است", TODAY)
    told(centre, library)
    with centre.store.read() as reader:
        assert result_on_the_way(reader, found) is None


@pytest.mark.parametrize(
    ("level", "answer", "sent", "codes"),
    [
        (COUNTY, "خوب", True, {"role.not_allowed"}),
        (None, "خوب", True, {"role.not_allowed"}),
        (PROVINCE, " ", True, {"reason.required"}),
        (PROVINCE, "خوب", False, {"report.not_sent"}),
    ],
)
def test_what_speaks_against_a_result(
    library: Library, centre: Centre, level: RulingLevel | None, answer: str, sent: bool, codes: set[str]
) -> None:
    report_id = reported(library, sent=sent)
    told(centre, library)
    person = reviewer(centre, level)
    outcome = answer_report(centre, person, report_id, answer, act_of(centre, person))
    assert isinstance(outcome, Refused)
    assert {refusal.code for refusal in outcome.refusals} == codes


def test_reports_out_of_scope_are_not_there(library: Library, centre: Centre) -> None:
    report_id = reported(library)
    told(centre, library)
    person = reviewer(centre, PROVINCE, province="یزد")
    for wanted in (report_id, uuid.uuid4()):
        assert isinstance(answer_report(centre, person, wanted, "خوب", act_of(centre, person)), NotFound)

"""Random histories of two libraries whose readers, copies and decisions cross: whatever the order of lending,
returning at the wrong place, deciding and synchronising, the invariants hold and it comes to rest."""

import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.elsewhere import SightingForm, see_return
from app.conflicts.cases import decide_case, open_cases
from app.conflicts.projecting import project
from app.library import Library
from db.models.centre import DirectiveAnswer, ReturnSeen
from db.models.circulation import Loan
from db.models.items import Item
from tests.app.conflicts.wired import Wired, wired
from tests.app.members.test_guests import guest
from tests.library import ACopy, AMember, act, add_copy, add_member, rows

STEPS, READERS, COPIES = 60, 3, 4
NAMES = ("کتابخانهٔ اراک", "کتابخانهٔ تفرش")


class History:
    """Readers who go to both libraries, and copies that come back at either."""

    def __init__(self, net: Wired, seed: int) -> None:
        self.net, self.chance = net, random.Random(seed)
        self.libraries = list(net.libraries.values())
        self.readers: dict[Library, list[AMember]] = {library: [] for library in self.libraries}
        self.copies: dict[Library, list[ACopy]] = {library: [] for library in self.libraries}
        for place, home in enumerate(self.libraries):
            other = self.libraries[1 - place]
            for number in range(READERS):
                card = f"CARD-{place}-{number}"
                self.readers[home].append(add_member(home, card=card))
                self.readers[other].append(guest(other, card=card, given_name="مریم", family_name="رضایی"))
            self.copies[home] = [add_copy(home, barcode=f"LAB{place}-{number}") for number in range(COPIES)]

    def step(self) -> None:
        library = self.chance.choice(self.libraries)
        self.chance.choices(
            (self.lend, self.take_back, self.see, self.decide, self.sync, self.pass_a_day), (8, 4, 4, 2, 3, 1)
        )[0](library)

    def lend(self, library: Library) -> None:
        reader, copy = self.chance.choice(self.readers[library]), self.chance.choice(self.copies[library])
        check_out(library, CheckoutRequest(reader.card, copy.barcode), act(library))

    def take_back(self, library: Library) -> None:
        check_in(library, CheckinRequest(self.chance.choice(self.copies[library]).barcode), act(library))

    def see(self, library: Library) -> None:
        other = self.libraries[1 - self.libraries.index(library)]
        see_return(library, SightingForm(self.chance.choice(self.copies[other]).barcode), act(library))

    def decide(self, library: Library) -> None:
        with library.store.read() as reader:
            cases = open_cases(reader)
        if cases:
            case = self.chance.choice(cases)
            decide_case(library, case.id, self.chance.choice(case.options).choice, act(library))

    def sync(self, library: Library) -> None:
        self.net.sync(library.branch.name)
        if self.chance.random() < 0.7:
            project(self.net.centre)

    def pass_a_day(self, _: Library) -> None:
        self.net.pass_days(1)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_the_invariants_hold_and_the_centre_has_the_same(tmp_path: Path, seed: int) -> None:
    with wired(tmp_path, *NAMES) as net:
        history = History(net, seed)
        for _ in range(STEPS):
            history.step()
        net.settle()
        for library in history.libraries:
            assert check_library(library).broken == ()
            for model in (Loan, Item, ReturnSeen, DirectiveAnswer):
                with net.centre.store.read() as reader:
                    table = model.__table__
                    query = sa.select(table.c.id, table.c.ver).where(table.c.branch_id == library.branch.id)
                    there = dict(map(tuple, reader.connection.execute(query)))
                assert {row.id: row.ver for row in rows(library, model)} == there
            answered = [answer.directive_id for answer in rows(library, DirectiveAnswer)]
            assert len(answered) == len(set(answered))

"""What a librarian keeps in mind in a day, and the scenes in which books are lent."""

import random

from tests.ui.day import steps as do
from tests.ui.day.morning import (
    BARRED_FOR,
    FREE,
    LENT,
    LOST,
    PARENTS,
    RATHER,
    REFERENCE,
    SECOND_COPIES,
    WITH_PARTS,
    barcode,
    card,
    on,
)
from tests.ui.day.steps import USUAL_REASONS, Step


class Lending:
    """Knows roughly who has what: where a loan was refused it may be wrong."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._out = dict(LENT)
        self._free: list[int] = list(FREE)
        self._busy = {1, 2, 3, *RATHER, *range(41, 61)}  # whom no ordinary visit is about
        chance.shuffle(self._free)

    def _who(self) -> int:
        return self._chance.choice([number for number in range(4, 41) if number not in self._busy])

    def _out_now(self) -> int:
        copies = [copy for copy, who in self._out.items() if copy != LOST and who not in self._busy]
        return self._chance.choice(copies)

    def _take(self, who: int) -> int:
        """A free copy, which is `who`'s from now on."""
        copy = self._free.pop()
        self._out[copy] = who
        return copy

    def _put(self, copy: int) -> int:
        self._out.pop(copy, None)
        self._free.insert(0, copy)
        return copy

    def _lend(self, who: int, **said: object) -> do.Lend:
        return do.Lend(card(who), barcode(self._take(who)), **said)  # type: ignore[arg-type]

    def _fill(self, who: int) -> list[Step]:
        """Until the ceiling of four is reached."""
        have = sum(holder == who for holder in self._out.values())
        return [self._lend(who, yes=True) for _ in range(4 - have)]

    # Scenes

    def _borrow(self) -> list[Step]:
        who = self._who()
        return [self._lend(who, yes=self._chance.random() < 0.7) for _ in range(self._chance.randint(1, 3))]

    def _bring_and_borrow(self) -> list[Step]:
        copy = self._out_now()
        who = self._out[copy]
        return [do.TakeBack(barcode(self._put(copy))), self._lend(who)]

    def _reference(self) -> list[Step]:
        who, copy = self._who(), barcode(self._chance.choice(REFERENCE))
        reason = self._chance.choice((*USUAL_REASONS, "برای نمایشگاه مدرسه"))
        return [do.Lend(card(who), copy), do.Lend(card(who), copy, reason=reason), do.TakeBack(copy)]

    def _one_too_many(self) -> list[Step]:
        who = self._who()
        return [*self._fill(who), self._lend(who), self._lend(who, reason=USUAL_REASONS[0])]

    def _for_the_whole_visit(self) -> list[Step]:
        who = 51
        self._busy.add(who)
        steps = [*self._fill(who), self._lend(who, reason=USUAL_REASONS[1], remember=True)]
        return [*steps, self._lend(who), self._lend(who), *self._borrow()]

    def _barred(self) -> list[Step]:
        copy = next(copy for copy in BARRED_FOR if copy in self._out)
        who = BARRED_FOR[copy]
        back = do.TakeBack(barcode(self._put(copy)))
        return [back, self._lend(who), self._lend(who, reason=USUAL_REASONS[0])]

    def _in_debt(self) -> list[Step]:
        who = self._who()
        charge = do.Charge(card(who), 65_000, "جلد کتاب را پاره کرده است")
        return [charge, self._lend(who), self._lend(who, reason=USUAL_REASONS[3]), do.Pay(card(who))]

    def _with_parts(self) -> list[Step]:
        who, copy = self._who(), barcode(self._chance.choice(WITH_PARTS))
        return [do.Lend(card(who), copy), do.Lend(card(who), copy, yes=True), do.TakeBack(copy)]

    def _second_copy(self) -> list[Step]:
        number = self._chance.choice(SECOND_COPIES)
        who = self._out.get(number - 100, self._who())
        self._free = [copy for copy in self._free if copy != number]
        again = do.Lend(card(who), barcode(number), yes=True)
        return [do.Lend(card(who), barcode(number)), again, do.TakeBack(barcode(self._put(number)))]

    def _on_another_card(self) -> list[Step]:
        copy, other, who = self._out_now(), self._out_now(), self._who()
        instead = do.TakeBackInstead(card(who), barcode(self._put(other)))
        first = do.Lend(card(who), barcode(copy))
        self._out[copy] = who
        return [first, do.Lend(card(who), barcode(copy), yes=True), instead]

    def _other_ways(self) -> list[Step]:
        who = self._who()
        ways = ("onsite", "overnight")
        return [self._lend(who, way=way, yes=True) for way in ways]

    def _hand_set(self) -> list[Step]:
        return [self._lend(self._who(), due=on(12)), self._lend(self._who(), due=on(-1))]

    def _for_a_child(self) -> list[Step]:
        parent = self._chance.choice(tuple(PARENTS))
        child = PARENTS[parent]
        return [do.LendInCare(card(parent), card(child), barcode(self._take(child)))]

    def _new_book(self) -> list[Step]:
        number = self._chance.randint(1_000, 9_999)
        return [do.LendNew(card(self._who()), f"NEW-{number}", f"کتاب تازهٔ {number}")]

    def _unknown(self) -> list[Step]:
        return [do.Lend(card(self._who()), "RAF-999999"), do.TakeBack("RAF-999998")]

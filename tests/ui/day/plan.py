"""A day as it is planned: the same four hundred steps every time, chosen so that everything happens that may happen."""

import random
from collections.abc import Callable, Iterator

from tests.ui.day import steps as do
from tests.ui.day.lending import Lending
from tests.ui.day.morning import LENT, RATHER, STRANGERS, barcode, card, on
from tests.ui.day.steps import USUAL_REASONS, Step

STEPS = 400


def a_full_day() -> tuple[Step, ...]:
    """The whole day: the scenes of `Day` in an order of chance, the amnesty and the closures at their hours."""
    return tuple(Day(random.Random(1405)).steps())


class Day(Lending):
    """The scenes, each as often as it has to happen."""

    def steps(self) -> Iterator[Step]:
        """The steps, one after another."""
        done: list[Step] = [do.OpenDrawer(500_000)]
        scenes = [scene for scene, times in self._scenes() for _ in range(times)]
        self._chance.shuffle(scenes)
        whole = len(scenes)
        hours = {
            whole // 5: self._amnesty, whole // 3: self._roof, whole // 2: self._snow, 2 * whole // 3: self._flood,
        }  # fmt: skip
        for place, scene in enumerate(scenes):
            if place in hours:
                done += hours[place]()
            done += scene()
        while len(done) < STEPS - 12:
            done += self._chance.choice((self._borrow, self._bring_back, self._bring_back))()
        yield from done
        yield do.NextMorning()
        for copy in sorted(self._out)[:12]:
            yield do.TakeBack(barcode(copy))

    def _scenes(self) -> tuple[tuple[Callable[[], list[Step]], int], ...]:
        return (
            (self._borrow, 24), (self._bring_back, 30), (self._bring_and_borrow, 10), (self._reference, 5),
            (self._one_too_many, 4), (self._for_the_whole_visit, 1), (self._barred, 2), (self._in_debt, 2),
            (self._with_parts, 3), (self._second_copy, 3), (self._on_another_card, 4), (self._renew, 12),
            (self._renew_all, 8), (self._renew_anyway, 3), (self._box, 2), (self._wait, 8), (self._wait_and_catch, 4),
            (self._wait_no_longer, 3), (self._wait_for_copy, 2), (self._fetch, 2), (self._pay, 10), (self._overpay, 2),
            (self._waive, 3), (self._waive_too_much, 1), (self._lose, 2), (self._lose_and_find, 2), (self._claim, 2),
            (self._use_in_hall, 5), (self._undo_loan, 3), (self._undo_return, 2), (self._undo_in_vain, 2),
            (self._enrol, 3), (self._note, 2), (self._unknown, 2), (self._other_ways, 2), (self._hand_set, 2),
            (self._for_a_child, 3), (self._new_book, 2),
        )  # fmt: skip

    # Taking back and renewing

    def _bring_back(self) -> list[Step]:
        if len(self._out) < 20:
            return self._borrow()
        return [do.TakeBack(barcode(self._put(self._out_now()))) for _ in range(self._chance.randint(1, 3))]

    def _box(self) -> list[Step]:
        return [do.BookDrop(on(-1), tuple(barcode(self._put(self._out_now())) for _ in range(4)))]

    def _use_in_hall(self) -> list[Step]:
        return [do.TakeBack(barcode(self._chance.choice(self._free)))]

    def _renew(self) -> list[Step]:
        copy = self._chance.choice([copy for copy in self._out if copy in LENT and LENT[copy] not in self._busy])
        return [do.Renew(card(self._out[copy]), barcode(copy), unseen=self._chance.random() < 0.4)]

    def _renew_all(self) -> list[Step]:
        return [do.RenewAll(card(self._who()), unseen=self._chance.random() < 0.3)]

    def _renew_anyway(self) -> list[Step]:
        """Others wait for it."""
        copy = next(copy for copy in RATHER if copy in self._out)
        renew = do.Renew(card(self._out[copy]), barcode(copy), reason=self._chance.choice(USUAL_REASONS))
        return [renew, do.TakeBack(barcode(self._put(copy)))]

    def _undo_loan(self) -> list[Step]:
        who = self._who()
        step = self._lend(who)
        self._put(next(copy for copy in self._out if barcode(copy) == step.barcode))
        return [step, do.Undo()]

    def _undo_return(self) -> list[Step]:
        return [do.TakeBack(barcode(self._out_now())), do.Undo()]

    def _undo_in_vain(self) -> list[Step]:
        return [do.Charge(card(self._who()), 2_000, "کپی"), do.Undo(), self._lend(self._who()), do.Undo(), do.Undo()]

    # Waiting

    def _wait(self) -> list[Step]:
        return [do.PlaceHold(card(self._who()), barcode(self._out_now()))]

    def _wait_and_catch(self) -> list[Step]:
        copy, who = self._out_now(), self._who()
        wait, back = do.PlaceHold(card(who), barcode(copy)), do.TakeBack(barcode(copy))
        other = do.Lend(card(self._who()), barcode(copy))
        self._out[copy] = who
        return [wait, back, other, do.Lend(card(who), barcode(copy))]

    def _wait_no_longer(self) -> list[Step]:
        who, copy = card(self._who()), barcode(self._out_now())
        return [do.PlaceHold(who, copy), do.CancelHold(who, copy)]

    def _wait_for_copy(self) -> list[Step]:
        who = card(self._who())
        return [
            do.PlaceHold(who, barcode(self._out_now()), only_copy=True),
            *(do.PlaceHold(who, barcode(copy)) for copy in (self._out_now(), self._out_now())),
            do.PlaceHold(who, barcode(self._out_now()), reason="پایان‌نامه می‌نویسد"),
        ]

    def _fetch(self) -> list[Step]:
        copy = barcode(self._free.pop())
        return [do.PlaceHold(card(self._who()), copy), do.SetAside(copy), do.SetAside(barcode(self._free[0]))]

    # Money

    def _pay(self) -> list[Step]:
        who = card(self._who())
        ways = (
            do.Pay(who), do.Pay(who, 1_000), do.Pay(who, method="wallet", reference="882104"),
            do.Pay(who, method="card_terminal", reference="551"), do.Pay(who, method="wallet"),
        )  # fmt: skip
        return [self._chance.choice(ways)]

    def _overpay(self) -> list[Step]:
        return [do.Pay(card(self._who()), 90_000_000)]

    def _waive(self) -> list[Step]:
        who = card(self._who())
        return [do.Charge(who, 9_000, "لوح شکسته"), do.Waive(who, "ناتوانی مالی", 4_000), do.Waive(who, "")]

    def _waive_too_much(self) -> list[Step]:
        who = card(52)
        return [do.Charge(who, 900_000, "میز شکسته"), do.Waive(who, "ناتوانی مالی")]

    def _amnesty(self) -> list[Step]:
        return [do.DeclareAmnesty("هفتهٔ کتاب", on(5), 50)]

    # Losses, days, people

    def _lose(self) -> list[Step]:
        copy = self._out_now()
        self._out.pop(copy)
        return [do.Lose(barcode(copy), "در اتوبوس جا مانده است")]

    def _lose_and_find(self) -> list[Step]:
        copy = self._out_now()
        pay = do.Pay(card(self._out[copy]))
        return [do.Lose(barcode(copy)), pay, do.Find(barcode(self._put(copy)))]

    def _claim(self) -> list[Step]:
        copy, kept = self._out_now(), self._out_now()
        return [do.Claim(barcode(copy)), do.Claim(barcode(kept)), do.TakeBack(barcode(self._put(copy)))]

    def _roof(self) -> list[Step]:
        return [do.Close(on(9), on(10), "تعمیر سقف"), *self._borrow()]

    def _flood(self) -> list[Step]:
        """Yesterday, as everybody knows: the fines of that day are void."""
        return [do.Close(on(-1), on(-1), "سیل", emergency=True), *self._bring_back()]

    def _snow(self) -> list[Step]:
        return [do.Close(on(2), on(3), "برف", emergency=True), *self._borrow(), *self._renew()]

    def _enrol(self) -> list[Step]:
        who = next(number for number in STRANGERS if number not in self._busy)
        self._busy.add(who)
        return [do.Enrol("تازه", f"وارد {who}", card(who)), self._lend(who)]

    def _note(self) -> list[Step]:
        who = self._chance.choice((53, 54, 55))
        asked = do.LeaveNote(card(who), "کارت دانشجویی را ببینید.", asks=True)
        return [asked, do.LeaveNote(card(who), "خوش‌حساب"), self._lend(who), self._lend(who, yes=True)]

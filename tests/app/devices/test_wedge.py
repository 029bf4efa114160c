from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.keymap import WINDOWS_OFFSET, X11_OFFSET, Key, Role
from app.devices.scan import Flaw, Source, Unreadable, read_scan
from app.devices.wedge import Answer, Fate, Prefix, Wedge, WedgeSettings

US = "1234567890-=qwertyuiop[]asdfghjkl;'`zxcvbnm,./ "
US_SHIFTED = '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~ZXCVBNM<>? '
PERSIAN = "۱۲۳۴۵۶۷۸۹۰-=ضصثقفغعهخحجچشسیبلاتنمکگ\u200dظطزرذدپو./ "
PERSIAN_SHIFTED = (
    "!٬٫﷼٪×،*)(ـ+\u0652\u064c\u064d\u064b\u064f\u0650\u064e\u0651][}{ؤئيإأآة»«:؛÷ك\u0653ژ\u0670\u200c\u0654ء><؟\u200c"
)
CODES = [*range(2, 14), *range(16, 28), *range(30, 42), *range(44, 54), 57]
ENTER, TAB, BACKSPACE, SHIFT, CONTROL, F13 = 28, 15, 14, 42, 29, 183
CODE_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./$+%_"


@dataclass(frozen=True)
class Stroke:
    """One key going down or up at a time in ms."""

    down: bool
    key: Key


@dataclass
class Layout:
    """What the keys of a US scanner are turned into before they reach the program."""

    plain: str = US
    shifted: str = US_SHIFTED
    offset: int = X11_OFFSET
    has_scan_codes: bool = True

    def key(
        self, code: int, text: str, time_ms: int, role: Role = Role.CHARACTER, control: bool = False, alt: bool = False
    ) -> Key:
        return Key(code + self.offset if self.has_scan_codes else 0, text, time_ms, control=control, alt=alt, role=role)

    def strike(self, character: str, time_ms: int, held_ms: int = 0, auto_repeat: bool = False) -> list[Stroke]:
        """Down and up, with Shift around it where the character needs it."""
        shift = character not in US
        position = (US_SHIFTED if shift else US).index(character)
        text = (self.shifted if shift else self.plain)[position]
        key = replace(self.key(CODES[position], text, time_ms), shift=shift)
        down, up = replace(key, auto_repeat=auto_repeat), replace(key, time_ms=time_ms + held_ms)
        strokes = [Stroke(True, down), Stroke(False, up)]
        if not shift:
            return strokes
        shift_down = self.key(SHIFT, "", time_ms, role=Role.MODIFIER)
        shift_up = self.key(SHIFT, "", time_ms + held_ms, role=Role.MODIFIER)
        return [Stroke(True, shift_down), *strokes, Stroke(False, shift_up)]

    def special(
        self, code: int, text: str, time_ms: int, role: Role = Role.CHARACTER, control: bool = False, alt: bool = False
    ) -> list[Stroke]:
        key = self.key(code, text, time_ms, role, control, alt)
        return [Stroke(True, key), Stroke(False, key)]

    def enter(self, time_ms: int) -> list[Stroke]:
        return self.special(ENTER, "\r", time_ms, Role.END)

    def burst(self, code: str, start_ms: int = 0, gap_ms: int = 0) -> list[Stroke]:
        """What a scanner sends for a code, Enter included."""
        strokes = [s for i, c in enumerate(code) for s in self.strike(c, start_ms + i * gap_ms)]
        return strokes + self.enter(start_ms + len(code) * gap_ms)


@dataclass
class Desk:
    """Does for the wedge what the window does: keeps events, replays them, calls the ticks when they are due."""

    settings: WedgeSettings = field(default_factory=WedgeSettings)
    delivered: list[Stroke] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wedge = Wedge(self.settings)
        self.kept: list[Stroke] = []
        self.tick_at: int | None = None

    def feed(self, strokes: Iterable[Stroke]) -> "Desk":
        for stroke in strokes:
            self.let_pass(stroke.key.time_ms)
            answer = self.wedge.press(stroke.key) if stroke.down else self.wedge.release(stroke.key)
            self.settle(answer, stroke.key.time_ms)
            if answer.fate is Fate.HOLD:
                self.kept.append(stroke)
            elif answer.fate is Fate.PASS:
                self.delivered.append(stroke)
        return self

    def let_pass(self, now_ms: int) -> "Desk":
        while self.tick_at is not None and self.tick_at < now_ms:
            due, self.tick_at = self.tick_at, None
            self.settle(self.wedge.tick(), due)
        return self

    def settle(self, answer: Answer, now_ms: int) -> None:
        replayed, self.kept = self.kept[: answer.replay], self.kept[answer.replay :]
        self.delivered += replayed
        if answer.code is not None:
            self.kept.clear()
            (self.codes if answer.finished else self.unfinished).append(answer.code)
        if answer.tick_ms:
            self.tick_at = now_ms + answer.tick_ms

    @property
    def typed(self) -> str:
        return "".join(stroke.key.text for stroke in self.delivered if stroke.down)


LAYOUTS = [
    pytest.param(Layout(), id="us"),
    pytest.param(Layout(PERSIAN, PERSIAN_SHIFTED), id="persian"),
    pytest.param(Layout(PERSIAN, PERSIAN_SHIFTED, WINDOWS_OFFSET), id="persian on windows"),
    pytest.param(Layout(has_scan_codes=False), id="us without scan codes"),
    pytest.param(Layout(PERSIAN, PERSIAN_SHIFTED, has_scan_codes=False), id="persian without scan codes"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("gap_ms", [0, 2, 8, 15, 35])
def test_a_burst_is_one_scan_and_no_typing(layout: Layout, gap_ms: int) -> None:
    desk = Desk(WedgeSettings(layout.offset)).feed(layout.burst("RAF-001234", gap_ms=gap_ms)).let_pass(10_000)
    assert desk.codes == ["RAF-001234"]
    assert desk.typed == ""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_came_before_and_after_a_scan_stays_typing(layout: Layout) -> None:
    desk = Desk(WedgeSettings(layout.offset))
    typing = [layout.strike(c, time_ms) for c, time_ms in zip("abcdef", [0, 60, 130, 1000, 1070, 1160], strict=True)]
    for strokes in typing[:3]:
        desk.feed(strokes)
    desk.feed(layout.burst("9786001000010", start_ms=500, gap_ms=2))
    for strokes in typing[3:]:
        desk.feed(strokes)
    desk.let_pass(2_000)
    assert desk.codes == ["9786001000010"]
    assert desk.typed == "".join(layout.plain[US.index(c)] for c in "abcdef")


def test_two_scans_without_a_pause_are_two_scans() -> None:
    layout = Layout()
    assert Desk().feed(layout.burst("RAF-1") + layout.burst("RAF-2")).codes == ["RAF-1", "RAF-2"]


def test_thirty_scans_fifty_milliseconds_apart_are_thirty_scans() -> None:
    codes = [f"RAF-{n:06}" for n in range(30)]
    desk = Desk()
    for n, code in enumerate(codes):
        desk.feed(Layout().burst(code, start_ms=n * 50, gap_ms=1))
    assert desk.codes == codes


def test_enter_alone_passes_at_once() -> None:
    strokes = Layout().enter(0)
    assert Desk().feed(strokes).delivered == strokes


def test_fewer_than_four_characters_and_enter_are_typing() -> None:
    desk = Desk().feed(Layout().burst("123", gap_ms=1))
    assert desk.typed == "123\r"
    assert desk.codes == []


def test_a_burst_without_enter_is_typed_out_after_forty_five_milliseconds() -> None:
    desk = Desk().feed(s for i, c in enumerate("RAF-0") for s in Layout().strike(c, i))
    assert desk.let_pass(4 + 45).typed == ""
    assert desk.let_pass(4 + 46).typed == "RAF-0"
    assert desk.kept == []


def test_enter_that_comes_too_late_for_a_burst_is_a_persons_enter() -> None:
    layout = Layout()
    typed = [s for i, c in enumerate("12345") for s in layout.strike(c, i)]
    desk = Desk().feed(typed + layout.enter(100))
    assert desk.typed == "12345\r"
    assert desk.codes == []


def test_typing_seen_late_by_a_busy_desk_is_still_typing() -> None:
    layout = Layout()
    desk = Desk()
    for stroke in [*(s for i, c in enumerate("12345") for s in layout.strike(c, i * 70)), *layout.enter(350)]:
        desk.tick_at = None  # the timer has no chance to fire between keys that waited in the queue
        desk.feed([stroke])
    assert desk.typed == "12345\r"
    assert desk.codes == []


def test_a_scan_seen_late_is_saved_by_the_grace_after_the_timer() -> None:
    layout = Layout()
    strokes = layout.burst("RAF-001234", gap_ms=2)
    desk = Desk().feed(strokes[:20])
    assert desk.wedge.tick() == Answer(tick_ms=10)
    assert desk.feed(strokes[20:]).codes == ["RAF-001234"]


@pytest.mark.parametrize("end", [(ENTER, "\r"), (96, "\r"), (TAB, "\t")])
def test_enter_keypad_enter_and_tab_end_a_code(end: tuple[int, str]) -> None:
    layout = Layout()
    strokes = [s for c in "1234" for s in layout.strike(c, 0)] + layout.special(*end, 0, Role.END)
    assert Desk().feed(strokes).codes == ["1234"]


def test_a_second_enter_or_a_line_feed_behind_a_code_belongs_to_it() -> None:
    layout = Layout()
    line_feed = layout.special(36, "\n", 4, control=True)
    desk = Desk().feed(layout.burst("1234") + layout.enter(2) + line_feed).let_pass(1_000)
    assert desk.delivered == []
    assert desk.feed(layout.enter(100)).typed == "\r"


def test_a_repeated_character_in_a_burst_may_look_like_auto_repeat() -> None:
    layout = Layout()
    strokes = [s for i, c in enumerate("001122") for s in layout.strike(c, 0, auto_repeat=i % 2 == 1)]
    assert Desk().feed(strokes + layout.enter(0)).codes == ["001122"]


def test_a_key_held_down_repeats_without_delay() -> None:
    layout = Layout()
    first = layout.strike("a", 0)[:1]
    repeats = [layout.strike("a", 500 + 33 * n, auto_repeat=True)[0] for n in range(20)]
    desk = Desk().feed(first + repeats)
    assert desk.delivered == first + repeats


@pytest.mark.parametrize("alt", [False, True])
def test_a_chord_within_a_burst_is_eaten_and_spoils_the_code(alt: bool) -> None:
    layout = Layout()
    modifier = layout.key(CONTROL, "", 2, Role.MODIFIER, control=not alt, alt=alt)
    chord = layout.special(32, "\x04", 2, control=not alt, alt=alt)
    burst = layout.burst("RAF-001234", gap_ms=1)
    strokes = [*burst[:12], Stroke(True, modifier), *chord, Stroke(False, modifier), *burst[12:]]
    desk = Desk().feed(strokes).let_pass(1_000)
    assert desk.typed == ""
    assert [read_scan(code, Source.KEYBOARD) for code in desk.codes] == [
        Unreadable(desk.codes[0], Flaw.CONTROL_CHARACTER),
    ]


def test_a_chord_within_a_burst_without_enter_is_eaten_as_well() -> None:
    layout = Layout()
    strokes = [*layout.strike("1", 0), *layout.special(32, "\x04", 2, control=True), *layout.strike("2", 4)]
    assert Desk().feed(strokes).let_pass(1_000).typed == "12"


def test_a_function_key_within_a_burst_never_arrives() -> None:
    layout = Layout()
    burst = layout.burst("RAF-001234")
    desk = Desk().feed(burst[:12] + layout.special(67, "", 0) + burst[12:]).let_pass(1_000)
    assert all(stroke.key.role is Role.MODIFIER for stroke in desk.delivered)
    assert isinstance(read_scan(desk.codes[0], Source.KEYBOARD), Unreadable)


def test_a_persons_chord_passes_at_once() -> None:
    layout = Layout()
    strokes = layout.special(46, "\x03", 60, control=True)
    desk = Desk().feed(layout.strike("a", 0) + strokes)
    assert desk.delivered[-2:] == strokes


def test_shortcuts_are_the_scanners_only_within_a_burst() -> None:
    layout = Layout()
    desk = Desk()
    chord = layout.key(32, "\x04", 10, control=True)
    assert not desk.wedge.claims(chord)
    desk.feed(layout.strike("R", 0))
    assert desk.wedge.claims(chord)
    assert not desk.wedge.claims(layout.key(32, "\x04", 60, control=True))


def test_the_release_of_a_swallowed_key_is_swallowed_and_that_of_an_earlier_key_is_not() -> None:
    layout = Layout()
    space = layout.strike(" ", 0)
    burst = layout.burst("1234", start_ms=100)
    late_release = burst.pop()
    desk = Desk().feed([space[0], *burst, space[1], late_release]).let_pass(1_000)
    assert desk.codes == ["1234"]
    assert desk.delivered == space


def test_a_key_let_go_after_the_enter_of_its_code_stays_unseen() -> None:
    layout = Layout()
    strokes = layout.burst("1234")
    four_up = strokes.pop(7)
    desk = Desk().feed([*strokes, four_up])
    assert desk.codes == ["1234"]
    assert desk.delivered == []


def test_an_enter_whose_release_never_came_does_not_harm_the_next_one() -> None:
    layout = Layout()
    desk = Desk().feed(layout.burst("1234")[:-1])
    assert desk.feed(layout.enter(500)).delivered == layout.enter(500)


def test_a_swallowed_key_held_down_repeats_unseen() -> None:
    layout = Layout()
    held = layout.burst("1234")[:-1]
    repeats = [
        Stroke(down, replace(layout.key(ENTER, "\r", 500, Role.END), auto_repeat=True)) for down in (False, True)
    ]
    desk = Desk().feed(held)
    assert desk.wedge.claims(repeats[1].key)
    assert desk.feed(repeats * 3).delivered == []


def test_the_millisecond_counter_may_wrap_around_within_a_scan() -> None:
    layout = Layout()
    strokes = layout.burst("123456", start_ms=2**32 - 3, gap_ms=1)
    wrapped = [replace(s, key=replace(s.key, time_ms=s.key.time_ms % 2**32)) for s in strokes]
    desk = Desk()
    for stroke in wrapped:
        desk.tick_at = None
        desk.feed([stroke])
    assert desk.codes == ["123456"]


class TestWithPrefix:
    @pytest.mark.parametrize("layout", LAYOUTS[:3])
    @pytest.mark.parametrize("prefix", [Prefix.F13, Prefix.STX])
    def test_a_short_and_slow_code_is_a_scan(self, layout: Layout, prefix: Prefix) -> None:
        desk = Desk(WedgeSettings.for_prefix(prefix, layout.offset))
        desk.feed(self.first(layout, prefix) + layout.burst("7", start_ms=100, gap_ms=100)).let_pass(10_000)
        assert desk.codes == ["7"]
        assert desk.typed == ""

    @pytest.mark.parametrize("prefix", [Prefix.F13, Prefix.STX])
    def test_typing_is_never_delayed_however_fast(self, prefix: Prefix) -> None:
        desk = Desk(WedgeSettings.for_prefix(prefix, X11_OFFSET))
        strokes = Layout().burst("RAF-001234", gap_ms=1)
        assert desk.feed(strokes).delivered == strokes

    def test_half_a_code_is_reported_and_never_typed(self) -> None:
        desk = Desk(WedgeSettings.for_prefix(Prefix.F13, X11_OFFSET))
        layout = Layout()
        desk.feed(self.first(layout, Prefix.F13) + layout.strike("R", 1) + layout.strike("A", 2)).let_pass(1_000)
        assert desk.unfinished == ["RA"]
        assert desk.codes == []
        assert desk.typed == ""

    def test_a_second_prefix_begins_anew(self) -> None:
        desk = Desk(WedgeSettings.for_prefix(Prefix.STX, X11_OFFSET))
        layout = Layout()
        half = self.first(layout, Prefix.STX) + layout.strike("1", 1)
        desk.feed(half + self.first(layout, Prefix.STX, 2) + layout.burst("234", start_ms=3))
        assert desk.unfinished == ["1"]
        assert desk.codes == ["234"]

    @staticmethod
    def first(layout: Layout, prefix: Prefix, time_ms: int = 0) -> list[Stroke]:
        if prefix is Prefix.STX:
            return layout.special(48, layout.plain[US.index("b")], time_ms, control=True)
        code = F13 if layout.offset == X11_OFFSET else 100
        return layout.special(code, "", time_ms, Role.F13 if layout.offset == WINDOWS_OFFSET else Role.CHARACTER)


@st.composite
def human_typing(draw: st.DrawFn) -> list[Stroke]:
    """Any keys, 60 ms or more from press to press, let go whenever: before or after the next ones."""
    layout = draw(st.sampled_from([param.values[0] for param in LAYOUTS]))
    assert isinstance(layout, Layout)
    strokes: list[tuple[int, int, Stroke]] = []
    now = 0
    for n in range(draw(st.integers(0, 25))):
        now += draw(st.integers(60, 400))
        kind = draw(st.sampled_from(["character", "enter", "tab", "backspace", "chord"]))
        position = draw(st.integers(0, len(CODES) - 1))
        key = {
            "character": layout.key(CODES[position], layout.plain[position], now),
            "enter": layout.key(ENTER, "\r", now, role=Role.END),
            "tab": layout.key(TAB, "\t", now, role=Role.END),
            "backspace": layout.key(BACKSPACE, "\x08", now),
            "chord": layout.key(CODES[position], layout.plain[position], now, control=True),
        }[kind]
        released = now + draw(st.integers(1, 300))
        strokes += [(now, n, Stroke(True, key)), (released, n, Stroke(False, key))]
    return [replace(s, key=replace(s.key, time_ms=t)) for t, _, s in sorted(strokes, key=lambda entry: entry[:2])]


@given(human_typing())
def test_any_human_typing_arrives_exactly(strokes: list[Stroke]) -> None:
    desk = Desk().feed(strokes).let_pass(10**9)
    assert desk.codes == []
    assert [s for s in desk.delivered if s.down] == [s for s in strokes if s.down]
    assert sorted(map(repr, desk.delivered)) == sorted(map(repr, strokes))


@given(human_typing(), human_typing())
def test_any_human_typing_on_windows_and_with_prefix_arrives_exactly(one: list[Stroke], two: list[Stroke]) -> None:
    windows = Desk(WedgeSettings(WINDOWS_OFFSET)).feed(one).let_pass(10**9)
    assert [s for s in windows.delivered if s.down] == [s for s in one if s.down]
    prefixed = Desk(WedgeSettings.for_prefix(Prefix.F13, X11_OFFSET)).feed(two)
    assert prefixed.delivered == two


@given(
    st.sampled_from([param.values[0] for param in LAYOUTS[:4]]),
    st.text(CODE_CHARACTERS, min_size=4, max_size=64),
    st.data(),
)
def test_any_burst_and_enter_is_exactly_one_scan(layout: Layout, code: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.integers(0, 35), min_size=len(code), max_size=len(code)))
    now = 0
    strokes = []
    for character, gap in zip(code, gaps, strict=True):
        strokes += layout.strike(character, now)
        now += gap
    desk = Desk(WedgeSettings(layout.offset)).feed(strokes + layout.enter(now)).let_pass(10**9)
    assert desk.codes == [code]
    assert all(stroke.key.role is Role.MODIFIER for stroke in desk.delivered)
    assert desk.kept == []

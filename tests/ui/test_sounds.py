import itertools
import struct
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.resources import resource
from ui.sounds import Sound, Sounds

on_linux = pytest.mark.skipif(sys.platform == "win32", reason="Windows plays sounds without a program")


class Speaker:
    """A player program that writes down what it is asked to play, and a beep that is counted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.beeps = 0

    def install(self, name: str, then: str = "") -> None:
        program = self.folder / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {self.log}\n{then}\n')
        program.chmod(0o755)

    def beep(self) -> None:
        self.beeps += 1

    @property
    def played(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Speaker:
    monkeypatch.setenv("PATH", str(tmp_path))
    return Speaker(tmp_path)


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[list[Sounds]]:
    made: list[Sounds] = []
    yield made
    for sounds in made:
        sounds.close()


def samples(sound: Sound) -> tuple[int, ...]:
    with wave.open(str(resource("sounds", f"{sound}.wav"))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
        return struct.unpack(f"<{file.getnframes()}h", file.readframes(file.getnframes()))


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_is_short_loud_enough_and_neither_clipped_nor_clicking(sound: Sound) -> None:
    wave_form = samples(sound)
    assert 0.15 < len(wave_form) / 22050 < 0.5
    assert 0.4 < max(map(abs, wave_form)) / 32767 < 0.8
    assert abs(wave_form[0]) < 200
    assert abs(wave_form[-1]) < 200
    assert resource("sounds", f"{sound}.wav").stat().st_size < 20_000


def test_the_sounds_differ_in_pitch_or_rhythm() -> None:
    def crossings_by_tenth(sound: Sound) -> list[int]:
        wave_form = samples(sound)
        signs = [n // 2205 for n, (a, b) in enumerate(itertools.pairwise(wave_form)) if a < 0 <= b]
        return [signs.count(tenth) for tenth in range(3)]

    for one, two in itertools.combinations(Sound, 2):
        pairs = zip(crossings_by_tenth(one), crossings_by_tenth(two), strict=True)
        assert max(abs(a - b) for a, b in pairs) >= 10, (one, two)


@on_linux
@pytest.mark.parametrize("sound", Sound)
def test_the_player_that_is_there_gets_the_file(
    qtbot: QtBot, speaker: Speaker, made: list[Sounds], sound: Sound
) -> None:
    speaker.install("aplay")
    made.append(Sounds(beep=speaker.beep))
    made[0].play(sound)
    qtbot.waitUntil(lambda: speaker.played == [f"aplay -q {resource('sounds', f'{sound}.wav')}"])
    qtbot.waitUntil(lambda: not made[0].children())
    assert speaker.beeps == 0


@on_linux
def test_a_new_sound_cuts_off_the_one_before_and_nothing_waits(
    qtbot: QtBot, speaker: Speaker, made: list[Sounds]
) -> None:
    speaker.install("paplay", then="exec /bin/sleep 60")
    made.append(Sounds(beep=speaker.beep))
    before = time.perf_counter()
    for _ in range(10):
        made[0].play(Sound.CHECKED_OUT)
    assert time.perf_counter() - before < 1
    qtbot.waitUntil(lambda: len(made[0].children()) == 1)
    assert speaker.beeps == 0


@on_linux
def test_a_player_that_fails_is_made_up_for_by_a_beep(qtbot: QtBot, speaker: Speaker, made: list[Sounds]) -> None:
    speaker.install("pw-play", then="exit 1")
    made.append(Sounds(beep=speaker.beep))
    made[0].play(Sound.REFUSED)
    qtbot.waitUntil(lambda: speaker.beeps == 1)


@on_linux
def test_a_player_that_cannot_be_started_is_made_up_for_by_a_beep(
    qtbot: QtBot, speaker: Speaker, made: list[Sounds]
) -> None:
    speaker.install("aplay")
    made.append(Sounds(beep=speaker.beep))
    (speaker.folder / "aplay").unlink()
    made[0].play(Sound.REFUSED)
    qtbot.waitUntil(lambda: speaker.beeps == 1)


@on_linux
def test_without_a_player_there_is_a_beep(qtbot: QtBot, speaker: Speaker, made: list[Sounds]) -> None:
    made.append(Sounds(beep=speaker.beep))
    made[0].play(Sound.ATTENTION)
    assert speaker.beeps == 1


def test_a_missing_file_or_an_unknown_name_is_a_beep(speaker: Speaker, made: list[Sounds]) -> None:
    made.append(Sounds(folder=speaker.folder, beep=speaker.beep))
    made[0].play(Sound.ATTENTION)
    made[0].play("../nonsense")
    assert speaker.beeps == 2


def test_muted_is_silent(speaker: Speaker, made: list[Sounds]) -> None:
    made.append(Sounds(beep=speaker.beep))
    made[0].muted = True
    made[0].play(Sound.REFUSED)
    assert speaker.beeps == 0
    assert not made[0].children()

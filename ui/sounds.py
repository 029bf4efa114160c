"""Short sounds that say how a scan went, for a person who looks at the book and not at the screen."""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QStandardPaths, Slot
from PySide6.QtWidgets import QApplication

from ui.resources import resource

if sys.platform == "win32":
    import winsound

_FOLDER: Final = resource("sounds")

# Programs that play a WAV file on Linux desktops: PulseAudio, PipeWire, ALSA.
_PLAYERS: Final = (("paplay",), ("pw-play",), ("aplay", "-q"))


class Sound(StrEnum):
    """The sounds there are, by the name of their file."""

    CHECKED_OUT = "checked_out"
    CHECKED_IN = "checked_in"
    REFUSED = "refused"
    ATTENTION = "attention"
    """The program asks something."""


class Sounds(QObject):
    """Plays one sound at a time; a new one cuts off the one before.

    A sound is never the only sign of anything: where it cannot be played there is the system's beep or silence, and
    nothing waits for it or fails because of it.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        folder: Path = _FOLDER,
        beep: Callable[[], None] = QApplication.beep,
    ) -> None:
        super().__init__(parent)
        self.muted = False
        self._folder = folder
        self._beep = beep
        self._command = _find_player()

    def play(self, name: str) -> None:
        """Begin to play the sound of this name (a `Sound`) and return at once."""
        if self.muted:
            return
        path = self._folder / f"{name}.wav"
        if path.is_file():
            self._start(path)
        else:
            self._beep()

    def close(self) -> None:
        """Silence at once."""
        for player in self.findChildren(QProcess):
            player.kill()
            player.waitForFinished(200)

    def _start(self, path: Path) -> None:
        if sys.platform == "win32":
            try:
                winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            except RuntimeError:  # no sound device
                self._beep()
        elif self._command:
            self._run([*self._command, str(path)])
        else:
            self._beep()

    def _run(self, command: list[str]) -> None:
        for earlier in self.findChildren(QProcess):
            earlier.kill()
        player = QProcess(self)
        player.setStandardOutputFile(QProcess.nullDevice())
        player.setStandardErrorFile(QProcess.nullDevice())
        player.errorOccurred.connect(self._on_error)
        player.finished.connect(self._on_finished)
        player.finished.connect(player.deleteLater)
        player.start(command[0], command[1:])

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._beep()

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        if status is QProcess.ExitStatus.NormalExit and exit_code != 0:
            self._beep()


def _find_player() -> list[str]:
    """The command that plays a file, or [] where there is none."""
    for name, *options in _PLAYERS:
        program = QStandardPaths.findExecutable(name)
        if program:
            return [program, *options]
    return []

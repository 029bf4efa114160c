"""What one desk prefers: looks, sounds, scanner port. Kept in a small file of its own, whole or absent."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from db.files import safe_write

FILE = "preferences.json"
SCALES = (90, 100, 110, 125, 150, 175, 200)


@dataclass(frozen=True, slots=True)
class Preferences:
    """`scale` in percent; `scanner_port` names a serial port or VID:PID, empty for keyboard scanners only; `card_port`
    is that of a serial card reader; `card_pcsc` says whether PC/SC readers are read. An idle desk is locked after
    `lock_minutes`, 0 for never. Slips are printed on a roll `slip_width` mm wide, 58 or 80."""

    dark: bool = False
    scale: int = 100
    sounds: bool = True
    scanner_port: str = ""
    scanner_prefix: str = "none"
    card_port: str = ""
    card_pcsc: bool = False
    lock_minutes: int = 10
    slip_width: int = 80


def read_preferences(folder: Path) -> Preferences:
    """What was kept in `folder`; a missing or damaged file gives the defaults, since nothing depends on it."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(kept, dict):
        return Preferences()
    known = {field.name: type(getattr(Preferences(), field.name)) for field in fields(Preferences)}
    return Preferences(**{name: value for name, value in kept.items() if known.get(name) is type(value)})


def write_preferences(folder: Path, preferences: Preferences) -> None:
    """Keep them in `folder`. Raises Trouble P-120x."""
    safe_write(folder / FILE, json.dumps(asdict(preferences), ensure_ascii=False, indent=1).encode())

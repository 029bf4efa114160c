"""Where the data files that ship with the program lie."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1] / "resources"


def resource(*parts: str) -> Path:
    """The path of a shipped file, for example `resource("icons", "check.svg")`."""
    return _ROOT.joinpath(*parts)

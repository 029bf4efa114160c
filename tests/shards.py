"""Run the whole suite as two pytest processes side by side: the machines we care for have two cores.

    python -m tests.shards

What the second one says is kept back until the first has spoken, so that nothing is mixed up.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parent
FIRST = ("app", "db", "reports", "server/desk")
"""About half of the work. Everything else goes to the second process, new folders too."""
PARTED = ("server",)
"""Folders of which each process has a part."""


def shards() -> tuple[list[str], list[str]]:
    """The paths of both halves. Nothing under `tests` is left out."""
    first = [str(TESTS / name) for name in FIRST]
    others = sorted([*TESTS.iterdir(), *(path for name in PARTED for path in (TESTS / name).iterdir())])
    left_out = {*FIRST, *PARTED}
    second = [
        str(path)
        for path in others
        if str(path.relative_to(TESTS)) not in left_out
        and ((path.is_dir() and path.name != "__pycache__") or path.match("test_*.py"))
    ]
    return first, second


def environment() -> dict[str, str]:
    """That of the tests: what is compiled is kept, or each of hundreds of processes would compile all it imports."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def main() -> int:
    """Run both; 0 when both are green."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as kept:
        first, second = shards()
        command, env, cwd = [sys.executable, "-m", "pytest"], environment(), TESTS.parent
        beside = subprocess.Popen([*command, *second], stdout=kept, stderr=subprocess.STDOUT, cwd=cwd, env=env)
        codes = [subprocess.run([*command, *first], cwd=cwd, env=env, check=False).returncode]
        codes.append(beside.wait())
        kept.seek(0)
        sys.stdout.buffer.write(kept.read())
    print(f"both halves: {time.monotonic() - began:.0f} s")
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())

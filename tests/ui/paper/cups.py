"""A print system of our own: CUPS in the foreground on a socket in a temporary folder, with one queue that keeps what
it is given."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

QUEUE = "Paper"
SERVER_BINS = (Path("/usr/lib/cups"), Path("/usr/libexec/cups"), Path("/usr/lib64/cups"))
CUPSD_CONF = """
LogLevel debug
Listen {root}/run/s
Browsing No
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
FILES_CONF = """
ServerRoot {root}/etc
ServerBin {root}/bin
StateDir {root}/run
CacheDir {root}/cache
RequestRoot {root}/spool
TempDir {root}/tmp
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
"""
PRINTERS_CONF = """
<Printer {queue}>
Info {queue}
DeviceURI keep:{root}/kept.pdf
State Idle
Accepting Yes
Shared No
ErrorPolicy abort-job
</Printer>
"""
# The printer: what arrives, with the title, the number of copies and the options, lands in a file.
BACKEND = """#!/bin/sh
[ $# -eq 0 ] && { echo 'direct keep "keep" "keep"'; exit 0; }
path="${DEVICE_URI#keep:}"
cat "${6:--}" > "$path.part"
printf '%s\\n' "$3" "$4" "$5" > "$path.options"
mv "$path.part" "$path"
"""


@dataclass(frozen=True)
class Cups:
    """A running print system."""

    root: Path
    pid: int

    @property
    def environment(self) -> dict[str, str]:
        """For programs that shall print here and nowhere else."""
        return {**os.environ, "CUPS_SERVER": str(self.root / "run" / "s"), "QT_QPA_PLATFORM": "offscreen"}

    def arrived(self, patience: float = 10) -> bytes:
        """What the printer was given, or nothing when nothing came in time."""
        kept, until = self.root / "kept.pdf", time.monotonic() + patience
        while time.monotonic() < until:
            if kept.exists():
                return kept.read_bytes()
            time.sleep(0.05)
        return b""

    def options(self) -> tuple[str, int, str]:
        """Title, copies and options of what arrived."""
        title, copies, options = (self.root / "kept.pdf.options").read_text(encoding="utf-8").splitlines()
        return title, int(copies), options

    def kill(self) -> None:
        """The print system dies."""
        os.kill(self.pid, signal.SIGKILL)


@contextlib.contextmanager
def running_cups() -> Iterator[Cups]:
    """Start CUPS; the test is skipped where there is none, or where it will not run for this user."""
    cupsd = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    server_bin = next((folder for folder in SERVER_BINS if (folder / "daemon").is_dir()), None)
    if cupsd is None or server_bin is None:
        pytest.skip("CUPS is not installed")
    root = Path(tempfile.mkdtemp(prefix="cups-"))  # a short path: socket names are limited
    try:
        _lay_out(root, server_bin)
        log = (root / "log" / "out").open("wb")
        with log:
            daemon = subprocess.Popen(
                [cupsd, "-f", "-c", str(root / "etc" / "cupsd.conf"), "-s", str(root / "etc" / "cups-files.conf")],
                stdout=log,
                stderr=log,
            )
        try:
            _wait_until_up(root, daemon)
            yield Cups(root, daemon.pid)
        finally:
            daemon.kill()
            daemon.wait()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _lay_out(root: Path, server_bin: Path) -> None:
    root.chmod(0o755)
    for name in ("etc", "run", "cache", "spool", "tmp", "log", "bin/backend"):
        (root / name).mkdir(parents=True)
    (root / "bin" / "daemon").symlink_to(server_bin / "daemon")
    (root / "etc" / "cupsd.conf").write_text(CUPSD_CONF.format(root=root))
    (root / "etc" / "cups-files.conf").write_text(FILES_CONF.format(root=root))
    (root / "etc" / "printers.conf").write_text(PRINTERS_CONF.format(root=root, queue=QUEUE))
    backend = root / "bin" / "backend" / "keep"
    backend.write_text(BACKEND)
    backend.chmod(0o700)  # for its owner alone: CUPS runs it as the owner then


def _wait_until_up(root: Path, daemon: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 10
    while not (root / "run" / "s").exists():
        if daemon.poll() is not None or time.monotonic() > until:
            pytest.skip(f"CUPS will not run here: {(root / 'log' / 'out').read_text(errors='replace')[-300:]}")
        time.sleep(0.05)

"""The program, loaded once a run and started by forking: a true process with its pipes, its signals and its exit code,
without the second that loading takes. That it starts from nothing as well is shown in `tests/server/desk/test_command`.

This module is also the process that was loaded: it starts what it is asked for and tells how that ended.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pishkhan

ROOT = Path(__file__).parents[1]
LONGEST = 1 << 16
PATIENCE = 60  # seconds until a program that does not end is killed
STREAMS = 3
ENCODING = "ascii"  # the command must not rely on the encoding of the terminal


class Program:
    """`pishkhan` with these arguments, running."""

    def __init__(self, *arguments: str) -> None:
        (stdin, ours), (out, stdout), (err, stderr) = os.pipe(), os.pipe(), os.pipe()
        self.stdin, self.stdout, self.stderr = os.fdopen(ours, "wb"), os.fdopen(out, "rb"), os.fdopen(err, "rb")
        theirs = [stdin, stdout, stderr]
        self.pid: int = _asked({"start": arguments, "environment": dict(os.environ)}, theirs)
        self.returncode: int | None = None
        for fd in theirs:
            os.close(fd)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it has not been waited for."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end; the exit code, or the signal that ended it as a negative number."""
        if self.returncode is None:
            alarm = threading.Timer(PATIENCE, self.kill)  # then it is known by its exit code
            alarm.start()
            self.returncode = int(_asked({"wait": self.pid}))
            alarm.cancel()
        return self.returncode

    def communicate(self, given: bytes = b"") -> tuple[bytes, bytes]:
        """Give it all this and wait for its end; what it wrote to standard output and standard error."""
        with ThreadPoolExecutor(2) as threads, self.stdout, self.stderr:
            told = [threads.submit(stream.read) for stream in (self.stdout, self.stderr)]
            with contextlib.suppress(BrokenPipeError), self.stdin:  # it may not want all of it
                self.stdin.write(given)
            self.wait()
            out, err = (one.result() for one in told)
        return out, err

    def end(self) -> None:
        """Kill it unless it has ended, and read no more of it."""
        self.kill()
        self.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()


@cache
def _line() -> socket.socket:
    """To the process that was loaded. It ends when the tests do."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())], cwd=ROOT, pass_fds=[theirs.fileno()]
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _asked(request: dict[str, Any], streams: Sequence[int] = ()) -> Any:
    socket.send_fds(_line(), [json.dumps(request).encode()], streams)
    return json.loads(_line().recv(LONGEST))


def main(line: socket.socket) -> int:
    """Start and wait for others until the tests are over; in each of the others, run the command."""
    while True:
        message, streams, _, _ = socket.recv_fds(line, LONGEST, STREAMS)
        if not message:
            return 0
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            line.send(json.dumps(os.waitstatus_to_exitcode(status)).encode())
            continue
        _load(request["start"][0])
        pid = os.fork()
        if pid == 0:
            line.close()
            _wear(request["environment"], streams)
            return pishkhan.main(request["start"])
        for fd in streams:
            os.close(fd)
        line.send(json.dumps(pid).encode())


def _load(command: str) -> None:
    importlib.import_module(pishkhan.COMMANDS[command])
    gc.collect()
    gc.freeze()


def _wear(environment: dict[str, str], streams: Sequence[int]) -> None:
    """The environment and the three streams of a process that has just been started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal; the tests may run where nobody asks
    os.environ.clear()
    os.environ.update(environment)
    for place, fd in enumerate(streams):
        os.dup2(fd, place)
        os.close(fd)
    made: list[Any] = [
        open(place, mode, encoding=ENCODING, buffering=1, closefd=False)  # noqa: SIM115 - as long as the process
        for place, mode in enumerate("rww")
    ]
    sys.stdin, sys.stdout, sys.stderr = made


if __name__ == "__main__":
    sys.exit(main(socket.socket(fileno=int(sys.argv[1]))))

"""A TCP proxy that spoils connections, from a seed: what bad lines and bad boxes on the way do (reliability 2.6,
sync-anchors B)."""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections import Counter

KINDS = ("ok", "slow", "cut_call", "cut_answer", "no_answer", "reset", "hole")


class SpoilingProxy:
    """Listens on a port of its own and passes on to another; each connection draws a kind. Runs in a thread of its own;
    use it as a context manager."""

    def __init__(self, target: int, seed: int, sound: float = 0.5) -> None:
        self.target = target
        self.sound = sound
        self.seen: Counter[str] = Counter()
        self._rng = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def __enter__(self) -> "SpoilingProxy":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def heal(self) -> None:
        """No more faults from now on."""
        self.sound = 1.0

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in (tasks := asyncio.all_tasks(self._loop)):
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kind = "ok" if self._rng.random() < self.sound else self._rng.choice(KINDS[1:])
        self.seen[kind] += 1
        up: asyncio.StreamWriter | None = None
        try:
            if kind == "reset":
                return
            if kind == "hole":
                await asyncio.sleep(0.3)
                return
            back, up = await asyncio.open_connection("127.0.0.1", self.target)
            delay = 0.01 if kind == "slow" else 0.0
            ways = [
                asyncio.ensure_future(
                    _pipe(reader, up, self._rng.randrange(1, 400) if kind == "cut_call" else None, delay)
                ),
                asyncio.ensure_future(
                    _pipe(back, writer, {"cut_answer": self._rng.randrange(120), "no_answer": 0}.get(kind), delay)
                ),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        except OSError:
            pass
        finally:
            for side in (writer, up):
                if side is not None:
                    _reset(side) if kind != "ok" else side.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None, delay: float) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while piece := await reader.read(512 if delay else 4096):
            await asyncio.sleep(delay)
            if limit is not None and passed + len(piece) > limit:
                writer.write(piece[: limit - passed])
                await writer.drain()
                await asyncio.sleep(0.02)
                return
            writer.write(piece)
            await writer.drain()
            passed += len(piece)


def _reset(writer: asyncio.StreamWriter) -> None:
    """A real RST instead of a FIN."""
    found = writer.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()

"""What the centre does by itself after pushes: rules that look across branches.

Never inside a push, and by one process at a time: whoever holds the advisory lock looks at what all of them took. A
push wakes the work of its process; a process that finds the lock taken comes again, since the holder may have looked
before that push was committed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from app.centre import Centre
from db.trouble import StaleRowError, Trouble
from server.centre.logs import LOG

Rule = Callable[[Centre], int]
LOCK = 0x50534B50  # "PSKP"
QUIET, AGAIN, AFTER_TROUBLE = 2.0, 300.0, 30.0
"""Seconds: pushes come in bursts; a look without being woken (another process may have died); a rest when the database
does not answer."""


class Background:
    """The work of one process. `centre` has a store of its own, so that no push waits for it. Each rule tells how much
    it did; 0 means that it is through."""

    def __init__(self, centre: Centre, rules: Sequence[Rule], quiet: float = QUIET) -> None:
        self._centre = centre
        self._rules = rules
        self._quiet = quiet
        self._due = asyncio.Event()
        self._due.set()  # what came while nobody ran

    def wake(self) -> None:
        """Something was pushed. Called on the loop of the server."""
        self._due.set()

    @contextlib.asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        """The lifespan of the application: works until it ends; a rule that is at work finishes."""
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _work(self) -> None:
        while True:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._due.wait(), AGAIN)
            self._due.clear()
            await asyncio.sleep(self._quiet)
            try:
                if await run_in_threadpool(self.round):
                    self._due.set()
            except (Trouble, StaleRowError) as error:
                LOG.warning("background", extra={"facts": {"trouble": getattr(error, "code", "stale")}})
                await self._rest()
            except Exception:  # noqa: BLE001 - a bug in a rule must not end the sync of the country, nor go unseen
                LOG.exception("background")
                await self._rest()

    async def _rest(self) -> None:
        await asyncio.sleep(AFTER_TROUBLE)
        self._due.set()

    def round(self) -> bool:
        """Let every rule look once; whether to come again: something was done, or somebody else is at it. Raises what a
        rule raised, after the others have looked."""
        with self._centre.store.read() as reader:
            (alone,) = reader.run(f"SELECT pg_try_advisory_xact_lock({LOCK})").fetchone()
            return not alone or self._looked() > 0

    def _looked(self) -> int:
        done, wrong = 0, list[Exception]()
        for rule in self._rules:
            try:
                done += rule(self._centre)
            except Trouble:  # the database does not answer: the others would not get far either
                raise
            except Exception as error:  # noqa: BLE001 - as above; told when all have looked
                wrong.append(error)
        if wrong:
            raise wrong[0]
        return done

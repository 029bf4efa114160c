"""The line in one process: what a branch sends is answered at once."""

from app.centre import Centre
from app.sync.centre.api import answer
from app.sync.line import Call, Reply, Steps


class InProcessLine:
    """A line that loses nothing."""

    def __init__(self, centre: Centre, steps: Steps | None = None) -> None:
        self._centre = centre
        self._steps = steps

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """One call."""
        return answer(self._centre, call, body, bearer, self._steps)

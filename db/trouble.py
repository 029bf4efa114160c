"""Trouble: what the world does to us (disk, port, network, damaged file), as one exception family.

A refusal of a rule is a value, never an exception; anything that is neither is a bug and is not caught.
"""


class Trouble(Exception):
    """Something outside the program went wrong.

    `code` (P-1101 …) names the entry in `app.messages` that tells the librarian what happened, whether anything was
    lost and what to do; `context` fills the blanks of that message and goes to the log.
    """

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code, context)
        self.code = code
        self.context = context

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.context.items())
        return f"{self.code}({details})"


class StaleRowError(Exception):
    """Another desk was faster: a row changed between reading and writing, or the place was taken. The use case is
    simply run again."""

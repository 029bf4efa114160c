"""The program at the other side, as it says of itself."""

from typing import Any

from app.sync.apply import printable

LONGEST_VERSION, MOST_SCHEMA = 64, 1 << 30


def program_of(app: str, schema: int) -> dict[str, Any]:
    """The program that a device says it runs."""
    return {"app_version": printable(app, LONGEST_VERSION), "schema_version": max(0, min(schema, MOST_SCHEMA))}

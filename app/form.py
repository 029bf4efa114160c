"""What a form or file wants to say of a new row may be wrong in several fields; each is one refusal, all are told."""

from collections.abc import Iterator

from app.refusal import Refusal


def required(**fields: str | None) -> Iterator[Refusal]:
    """A refusal for every named field that holds nothing."""
    for name, value in fields.items():
        if value is None or not value.strip():
            yield Refusal("field.required", facts={"field": name})


def invalid(field: str, value: object) -> Refusal:
    """A refusal for a field whose value cannot be taken."""
    return Refusal("field.invalid", facts={"field": field, "value": value})

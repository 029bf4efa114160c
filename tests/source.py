"""The program's own source, for tests that read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def modules(*layers: str) -> list[Path]:
    """The files of these layers."""
    return [path for layer in layers for path in sorted((ROOT / layer).rglob("*.py"))]


def nodes(*words: str, layers: tuple[str, ...]) -> Iterator[tuple[Path, ast.AST]]:
    """All that stands in the files of these layers that have one of the words: the others need not be parsed."""
    for path in modules(*layers):
        text = path.read_text(encoding="utf-8")
        if any(word in text for word in words):
            yield from ((path, node) for node in ast.walk(ast.parse(text)))

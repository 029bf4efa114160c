"""The two halves of the suite together are the whole suite."""

from pathlib import Path

from tests.shards import TESTS, shards


def test_every_test_file_is_in_exactly_one_half() -> None:
    halves = [[Path(path) for path in half] for half in shards()]
    for file in TESTS.rglob("test_*.py"):
        homes = [half for half in halves if any(path == file or path in file.parents for path in half)]
        assert len(homes) == 1, file

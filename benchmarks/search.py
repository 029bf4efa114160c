"""P5: as-you-type search over 100,000 titles: every key press of titles typed letter by letter."""

import random
import time
from pathlib import Path

from app.catalogue.queries import search_titles
from app.library import Library
from benchmarks.figures import Timings
from benchmarks.sample import make_library

TITLES, TYPED, LONGEST, LIMIT = 100_000, 60, 16, 50


def measure(folder: Path) -> Timings:
    """Seconds of each key press: folding, full-text query, ranking, and the rows for the list."""
    library = make_library(folder, titles=TITLES, members=1)
    try:
        timings = Timings()
        timings.add_round(list(_type_all(library)))
        return timings
    finally:
        library.store.close()


def _type_all(library: Library) -> list[float]:
    times = []
    for title in _titles(library):
        for length in range(1, min(len(title), LONGEST) + 1):
            start = time.perf_counter()
            with library.store.read() as reader:
                search_titles(reader, title[:length], LIMIT, library.store.dialect.name)
            times.append(time.perf_counter() - start)
    return times


def _titles(library: Library) -> list[str]:
    with library.store.read() as reader:
        titles = [row[0] for row in reader.run("SELECT title FROM title").fetchall()]
    return random.Random(3).sample(titles, TYPED)

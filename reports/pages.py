"""Rows shared out over pages, so that what closes a table never stands on a page without rows."""

from collections.abc import Sequence

_COMPANY = 3  # rows that stay with what is to be signed


def page_starts(heights: Sequence[float], first_room: float, room: float, closing: float = 0) -> list[int]:
    """Places of the rows that begin a page; the last rows stay on one page with what closes the table.

    All in points: `first_room` for rows on the first page, `room` on the others, `closing` under the last row. A row
    higher than a page begins one.
    """
    company = min(_COMPANY, len(heights)) if closing else 0
    while company > 1 and sum(heights[-company:]) + closing > room:
        company -= 1
    kept = len(heights) - company
    starts = []
    left = first_room
    for place, height in enumerate([*heights[:kept], sum(heights[kept:]) + closing][: len(heights)]):
        if height > left < room:
            starts.append(place)
            left = room
        left -= height
    return starts

"""`make bench`: every measurement in one run, as ratios to bare baselines, written to docs/benchmarks.md."""

import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    checkout,
    forms,
    fsyncs,
    history,
    ingest,
    paint,
    search,
    start,
    stocktake,
    under_sync,
    weeding,
    wire,
)
from db.files import safe_write

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`. Absolute times are this machine's and vary by a fifth; the ratios, taken in one run with the
sides interleaved, are what counts. The baselines do the same work by hand: the same statements with ready-made values
on a bare sqlcipher3 connection, a bare Qt list, a bare Qt line.

Machine: {machine}, {cores} cores, Python {python}, {system}.

"""


def main() -> int:
    """Measure and write the page."""
    with tempfile.TemporaryDirectory() as scratch:
        page = HEAD.format(
            machine=_processor(), cores=os.cpu_count(), python=platform.python_version(), system=platform.platform()
        )
        for section in SECTIONS:
            folder = Path(scratch) / section.__name__
            folder.mkdir()
            text = section(folder)
            sys.stdout.write(text)
            page += text
            shutil.rmtree(folder)
    safe_write(PAGE, page.encode())
    return 0


def _checkout(folder: Path) -> str:
    figures = checkout.measure(folder)
    return (
        "## Checkout (P1)\n\n"
        f"The use case reaches **{figures.throughput:.2f}** of the bare transaction's throughput (goal 0.5).\n\n"
        "| side | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| use case | {figures.use_case.row()} |\n| bare sqlcipher3 | {figures.bare.row()} |\n\n"
    )


def _fsyncs(folder: Path) -> str:
    per_checkout = fsyncs.measure(folder)
    return f"fsync calls per checkout, counted between program and kernel: **{per_checkout:.2f}** (goal exactly 1).\n\n"


def _history(folder: Path) -> str:
    figures = history.measure(folder)
    disk = figures.disk.percentile(0.99) / figures.disk.percentile(0.5)
    return (
        "## Flat in history\n\n"
        "A reader with 1,000 past and 100 open loans is served in "
        f"**{figures.busy_over_new:.2f}** times the time of a new one (goal 1.2). With a million past loans in the "
        f"store p99 is **{figures.tail:.1f}** times p50 (goal 3); of a bare write and fsync on the same disk in the "
        f"same minute it is {disk:.1f} times.\n\n"
        "| reader | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| busy | {figures.busy.row()} |\n| new | {figures.new.row()} |\n"
        f"| with a million past loans | {figures.million.row()} |\n| bare write and fsync | {figures.disk.row()} |\n\n"
    )


def _paint(folder: Path) -> str:
    figures = paint.measure(folder)
    ratio = figures.ours.percentile(0.5) / figures.floor.percentile(0.5)
    return (
        "## Scan to painted row (P4)\n\n"
        f"p50 is **{ratio:.2f}** times the bare list; p99 must stay within one 60 Hz frame (16.7 ms) and one fsync.\n\n"
        "| side | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| desk: Enter, commit, banner, row painted | {figures.ours.row()} |\n"
        f"| bare Qt list: constant row painted | {figures.floor.row()} |\n\n"
    )


def _search(folder: Path) -> str:
    figures = search.measure(folder)
    return (
        "## Search over 100,000 titles (P5)\n\n"
        "Every key press of 60 titles typed letter by letter: fold, query, ranking, rows (goal: p99 below 16 ms)."
        "\n\n| | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| key press | {figures.row()} |\n\n"
    )


def _start(folder: Path) -> str:
    figures = start.measure(folder)
    ratio = figures.ours.percentile(0.5) / figures.floor.percentile(0.5)
    return (
        "## Start (P6)\n\n"
        f"A fresh process until the scan box accepts, **{ratio:.2f}** times a process that shows a bare Qt line.\n\n"
        "| side | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| desk | {figures.ours.row()} |\n| bare Qt | {figures.floor.row()} |\n"
    )


def _forms(folder: Path) -> str:
    figures = forms.measure(folder)
    pdf, xlsx = (
        ours.percentile(0.5) / bare.percentile(0.5)
        for ours, bare in ((figures.pdf, figures.bare_pdf), (figures.xlsx, figures.bare_xlsx))
    )
    return (
        "\n## Official form of 5,000 rows (P11)\n\n"
        f"PDF **{pdf:.2f}** times a bare ReportLab table of the same cells, neither shaped nor right to left (goal: "
        f"within 1.5 s); Excel **{xlsx:.2f}** times a bare openpyxl sheet written row by row (goal: within 1 s).\n\n"
        "| side | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| form as PDF | {figures.pdf.row()} |\n| bare ReportLab table | {figures.bare_pdf.row()} |\n"
        f"| form as Excel | {figures.xlsx.row()} |\n| bare openpyxl sheet | {figures.bare_xlsx.row()} |\n"
    )


def _weeding(folder: Path) -> str:
    figures = weeding.measure(folder)
    return (
        "\n## Weeding candidates\n\n"
        f"Every candidate of the four reasons found and judged over 100,000 copies and a million loans: "
        f"**{figures.judged_over_bare:.1f}** times one bare reading of the copies (goal: 0.5 s). The page is that of "
        f"fifty; the rows are {figures.found:,}.\n\n"
        "| side | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| all four reasons judged | {figures.judged.row()} |\n| first page of a reason | {figures.page.row()} |\n"
        f"| all rows of all four | {figures.rows.row()} |\n| bare: every copy read once | {figures.bare.row()} |\n"
    )


def _stocktake(folder: Path) -> str:
    figures = stocktake.measure(folder)
    scan = figures.scan.percentile(0.5) / figures.bare.percentile(0.5)
    closing = figures.closed.percentile(0.5) / figures.bare_close.percentile(0.5)
    return (
        "\n## Shelf-reading of 12,000 copies\n\n"
        f"A scan with its order on the shelf, kept for good: **{scan:.1f}** times one bare row and its commit, and the "
        f"same at the end of the session as at its start. Closing with {figures.missing:,} missing copies in one "
        f"transaction, minutes and sheet with it: **{closing:.1f}** times the bare changes.\n\n"
        "| side | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| scan | {figures.scan.row()} |\n| the last thousand scans | {figures.last.row()} |\n"
        f"| bare row and commit | {figures.bare.row()} |\n| how far it has come | {figures.tally.row()} |\n"
        f"| everything that closing would do | {figures.shown.row()} |\n| closing | {figures.closed.row()} |\n"
        f"| of that minutes and sheet | {figures.paper.row()} |\n| bare changes | {figures.bare_close.row()} |\n"
    )


def _wire(_: Path) -> str:
    figures = wire.measure()
    return (
        "\n## On the wire\n\n"
        f"A complete loan entry in a signed batch of 200: **{figures.loan:.1f}** bytes (goal 55); as JSON with gzip "
        f"{figures.json:.0f}. Of a day of loans, returns and renewals an entry takes {figures.day:.1f}.\n"
    )


def _ingest(_: Path) -> str:
    figures = ingest.measure()
    return (
        "\n## Ingest at the centre (P12)\n\n"
        "A day of 60 branches in signed batches of 200 entries, proven, applied, acknowledged: "
        f"**{figures.ratio:.2f}** of bare COPY of the same rows into the same tables (goal 0.5); "
        f"{figures.entries / figures.seconds:,.0f} entries a second in one process, memory "
        f"+{figures.grown:.0f} MB. The "
        "day of the whole country is `python -m benchmarks.ingest 3700` (docs/scale.md).\n\n"
        "| a batch | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| push, from bytes to signed answer | {figures.ours.row()} |\n"
        f"| bare COPY, rows ready made | {figures.bare.row()} |\n"
    )


def _under_sync(folder: Path) -> str:
    figures = under_sync.measure(folder)
    return (
        "\n## A desk beside the sync (P3)\n\n"
        f"A loan every ten milliseconds while {figures.rows_a_second:,.0f} rows a second of the centre come in: the "
        f"slowest hundredth ends **{figures.slower:.1f}** ms later than alone (goal 3).\n\n"
        "| a loan | p50 ms | p95 | p99 | max |\n|---|---|---|---|---|\n"
        f"| alone | {figures.alone.row()} |\n| beside the sync | {figures.beside.row()} |\n"
    )


def _processor() -> str:
    for line in (
        Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else ()
    ):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


SECTIONS = (
    _checkout, _fsyncs, _history, _paint, _search, _start, _forms, _weeding, _stocktake, _wire, _ingest, _under_sync,
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

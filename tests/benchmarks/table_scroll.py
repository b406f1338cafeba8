"""How smoothly a table of ten million rows opens and scrolls.

In: nothing, or a folder with a snapshot. Out: milliseconds for opening it, and for each frame while it is scrolled by
wheel, by page, by dragging the bar to anywhere, and by wheel through rows that lie all over the file, as in a sorted
table. A frame is a step, its paint and whatever Qt does meanwhile; run it with a display to count painting to a screen.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/table_scroll.py [--rows 10000000] [--keep FOLDER] [--cells 29000]

Two columns of figures: by the clock, and as computing time of the window's thread, which other programs that run at the
same time do not lengthen.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from PySide6.QtWidgets import QApplication

from studio.data.table.pages import open_writer, rows_in_group
from studio.data.table.table import TABLE_FILE, Reading, Table, open_table, write_reading
from studio.gui import theme
from studio.gui.job import Job
from studio.gui.pages.data.table import TablePanel

BATCH = 100_000
WORDS = ("How", "my", "card", "is", "the", "please", "top-up", "refund", "not", "when", "can", "account", "why", "日本")
CHIPS = {"text": ("text to read", "accent"), "label": ("label", "accent")}


def make(folder: Path, rows: int, letters: int) -> None:
    """Write a snapshot; every thousandth text has `letters` letters."""
    chance = np.random.default_rng(0)
    words, labels = pa.array(WORDS), pa.array([f"Label {number}" for number in range(77)])
    schema = pa.schema([(name, pa.string()) for name in ("number", "text", "label")])
    folder.mkdir(parents=True, exist_ok=True)
    with open_writer(folder / TABLE_FILE, schema) as writer:
        for start in range(0, rows, BATCH):
            size = min(BATCH, rows - start)
            picked = [words.take(pa.array(chance.integers(0, len(words), size))) for _ in range(16)]
            text = pc.binary_join_element_wise(*picked, " ")
            if letters:
                at = np.arange(size) % 1000 == 0
                long = pa.array(["long words " * (letters // 11)] * int(at.sum()))
                text = pc.replace_with_mask(text, pa.array(at), long)
            number = pc.cast(pa.array(np.arange(start, start + size)), pa.string())
            batch = pa.RecordBatch.from_arrays(
                [number, text, labels.take(pa.array(chance.integers(0, 77, size)))], schema=schema
            )
            writer.write_batch(batch, row_group_size=rows_in_group(batch))
    write_reading(folder, Reading("made.csv"))


def timed(step: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that a step and its paint take: by the clock, and of computing."""
    clock, computing = time.perf_counter(), time.thread_time()
    step()
    QApplication.processEvents()
    return (time.perf_counter() - clock) * 1000, (time.thread_time() - computing) * 1000


def tell(name: str, times: list[tuple[float, float]]) -> None:
    """One line: median, 95th percentile and the worst."""
    by_clock, computing = (np.percentile([one[n] for one in times], [50, 95, 100]) for n in (0, 1))
    figures = [" ".join(f"{value:7.1f}" for value in some) for some in (by_clock, computing)]
    print(f"{name:28}{figures[0]}   |{figures[1]}", flush=True)


def open_panel(table: Table) -> TablePanel:
    """The panel of the Data page with this table."""
    panel = TablePanel()
    panel.resize(1000, 760)
    panel.show()
    panel.show_table(table)
    panel.show_roles(
        CHIPS,  # type: ignore[arg-type]
        label="label",
        labels=tuple(f"Label {n}" for n in range(77)),
        test_rows=(),
    )
    return panel


def main(folder: Path) -> None:
    """Measure."""
    theme.theme().apply("light")
    table = open_table(folder)
    print(f"{table.rows:,} rows; milliseconds: median, p95, worst by the clock | of computing")
    made: list[TablePanel] = []
    tell("the first opening", [timed(lambda: made.append(open_panel(table)))])
    tell("opening", [timed(lambda: made.append(open_panel(open_table(folder)))) for _ in range(5)])
    panel, chance = made[-1], random.Random(0)
    for one in made[:-1]:
        one.close()
    view, bar = panel.view, panel.view.verticalScrollBar()
    tell("wheel", [timed(lambda: view.scroll_by(60)) for _ in range(400)])
    tell("wheel, back", [timed(lambda: view.scroll_by(-60)) for _ in range(200)])
    tell("page", [timed(lambda: view.scroll_by(view.lane.view - 78)) for _ in range(200)])
    tell("the bar dragged anywhere", [timed(lambda: bar.setValue(chance.randrange(bar.maximum()))) for _ in range(100)])
    order = np.random.default_rng(0).permutation(table.rows)
    tell("another order", [timed(lambda: panel.model.show_table(table, order))])
    tell("wheel, rows from anywhere", [timed(lambda: view.scroll_by(60)) for _ in range(200)])
    panel.model.show_table(None)
    Job.finish_all()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--cells", type=int, default=29_000, help="letters of every thousandth text; 0: as the others")
    parser.add_argument("--keep", type=Path, help="a folder for the rows, used again where it has them")
    given = parser.parse_args()
    application = QApplication([])
    with tempfile.TemporaryDirectory() as scratch:
        where = given.keep or Path(scratch) / "table"
        if not (where / TABLE_FILE).exists():
            make(where, given.rows, given.cells)
        main(where)

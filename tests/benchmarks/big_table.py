"""How fast a table of ten million rows is searched, sorted, summed up and paged, and got ready for training, and how
much memory that takes.

    python tests/benchmarks/big_table.py [--rows 10000000] [--keep FOLDER] [--only WORD]

Makes its own rows (a number, a text of about 90 characters of which one in forty is there twice and one in forty nearly
so, one of 77 labels), unless FOLDER holds them already. Of more than a million rows what reads all of them several
times (“slow: …”) is measured only where `--only` asks for it. Every
figure is taken in a process of its own: seconds by the clock, seconds of computing (of both cores together), and the
most memory it held. Other programs that run at the same time lengthen the first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.compute as pc

from studio.config.config import Config
from studio.config.edit import change
from studio.data.checkup.check_up import check_up
from studio.data.parts.dataset import Dataset
from studio.data.parts.notices import before_training
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from studio.data.roles.roles import guess_roles
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.order import sort
from studio.data.table.pages import PageReader, open_writer, rows_in_group
from studio.data.table.summary import summarise
from studio.data.table.table import TABLE_FILE, Reading, Table, open_table, write_reading
from studio.data.table.view import CellTest, combine, gathered, search, where
from studio.runs.facts import MEASURED_ROWS
from studio.tasks.example import Example
from studio.tasks.task import task_for
from studio.tokens.cuts import cut_findings
from studio.tokens.lengths import measure as measure_lengths
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import tiny_encoder_folder

BATCH = 100_000
STARTS = ("How", "my", "Card", "is", "the", "please", "top-up", "Refund", "not", "when", "can", "you", "account", "why")
ENDS = ("ing", "ed", "er", "ment", "s", "ly", "ful", "")


def make(folder: Path, rows: int) -> None:
    """Write a snapshot of `rows` rows."""
    random = np.random.default_rng(0)
    words = pa.array([start + end for start in STARTS for end in ENDS])
    labels = pa.array([f"Label {number}" for number in range(77)])
    schema = pa.schema([(name, pa.string()) for name in ("number", "text", "label")])
    folder.mkdir(parents=True, exist_ok=True)
    with open_writer(folder / TABLE_FILE, schema) as writer:
        for start in range(0, rows, BATCH):
            size = min(BATCH, rows - start)
            picked = [words.take(pa.array(random.integers(0, len(words), size))) for _ in range(14)]
            order = pc.cast(pa.array(random.integers(0, 10_000, size)), pa.string())
            number = pc.cast(pa.array(random.integers(0, 10 * rows, size)), pa.string())
            code = random.integers(0, 77, size)
            picked[:2] = [words.take(pa.array(code % len(words))), words.take(pa.array(7 * code % len(words)))]
            text, label = again(pc.binary_join_element_wise(*picked, order, " "), words), labels.take(pa.array(code))
            batch = pa.RecordBatch.from_arrays([number, text, label], schema=schema)
            writer.write_batch(batch, row_group_size=rows_in_group(batch))
    write_reading(folder, Reading("made.csv"))


def again(texts: pa.Array, words: pa.Array) -> pa.Array:
    """The texts with one in forty as the text before it, and one in forty as the text before it with a word more."""
    places = np.arange(len(texts))
    is_same, is_near = places % 40 == 7, places % 40 == 13
    before = texts.take(pa.array(np.where(is_same | is_near, places - 1, places)))
    more = pc.if_else(pa.array(is_near), words.take(pa.array(places % len(words))), "")
    return pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(before, more, " "))


COLUMNS = Columns("text", "label")


def whole(table: Table) -> Dataset:
    """The rows in their parts."""
    return split(table, COLUMNS, kind="classify", watching_share=0.1, test_share=0.1, seed=0)


def checked(table: Table, *, stages: int) -> None:
    """The check-up up to its first, second, … answer; 0 stands for the last."""
    begun = time.perf_counter()
    for number, stage in enumerate(check_up(table, COLUMNS, kind="classify"), start=1):
        if number <= 2 or stage.is_last:
            print(f"    answer {number} after {time.perf_counter() - begun:.1f} s")
        if number == stages:
            break


def with_tokenizer(table: Table, do: Callable[[Tokenizer, Config, Dataset], object]) -> None:
    """Something done with a tokenizer of a tiny model and the rows in their parts; the last step alone is printed."""
    dataset = whole(table)
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = Tokenizer.load(tiny_encoder_folder(Path(folder)), "encoder")
    begun = time.perf_counter()
    do(tokenizer, change(Config(), "task.max_tokens", 64), dataset)
    print(f"    {time.perf_counter() - begun:.1f} s of it once the rows were split")


def never() -> bool:
    """Go on."""
    return False


def edited(table: Table) -> Table:
    """100,000 cells, 1,000 deleted rows and a merged label."""
    places = np.random.default_rng(1).permutation(table.rows)[:100_000].tolist()
    cells = tuple((place, f"edited {place}") for place in places)
    return table.with_edits(
        [SetCells("text", cells), ReplaceValue("label", "Label 1", "Label 2"), DeleteRows(tuple(places[:1_000]))]
    )


def pages(table: Table, order: np.ndarray | range, *, rows: int) -> None:
    """Print the mean and the longest time of a page at random places."""
    reader, times = PageReader(table), []
    for start in np.random.default_rng(2).integers(0, len(order) - rows, 20).tolist():
        begun = time.perf_counter()
        found = reader.at(order[start : start + rows])
        times.append(time.perf_counter() - begun)
        assert len(found) == rows
    print(
        f"    {rows} rows a page: {1e3 * sum(times) / len(times):.1f} ms on average, {1e3 * max(times):.1f} ms at most"
    )


def sorted_pages(table: Table) -> None:
    """Pages of a table sorted by labels, and by texts, where every row lies somewhere else."""
    for column in ("label", "number"):
        order = sort(table, column)
        assert order is not None
        print(f"    sorted by {column}:")
        pages(table, order.numbers, rows=256)
        pages(table, order.numbers, rows=40)


def combined(table: Table) -> None:
    """A search within a label, sorted by number; the last step alone is printed."""
    order = sort(table, "number")
    assert order is not None
    hits = gathered(search(table, "refund", should_stop=never))
    label = gathered(where(table, "label", CellTest("equals", ("Label 3",)), should_stop=never))
    begun = time.perf_counter()
    rows = combine(table, order.numbers, hits, label)
    print(f"    {len(rows):,} rows put together in {time.perf_counter() - begun:.2f} s")


def materialised(table: Table) -> None:
    """Write the edited table as a snapshot of its own."""
    with tempfile.TemporaryDirectory() as folder:
        edited(table).materialise(Path(folder))


def examples_of(config: Config, dataset: Dataset) -> Iterator[Example]:
    """The training rows as a model meets them."""
    return map(task_for(config).example, dataset.rows("training"))


def lengths_of(tokenizer: Tokenizer, config: Config, dataset: Dataset) -> None:
    """What is measured before training."""
    example = task_for(config).example
    step = -(-len(dataset.parts["training"]) // MEASURED_ROWS)
    measure_lengths(tokenizer, map(example, dataset.every("training", step)))
    measure_lengths(tokenizer, map(example, dataset.longest("training", 200)))


FIGURES: dict[str, Callable[[Table], object]] = {
    "open, and a page of rows in file order": lambda table: pages(table, range(table.rows), rows=256),
    "the same with 100,000 edited cells": lambda table: pages(edited(table), range(table.rows), rows=256),
    "pages of a sorted table": sorted_pages,
    "search in all columns, few hits": lambda table: gathered(search(table, "refunding 77", should_stop=never)),
    "search in all columns, hits nearly everywhere": lambda table: gathered(search(table, "e", should_stop=never)),
    "search with edits": lambda table: gathered(search(edited(table), "refunding 77", should_stop=never)),
    "filter: one label": lambda table: gathered(
        where(table, "label", CellTest("equals", ("Label 3",)), should_stop=never)
    ),
    "filter: longer than 90 characters": lambda table: gathered(
        where(table, "text", CellTest("longer", characters=90), should_stop=never)
    ),
    "search, filter and order put together": combined,
    "sort by number": lambda table: sort(table, "number"),
    "sort by label": lambda table: sort(table, "label"),
    "sort by text": lambda table: sort(table, "text"),
    "summary of the labels": lambda table: summarise(table, "label"),
    "summary of the numbers": lambda table: summarise(table, "number"),
    "summary of the texts": lambda table: summarise(table, "text"),
    "one edited column, whole, in Arrow": lambda table: edited(table).arrow(["label"]),
    "edited table as a snapshot": materialised,
    "guess of the columns": guess_roles,
    "split": whole,
    "split by customers": lambda table: split(
        table, Columns("text", "label", group="number"), kind="classify", watching_share=0.1, test_share=0.1, seed=0
    ),
    "split, then the first rows of a part": lambda table: list(islice(whole(table).rows("training"), 100)),
    "split, then what is told before training": lambda table: list(before_training(whole(table), kind="classify")),
    "split, then the lengths of 20,000 rows and of the longest": lambda table: with_tokenizer(table, lengths_of),
    "slow: split, then the rows that are cut": lambda table: with_tokenizer(
        table, lambda tokenizer, config, dataset: cut_findings(examples_of(config, dataset), tokenizer, 64)
    ),
    "check-up, first answer": lambda table: checked(table, stages=1),
    "check-up, quick checks of all rows": lambda table: checked(table, stages=2),
    "slow: check-up, everything": lambda table: checked(table, stages=0),
}  # fmt: skip


def measure(name: str, folder: Path) -> None:
    """Take one figure in this process and print it."""
    import pyarrow.parquet  # noqa: F401  what is loaded once does not count

    table, process = open_table(folder), psutil.Process()
    before, begun = process.cpu_times(), time.perf_counter()
    FIGURES[name](table)
    took, after = time.perf_counter() - begun, process.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    print(f"{name}: {took:.2f} s by the clock, {cpu:.2f} s of computing, {most_memory():,} MB")


def most_memory() -> int:
    """The most memory that this process held, in MB."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset >> 20)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10


def main() -> None:
    """Make the rows, then take every figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--measure")
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.keep)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        if not (folder / TABLE_FILE).exists():
            make(folder, options.rows)
        print(f"{open_table(folder).rows:,} rows, {(folder / TABLE_FILE).stat().st_size >> 20:,} MB on disk")
        for name in FIGURES:
            is_slow = name.startswith("slow") and not options.only and options.rows > 1_000_000
            if options.only in name and not is_slow:
                command = [sys.executable, __file__, "--measure", name, "--keep", str(folder)]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main()

"""Answers for a whole file: the same rows, with the model's answers as added columns. (torch)

In: a file with the columns that the model reads. Out: a table with what the goal adds: a label and its certainty, a
written answer, the piece of a text that was found and where it begins.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from studio.config.config import Config
from studio.config.goals import GOALS
from studio.data.parts.dataset import rows_at
from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.roles.columns import columns_of
from studio.data.table.edits import missing_column
from studio.data.table.table import Table, open_table
from studio.data.table.write import write_rows
from studio.events import Event, Imported, Predicted, Progressed, Warned
from studio.generation.ways import WAYS, Asking, search_way
from studio.models.load import Model
from studio.runs.calibration import NOT_CALIBRATED, Calibration
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer

_NEEDED = ("context",)  # columns beside the text without which there is nothing to answer


def predict(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    file: Path,
    out: Path,
    *,
    calibration: Calibration = NOT_CALIBRATED,
    options: ReadOptions = ReadOptions(),
    passages: Sequence[str] = (),
    scratch: Path,
    should_stop: Callable[[], bool],
) -> Iterator[Event]:
    """Answer every row of `file` into `out` (.csv, .tsv or .parquet); rows keep their order and every cell. A search
    looks for its answers among `passages`.

    Rows without a text stay without an answer; these and texts that are too long are warned of first. Rows that the
    reader sets aside are warned of by the reader. Nothing is written when stopped.
    """
    folder = scratch / f"predict-{uuid.uuid4().hex[:8]}"
    wanted = [role for role in _NEEDED if role in GOALS[task.kind].roles]
    try:
        beside = [getattr(config.data, role) for role in wanted]
        expected = [name for name in (config.data.input, *beside) if name]  # a text may be put together by a template
        for event in read_table(file, folder, options, expected=expected, should_stop=should_stop):
            if not isinstance(event, Imported):
                yield event
        if should_stop():
            return
        table = open_table(folder)
        rows = list(rows_at(table, columns_of(config.data), range(table.rows)))
        asking = Asking(model, tokenizer, task, config, calibration, should_stop)
        if GOALS[task.kind].head == "vector":
            way = yield from search_way(asking, passages)
            if way is None:  # stopped
                return
        else:
            way = WAYS[task.kind]
        for name in beside:
            if name not in table.columns:
                raise missing_column(name, table.columns)
        asked = [row for row in rows if all(getattr(row, role).strip() for role in ("input", *wanted))]
        yield from _blank(len(rows) - len(asked))
        found: dict[int, tuple[str, ...]] = {}
        yield Progressed("Answering", 0, len(asked))
        for said in way.answers(asking, asked):
            if isinstance(said, Event):
                yield said
                continue
            number, cells = said
            found[asked[number].number] = cells
            if len(found) % way.say_every == 0 or len(found) == len(asked):
                yield Progressed("Answering", len(found), len(asked))
        if should_stop():
            return
        names = _free_names(table, way.names(config.data.target, model))
        _write(table, out, names, [found.get(row, ("",) * len(names)) for row in range(len(rows))])
        yield Predicted(str(out), len(found))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _blank(rows: int) -> Iterator[Event]:
    if rows:
        some = "1 row has no text and gets" if rows == 1 else f"{rows:,} rows have no text and get"
        yield Warned(f"{some} no answer.", "Fill in the empty cells if they should have one.")


def _free_names(table: Table, wanted: Sequence[str]) -> list[str]:
    """Names for new columns that no column of the table has."""
    taken = set(table.columns)
    names = []
    for name in wanted:
        free, number = name, 2
        while free in taken:
            free, number = f"{name} {number}", number + 1
        taken.add(free)
        names.append(free)
    return names


def _write(table: Table, out: Path, names: list[str], added: Sequence[tuple[str, ...]]) -> None:
    columns = [table.column(name) for name in table.columns]
    rows = ([*cells, *more] for *cells, more in zip(*columns, added, strict=True))
    write_rows(out, [*table.columns, *names], rows)

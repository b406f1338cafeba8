"""Answers for a whole file: the same rows, with the model's answers as added columns.

In: a file with the column that the model reads. Out: a table with label and certainty, or with the written answer.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from studio.config.config import Config, TaskKind
from studio.data.read import ReadOptions, read_table
from studio.data.table import Table, open_table
from studio.data.write import write_rows
from studio.events import Event, Imported, Predicted, Progressed
from studio.generation.answer import complete
from studio.generation.labels import label_shares
from studio.models.load import Model
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer

_SAY_EVERY: dict[TaskKind, int] = {"classify": 32, "answer": 1}  # rows; a written answer takes about a second


def predict(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    file: Path,
    out: Path,
    *,
    scratch: Path,
    should_stop: Callable[[], bool],
) -> Iterator[Event]:
    """Answer every row of `file` into `out` (.csv, .tsv or .parquet); rows keep their order and every cell.

    Rows that the reader sets aside are warned of by the reader. Nothing is written when stopped.
    """
    folder = scratch / f"predict-{uuid.uuid4().hex[:8]}"
    try:
        for event in read_table(file, folder, ReadOptions(), should_stop=should_stop):
            if not isinstance(event, Imported):
                yield event
        if should_stop():
            return
        table = open_table(folder)
        texts = table.column(config.data.input)
        answers = _labels if task.kind == "classify" else _texts
        found: dict[int, tuple[str, ...]] = {}
        for number, cells in answers(model, tokenizer, task, config, texts, should_stop):
            found[number] = cells
            if len(found) % _SAY_EVERY[task.kind] == 0 or len(found) == len(texts):
                yield Progressed("Answering", len(found), len(texts))
        if should_stop():
            return
        _write(table, out, _names(table, task.kind, config.data.target), [found[n] for n in range(len(texts))])
        yield Predicted(str(out), table.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _labels(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    texts: Sequence[str],
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    assert config.task.max_tokens is not None
    for number, shares in enumerate(label_shares(model, tokenizer, texts, max_tokens=config.task.max_tokens)):
        if should_stop():
            return
        best = max(range(len(shares)), key=shares.__getitem__)
        yield number, (model.labels[best], f"{shares[best]:.3f}")


def _texts(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    texts: Sequence[str],
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    prompts = [task.prompt(text).turns for text in texts]
    limit = config.generation.max_new_tokens
    for number, text in complete(model, tokenizer, prompts, max_new_tokens=limit, should_stop=should_stop):
        yield number, (text,)


def _names(table: Table, kind: str, target: str) -> list[str]:
    wanted = [f"{target} (predicted)", f"{target} (certainty)"] if kind == "classify" else [f"{target} (written)"]
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

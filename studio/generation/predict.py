"""Answers for a whole file: the same rows, with the model's answers as added columns.

In: a file with the columns that the model reads. Out: a table with what the goal adds: a label and its certainty, a
written answer, the piece of a text that was found and where it begins.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.config.config import Config
from studio.config.goals import GOALS, TaskKind
from studio.data.parts.dataset import Row, rows_at
from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.roles.columns import columns_of
from studio.data.roles.several import joined
from studio.data.roles.target import ONE
from studio.data.table.edits import missing_column
from studio.data.table.table import Table, open_table
from studio.data.table.write import write_rows
from studio.events import Event, Imported, Noted, Predicted, Progressed, Warned
from studio.generation.answer import complete
from studio.generation.find import find_scores
from studio.generation.forward import context_limit
from studio.generation.labels import label_shares, numbers
from studio.generation.search import batch_vectors, read_passages
from studio.generation.spans import answered
from studio.generation.thresholds import named
from studio.models.load import Model
from studio.runs.calibration import NOT_CALIBRATED, Calibration
from studio.tasks.example import Example
from studio.tasks.none_of_these import answer
from studio.tasks.search import Search
from studio.tasks.task import Task
from studio.tokens.texts import MOST_WINDOWS, encode_for_head
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import fits

_NEEDED = ("context",)  # columns beside the text without which there is nothing to answer
_QUERIES_AT_ONCE = 16


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
    try:
        for event in read_table(file, folder, options, should_stop=should_stop):
            if not isinstance(event, Imported):
                yield event
        if should_stop():
            return
        table = open_table(folder)
        rows = list(rows_at(table, columns_of(config.data), range(table.rows)))
        way: Way | None = _WAYS.get(task.kind)
        if isinstance(task, Search):
            way = yield from _search_way(model, tokenizer, task, config, passages, should_stop)
        if way is None:  # stopped
            return
        wanted = [role for role in _NEEDED if role in GOALS[task.kind].roles]
        for name in (getattr(config.data, role) for role in wanted):
            if name not in table.columns:
                raise missing_column(name, table.columns)
        asked = [row for row in rows if all(getattr(row, role).strip() for role in ("input", *wanted))]
        yield from _notices(model, tokenizer, task, config, asked, blank=len(rows) - len(asked))
        found: dict[int, tuple[str, ...]] = {}
        yield Progressed("Answering", 0, len(asked))
        for number, cells in way.answers(model, tokenizer, task, config, calibration, asked, should_stop):
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


def _notices(
    model: Model, tokenizer: Tokenizer, task: Task, config: Config, rows: Sequence[Row], *, blank: int
) -> Iterator[Event]:
    if blank:
        some = "1 row has no text and gets" if blank == 1 else f"{blank:,} rows have no text and get"
        yield Warned(f"{some} no answer.", "Fill in the empty cells if they should have one.")
    if GOALS[task.kind].head == "span":
        assert config.task.max_tokens is not None
        too_long = sum(not fits(tokenizer, row.input, max_tokens=config.task.max_tokens) for row in rows)
        if too_long:
            some = "1 question is" if too_long == 1 else f"{too_long:,} questions are"
            yield Warned(f"{some} too long to be read with a text, and left without an answer.", "Shorten them.")
        return
    if not GOALS[task.kind].writes:
        limit = config.task.max_tokens
        assert limit is not None
        if GOALS[task.kind].head in ("labels", "number"):
            found = list(encode_for_head(tokenizer, map(task.asked, rows), config))
        else:
            found = list(tokenizer.encode_many(map(task.asked, rows), max_tokens=limit))
        parted, cut = sum(bool(row.beside) for row in found), sum(row.cut > 0 for row in found)
        if parted:
            told = _longer(parted, len(rows), limit)
            yield Noted(f"{told}: they are read in parts, and what the parts say is averaged.")
        if cut:
            longer = _longer(cut, len(rows), limit * MOST_WINDOWS if parted else limit)
            yield Warned(f"{longer} and cut there.", "Shorten them if their ends matter.")
        return
    limit = context_limit(model)
    examples = [_fitted(task, tokenizer, config, row) for row in rows]
    short = sum(example.source is not None and example.source.is_shortened for example in examples)
    if short:
        longer = _longer(short, len(rows), config.task.max_tokens or 0)
        yield Warned(f"{longer}, question included: the passages nearest to the question are read.", "Shorten them.")
    full = sum(len(tokenizer.encode_prompt(example.turns)) >= limit for example in examples)
    if full:
        longer = _longer(full, len(rows), limit)
        yield Warned(f"{longer}, too long for the model, and left without an answer.", "Shorten them.")


def _fitted(task: Task, tokenizer: Tokenizer, config: Config, row: Row) -> Example:
    """The row as it is asked, its text within the length limit of training."""
    limit = config.task.max_tokens
    assert limit is not None
    return tokenizer.fitted(task.asked(row), limit)


def _longer(count: int, of: int, limit: int) -> str:
    return f"{count:,} of {of:,} texts {'is' if count == 1 else 'are'} longer than {limit:,} tokens"


def _labels(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    calibration: Calibration,
    rows: Sequence[Row],
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The label and the share of the likeliest one; where a text can have several, those that reach their thresholds,
    and all shares."""
    sign = config.task.several or ONE
    for number, shares in enumerate(label_shares(model, tokenizer, map(task.asked, rows))):
        if should_stop():
            return
        if sign == ONE:
            yield number, (answer(model.labels, shares, calibration.least), f"{max(shares):.3f}")
        else:
            places = named(shares, calibration.thresholds)
            cell = joined([model.labels[place] for place in sorted(places)], sign)
            yield number, (cell, *(f"{share:.3f}" for share in shares))


def _numbers(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    calibration: Calibration,
    rows: Sequence[Row],
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The number, and the range that goes with it."""
    reach = calibration.reach
    for number, value in enumerate(numbers(model, tokenizer, map(task.asked, rows))):
        if should_stop():
            return
        ends = ("", "") if reach is None else (f"{value - reach:.6g}", f"{value + reach:.6g}")
        yield number, (f"{value:.6g}", *ends)


def _texts(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    _: Calibration,
    rows: Sequence[Row],
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    prompts = [_fitted(task, tokenizer, config, row).turns for row in rows]
    limit = config.generation.max_new_tokens
    for number, text in complete(model, tokenizer, prompts, max_new_tokens=limit, should_stop=should_stop):
        yield number, (text,)


def _pieces(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    config: Config,
    _: Calibration,
    rows: Sequence[Row],
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    assert config.task.max_tokens is not None
    pairs = [(row.input, row.context) for row in rows]
    every = find_scores(model, tokenizer, pairs, max_tokens=config.task.max_tokens, should_stop=should_stop)
    for number, scores in enumerate(every):
        if scores is None:
            yield number, ("", "", "")
            continue
        said = answered(rows[number].context, scores, bar=config.task.no_answer_bar)
        yield number, (said.answer, "" if said.is_none else str(said.start), f"{said.share:.3f}")


def _label_names(target: str, model: Model) -> Sequence[str]:
    what = target or "labels"
    if not model.config.task.has_several:
        return (f"{what} (predicted)", f"{what} (certainty)")
    return (f"{what} (predicted)", *(f"{label} (share)" for label in model.labels))


def _number_names(target: str, _: Model) -> Sequence[str]:
    return (f"{target} (predicted)", f"{target} (from)", f"{target} (to)")


@dataclass(frozen=True)
class Way:
    """How the rows of a goal are answered: `names` of the columns that are added, given what was learned; after how
    many rows progress is told (a written answer takes about a second)."""

    answers: Callable[
        [Model, Tokenizer, Task, Config, Calibration, Sequence[Row], Callable[[], bool]],
        Iterator[tuple[int, tuple[str, ...]]],
    ]
    names: Callable[[str, Model], Sequence[str]]
    say_every: int


def _search_way(
    model: Model,
    tokenizer: Tokenizer,
    task: Search,
    config: Config,
    passages: Sequence[str],
    should_stop: Callable[[], bool],
) -> Generator[Event, None, Way | None]:
    """How rows are answered by a search in `passages`, which are read first; None where it was stopped."""
    limit, count = config.task.max_tokens, config.generation.passages
    assert limit is not None
    library = yield from read_passages(
        model, tokenizer, task, passages, "Reading the passages", max_tokens=limit, should_stop=should_stop
    )
    if library is None:
        return None

    def answers(
        _model: Model,
        _tokenizer: Tokenizer,
        _task: Task,
        _config: Config,
        _calibration: Calibration,
        rows: Sequence[Row],
        _: Callable[[], bool],
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        for start in range(0, len(rows), _QUERIES_AT_ONCE):
            if should_stop():
                return
            examples = [task.asked(row) for row in rows[start : start + _QUERIES_AT_ONCE]]
            vectors = batch_vectors(model, tokenizer, list(tokenizer.encode_many(examples, max_tokens=limit)))
            for number, vector in enumerate(vectors, start):
                hits = library.closest(vector, count)
                cells = [cell for hit in hits for cell in (hit.passage, f"{hit.likeness:.3f}")]
                yield number, (*cells, *[""] * (2 * (count - len(hits))))

    def names(target: str, _: Model) -> Sequence[str]:
        pairs = ((f"{target} {place}", f"{target} {place} (closeness)") for place in range(1, count + 1))
        return [name for pair in pairs for name in pair]

    return Way(answers, names, 32)


_WAYS: Mapping[TaskKind, Way] = {
    "classify": Way(_labels, _label_names, 32),
    "rate": Way(_numbers, _number_names, 32),
    "answer": Way(_texts, lambda target, _: (f"{target} (written)",), 1),
    "read": Way(_texts, lambda target, _: (f"{target} (written)",), 1),
    "continue": Way(_texts, lambda *_: ("continued",), 1),
    "pretrain": Way(_texts, lambda *_: ("continued",), 1),
    "prefer": Way(_texts, lambda target, _: (f"{target} (written)",), 1),
    "find": Way(_pieces, lambda target, _: (f"{target} (found)", f"{target} (found at)", f"{target} (certainty)"), 16),
}


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

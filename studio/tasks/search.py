"""Searching by meaning: a query and a passage that belong together come to lie close.

In: a row with a query and its passage, and where there is one a wrong passage, or a number that says how well both fit.
Out: an Example of the query with the passages beside it. Knows nothing of tokens, vectors or models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from studio.config.goals import TaskKind
from studio.config.pairing import Pairing
from studio.counting import counted
from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Dataset, Row
from studio.data.parts.pairing import number_of
from studio.events import Warned
from studio.problems import Problem, Where
from studio.stopping import never
from studio.tasks.example import Example, Turn

MOST_WRONG = 4  # wrong passages that go along with a right one; the others go along with the next right one


@dataclass(frozen=True)
class Search:
    """The goal "Search by meaning". `pairing` says what a row tells (see config/pairing.py); the prefixes are written
    before every query and every passage."""

    pairing: Pairing = "passages"
    query_prefix: str = ""
    passage_prefix: str = ""
    kind: TaskKind = "search"

    def example(self, row: Row) -> Example:
        """The query with its passage beside it, then the wrong passage where the row has one. A pair has its number; a
        candidate has 1 or 0."""
        beside = [self.passage(row.target, row.number)]
        if self.pairing == "passages" and row.negative.strip():
            beside.append(self.passage(row.negative, row.number))
        number = None if self.pairing == "passages" else number_of(row.score)
        return Example(row.number, self.asked(row).turns, number=number, beside=tuple(beside))

    def together(self, rows: Iterable[Row]) -> Iterator[Example]:
        """The Examples of many rows. Of candidates, each right one has wrong ones of the same query beside it, at most
        MOST_WRONG and as far as possible others than the right one before it; wrong ones alone teach nothing."""
        if self.pairing != "candidates":
            yield from map(self.example, rows)
            return
        asked: dict[str, tuple[list[Row], list[Row]]] = {}
        for row in rows:
            right, wrong = asked.setdefault(sameness_key(row.input), ([], []))
            (right if is_right(row) else wrong).append(row)
        for right, wrong in asked.values():
            for place, row in enumerate(right):
                chosen = [wrong[(place * MOST_WRONG + n) % len(wrong)] for n in range(min(MOST_WRONG, len(wrong)))]
                beside = [self.passage(one.target, one.number) for one in (row, *chosen)]
                yield Example(row.number, self.asked(row).turns, beside=tuple(beside))

    def untaught(self, rows: Iterable[Row]) -> Iterator[Warned]:
        """What `together` makes nothing of."""
        if self.pairing != "candidates":
            return
        asked: dict[str, list[bool]] = {}
        for row in rows:
            asked.setdefault(sameness_key(row.input), []).append(is_right(row))
        without = sum(len(marks) for marks in asked.values() if not any(marks))
        if without:
            teaches = counted(
                without, "1 row teaches nothing: its query has", "{} rows teach nothing: their queries have"
            )
            yield Warned(f"{teaches} no passage that is marked as right.", "Mark the right one with 1, or add it.")
        beyond = sum(
            max(0, marks.count(False) - MOST_WRONG * marks.count(True)) for marks in asked.values() if any(marks)
        )
        if beyond:
            are = counted(beyond, "1 row with a wrong passage is", "{} rows with wrong passages are")
            yield Warned(f"{are} not learned: at most {MOST_WRONG} go along with each right one.")

    def asked(self, row: Row) -> Example:
        """The query alone."""
        return Example(row.number, (Turn("text", self.query_prefix + row.input),))

    def prompt(self, text: str) -> Example:
        """A query."""
        return Example(-1, (Turn("text", self.query_prefix + text),))

    def passage(self, text: str, row: int = -1) -> Example:
        """A passage, as the model reads it."""
        return Example(row, (Turn("text", self.passage_prefix + text),))

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where nothing can be learned: no pair, one passage alone, or a column of numbers without
        any. After a stop it says nothing."""
        where = Where(dataset.table.reading.file, column=dataset.columns.target)
        if not dataset.parts["training"]:
            raise Problem(
                "There is no row to learn from.",
                "Every row lacks a query or a passage.",
                "Choose other columns, or fill in the passages.",
                where,
            )
        passages: set[str] = set()
        numbers: set[float] = set()
        for row in dataset.rows("training"):
            if should_stop():
                return
            passages.add(sameness_key(row.target))
            numbers |= {found for found in (number_of(row.score),) if found is not None}
            if len(passages) > 1 and (len(numbers) > 1 or not dataset.columns.score):
                return
        if len(passages) == 1:
            raise Problem(
                "Every row to learn from has the same passage.",
                "To search, a model has to tell passages apart.",
                "Choose another column as the passage, or add rows with other passages.",
                where,
            )
        raise _one_number(dataset)


def _one_number(dataset: Dataset) -> Problem:
    column = dataset.columns.score
    return Problem(
        f"“{column}” does not tell the pairs apart.",
        "It has to hold a number for each pair, and more than one number.",
        "Choose another column for how well a pair fits, or none: then each passage counts as the right one.",
        Where(dataset.table.reading.file, column=column),
    )


def is_right(row: Row) -> bool:
    """Whether a candidate is marked as a right one."""
    return (number_of(row.score) or 0) > 0

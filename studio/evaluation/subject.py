"""What is judged, and what both ways of judging say about it. (torch)

In: a tuned Model with its task, rows and settings. Out: counts, the common limits, and the way from a score a row to a
Way and a Gain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from studio.config.config import Config
from studio.config.goals import GOALS
from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Dataset, Row
from studio.data.parts.split import OF_TEST_FILE
from studio.evaluation.intervals import gain, luck
from studio.evaluation.report import Counts
from studio.evaluation.verdict import FEWEST_ROWS, Gain
from studio.events import Event, Progressed
from studio.generation.too_long import long_among
from studio.models import suited
from studio.models.load import Model
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer

_EVERY = 64  # things gathered between two signs of progress
T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """The tuned model and everything it takes to judge it; `config` has nothing left open. At most `most_answers`
    questions are answered in full where answers are written."""

    model: Model
    tokenizer: Tokenizer
    task: Task
    dataset: Dataset
    config: Config
    should_stop: Callable[[], bool]
    most_answers: int = 100

    @property
    def is_quick(self) -> bool:
        """Whether the last layer alone was fitted: then the model is itself the untouched one with a quick head."""
        return self.config.training.approach == "frozen"

    @property
    def max_tokens(self) -> int:
        """The length limit of the run."""
        assert self.config.task.max_tokens is not None
        return self.config.task.max_tokens

    def gathered(self, what: str, found: Iterable[T], count: int) -> Generator[Event, None, list[T] | None]:
        """All of the `count` things that are `found` one after the other, with progress told as `what`; None when
        stopped."""
        gathered: list[T] = []
        for one in found:
            if self.should_stop():
                return None
            gathered.append(one)
            if len(gathered) % _EVERY == 0:
                yield Progressed(what, len(gathered), count)
        return gathered

    def counts(self, judged: int) -> Counts:
        """How many rows each part has."""
        parts = self.dataset.parts
        left_out = {reason: len(rows) for reason, rows in self.dataset.left_out.items()}
        return Counts(len(parts["training"]), len(parts["watching"]), len(parts["test"]), judged, left_out)

    def limits(self, training: Sequence[Row], test: Sequence[Row], *, judged: int, unit: str) -> list[str]:
        """What a reader of the figures has to keep in mind, in sentences; `unit` names what is counted (texts, …)."""
        origin = "the same table" if self.dataset.test_table is None else "a separate table"
        found = [
            f"Judged on {judged:,} {unit} of {origin}; texts from elsewhere may come out differently.",
            "The ranges cover chance in the choice of test rows; another try at training may differ, too.",
        ]
        if self.is_quick:
            found.append(
                "This is a quick try: the model stays as it came and its last layer alone was fitted to your rows. The "
                "untouched model with a quick head is therefore no other way to compare with; training has to beat it."
            )
        if judged < FEWEST_ROWS:
            found.append(f"Fewer than {FEWEST_ROWS} {unit}: every figure here is rough.")
        of_test = {why: len(rows) for why, rows in self.dataset.left_out.items() if why.endswith(OF_TEST_FILE)}
        if of_test:
            reasons = ", ".join(f"{count:,} with {why.removesuffix(OF_TEST_FILE)}" for why, count in of_test.items())
            found.append(f"Rows of the test file that could not be judged: {reasons}.")
        known = {sameness_key(f"{row.input}\n{row.context}") for row in training}
        seen = sum(sameness_key(f"{row.input}\n{row.context}") in known for row in test)
        if seen:
            found.append(f"{seen:,} of {len(test):,} test texts also stand among the training rows.")
        if foreign := suited.limit(self.dataset, self.model.base, kind=self.config.task.kind):
            found.append(foreign)
        if GOALS[self.task.kind].head == "span":  # long texts are read in windows, and nothing is cut
            return found
        long = long_among(self.tokenizer, map(self.task.example, test), self.config)
        if long.parted:
            found.append(
                f"{long.parted:,} of {len(test):,} test rows are longer than {self.max_tokens:,} tokens: they were "
                "read in parts, and what the parts say was averaged. The untouched model read their beginnings."
            )
        if long.cut:
            much = f"{long.cut:,} of {len(test):,} test rows are longer than {self.max_tokens:,} tokens"
            is_read = any(self.task.example(row).source is not None for row in test[:1])
            rest = ": of their texts the passages nearest to the question were read." if is_read else " and were cut."
            found.append(much + rest)
        return found


def compared(ours: Sequence[float], others: dict[str, Sequence[float]], *, seed: int) -> Gain:
    """The gain over the best of the `others` (name: one score a row, for the same rows as `ours`)."""
    best = max(others, key=lambda name: sum(others[name]))
    chance = luck(ours, others[best], seed=seed)
    return Gain.of(best, gain(ours, others[best], seed=seed), luck=chance)


def today() -> str:
    """The local date and time, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M")

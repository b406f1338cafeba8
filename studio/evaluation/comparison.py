"""A model with a head beside simpler ways: what judging takes, whether it sorts, names several labels or rates. (torch)

In: a Subject, and how its kind of answer is learned from words and from vectors. Out: what every simpler way says of
the test rows, what the ways are called, and the limits of it all, in sentences. What is measured is each judge's own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from studio.data.parts.dataset import Row
from studio.evaluation import scores
from studio.evaluation.baselines import some
from studio.evaluation.subject import Subject
from studio.evaluation.untouched import untouched_vectors
from studio.events import Event, Progressed

MOST_TEST_ROWS = 5_000
MOST_HEAD_ROWS = 10_000  # training rows whose vectors the untouched model computes
KEPT_ROWS = 500  # wrong or missed rows that travel in the report
FEW = 5  # test rows of a label below which its figures say little

Truth = TypeVar("Truth")  # what is known of rows: labels, their matrix of 0 and 1, numbers
Given = TypeVar("Given")  # what one way says of rows, and how long it took
Vectors = list[list[float]]


def row_vectors(subject: Subject, rows: Sequence[Row]) -> Generator[Event, None, Vectors | None]:
    """What the untouched model sees in each row's text, or None when stopped."""
    return (yield from untouched_vectors(subject, [row.input for row in rows]))


@dataclass(frozen=True)
class Comparison:
    """The rows of a Subject that are learned from, and the `test` rows that are judged; `quick` is what is learned on
    the untouched model's vectors (a quick head, …), `names` what each way is called, by its key."""

    subject: Subject
    training: list[Row]
    test: list[Row]
    quick: str
    names: Mapping[str, str]

    @staticmethod
    def of(subject: Subject, *, always: str, quick: str) -> Comparison:
        """With a seeded choice of the test rows where they are many; `always` is the name of the simplest way."""
        test = list(subject.dataset.rows("test"))
        chosen = [test[i] for i in some(len(test), seed=subject.config.training.seed, at_most=MOST_TEST_ROWS)]
        names = {
            "always": always,
            "keywords": "Keyword model",
            "untouched": f"Untouched model with a {quick}",
            "tuned": "Your model",
        }
        return Comparison(subject, list(subject.dataset.rows("training")), chosen, quick, names)

    @property
    def subtitle(self) -> str:
        """What the figures are about."""
        return f"{len(self.test):,} test texts that it never saw during training"

    def simpler_ways(
        self,
        asked: Sequence[Row],
        truth: Callable[[Sequence[Row]], Truth],
        *,
        always: Callable[[Truth, int], Given],
        keywords: Callable[[Sequence[str], Truth, Sequence[str]], Given],
        quick: Callable[[Vectors, Truth, Vectors], Given],
        vectors: Callable[[Subject, Sequence[Row]], Generator[Event, None, Vectors | None]] = row_vectors,
    ) -> Generator[Event, None, dict[str, Given] | None]:
        """What each simpler way says of the `asked` rows, by its key, or None when stopped. Every one learns from
        training rows and their `truth` alone: from how many there are, from their texts, or from their `vectors`."""
        subject, training = self.subject, self.training
        seed, texts = subject.config.training.seed, [row.input for row in asked]
        found = {"always": always(truth(training), len(asked))}
        yield Progressed("Making a keyword model")
        known = [training[i] for i in some(len(training), seed=seed)]
        found["keywords"] = keywords([row.input for row in known], truth(known), texts)
        if subject.is_quick:
            return found
        known = [training[i] for i in some(len(training), seed=seed, at_most=MOST_HEAD_ROWS)]
        seen = yield from vectors(subject, [*known, *asked])
        if seen is None:
            return None
        found["untouched"] = quick(seen[: len(known)], truth(known), seen[len(known) :])
        return found

    def limits(self, own: Iterable[str]) -> list[str]:
        """What a reader of the figures has to keep in mind, with what the judge has to say of its `own` figures."""
        found = [*self.subject.limits(self.training, self.test, judged=len(self.test), unit="test texts"), *own]
        if len(self.training) > MOST_HEAD_ROWS and not self.subject.is_quick:
            known = f"{MOST_HEAD_ROWS:,} of {len(self.training):,} training rows"
            found.append(f"The untouched model's {self.quick} learned from {known}.")
        whole = len(self.subject.dataset.parts["test"])
        if whole > len(self.test):
            found.append(f"{len(self.test):,} of {whole:,} test rows were judged, chosen at random.")
        return found


def rare_labels(counts: Mapping[str, float]) -> list[str]:
    """The limit that labels with few test rows set, by how many rows each label has; nothing where there are none."""
    rare = sorted(label for label, count in counts.items() if 0 < count < FEW)
    return [f"Fewer than {FEW} test rows, so their figures say little: {scores.listed(rare)}."] if rare else []


def unmet_labels(labels: Iterable[str]) -> list[str]:
    """The limit that `labels` without a test row set; nothing where there are none."""
    unmet = sorted(labels)
    return [f"Not tested, because no test row has it: {scores.listed(unmet)}."] if unmet else []

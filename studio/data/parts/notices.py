"""What to know of the rows before a model learns or is judged on them.

In: a Dataset. Out: one Warned a thing, with what to do about it. Knows nothing of models or of how it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from studio.config.goals import GOALS, TaskKind
from studio.data.checkup.check_up import findings
from studio.data.checkup.finding import listed
from studio.data.parts.codes import PARTS
from studio.data.parts.comparable import NO_VERDICT, NO_WORSE, SAME
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import (
    BEYOND_WATCHING,
    IN_TEST_FILE,
    IN_TEST_ROWS,
    IN_WATCHING_ROWS,
    NO_MEANING,
    NO_PART,
    NO_PLACE,
    NO_TARGET,
    OF_TEST_FILE,
    REPLACED,
    UNCLEAR,
)
from studio.data.parts.stretches import FEW_TEXTS, begins, few_texts
from studio.data.reading.given_parts import Part
from studio.events import Warned

FEW_TESTED = 30  # test rows below which the Judge page gives no verdict
_FIXES = {  # by the kind of finding; others are told elsewhere or leave nothing to do
    "contradictions": "Give them the same label: a model cannot learn both.",
    "similar_labels": "Spell them the same way; now they are learned as different labels.",
    "rare_labels": "Add rows with such labels: few rows teach hardly anything, and one alone is not tested.",
    "unanswered": "Right where the text does not say. Fill in those that were forgotten.",
    "duplicates": "Harmless: they are never both learned and tested. Delete those that are there by mistake.",
}
_UNCOMPARED = {  # by the reason for which a row is left out
    NO_WORSE: "Fill in the worse answers; such rows have nothing to compare with.",
    SAME: "Change one of the two answers, or delete these rows: there is nothing to prefer.",
    NO_VERDICT: "Write good or bad in each cell (also yes and no, true and false, 1 and 0).",
}


def before_training(
    dataset: Dataset,
    *,
    kind: TaskKind,
    reads_unlabelled: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Warned]:
    """Rows that are left out of training or of the test, labels that only test rows have, and what the check-up
    finds in the table: torn texts, labels spelled twice, rare labels, repeated texts. Rows without a label are not left
    out where they are read all the same (`reads_unlabelled`)."""
    yield from left_out(dataset, but=NO_TARGET["label"] if reads_unlabelled else "")
    yield from left_out(dataset, of_test_file=True)
    if GOALS[kind].whole_text and (told := in_stretches(dataset)):
        yield Warned(told, f"From {FEW_TEXTS} files on each is kept in one part whole.")
    if GOALS[kind].has_labels:
        yield from _only_tested(dataset)
    for finding in findings(dataset.table, dataset.columns, kind=kind, only_quick=True, should_stop=should_stop):
        if finding.count and finding.kind in _FIXES:
            single = _single(dataset) if finding.kind == "rare_labels" else ""
            yield Warned(f"{finding.title}.{single}", _FIXES[finding.kind])


def in_stretches(dataset: Dataset) -> str:
    """How a few long texts are parted, in a sentence; "" where texts are in one part whole."""
    rows = sorted(number for part in dataset.parts.values() for number in part)
    if dataset.columns.part or dataset.test_table is not None or not few_texts(dataset.table, rows):
        return ""
    count = int(begins(dataset.table, rows).sum())
    shares = {part: 100 * len(numbers) / max(1, len(rows)) for part, numbers in dataset.parts.items()}
    which = "The text is" if count == 1 else f"Each of the {count} texts is"
    last = f", its last {shares['test']:.0f} % are kept for the test" if shares["test"] else ""
    return (
        f"{which} cut into stretches: its first {shares['training']:.0f} % are learned, the next "
        f"{shares['watching']:.0f} % watch{last}."
    )


def left_out(dataset: Dataset, *, of_test_file: bool = False, but: str = "") -> Iterator[Warned]:
    """One notice a reason `but` this one for which rows of the table (or of the test file) cannot be used."""
    for reason, numbers in dataset.left_out.items():
        if numbers and reason != but and reason.endswith(OF_TEST_FILE) == of_test_file:
            yield Warned(f"{_rows(len(numbers))} left out: {reason}.", _fix(reason))


def few_tested(dataset: Dataset) -> Warned | None:
    """That so few test rows judge little; None where there are enough, or none at all."""
    count = len(dataset.parts.get("test", ()))
    if not 0 < count < FEW_TESTED:
        return None
    rows = "Only 1 test row" if count == 1 else f"Only {count} test rows"
    changes = f": a single row changes the result by {100 / count:.0f} %" if dataset.labels else ""
    return Warned(
        f"{rows}, too few to say whether the model is better{changes}.",
        "Add rows, keep a larger share for the test, or judge on a separate file.",
    )


def _single(dataset: Dataset) -> str:
    parts: tuple[Part, ...] = ("training", "watching") if dataset.test_table is not None else PARTS
    counted = sum((dataset.targets(part) for part in parts), Counter[str]())
    names = sorted(label for label in dataset.labels if counted[label] == 1)
    return f" Only one row: {listed(names)}." if names else ""


def _only_tested(dataset: Dataset) -> Iterator[Warned]:
    unknown = {label: rows for label, rows in dataset.targets("test").items() if label not in dataset.labels}
    if unknown:
        names, rows = listed(sorted(unknown)), sum(unknown.values())
        count = "1 test row has" if rows == 1 else f"{rows:,} test rows have"
        yield Warned(
            f"{count} a label that no training row has: {names}.",
            "They will count as wrong. Add training rows with these labels, or correct their spelling.",
        )


def _fix(reason: str) -> str:
    if reason in {IN_TEST_FILE, IN_TEST_ROWS}:
        return "Nothing to do: what is asked in the test must not be learned."
    if reason == IN_WATCHING_ROWS:
        return "Nothing to do: what is asked while watching must not be learned."
    if reason == BEYOND_WATCHING:
        return "Nothing to do; to learn from them or to be judged on them, name them train or test in the table."
    if reason == REPLACED:
        return "Nothing to do, unless you want to be judged on them: then take the test file away."
    if reason.removesuffix(OF_TEST_FILE) in _UNCOMPARED:
        return _UNCOMPARED[reason.removesuffix(OF_TEST_FILE)]
    if reason.removesuffix(OF_TEST_FILE) == NO_PLACE:
        return "Copy the answer out of the text letter for letter, or empty its cell if the text does not hold it."
    if reason == NO_PART:
        return "Name their part in the table, or choose no column for the parts."
    if reason.removesuffix(OF_TEST_FILE) in NO_MEANING.values():
        return "Write one number into each cell, in the same unit as the others, to use these rows."
    if reason.removesuffix(OF_TEST_FILE) == UNCLEAR:
        return "Write 1 where a label fits and 0 where it does not."
    return "Fill in the empty cells; there is nothing to do if they are meant to be empty."


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"

"""Judging a model that sorts texts. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial

from studio.data.parts.dataset import Row
from studio.evaluation import baselines, scores, verdict
from studio.evaluation.agreement import auc, balanced_accuracy, mcc
from studio.evaluation.baselines import Guesses
from studio.evaluation.comparison import KEPT_ROWS, Comparison, rare_labels, unmet_labels
from studio.evaluation.intervals import macro_f1, share
from studio.evaluation.judge_several import judge_several
from studio.evaluation.report import Figure, Report, percentage
from studio.evaluation.scores import Mistake
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Way
from studio.events import Event, Progressed
from studio.generation.calibration import calibrate
from studio.generation.labels import label_shares
from studio.generation.naming import UNSURE, labels_of
from studio.runs.calibration import Calibration
from studio.tasks.none_of_these import none_label


def judge_labels(subject: Subject) -> Generator[Event, None, Report | None]:
    """Label the test rows in every way and compare."""
    if subject.dataset.columns.sign:
        return (yield from judge_several(subject))
    comparison = Comparison.of(subject, always="Always the most common label", quick="quick head")
    test, seed = comparison.test, subject.config.training.seed
    asked = label_shares(subject.model, subject.tokenizer, map(subject.task.asked, test))
    shares = yield from subject.gathered("Asking your model", asked, len(test))
    if shares is None:
        return None
    others = yield from comparison.simpler_ways(
        test,
        _truth,
        always=baselines.always,
        keywords=partial(baselines.keywords, seed=seed),
        quick=partial(baselines.quick_head, seed=seed),
    )
    if others is None:
        return None
    yield Progressed("Comparing")
    told = calibrate(subject.model, subject.tokenizer, subject.task, subject.dataset)
    return _report(comparison, shares, others, told)


def _truth(rows: Sequence[Row]) -> list[str]:
    return [row.target for row in rows]


def _report(
    comparison: Comparison, shares: Sequence[tuple[float, ...]], others: dict[str, Guesses], told: Calibration
) -> Report:
    subject, test = comparison.subject, comparison.test
    seed, labels, truth = subject.config.training.seed, subject.model.labels, _truth(test)
    tops = [row.index(max(row)) for row in shares]
    answers = [label for row in shares for label in labels_of(labels, row, told)]
    every = (*labels, *sorted({*truth, *answers} - {*labels}))
    given = {**others, "tuned": Guesses(tuple(answers), 0.0)}
    right = {key: _right(truth, guesses.answers) for key, guesses in given.items()}
    ways = [
        Way.of(key, comparison.names[key], share(right[key], seed=seed), seconds=guesses.seconds)
        for key, guesses in given.items()
    ]
    gain = compared(right["tuned"], {way.name: right[way.key] for way in ways if not way.is_tuned}, seed=seed)
    per_label = scores.label_scores(truth, answers, every)
    confused = scores.most_confused(truth, answers)
    mistakes = scores.surest_first(
        [
            Mistake(row.number, row.input, row.target, answer, share_of[top])
            for row, answer, top, share_of in zip(test, answers, tops, shares, strict=True)
            if answer != row.target
        ]
    )
    before = others["untouched"].answers if "untouched" in others else None
    figures = _figures(truth, answers, before, shares, every, seed)
    figures = (*figures, *_of_none(truth, answers, none_label(labels), seed))
    unknown = [] if figures[0].low is not None else ["Where every row is right, these figures have no range to tell."]
    return Report(
        kind="classify",
        verdict=verdict.on_labels(ways, gain, rows=len(test), weakest=scores.weakest(per_label), confused=confused),
        subtitle=comparison.subtitle,
        score_name="Labelled right",
        ways=tuple(ways),
        gain=gain,
        figures=figures,
        counts=subject.counts(len(test)),
        limits=(*comparison.limits(_limits(subject, test)), *unknown),
        made=today(),
        wrong=len(mistakes),
        label_scores=per_label,
        confusion=scores.confusion(truth, answers, every),
        confused=confused,
        mistakes=mistakes[:KEPT_ROWS],
    )


def _right(truth: Sequence[str], answers: Sequence[str]) -> list[bool]:
    return [true == answer for true, answer in zip(truth, answers, strict=True)]


def _figures(
    truth: Sequence[str],
    answers: Sequence[str],
    untouched: Sequence[str] | None,
    shares: Sequence[Sequence[float]],
    labels: Sequence[str],
    seed: int,
) -> tuple[Figure, ...]:
    """What else tells how good it is: figures in which rare labels count as much as frequent ones."""
    number = {label: i for i, label in enumerate(labels)}
    true = [number[label] for label in truth]
    said, before = [number[a] for a in answers], None if untouched is None else [number[a] for a in untouched]
    found = []
    for key, name, measure in (
        ("macro_f1", "Every label counting the same (macro-F1)", macro_f1),
        ("balanced_accuracy", "Found of each label, on average (balanced accuracy)", balanced_accuracy),
        ("mcc", "Better than luck (MCC; 0 is luck)", mcc),
    ):
        ours = measure(true, said, labels=len(labels), seed=seed)
        theirs = None if before is None else measure(true, before, labels=len(labels), seed=seed).value
        found.append(percentage(key, name, ours, untouched=theirs))
    above = auc(true, shares)
    if above is not None:
        low, high = 100 * above.low, 100 * above.high
        found.append(Figure("auc", "Right texts above the others (AUC)", 100 * above.value, low, high, unit="%"))
    # Drawing again from rows that are all right gives the same each time: no range, instead of one of no width.
    return tuple(one if one.low != one.high else replace(one, low=None, high=None) for one in found)


def _of_none(truth: Sequence[str], answers: Sequence[str], none: str, seed: int) -> tuple[Figure, ...]:
    """How texts of a label and texts of none of them come out; nothing where no answer was held back and no test text
    belongs to none."""
    found = []
    inside = [n for n, true in enumerate(truth) if true != none]
    if none in truth and inside:
        outside = [n for n, true in enumerate(truth) if true == none]
        parts = (
            ("in_scope", "Right among texts that belong to a label", inside),
            ("none_recall", f"Recognised among texts of none (“{none}”)", outside),
        )
        for key, name, rows in parts:
            part = share([truth[n] == answers[n] for n in rows], seed=seed)
            found.append(Figure(key, name, 100 * part.value, 100 * part.low, 100 * part.high, unit="%"))
    elif UNSURE in answers:
        sure = [n for n, given in enumerate(answers) if given != UNSURE]
        part = share([given == UNSURE for given in answers], seed=seed)
        found.append(Figure("unsure", "Left unsure", 100 * part.value, 100 * part.low, 100 * part.high, unit="%",
                            better="lower"))  # fmt: skip
        if sure:
            part = share([truth[n] == answers[n] for n in sure], seed=seed)
            found.append(Figure("sure", "Right where it is sure", 100 * part.value, 100 * part.low, 100 * part.high,
                                unit="%"))  # fmt: skip
    return tuple(found)


def _limits(subject: Subject, test: Sequence[Row]) -> list[str]:
    counted, learned = Counter(_truth(test)), {*subject.model.labels}
    found = rare_labels(counted)
    unknown = sorted({*counted} - learned)
    if unknown:
        rows = sum(counted[label] for label in unknown)
        count = "1 test row counts as wrong: its" if rows == 1 else f"{rows:,} test rows count as wrong: their"
        found.append(f"{count} label was not learned ({scores.listed(unknown)}).")
    return found + unmet_labels(learned - {*counted})

"""Judging a model that answers from a text. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped. SQuAD's F1 and exact match, beside
copying the sentence of the text that is nearest to the question and the untouched model. Questions that the text does
not answer are right or wrong as a whole, and are counted by themselves as well.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Literal

from studio.evaluation import squad, verdict
from studio.evaluation.intervals import mean_share, share
from studio.evaluation.questions import Question
from studio.evaluation.report import Figure, Report, Sample, percentage
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Way
from studio.evaluation.writing import Written, surprise, write_answers
from studio.events import Event
from studio.tasks.passages import nearest_sentence

NAMES = {"sentence": "Copying the nearest sentence", "untouched": "Untouched model", "tuned": "Your model"}


def judge_read(subject: Subject) -> Generator[Event, None, Report | None]:
    """Answer some of the test questions in every way and compare."""
    found = yield from write_answers(subject)
    if found is None:
        return None
    copied = [nearest_sentence(question.row.context, question.input) for question in found.asked]
    phrase = subject.config.task.no_answer
    said = {way: [squad.told(text, phrase) for text in texts] for way, texts in found.answers.items()}
    return _report(subject, found, {"sentence": copied, **said})


def _report(subject: Subject, found: Written, said: dict[str, list[str]]) -> Report:
    seed, asked = subject.config.training.seed, found.asked
    right = {
        way: [squad.f1(answer, question.references) for answer, question in zip(texts, asked, strict=True)]
        for way, texts in said.items()
    }
    ways = [Way.of(way, NAMES[way], mean_share(values, seed=seed)) for way, values in right.items()]
    gain = compared(right["tuned"], {NAMES[way]: right[way] for way in ("sentence", "untouched")}, seed=seed)
    return Report(
        kind="read",
        verdict=verdict.on_reading(ways, gain, rows=len(asked)),
        subtitle=f"{len(asked):,} test questions that it never saw during training",
        score_name="Right words in the answers (F1)",
        ways=tuple(ways),
        gain=gain,
        figures=(*_figures(asked, said, right, seed), *surprise(found)),
        counts=subject.counts(len(asked)),
        limits=tuple(_limits(subject, found)),
        made=today(),
        samples=_samples(subject, found, right["tuned"]),
    )


def _figures(
    asked: Sequence[Question], said: dict[str, list[str]], right: dict[str, list[float]], seed: int
) -> list[Figure]:
    exact = {
        way: [squad.exact(answer, question.references) for answer, question in zip(said[way], asked, strict=True)]
        for way in ("tuned", "untouched")
    }
    figures = [_share("exact", "Exactly a known answer", exact, range(len(asked)), seed)]
    without = [n for n, question in enumerate(asked) if not any(map(str.strip, question.references))]
    if without:
        held = [n for n in range(len(asked)) if n not in set(without)]
        figures.append(
            _share("no_answer", f"Says so where the text does not say ({len(without):,})", exact, without, seed)
        )
        if held:
            words = mean_share([right["tuned"][n] for n in held], seed=seed)
            plain = mean_share([right["untouched"][n] for n in held], seed=seed).value
            name = f"Right words where the text says it ({len(held):,})"
            figures.append(percentage("answered", name, words, untouched=plain))
            silent = {way: [not said[way][n] for n in held] for way in exact}
            kept = _share("refused", "Says nothing though the text says it", silent, range(len(held)), seed)
            figures.append(kept)
    return figures


def _share(key: str, name: str, exact: dict[str, list[bool]], places: Sequence[int], seed: int) -> Figure:
    ours, theirs = ([exact[way][n] for n in places] for way in ("tuned", "untouched"))
    better: Literal["higher", "lower"] = "lower" if key == "refused" else "higher"
    return percentage(key, name, share(ours, seed=seed), untouched=share(theirs).value, better=better)


def _limits(subject: Subject, found: Written) -> list[str]:
    limits = subject.limits(found.training, found.test, judged=len(found.asked), unit="test questions")
    limits += found.told
    limits.append("F1 compares words, not meaning: “120 minutes” is not “two hours”.")
    texts = {row.context for row in found.training}
    same = sum(question.row.context in texts for question in found.asked)
    if same:
        limits.append(
            f"{same:,} of {len(found.asked):,} questions are about a text that other training questions are about; "
            "texts that it never saw are harder."
        )
    if any(not row.target.strip() for row in found.test):
        limits.append(
            f"The untouched model does not know that “{subject.config.task.no_answer}” stands for no answer, so it can "
            "hardly be right where the text does not say."
        )
    return limits


def _samples(subject: Subject, found: Written, right: Sequence[float]) -> tuple[Sample, ...]:
    nothing = subject.config.task.no_answer
    each = zip(found.asked, found.answers["tuned"], found.answers["untouched"], right, strict=True)
    samples = [
        Sample(
            question.rows,
            f"{question.input}\n\n{question.row.context}",
            tuple(known if known.strip() else nothing for known in question.references),
            tuned,
            untouched,
            score,
        )
        for question, tuned, untouched, score in each
    ]
    return tuple(sorted(samples, key=lambda sample: (sample.score, sample.rows)))

"""Judging a model that writes answers. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped. Closeness to the known answers by shared
letters (chrF), beside copying the nearest known answer and the untouched model; words by BLEU and ROUGE-L.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from studio.evaluation import baselines, verdict
from studio.evaluation.closeness import bleu, closeness, is_exact, word_rule
from studio.evaluation.intervals import mean, share
from studio.evaluation.report import Figure, Report, Sample, percentage
from studio.evaluation.rouge import rouge_l
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Way
from studio.evaluation.writing import Written, figure, surprise, write_answers
from studio.events import Event, Progressed

NAMES = {"nearest": "Copying the nearest answer", "untouched": "Untouched model", "tuned": "Your model"}


def judge_answers(subject: Subject) -> Generator[Event, None, Report | None]:
    """Answer some of the test questions in every way and compare."""
    found = yield from write_answers(subject)
    if found is None:
        return None
    yield Progressed("Looking up the nearest known answers")
    known = [found.training[i] for i in baselines.some(len(found.training), seed=subject.config.training.seed)]
    asked = [question.input for question in found.asked]
    copied = baselines.nearest([row.input for row in known], [row.target for row in known], asked)
    return _report(subject, found, {"nearest": list(copied.answers), **found.answers})


def _report(subject: Subject, found: Written, answers: dict[str, list[str]]) -> Report:
    seed, asked = subject.config.training.seed, found.asked
    close = {
        key: [closeness(answer, question.references) for answer, question in zip(texts, asked, strict=True)]
        for key, texts in answers.items()
    }
    ways = [Way.of(key, NAMES[key], mean(values, seed=seed)) for key, values in close.items()]
    gain = compared(close["tuned"], {NAMES[key]: close[key] for key in ("nearest", "untouched")}, seed=seed)
    limits = subject.limits(found.training, found.test, judged=len(asked), unit="test questions")
    limits += found.told
    limits.append("Closeness (chrF) compares letters, not meaning: a right answer in other words counts as far.")
    surprised = surprise(found)
    return Report(
        kind=subject.task.kind,
        verdict=verdict.on_answers(
            ways,
            gain,
            rows=len(asked),
            perplexity=surprised[1].value,
            untouched_perplexity=surprised[1].untouched or 0.0,
        ),
        subtitle=f"{len(asked):,} test questions that it never saw during training",
        score_name="Closeness to your answers (chrF)",
        ways=tuple(ways),
        gain=gain,
        figures=(*_figures(found, seed), *surprised),
        counts=subject.counts(len(asked)),
        limits=tuple(limits),
        made=today(),
        samples=_samples(found, close["tuned"]),
    )


def _figures(found: Written, seed: int) -> tuple[Figure, ...]:
    references = [question.references for question in found.asked]
    pairs = {way: list(zip(texts, references, strict=True)) for way, texts in found.answers.items()}
    exact = {way: share([is_exact(a, r) for a, r in some], seed=seed) for way, some in pairs.items()}
    ordered = {way: mean([rouge_l(a, r) for a, r in some], seed=seed) for way, some in pairs.items()}
    words = {way: bleu(texts, references, seed=seed) for way, texts in found.answers.items()}
    told = f"Shared runs of words (BLEU {word_rule(references)}, of 100)"
    return (
        figure("bleu", told, words["tuned"], words["untouched"]),
        percentage(
            "rouge", "Wording in the same order (ROUGE-L)", ordered["tuned"], untouched=ordered["untouched"].value
        ),
        percentage("exact", "Word for word the same", exact["tuned"], untouched=exact["untouched"].value),
    )


def _samples(found: Written, close: Sequence[float]) -> tuple[Sample, ...]:
    each = zip(found.asked, found.answers["tuned"], found.answers["untouched"], close, strict=True)
    samples = [Sample(q.rows, q.input, q.references, tuned, untouched, score) for q, tuned, untouched, score in each]
    return tuple(sorted(samples, key=lambda sample: (sample.score, sample.rows)))

"""Judging a model that writes answers. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from typing import Literal

import numpy as np

from studio.data.parts.dataset import Row
from studio.evaluation import baselines, verdict
from studio.evaluation.closeness import bleu, closeness, is_exact, word_rule
from studio.evaluation.intervals import Floats, Interval, mean, of_sums, share
from studio.evaluation.questions import Question, longest_answer, questions
from studio.evaluation.report import Figure, Report, Sample, percentage
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Way
from studio.events import Event, Progressed
from studio.generation.answer import complete
from studio.generation.forward import asking
from studio.models.load import Model, load_base
from studio.training.loss import row_losses

MOST_LOSS_ROWS = 1_000  # test rows on which the error is measured
_NAMES = {
    "nearest": "Copying the nearest answer",
    "untouched": "Untouched model",
    "tuned": "Your model",
}


def judge_answers(subject: Subject) -> Generator[Event, None, Report | None]:
    """Answer some of the test questions in every way and compare."""
    seed, training = subject.config.training.seed, list(subject.dataset.rows("training"))
    test = list(subject.dataset.rows("test"))
    every = questions(test)
    asked = [every[i] for i in baselines.some(len(every), seed=seed, at_most=subject.most_answers)]
    base, untouched = _base(subject.model)
    limit = longest_answer(asked, subject.tokenizer, at_most=subject.config.generation.max_new_tokens)
    tuned = yield from _written(subject, subject.model, asked, "your model", limit=limit)
    plain = (
        None
        if tuned is None
        else (yield from _written(subject, base, asked, "the untouched model", limit=limit, untouched=untouched))
    )
    if tuned is None or plain is None:
        return None
    yield Progressed("Looking up the nearest known answers")
    known = [training[i] for i in baselines.some(len(training), seed=seed)]
    copied = baselines.nearest([r.input for r in known], [r.target for r in known], [q.input for q in asked])
    yield Progressed("Measuring how surprised each model is")
    rows = [test[i] for i in baselines.some(len(test), seed=seed, at_most=MOST_LOSS_ROWS)]
    errors = _losses(subject, subject.model, rows), _losses(subject, base, rows, untouched=untouched)
    if errors[0] is None or errors[1] is None:
        return None
    losses = of_sums(errors[0], _a_token, seed=seed), of_sums(errors[1], _a_token, seed=seed)
    written = {"nearest": list(copied.answers), "untouched": plain, "tuned": tuned}
    chosen = _chosen(len(asked), len(every), len(rows), len(test))
    return _report(subject, training, test, asked, written, losses, limit, chosen)


def _chosen(asked: int, questions: int, measured: int, rows: int) -> list[str]:
    """What was looked at in part only, in sentences."""
    found = []
    if questions > asked:
        found.append(f"{asked:,} of {questions:,} test questions were asked, chosen at random.")
    if rows > measured:
        found.append(f"Error and surprise were measured on {measured:,} of {rows:,} test rows, chosen at random.")
    return found


def _base(model: Model) -> tuple[Model, bool]:
    """The Model to ask for the untouched answers, and whether its adapter has to be left out for that."""
    if model.method == "lora":
        return model, True
    return load_base(model.base, kind="causal", device=model.device), False


def _written(
    subject: Subject, model: Model, asked: Sequence[Question], who: str, *, limit: int, untouched: bool = False
) -> Generator[Event, None, list[str] | None]:
    turns = [subject.task.asked(question.row).turns for question in asked]
    found: dict[int, str] = {}
    yield Progressed(f"Asking {who}", 0, len(asked))
    for number, text in complete(
        model,
        subject.tokenizer,
        turns,
        max_new_tokens=limit,
        untouched=untouched,
        should_stop=subject.should_stop,
    ):
        found[number] = text.strip()
        yield Progressed(f"Asking {who}", len(found), len(asked))
    return [found[i] for i in range(len(asked))] if len(found) == len(asked) else None


def _losses(
    subject: Subject, model: Model, rows: Sequence[Row], *, untouched: bool = False
) -> list[tuple[float, float]] | None:
    examples = [subject.task.example(row) for row in rows]
    encoded = list(subject.tokenizer.encode_many(examples, max_tokens=subject.max_tokens))
    budget = subject.config.training.token_budget
    assert budget is not None
    with asking(model, untouched=untouched):
        return row_losses(
            model, encoded, pad_id=subject.tokenizer.pad_id, token_budget=budget, should_stop=subject.should_stop
        )


def _report(
    subject: Subject,
    training: Sequence[Row],
    test: Sequence[Row],
    asked: Sequence[Question],
    written: dict[str, list[str]],
    losses: tuple[Interval, Interval],
    limit: int,
    chosen: Sequence[str],
) -> Report:
    seed = subject.config.training.seed
    close = {
        key: [closeness(answer, question.references) for answer, question in zip(answers, asked, strict=True)]
        for key, answers in written.items()
    }
    ways = [_way(key, values, seed) for key, values in close.items()]
    gain = compared(close["tuned"], {_NAMES[key]: close[key] for key in ("nearest", "untouched")}, seed=seed)
    perplexities = _perplexity(losses[0]), _perplexity(losses[1])
    limits = subject.limits(training, test, judged=len(asked), unit="test questions")
    limits += chosen
    limits.append("Closeness (chrF) compares letters, not meaning: a right answer in other words counts as far.")
    limits.append(f"Answers were written without chance (always the likeliest word), at most {limit:,} tokens.")
    return Report(
        kind="answer",
        verdict=verdict.on_answers(
            ways, gain, rows=len(asked), perplexity=perplexities[0].value, untouched_perplexity=perplexities[1].value
        ),
        subtitle=f"{len(asked):,} test questions that it never saw during training",
        score_name="Closeness to your answers (chrF)",
        ways=tuple(ways),
        gain=gain,
        figures=_figures(asked, written, losses, perplexities, seed),
        counts=subject.counts(len(asked)),
        limits=tuple(limits),
        made=today(),
        samples=_samples(asked, written, close["tuned"]),
    )


def _way(key: str, values: Sequence[float], seed: int) -> Way:
    found = mean(values, seed=seed)
    return Way(key, _NAMES[key], found.value, found.low, found.high, key == "tuned")


def _figures(
    asked: Sequence[Question],
    written: dict[str, list[str]],
    losses: tuple[Interval, Interval],
    perplexities: tuple[Interval, Interval],
    seed: int,
) -> tuple[Figure, ...]:
    references = [question.references for question in asked]
    exact = {key: [is_exact(a, r) for a, r in zip(written[key], references, strict=True)] for key in written}
    same = share(exact["tuned"], seed=seed)
    words = f"Shared runs of words (BLEU {word_rule(references)}, of 100)"
    ours, theirs = (bleu(written[key], references, seed=seed) for key in ("tuned", "untouched"))
    return (
        _figure("bleu", words, ours, theirs),
        percentage("exact", "Word for word the same", same, untouched=share(exact["untouched"]).value),
        _figure("loss", "Error a token (loss)", *losses, digits=3, better="lower"),
        _figure("perplexity", "Surprise a token (perplexity)", *perplexities, digits=2, better="lower"),
    )


def _figure(
    key: str,
    name: str,
    found: Interval,
    untouched: Interval,
    *,
    digits: int = 1,
    better: Literal["higher", "lower"] = "higher",
) -> Figure:
    return Figure(
        key, name, found.value, found.low, found.high, untouched=untouched.value, digits=digits, better=better
    )


def _a_token(sums: Floats) -> Floats:
    """Mean error: the summed errors over the summed weights, which are numbers of learned tokens."""
    made: Floats = sums[:, 0] / np.maximum(1.0, sums[:, 1])
    return made


def _perplexity(loss: Interval) -> Interval:
    """The exponent, of the ends as of the value: it keeps the order."""
    value, low, high = (math.exp(min(part, 30)) for part in (loss.value, loss.low, loss.high))
    return Interval(value, low, high)


def _samples(asked: Sequence[Question], written: dict[str, list[str]], close: Sequence[float]) -> tuple[Sample, ...]:
    found = [
        Sample(question.rows, question.input, question.references, tuned, untouched, score)
        for question, tuned, untouched, score in zip(asked, written["tuned"], written["untouched"], close, strict=True)
    ]
    return tuple(sorted(found, key=lambda sample: (sample.score, sample.rows)))

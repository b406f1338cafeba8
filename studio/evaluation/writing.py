"""Asking models that write: their answers to test questions, and how the known answers surprise them. (torch)

In: a Subject. Out: Written: what the tuned and the untouched model answered, their errors, and sentences about what was
looked at in part only. Knows no score of answers.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio.data.parts.dataset import Row
from studio.evaluation.baselines import some
from studio.evaluation.intervals import Floats, Interval, of_sums
from studio.evaluation.questions import Question, longest_answer, questions
from studio.evaluation.report import Figure
from studio.evaluation.subject import Subject
from studio.events import Event, Progressed
from studio.generation.answer import complete
from studio.generation.forward import asking
from studio.models.load import Model, untouched_of
from studio.tokens.rows import encode_rows
from studio.training.loss import row_losses

MOST_LOSS_ROWS = 1_000  # test rows on which the error is measured


@dataclass(frozen=True)
class Written:
    """The `training` and `test` rows, the questions that were `asked`, and `answers` to them by way ("untouched",
    "tuned"), at most `limit` tokens each. `losses` are the tuned and the untouched model's mean errors a token; `told`
    are sentences for the report's limits."""

    training: list[Row]
    test: list[Row]
    asked: list[Question]
    answers: dict[str, list[str]]
    losses: tuple[Interval, Interval]
    limit: int
    told: list[str]


def write_answers(subject: Subject) -> Generator[Event, None, Written | None]:
    """Let both models answer some of the test questions, and measure how the known answers surprise them; None when
    stopped."""
    seed, training = subject.config.training.seed, list(subject.dataset.rows("training"))
    test = list(subject.dataset.rows("test"))
    every = questions(test)
    asked = [every[i] for i in some(len(every), seed=seed, at_most=subject.most_answers)]
    base, is_inside = untouched_of(subject.model)
    limit = longest_answer(asked, subject.tokenizer, at_most=subject.config.generation.max_new_tokens)
    answers = {}
    for way, model, who in (("untouched", base, "the untouched model"), ("tuned", subject.model, "your model")):
        found = yield from _written_by(
            subject, model, asked, who, limit=limit, untouched=is_inside and way == "untouched"
        )
        if found is None:
            return None
        answers[way] = found
    yield Progressed("Measuring how surprised each model is")
    rows = [test[i] for i in some(len(test), seed=seed, at_most=MOST_LOSS_ROWS)]
    errors = _losses_of(subject, subject.model, rows), _losses_of(subject, base, rows, untouched=is_inside)
    if errors[0] is None or errors[1] is None:
        return None
    losses = of_sums(errors[0], _a_token, seed=seed), of_sums(errors[1], _a_token, seed=seed)
    told = _told(len(asked), len(every), len(rows), len(test))
    told.append(f"Answers were written without chance (always the likeliest word), at most {limit:,} tokens.")
    return Written(training, test, asked, answers, losses, limit, told)


def surprise(written: Written) -> tuple[Figure, Figure]:
    """Error and perplexity a token, as figures."""
    ours, theirs = (_perplexity(loss) for loss in written.losses)
    return (
        figure("loss", "Error a token (loss)", *written.losses, digits=3, better="lower"),
        figure("perplexity", "Surprise a token (perplexity)", ours, theirs, digits=2, better="lower"),
    )


def figure(
    key: str,
    name: str,
    found: Interval,
    untouched: Interval,
    *,
    digits: int = 1,
    better: Literal["higher", "lower"] = "higher",
) -> Figure:
    """A Figure of the tuned model's interval beside the untouched model's value."""
    return Figure(
        key, name, found.value, found.low, found.high, untouched=untouched.value, digits=digits, better=better
    )


def _told(asked: int, questions: int, measured: int, rows: int) -> list[str]:
    """What was looked at in part only, in sentences."""
    found = []
    if questions > asked:
        found.append(f"{asked:,} of {questions:,} test questions were asked, chosen at random.")
    if rows > measured:
        found.append(f"Error and surprise were measured on {measured:,} of {rows:,} test rows, chosen at random.")
    return found


def _written_by(
    subject: Subject, model: Model, asked: Sequence[Question], who: str, *, limit: int, untouched: bool = False
) -> Generator[Event, None, list[str] | None]:
    """The model's likeliest answer to each question, at most `limit` tokens; None when stopped."""
    fitted = [subject.tokenizer.fitted(subject.task.asked(question.row), subject.max_tokens) for question in asked]
    found: dict[int, str] = {}
    yield Progressed(f"Asking {who}", 0, len(asked))
    for number, text in complete(
        model,
        subject.tokenizer,
        [example.turns for example in fitted],
        max_new_tokens=limit,
        untouched=untouched,
        should_stop=subject.should_stop,
    ):
        found[number] = text.strip()
        yield Progressed(f"Asking {who}", len(found), len(asked))
    return [found[i] for i in range(len(asked))] if len(found) == len(asked) else None


def _losses_of(
    subject: Subject, model: Model, rows: Sequence[Row], *, untouched: bool = False
) -> list[tuple[float, float]] | None:
    """Each row's summed error and the number of its learned tokens; None when stopped."""
    encoded = list(encode_rows(subject.tokenizer, map(subject.task.example, rows), subject.config))
    budget = subject.config.training.token_budget
    assert budget is not None
    with asking(model, untouched=untouched):
        return row_losses(
            model, encoded, pad_id=subject.tokenizer.pad_id, token_budget=budget, should_stop=subject.should_stop
        )


def _a_token(sums: Floats) -> Floats:
    """Mean error: the summed errors over the summed weights, which are numbers of learned tokens."""
    made: Floats = sums[:, 0] / np.maximum(1.0, sums[:, 1])
    return made


def _perplexity(loss: Interval) -> Interval:
    """The exponent of an error, of the ends as of the value: it keeps the order."""
    value, low, high = (math.exp(min(part, 30)) for part in (loss.value, loss.low, loss.high))
    return Interval(value, low, high)

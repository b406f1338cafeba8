"""Judging a model that finds answers. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from studio.counting import rounded
from studio.evaluation import squad, verdict
from studio.evaluation.baselines import some
from studio.evaluation.intervals import Interval, mean, share
from studio.evaluation.marked import Marked, marked_questions
from studio.evaluation.report import Figure, Report, Sample, percentage
from studio.evaluation.sentences import most_alike
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Way
from studio.events import Event, Progressed
from studio.generation.find import find_scores
from studio.generation.labels import vectors
from studio.generation.spans import answered
from studio.models.load import load_base
from studio.tasks.passages import sentences
from studio.tokens.windows import stride

MOST_ASKED = 1_000  # test questions
_NAMES = {
    "none": "Always “no answer”",
    "sentence": "Sentence with the question’s words",
    "untouched": "Sentence that the untouched model finds most alike",
    "tuned": "Your model",
}


def judge_find(subject: Subject) -> Generator[Event, None, Report | None]:
    """Answer the test questions in every way and compare."""
    seed = subject.config.training.seed
    every = marked_questions(subject.dataset.rows("test"))
    asked = [every[place] for place in some(len(every), seed=seed, at_most=MOST_ASKED)]
    given: dict[str, list[str]] = {}
    if any(not one.answers for one in asked):
        given["none"] = [""] * len(asked)
    yield Progressed("Looking for the question’s words")
    training = list(subject.dataset.rows("training"))
    alike = most_alike([row.context for row in training], [one.asked for one in asked])
    given["sentence"] = list(alike.answers)
    untouched = yield from _untouched(subject, asked)
    tuned = None if untouched is None else (yield from _tuned(subject, asked))
    if untouched is None or tuned is None:
        return None
    given |= {"untouched": untouched, "tuned": [answer or "" for answer in tuned]}
    limits = subject.limits(training, list(subject.dataset.rows("test")), judged=len(asked), unit="test questions")
    limits += _limits(subject, asked, tuned, len(every))
    return _report(subject, asked, given, limits, alike.seconds)


def _tuned(subject: Subject, asked: Sequence[Marked]) -> Generator[Event, None, list[str | None] | None]:
    """The tuned model's answers; None for a question that is too long."""
    bar, found = subject.config.task.no_answer_bar, list[str | None]()
    scores = find_scores(
        subject.model,
        subject.tokenizer,
        [one.asked for one in asked],
        max_tokens=subject.max_tokens,
        should_stop=subject.should_stop,
    )
    for one, scored in zip(asked, scores, strict=False):
        found.append(None if scored is None else answered(one.text, scored, bar=bar).answer)
        yield Progressed("Asking your model", len(found), len(asked))
    return found if len(found) == len(asked) else None


def _untouched(subject: Subject, asked: Sequence[Marked]) -> Generator[Event, None, list[str] | None]:
    """For each question the sentence of its text whose meaning the untouched model takes to be nearest: it was never
    taught to mark anything, so that it cannot be asked in another way."""
    yield Progressed("Asking the untouched model")
    base = load_base(subject.model.base, kind=subject.model.kind, device=subject.model.device)
    told = {text: sentences(text) for text in dict.fromkeys(one.text for one in asked)}
    texts = list(dict.fromkeys([*(one.question for one in asked), *(s for found in told.values() for s in found)]))
    places: dict[str, int] = {}
    rows: list[list[float]] = []
    for text, vector in zip(texts, vectors(base, subject.tokenizer, texts, max_tokens=subject.max_tokens), strict=True):
        if subject.should_stop():
            return None
        places[text] = len(rows)
        rows.append(vector)
    table = np.asarray(rows, dtype=np.float32)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    answers = []
    for one in asked:
        found = told[one.text]
        likeness = table[[places[sentence] for sentence in found]] @ table[places[one.question]]
        answers.append(found[int(likeness.argmax())] if found else "")
    return answers


def _limits(subject: Subject, asked: Sequence[Marked], tuned: Sequence[str | None], every: int) -> list[str]:
    longest, bar = stride(subject.max_tokens), subject.config.task.no_answer_bar
    found = []
    if every > len(asked):
        found.append(f"{len(asked):,} of {every:,} test questions were asked, chosen at random.")
    too_long = sum(answer is None for answer in tuned)
    if too_long:
        found.append(f"{too_long:,} questions are too long to be read with their text and count as answered with none.")
    nones = sum(not one.answers for one in asked)
    if bar is None:
        said = "It always marks a place: no row without an answer was learned"
        found.append(f"{said}, so that {nones:,} such test questions can only be missed." if nones else f"{said}.")
    else:
        found.append(
            f"“No answer” is given where it is more than {rounded(bar)} points ahead of the best place, which was "
            "chosen on the watching rows."
        )
    found.append(f"An answer has at most {longest:,} tokens; F1 and exact match leave case, signs and articles aside.")
    found.append("Only sentences can be had of the simpler ways, which share fewer words with a short answer.")
    return found


def _report(
    subject: Subject, asked: Sequence[Marked], given: dict[str, list[str]], limits: Sequence[str], seconds: float
) -> Report:
    seed = subject.config.training.seed
    f1 = {
        key: [squad.f1(answer, one.answers) for answer, one in zip(answers, asked, strict=True)]
        for key, answers in given.items()
    }
    ways = []
    for key, values in f1.items():
        took = seconds if key == "sentence" else 0.0
        ways.append(Way.of(key, _NAMES[key], mean(values, seed=seed), seconds=took))
    others: dict[str, Sequence[float]] = {_NAMES[key]: values for key, values in f1.items() if key != "tuned"}
    gain = compared(f1["tuned"], others, seed=seed)
    return Report(
        kind=subject.task.kind,
        verdict=verdict.on_scores(ways, gain, rows=len(asked), unit="test questions", score="of the right words (F1)"),
        subtitle=f"{len(asked):,} test questions that it never saw during training",
        score_name="Shared words with the right answer (F1)",
        ways=tuple(ways),
        gain=gain,
        figures=_figures(asked, given, f1, seed),
        counts=subject.counts(len(asked)),
        limits=tuple(limits),
        made=today(),
        wrong=sum(value < 1 for value in f1["tuned"]),
        samples=_samples(asked, given, f1["tuned"]),
    )


def _figures(
    asked: Sequence[Marked], given: dict[str, list[str]], f1: dict[str, list[float]], seed: int
) -> tuple[Figure, ...]:
    exact = {
        key: [squad.exact(answer, one.answers) for answer, one in zip(given[key], asked, strict=True)]
        for key in ("tuned", "untouched")
    }
    found = [
        percentage(
            "exact",
            "Word for word (exact match)",
            share(exact["tuned"], seed=seed),
            untouched=share(exact["untouched"]).value,
        )
    ]
    held = [place for place, one in enumerate(asked) if one.answers]
    empty = [place for place, one in enumerate(asked) if not one.answers]
    if held and empty:
        ours, theirs = ([f1[key][place] for place in held] for key in ("tuned", "untouched"))
        name = f"F1 where the text holds the answer ({len(held):,})"
        found.append(percentage("held", name, mean(ours, seed=seed), untouched=mean(theirs, seed=seed).value))

        def said(places: Sequence[int], key: str) -> Interval:
            # No sentence can be had of a text that holds none, so that the untouched model says it there, too.
            return share([not given[key][place] for place in places], seed=seed)

        name = f"“No answer” said where there is none ({len(empty):,})"
        found.append(percentage("none", name, said(empty, "tuned"), untouched=said(empty, "untouched").value))
        name = f"“No answer” said where the text holds one ({len(held):,})"
        none, beside = said(held, "tuned"), said(held, "untouched").value
        found.append(percentage("missed", name, none, untouched=beside, better="lower"))
    return tuple(found)


def _samples(asked: Sequence[Marked], given: dict[str, list[str]], f1: Sequence[float]) -> tuple[Sample, ...]:
    found = [
        Sample(one.rows, one.question, one.answers or ("(no answer)",), tuned or "(no answer)", untouched, score)
        for one, tuned, untouched, score in zip(asked, given["tuned"], given["untouched"], f1, strict=True)
    ]
    return tuple(sorted(found, key=lambda sample: (sample.score, sample.rows)))

"""Judging a model that learns what is better. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped.

An answer's reward is the one of the objective: how much likelier the tuned model finds it than the untouched one, which
is inside it. What the untouched model likes by itself is the answer that it finds likelier by the token: by the whole
answer it would mostly like the shorter one.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

from studio.data.parts.dataset import Row
from studio.evaluation import verdict
from studio.evaluation.baselines import some
from studio.evaluation.closeness import closeness
from studio.evaluation.intervals import Interval, mean
from studio.evaluation.preferences import Ranking, auc_gain, auc_luck, constant, share_won, wins
from studio.evaluation.questions import longest_answer, questions
from studio.evaluation.report import Figure, Report, Sample, percentage
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Gain, Way
from studio.events import Event, Progressed
from studio.generation.answer import complete
from studio.generation.forward import asking
from studio.problems import Problem
from studio.tokens import batches
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.tokens.rows import encode_rows
from studio.training.loss import number_format
from studio.training.objectives.preference import preference_loss
from studio.training.objectives.reference import learned_tokens

MOST_ROWS = 1_000  # test rows that are compared
WRITTEN = 8  # test messages that both models answer in full
_CHANCE, _UNTOUCHED, _TUNED = "Tossing a coin", "Untouched model", "Your model"


class _Measured(NamedTuple):
    """One answer: its reward, and how likely the tuned and the untouched model find each of its tokens (the mean
    natural logarithm)."""

    reward: float
    tuned: float
    untouched: float


def judge_preferences(subject: Subject) -> Generator[Event, None, Report | None]:
    """Compare the answers of the test rows, and write a few."""
    seed = subject.config.training.seed
    test = list(subject.dataset.rows("test"))
    rows = [test[place] for place in some(len(test), seed=seed, at_most=MOST_ROWS)]
    encoded = list(encode_rows(subject.tokenizer, map(subject.task.example, rows), subject.config))
    kept = [place for place, row in enumerate(encoded) if all(any(one.learned[1:]) for one in row.sequences)]
    if not kept:
        raise Problem(
            "No test row can be compared.",
            f"The answers of all {len(rows):,} begin beyond {subject.max_tokens:,} tokens, where reading ends.",
            "Raise the length limit and train again, or shorten the requests.",
        )
    rows, encoded = [rows[place] for place in kept], [encoded[place] for place in kept]
    found = yield from _measured(subject, encoded)
    samples = None if found is None else (yield from _samples(subject, test))
    if found is None or samples is None:
        return None
    limits = subject.limits(list(subject.dataset.rows("training")), test, judged=len(rows), unit="test rows")
    if len(rows) < len(test):
        limits.append(
            f"{len(rows):,} of {len(test):,} test rows were compared; the others were not chosen or too long."
        )
    judged = _pairs(rows, found, seed) if encoded[0].beside else _verdicts(encoded, found, seed)
    return Report(
        kind="prefer",
        verdict=verdict.on_preferences(judged.ways, judged.gain, rows=judged.sure, what=judged.what),
        subtitle=f"{len(rows):,} test rows that it never saw during training",
        score_name=judged.name,
        ways=judged.ways,
        gain=judged.gain,
        figures=judged.figures,
        counts=subject.counts(len(rows)),
        limits=(*limits, *judged.limits, *_LIMITS),
        made=today(),
        samples=samples,
    )


_LIMITS = (
    "A reward says what the model has come to like; the answers that it writes can differ from what it likes best.",
    "The answers in the report were written without chance (always the likeliest word).",
)


class _Judged(NamedTuple):
    """What the figures are; `sure` is the number of rows that a verdict may count on, `what` is counted."""

    ways: tuple[Way, ...]
    gain: Gain
    figures: tuple[Figure, ...]
    limits: tuple[str, ...]
    sure: int
    name: str
    what: str


def _measured(subject: Subject, rows: Sequence[Encoded]) -> Generator[Event, None, list[list[_Measured]] | None]:
    """Each row's answers, the better one first; None when stopped."""
    model, budget = subject.model, subject.config.training.token_budget
    assert budget is not None
    loss = preference_loss(model, rows)
    found: dict[int, list[_Measured]] = {}
    yield Progressed("Comparing the answers", 0, len(rows))
    for places in batches.micro_batches(range(len(rows)), [row.size for row in rows], token_budget=budget):
        if subject.should_stop():
            return None
        batch = collate([rows[place] for place in places], pad_id=subject.tokenizer.pad_id, device=model.device)
        with number_format(model), asking(model):
            seen = loss.seen(batch)
        tokens = learned_tokens(batch)
        columns = (batch.owner, seen.rewards, seen.found / tokens, seen.before / tokens)
        for owner, *values in zip(*(column.tolist() for column in columns), strict=True):
            found.setdefault(places[owner], []).append(_Measured(*values))
        yield Progressed("Comparing the answers", len(found), len(rows))
    return [found[place] for place in range(len(rows))]


def _pairs(rows: Sequence[Row], found: Sequence[Sequence[_Measured]], seed: int) -> _Judged:
    better, worse = [one[0] for one in found], [one[1] for one in found]
    won = wins([one.reward for one in better], [one.reward for one in worse])
    likelier = {
        name: wins([getattr(one, name) for one in better], [getattr(one, name) for one in worse])
        for name in ("tuned", "untouched")
    }
    gain = compared(won, {_CHANCE: [0.5] * len(won), _UNTOUCHED: likelier["untouched"]}, seed=seed)
    margin = mean([one.reward - other.reward for one, other in zip(better, worse, strict=True)], seed=seed)
    by_token = share_won(likelier["tuned"], seed=seed)
    longer = sum(len(row.target) > len(row.rejected) for row in rows) / len(rows)
    plain = share_won(likelier["untouched"], seed=seed)
    return _Judged(
        _ways(plain, share_won(won, seed=seed)),
        gain,
        (
            _margin("Lead of the better answer (reward margin)", margin),
            percentage("by_token", "Better answer likelier by the token", by_token, untouched=plain.value),
        ),
        (f"In {100 * longer:.0f} % of these pairs the better answer is the longer one: a model can learn that alone.",),
        len(won),
        "Pairs right",
        "pairs",
    )


def _verdicts(rows: Sequence[Encoded], found: Sequence[Sequence[_Measured]], seed: int) -> _Judged:
    def ranked(name: str) -> Ranking:
        marked = [(float(getattr(one[0], name)), bool(row.number)) for one, row in zip(found, rows, strict=True)]
        return Ranking(tuple(v for v, good in marked if good), tuple(v for v, good in marked if not good))

    ours, theirs = ranked("reward"), ranked("untouched")
    if not ours.good or not ours.bad:
        kind = "good" if ours.good else "bad"
        raise Problem(
            f"All answers of the test rows are called {kind}.",
            "Whether it tells good from bad is only seen where there are both.",
            "Keep a larger share of the rows for the test, or judge on a separate file with both.",
        )
    name, other = max(((_CHANCE, constant(ours)), (_UNTOUCHED, theirs)), key=lambda pair: pair[1].auc)
    good, bad = mean(ours.good, seed=seed), mean(ours.bad, seed=seed)
    lead = Interval(good.value - bad.value, good.low - bad.high, good.high - bad.low)
    return _Judged(
        _ways(theirs.interval(seed=seed), ours.interval(seed=seed)),
        Gain.of(name, auc_gain(ours, other, seed=seed), luck=auc_luck(ours, other)),
        (_margin("Lead of good answers over bad ones (mean reward)", lead),),
        (f"The test rows hold {len(ours.good):,} good and {len(ours.bad):,} bad answers.",),
        2 * min(len(ours.good), len(ours.bad)),
        "Good answers above bad ones (AUC)",
        "pairs of a good and a bad answer",
    )


def _ways(plain: Interval, tuned: Interval) -> tuple[Way, ...]:
    return (
        Way("chance", _CHANCE, 0.5, 0.5, 0.5),
        Way.of("untouched", _UNTOUCHED, plain),
        Way.of("tuned", _TUNED, tuned),
    )


def _margin(name: str, found: Interval) -> Figure:
    return Figure("margin", name, found.value, found.low, found.high, untouched=0.0, digits=2)


def _samples(subject: Subject, test: Sequence[Row]) -> Generator[Event, None, tuple[Sample, ...] | None]:
    """A few test messages with what both models write, for reading."""
    good = [row for row in test if subject.task.example(row).number != 0.0]
    every = questions(good)
    most = min(WRITTEN, subject.most_answers)
    asked = [every[place] for place in some(len(every), seed=subject.config.training.seed, at_most=most)]
    if not asked:
        return ()
    limit = longest_answer(asked, subject.tokenizer, at_most=subject.config.generation.max_new_tokens)
    written: list[list[str]] = []
    for untouched, who in ((False, "your model"), (True, "the untouched model")):
        texts: dict[int, str] = {}
        yield Progressed(f"Asking {who}", 0, len(asked))
        for number, text in complete(
            subject.model,
            subject.tokenizer,
            [subject.task.asked(one.row).turns for one in asked],
            max_new_tokens=limit,
            untouched=untouched,
            should_stop=subject.should_stop,
        ):
            texts[number] = text.strip()
            yield Progressed(f"Asking {who}", len(texts), len(asked))
        if len(texts) < len(asked):
            return None
        written.append([texts[number] for number in range(len(asked))])
    found = [
        Sample(one.rows, one.input, one.references, tuned, plain, closeness(tuned, one.references))
        for one, tuned, plain in zip(asked, *written, strict=True)
    ]
    return tuple(sorted(found, key=lambda sample: (sample.score, sample.rows)))

"""Judging a model that continues texts: how well it foretells texts that it never saw. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped. The model that it began as is measured
beside it, token by token. What is compared for a model from nothing stands in judge_packing.py.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator

import numpy as np

from studio.data.checkup.sameness import sameness_key
from studio.evaluation.closeness import closeness
from studio.evaluation.foretell import Foretold, foretell
from studio.evaluation.intervals import Floats, Interval, luck, of_sums
from studio.evaluation.probe_texts import tokens_allowed
from studio.evaluation.report import Figure, Report, Sample, percentage
from studio.evaluation.subject import Subject, today
from studio.evaluation.text_units import JudgedTexts, joined, judged_texts
from studio.evaluation.verdict import FEWEST_ROWS, Gain, Way
from studio.evaluation.verdict_texts import on_foretelling
from studio.events import Event, Progressed
from studio.generation.answer import complete
from studio.generation.forward import asking
from studio.models.load import Model, untouched_of
from studio.tasks.example import Turn

_TIMES = 4  # as many tokens as a look measures
_SAMPLES, _BEGINNING, _WRITTEN = 6, 200, 48  # texts that are gone on with, characters of them, tokens that are written
_BITS_A_NAT = 1 / math.log(2)


def judge_texts(subject: Subject) -> Generator[Event, None, Report | None]:
    """Measure the tuned and the untouched model on the same tokens: how many they guess right."""
    texts = chosen_texts(subject)
    tuned = yield from foretold(subject, subject.model, texts, "your model")
    if tuned is None:
        return None
    base, is_inside = untouched_of(subject.model)
    plain = yield from foretold(subject, base, texts, "the untouched model", untouched=is_inside)
    samples = None if plain is None else (yield from _samples(subject, texts, base, untouched=is_inside))
    if plain is None or samples is None:
        return None
    seed = subject.config.training.seed
    hits = texts.sums(tuned.right, plain.right, np.ones(len(tuned.nats)))
    ways = tuple(
        Way.of(key, name, of_sums(hits[:, [column, 2]], ratio, seed=seed))
        for key, name, column in (("untouched", "Untouched model", 1), ("tuned", "Your model", 0))
    )
    gain = gain_over(ways[0].name, hits[:, 0], hits[:, 1], hits[:, 2], seed=seed)
    figures = figures_of(texts, tuned, plain, seed=seed)
    return Report(
        kind=subject.task.kind,
        verdict=on_foretelling(ways, gain, rows=texts.count, unit=unit_of(texts), figures=figures),
        subtitle=subtitle_of(texts),
        score_name="Next token guessed right",
        ways=ways,
        gain=gain,
        figures=figures,
        counts=subject.counts(texts.count),
        limits=tuple(limits_of(subject, texts)),
        made=today(),
        samples=samples,
    )


def chosen_texts(subject: Subject) -> JudgedTexts:
    """The test texts that are measured: as many, in random order, as the model's size allows."""
    rows = list(subject.dataset.texts("test"))
    random.Random(subject.config.training.seed).shuffle(rows)
    most = _TIMES * tokens_allowed(subject.model)
    return judged_texts(rows, subject.tokenizer, limit=subject.max_tokens, most=most)


def foretold(
    subject: Subject, model: Model, texts: JudgedTexts, who: str, *, untouched: bool = False
) -> Generator[Event, None, Foretold | None]:
    """What `model` foretells of every token; None when stopped."""
    yield Progressed(f"Measuring how well {who} foretells the texts")
    budget = subject.config.training.token_budget
    assert budget is not None
    with asking(model, untouched=untouched):
        found = foretell(
            model,
            texts.pieces,
            pad_id=subject.tokenizer.pad_id,
            token_budget=budget,
            should_stop=subject.should_stop,
        )
    return None if found is None else joined(found)


def figures_of(texts: JudgedTexts, tuned: Foretold, plain: Foretold | None, *, seed: int) -> tuple[Figure, ...]:
    """Bits a byte, which models with different tokens can be compared by; surprise a token; tokens guessed right where
    nothing is beside them."""
    ones, sizes = np.ones(len(tuned.nats)), texts.sizes.astype(np.float64)

    def found(values: Foretold, weights: Floats, factor: float = 1.0) -> Interval:
        return of_sums(texts.sums(values.nats * factor, weights), ratio, seed=seed)

    bits, loss = found(tuned, sizes, _BITS_A_NAT), found(tuned, ones)
    others = None if plain is None else (found(plain, sizes, _BITS_A_NAT).value, found(plain, ones).value)
    surprise = Interval(*(_perplexity(part) for part in (loss.value, loss.low, loss.high)))
    made = [
        _figure("bits", "Bits for each byte of text", bits, others and others[0], digits=3),
        _figure("perplexity", "Surprise a token (perplexity)", surprise, others and _perplexity(others[1]), digits=2),
        _figure("loss", "Error a token (loss)", loss, others and others[1], digits=3),
    ]
    if plain is None:
        right = of_sums(texts.sums(tuned.right, ones), ratio, seed=seed)
        made.append(percentage("right", "Next token guessed right", right))
    return tuple(made)


def _figure(key: str, name: str, found: Interval, untouched: float | None, *, digits: int) -> Figure:
    return Figure(key, name, found.value, found.low, found.high, untouched=untouched, digits=digits, better="lower")


def gain_over(against: str, ours: Floats, theirs: Floats, weights: Floats, *, seed: int) -> Gain:
    """Of sums for each stretch, the tuned way's less the other's over the `weights`, both drawn together."""
    found = of_sums(np.stack([ours - theirs, weights], axis=1), ratio, seed=seed)
    return Gain.of(against, found, luck=luck(ours.tolist(), theirs.tolist(), seed=seed))


def ratio(sums: Floats) -> Floats:
    """The first column over the second."""
    made: Floats = sums[:, 0] / np.maximum(1.0, sums[:, 1])
    return made


def unit_of(texts: JudgedTexts) -> str:
    """What is counted: whole texts, or stretches of them."""
    return "test texts" if texts.are_texts else "stretches of test text"


def subtitle_of(texts: JudgedTexts) -> str:
    """On how much it was judged."""
    size = int(texts.sizes.sum())
    return f"{texts.count:,} {unit_of(texts)} ({size:,} bytes) that it never saw during training"


def limits_of(subject: Subject, texts: JudgedTexts) -> list[str]:
    """What a reader of the figures has to keep in mind, in sentences."""
    dataset, unit = subject.dataset, unit_of(texts)
    origin = "the same texts" if dataset.test_table is None else "a separate file"
    found = [
        f"Judged on {texts.count:,} {unit} of {origin}; other kinds of text may come out differently.",
        "The ranges cover chance in the choice of texts; another try at training may differ, too.",
        f"Every piece of {subject.max_tokens:,} tokens is read without what stood before it in its text.",
    ]
    if texts.count < FEWEST_ROWS:
        found.append(f"Fewer than {FEWEST_ROWS} {unit}: every figure here is rough.")
    whole = sum(len(row.input.encode()) for row in dataset.rows("test"))
    if (measured := int(texts.sizes.sum())) < whole:
        found.append(f"{measured:,} of {whole:,} bytes of test text were measured, chosen at random.")
    known = {sameness_key(row.input) for row in dataset.rows("training")}
    rows = list(dataset.rows("test"))
    seen = sum(sameness_key(row.input) in known for row in rows)
    if seen:
        found.append(f"{seen:,} of {len(rows):,} test texts also stand among those it learned from.")
    return found


def _samples(
    subject: Subject, texts: JudgedTexts, base: Model, *, untouched: bool
) -> Generator[Event, None, tuple[Sample, ...] | None]:
    """Some texts, gone on with by both models after their beginning."""
    chosen = [(row, len(_beginning(row.input))) for row in texts.texts[:_SAMPLES]]
    turns = [[Turn("text", row.input[:cut])] for row, cut in chosen]
    written: list[dict[int, str]] = []
    for model, who, is_plain in ((subject.model, "your model", False), (base, "the untouched model", untouched)):
        found: dict[int, str] = {}
        yield Progressed(f"Letting {who} go on with some texts", 0, len(chosen))
        for number, text in complete(
            model,
            subject.tokenizer,
            turns,
            max_new_tokens=_WRITTEN,
            untouched=is_plain,
            should_stop=subject.should_stop,
        ):
            found[number] = text
            yield Progressed(f"Letting {who} go on with some texts", len(found), len(chosen))
        if len(found) < len(chosen):
            return None
        written.append(found)
    made = []
    for number, (row, cut) in enumerate(chosen):
        rest = row.input[cut : cut + 3 * _BEGINNING]
        ours = written[0][number]
        score = closeness(ours, (rest[: max(1, len(ours))],))
        made.append(Sample((row.number,), row.input[:cut], (rest,), ours, written[1][number], score))
    return tuple(made)


def _beginning(text: str) -> str:
    """The first words: half of a short text, no more than _BEGINNING characters."""
    most = min(_BEGINNING, len(text) // 2)
    at = text.rfind(" ", 0, most + 1)
    return text[: at if at > 0 else most]


def _perplexity(loss: float) -> float:
    return math.exp(min(loss, 30))

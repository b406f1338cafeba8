"""Judging a model from nothing: how much of the room for a text it saves, beside programs made for that. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped. Each way has read the same training texts
first: the packing programs as the text just before, the counting model as what it counts. So all of them say how well
texts of this kind can be foretold, in the same measure, whatever tokens a model has.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Mapping

import numpy as np

from studio.evaluation.foretell import Foretold
from studio.evaluation.intervals import Floats, Interval, of_sums
from studio.evaluation.judge_texts import (
    chosen_texts,
    figures_of,
    foretold,
    gain_over,
    limits_of,
    ratio,
    subtitle_of,
    unit_of,
)
from studio.evaluation.report import Report
from studio.evaluation.squeeze import BITS, MOST_KNOWN, ORDERS, PROGRAMS, counted_bits, packed_bits
from studio.evaluation.subject import Subject, today
from studio.evaluation.text_units import JudgedTexts
from studio.evaluation.verdict import Way
from studio.evaluation.verdict_texts import on_packing
from studio.events import Event, Progressed

_TRIED = 200_000  # bytes of watching text on which the best count is found
_BITS_A_NAT = 1 / math.log(2)
_NAMES = {
    "gzip": "Packed with gzip",
    "bzip2": "Packed with bzip2",
    "xz": "Packed with xz",
    "count": "Counting which byte follows which",
    "tuned": "Your model",
}


def judge_packing(subject: Subject) -> Generator[Event, None, Report | None]:
    """Measure the tuned model, the programs and the count on the same test texts."""
    texts = chosen_texts(subject)
    tuned = yield from foretold(subject, subject.model, texts, "your model")
    if tuned is None:
        return None
    yield Progressed("Packing the texts with other programs")
    known = [row.input.encode() for row in subject.dataset.texts("training")]
    sizes = texts.sizes.astype(np.float64)
    bits, seconds = {}, {}
    for name in PROGRAMS:
        if subject.should_stop():
            return None
        begun = time.perf_counter()
        whole = packed_bits(name, b"\n\n".join(known), b"\n\n".join(texts.bytes_of()))
        bits[name] = sizes * (whole / max(1.0, sizes.sum()))  # a program says only what all texts take together
        seconds[name] = time.perf_counter() - begun
    yield Progressed("Counting which byte follows which")
    begun = time.perf_counter()
    bits["count"] = texts.of_bytes(counted_bits(known, texts.bytes_of(), order=_order(subject, known)))
    seconds["count"] = time.perf_counter() - begun
    if subject.should_stop():
        return None
    return _report(subject, texts, {**bits, "tuned": tuned.nats * _BITS_A_NAT}, seconds, tuned)


def _report(
    subject: Subject,
    texts: JudgedTexts,
    bits: Mapping[str, Floats],
    seconds: Mapping[str, float],
    tuned: Foretold,
) -> Report:
    """`bits` holds for each way what every token takes."""
    seed, room = subject.config.training.seed, texts.sizes.astype(np.float64) * BITS
    sums = {key: texts.sums(room - values, room) for key, values in bits.items()}  # what is saved, and of how much
    ways = []
    for key, saved in sums.items():
        found = of_sums(saved, ratio, seed=seed)
        if key in PROGRAMS:
            found = Interval(found.value, found.value, found.value)
        ways.append(Way.of(key, _NAMES[key], found, seconds=seconds.get(key, 0.0)))
    best = max(ways[:-1], key=lambda one: one.score)
    gain = gain_over(best.name, sums["tuned"][:, 0], sums[best.key][:, 0], sums["tuned"][:, 1], seed=seed)
    limits = limits_of(subject, texts)
    limits.append(
        f"Every way had read the training texts before; the packing programs the last {MOST_KNOWN // 10**6} MB of them "
        "at most, and for them only what all test texts take together is known, without a range."
    )
    return Report(
        kind=subject.task.kind,
        verdict=on_packing(ways, gain, rows=texts.count, unit=unit_of(texts)),
        subtitle=subtitle_of(texts),
        score_name="Room saved when the text is packed",
        ways=tuple(ways),
        gain=gain,
        figures=figures_of(texts, tuned, None, seed=seed),
        counts=subject.counts(texts.count),
        limits=tuple(limits),
        made=today(),
    )


def _order(subject: Subject, known: list[bytes]) -> int:
    """How many bytes the count looks back: what does best on the watching texts, as a person would choose it."""
    tried = b"\n\n".join(row.input.encode() for row in subject.dataset.texts("watching"))[:_TRIED]
    if not tried:
        return ORDERS[-1]
    return min(ORDERS, key=lambda order: float(counted_bits(known, [tried], order=order)[0].sum()))

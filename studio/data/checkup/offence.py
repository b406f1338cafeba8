"""Rude words and insults.

In: Rows. Out: how many rows hold such a word, and which words those are; nothing is taken out. A word says little about
what a text means, so that this is a hint and no more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

from studio.config.paths import resources
from studio.counting import counted
from studio.data.checkup.finding import Finding, finding
from studio.data.checkup.rows import Rows
from studio.data.checkup.scan import blocks, text_columns

LANGUAGES = "English, German, French and Spanish"
_SHOWN = 5  # words
_WORD = re.compile(r"[^\W\d_]+")


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """How many rows hold a rude word in what is read or learned, labels aside; told only where there are some."""
    words = rude_words()
    rude: set[int] = set()
    met = Counter[str]()
    for column in text_columns(rows):
        if column == rows.columns.target and rows.goal.has_labels:
            continue
        for numbers, texts in blocks(rows.cells(column)):
            if should_stop():
                return
            if words.isdisjoint(_WORD.findall(" ".join(texts).lower())):
                continue
            for row, text in zip(numbers, texts, strict=True):
                if here := words.intersection(_WORD.findall(text.lower())):
                    rude.add(row)
                    met.update(here)
    if rude:
        yield finding(
            "rude_words", rude, "look",
            lambda n: counted(n, "1 row holds a rude word", "{} rows hold rude words"), "",
            f"{_said(met)} Whether a text offends depends on what it says, and this is a short list of words in "
            f"{LANGUAGES}. A model that learns such texts may write so too.",
        )  # fmt: skip


def _said(met: Counter[str]) -> str:
    """The words that were met, the most frequent first."""
    ordered = sorted(met, key=lambda word: (-met[word], word))
    shown = ", ".join(f"“{word}”" for word in ordered[:_SHOWN])
    return f"Found: {shown}{' and others' if len(ordered) > _SHOWN else ''}."


@cache
def rude_words() -> frozenset[str]:
    """The list, in lower case."""
    lines = (resources() / "words" / "rude.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))

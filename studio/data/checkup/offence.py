"""Rude words and insults, as a count alone.

In: Rows. Out: how many rows hold such a word; the words are neither shown nor taken out. A word says little about what
a text means, so that this is a hint and no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from studio.config.paths import resources
from studio.counting import counted
from studio.data.checkup.finding import Finding, finding
from studio.data.checkup.rows import Rows
from studio.data.checkup.scan import blocks, text_columns

LANGUAGES = "English, German, French and Spanish"
_WORD = re.compile(r"[^\W\d_]+")


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """How many rows hold a rude word in what is read or learned, labels aside; told only where there are some."""
    words = rude_words()
    rude: set[int] = set()
    for column in text_columns(rows):
        if column == rows.columns.target and rows.goal.has_labels:
            continue
        for numbers, texts in blocks(rows.cells(column)):
            if should_stop():
                return
            if words.isdisjoint(_WORD.findall(" ".join(texts).lower())):
                continue
            rude.update(
                row
                for row, text in zip(numbers, texts, strict=True)
                if not words.isdisjoint(_WORD.findall(text.lower()))
            )
    if rude:
        yield finding(
            "rude_words", rude, "look",
            lambda n: counted(n, "1 row holds a rude word", "{} rows hold rude words"), "",
            f"Only counted, by a short list of words in {LANGUAGES}: whether a text offends depends on what it says. "
            "A model that learns such texts may write so too.",
        )  # fmt: skip


@cache
def rude_words() -> frozenset[str]:
    """The list, in lower case."""
    lines = (resources() / "words" / "rude.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))

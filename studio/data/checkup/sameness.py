"""When two texts count as the same: not by capitals, blanks or punctuation.

In: a text. Out: its key; texts with equal keys are duplicates for the split and the check-up alike.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache


def sameness_key(text: str) -> str:
    """The text without capitals, punctuation and extra blanks; where nothing else is left, its plain characters."""
    folded = text.casefold()
    if folded.isascii():
        return " ".join(folded.translate(_ascii_blanks()).split()) or " ".join(folded.split())
    return " ".join(folded.translate(_blanks()).split()) or " ".join(folded.split())


@cache
def _ascii_blanks() -> str:
    """For `str.translate`: a table as a string is looked up by place, which is the fastest."""
    return "".join(" " if _is_punctuation(chr(code)) else chr(code) for code in range(128))


@cache
def _blanks() -> dict[int, str]:
    return {code: " " for code in range(sys.maxunicode + 1) if _is_punctuation(chr(code))}


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")

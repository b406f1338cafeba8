"""Texts as words, in any script, for the scores that count words.

In: a text. Out: its words in order, one form for what is written in several ways. Where a script puts no spaces between
words (Chinese, Japanese, Thai, …), each character stands for itself, as BLEU and the Chinese question sets do it.
"""

from __future__ import annotations

import re
import unicodedata

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Tibetan, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Japanese, Chinese
    "\U00020000-\U0003ffff"
)
_ALONE = re.compile(f"([{_UNSPACED}])")


def one_form(text: str) -> str:
    """The text in one Unicode form (NFKC) and without difference in case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> tuple[str, ...]:
    """The text's words: what stands between spaces, and each character of a script without spaces. Signs that stand
    over or under such a character stay with it."""
    found: list[str] = []
    for run in text.split():
        for piece in _ALONE.split(run):
            if piece and found and _ALONE.fullmatch(piece) and unicodedata.category(piece).startswith("M"):
                found[-1] += piece
            elif piece:
                found.append(piece)
    return tuple(found)


def bare_words(text: str) -> tuple[str, ...]:
    """The words in one form, letters, their marks and digits alone: every other sign parts two words."""
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in one_form(text))
    return words("".join(kept))


def is_unspaced(text: str) -> bool:
    """Whether at least three in ten characters are of a script without spaces."""
    return len(_ALONE.findall(text)) > 0.3 * max(1, len(text))

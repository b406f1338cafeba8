"""How much of their wording two texts share: words, and slips within words; what they have from their ends on.

In: two sameness keys. Out: shares between 0 and 1. Runs of letters judge a long text well, but in one of five words a
single letter that slipped changes a third of them; there words have to be compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LEAST = 4  # letters of a word from which on one slip leaves it the same word: “now” and “not” are two
_SLIPS = 3  # one word in so many may hold a slip, and one always: else it is another text
# Characters of scripts without blanks count as a word each: Chinese, Japanese kana, Hangul.
_UNITS = re.compile(
    r"[\u2e80-\u312f\u31a0-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[^\s\u2e80-\u312f\u31a0-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def same_words(one: str, other: str, least: float) -> float:
    """The share of words, in any order, that both texts have among those that either has (Jaccard similarity of
    multisets). A word with one slip (a letter more, less, another, or two swapped) counts as the same in one word of
    three. 0 where it is surely below `least`."""
    ours, theirs = units(one), units(other)
    short, long = min(len(ours), len(theirs)), max(len(ours), len(theirs))
    most = max(1, long // _SLIPS)
    if short < least * long or len(set(ours) & set(theirs)) + most < least * len(set(ours)):
        return 0.0
    mine, yours = Counter(ours), Counter(theirs)
    both = sum((mine & yours).values())
    if both + most < least * long:
        return 0.0
    left = list((yours - mine).elements())
    slips = 0
    for word in (mine - yours).elements():
        meant = next((held for held in left if slips < most and is_slip(word, held)), None)
        if meant is not None:
            left.remove(meant)
            slips += 1
    both += slips
    return both / (short + long - both)


def units(text: str) -> Sequence[str]:
    """The words of a text; where a script has no blanks, its characters."""
    return text.split() if text.isascii() else _UNITS.findall(text)


def is_slip(one: str, other: str) -> bool:
    """Whether two different words of letters are the same but for one letter: one more, one less, another one, or two
    neighbours swapped (the restricted edit distance of Damerau 1964 is 1). Digits never slip: 41 and 42 are two."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) < _LEAST or len(other) - len(one) > 1 or not (one.isalpha() and other.isalpha()):
        return False
    at = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    return one[at + 1 :] == other[at + 1 :] or (
        one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    )


def same_ends(one: str, other: str) -> float:
    """The share of the longer text that is the same from the front up to the first difference and from the back up to
    the last."""
    most, least = max(len(one), len(other)), min(len(one), len(other))
    front = next((at for at in range(least) if one[at] != other[at]), least)
    back = next((at for at in range(least - front) if one[-1 - at] != other[-1 - at]), least - front)
    return (front + back) / most

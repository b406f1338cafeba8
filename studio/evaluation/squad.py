"""How right an answer about a text is: exact match and F1 over words, as SQuAD scores them, in any script.

In: an answer, and its known answers. Out: right or not, and a share. Knows nothing of models or tables. The measures
are those of Rajpurkar et al. 2016 and 2018 (unanswerable questions); characters stand for words in scripts without
spaces (Cui et al. 2019). Two things are stricter than SQuAD's own script, which strikes out every sign: a point, a
comma or a minus that belongs to a number stays, because 1.5 mg are not 15 mg; and an answer of nothing but articles or
signs stays as it is, so that it is not taken for "no answer".
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from studio.words import one_form, words

_ARTICLES = frozenset({"a", "an", "the"})
_OF_NUMBER = re.compile(r"(?<=\d)[.,٫](?=\d)|(?<!\w)-(?=\d)")
_NO_ANSWER = ("",)
_SAID_NOTHING = "—"  # no word, and no answer either


def answer_words(text: str) -> tuple[str, ...]:
    """What is compared of an answer: its words, without case, signs and English articles; () for no answer."""
    plain = one_form(text).replace("\N{MINUS SIGN}", "-")
    kept = {found.start() for found in _OF_NUMBER.finditer(plain)}
    bare = "".join(sign for place, sign in enumerate(plain) if place in kept or not _is_sign(sign))
    every = words(bare)
    return tuple(word for word in every if word not in _ARTICLES) or every or tuple(plain.split())


def told(answer: str, no_answer: str) -> str:
    """What an answer says: "" where it is the sentence `no_answer`, which stands for “the text does not say”. To write
    nothing at all is not to say so."""
    if not answer.strip():
        return _SAID_NOTHING
    return "" if answer_words(answer) == answer_words(no_answer) else answer


def exact(answer: str, references: Sequence[str]) -> bool:
    """Whether the answer is one of the known ones. No reference, or "" as one, means that the text holds no answer;
    then "" is right."""
    said = answer_words(answer)
    return any(said == answer_words(known) for known in references or _NO_ANSWER)


def f1(answer: str, references: Sequence[str]) -> float:
    """How far the answer's words are those of the closest known answer: the harmonic mean of the share that is right
    and the share that is found, in 0..1. "No answer" is right or wrong as a whole."""
    said = answer_words(answer)
    return max(_f1(said, answer_words(known)) for known in references or _NO_ANSWER)


def _f1(said: tuple[str, ...], known: tuple[str, ...]) -> float:
    if not said or not known:
        return float(said == known)
    shared = sum((Counter(said) & Counter(known)).values())
    return 2 * shared / (len(said) + len(known))


def _is_sign(sign: str) -> bool:
    return sign in string.punctuation or unicodedata.category(sign).startswith("P")

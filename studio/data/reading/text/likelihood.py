"""How likely bytes are as text in an encoding.

In: lines that hold bytes beyond ASCII. Out: for each encoding the logarithm of how likely it is that somebody wrote
just this: letters as frequent as in a language that comes in it, capitals where words begin, no signs inside words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from studio.data.reading.text.letters import (
    HAN,
    HAN_TRADITIONAL,
    HANGUL,
    KANJI,
    LANGUAGES,
    MANY_BYTES,
    ONE_BYTE,
)

_PLAIN = -3.0  # what a letter from a to z costs; the same everywhere, but some encodings spend two bytes on a character
_NEVER = -14.0  # bytes that are nothing in an encoding, and control characters
_RARE = -9.0  # a letter that the language does not use
_TEMPERATURE = 2.5  # letters of a word depend on each other, so that sums of logarithms say too much
_CAPITAL = -2.3  # about one letter in ten is a capital
_BEGINNING = -3.0  # of a word in another script than ours: its letters come in words and not one by one
_HINT = 12.0
_ALL_CAPITALS = -4.0  # texts of capitals alone are rarer
_MARKS = {
    **dict.fromkeys("’“”–…", -3.5),
    **dict.fromkeys("‘„—«»\xa0€£•°", -4.5),
    **dict.fromkeys("©®™§·¿¡²³½´`¼‚‹›×µ±¾ºª", -6.0),
}
_WORDLIKE = frozenset("’´‘·'-\xad‐ʼ")  # signs that stand inside words
_BY_SCRIPT = {
    "ar": dict.fromkeys("،؟؛", -4.5),
    "th": {"๐": -6.0, "฿": -6.0},
    "el": {"·": -5.0, "΄": -7.0, "’": -6.5},
    "he": {"₪": -5.0},
}
_OPENING, _CLOSING = frozenset("“„‘«¿¡‚‹£€"), frozenset("”»…›")
_WORD = re.compile(rb"(?<![\x80-\xff])\b[A-Za-z]+\b(?![\x80-\xff])")
_PLAIN_BESIDE = re.compile("[a-z](?=[\u3040-\uffff])|(?<=[\u3040-\uffff])[a-z]")
_RUN = re.compile("[\u3000-\uffff]+")
_AMONG_PLAIN = -2.0  # for a small letter right beside a character of East Asia
_COMBINING = dict.fromkeys("\u0300\u0301\u0323", -3.5) | dict.fromkeys("\u0303\u0309", -4.0)  # tones of Vietnamese
_TONELESS = -0.2  # a letter from a to z in Vietnamese, where others have so few marks


@dataclass(frozen=True)
class Seen:
    """What is counted once for all encodings: `pairs` of neighbouring bytes of which one is beyond ASCII, and plain
    `words` in lower case."""

    sample: bytes
    pairs: Mapping[tuple[int, int], int]
    words: Mapping[str, int]

    @classmethod
    def of(cls, sample: bytes) -> Seen:
        """Count a sample."""
        framed = b" " + sample + b" "
        pairs = {pair: count for pair, count in Counter(pairwise(framed)).items() if max(pair) > 127}
        words = Counter(word.decode().lower() for word in _WORD.findall(sample))
        return cls(sample, pairs, words)


def likelihoods(sample: bytes) -> dict[str, float]:
    """The logarithm of the likelihood for every known encoding."""
    seen = Seen.of(sample)
    most = max(_HINT, sum(byte > 127 for byte in sample))  # plain words say no more than the letters beyond them
    hints = {name: min(most, _hint(name, seen.words)) for name in LANGUAGES}
    return {name: prior + _scored(seen, name, hints) for name, (prior, _) in (ONE_BYTE | MANY_BYTES).items()}


def _scored(seen: Seen, name: str, hints: Mapping[str, float]) -> float:
    if name in MANY_BYTES:
        return _many_bytes(name, MANY_BYTES[name][1], seen.sample)
    return _one_byte(name, ONE_BYTE[name][1], seen, hints)


def _hint(language: str, words: Mapping[str, int]) -> float:
    """What the plain words say for a language."""
    usual = LANGUAGES[language].words.split()
    return 0.7 * sum(words.get(word, 0) for word in usual)


def _one_byte(name: str, languages: str, seen: Seen, hints: Mapping[str, float]) -> float:
    letters = _decoded(name)
    pairs = [(letters[a], letters[b], count) for (a, b), count in seen.pairs.items()]
    plain = _PLAIN * sum(byte < 128 for byte in seen.sample)
    around = sum(count * _transition(a, b) for a, b, count in pairs)
    if not LANGUAGES[languages.split()[0]].words:
        around += _BEGINNING * sum(count for a, b, count in pairs if _is_own(b) and not _is_own(a))
    beyond: Counter[str] = Counter()
    for _, letter, count in pairs:
        if letter > "\x7f":
            beyond[letter] += count
    capitals = sum(count for letter, count in beyond.items() if letter.isupper())
    if languages == "vi":
        plain += _TONELESS * len(re.findall(rb"[A-Za-z]", seen.sample))
    tables = [_weights(language) for language in languages.split()]
    found = max(_sum(beyond, table) + hints.get(language, 0.0)
                for language, table in zip(languages.split(), tables, strict=True))  # fmt: skip
    if 2 * capitals > beyond.total():
        swapped = Counter({_swapped(letter): count for letter, count in beyond.items()})
        found = max(found, _ALL_CAPITALS + max(_sum(swapped, table) for table in tables))
    return plain + around + found


def _is_own(letter: str) -> bool:
    """Whether this is a letter beyond a–z."""
    return letter > "\x7f" and (letter.isalpha() or unicodedata.combining(letter) > 0)


def _swapped(letter: str) -> str:
    other = letter.swapcase()
    return other if len(other) == 1 else letter


def _sum(letters: Mapping[str, int], weights: Mapping[str, float]) -> float:
    return sum(count * weights.get(letter, _other(letter)) for letter, count in letters.items())


@cache
def _decoded(name: str) -> tuple[str, ...]:
    return tuple(bytes([byte]).decode(name, "replace") for byte in range(256))


@cache
def _weights(language: str) -> dict[str, float]:
    """The logarithm of how frequent each letter beyond ASCII is."""
    letters, words = LANGUAGES[language]
    found: dict[str, float] = {}
    if words:  # few letters, of which the first ones are by far the most frequent
        raw = [1 / (place + 1.5) for place in range(len(letters))]
        share = {"en": 0.02, "vi": 0.12}.get(language, 0.05)
    else:
        raw = [math.exp(-place / (len(letters) / 3.5)) for place in range(len(letters))]
        share = 0.9
    for letter, weight in zip(letters, raw, strict=True):
        found[letter] = math.log(share * weight / sum(raw))
        if letter.upper() != letter and len(letter.upper()) == 1:
            found.setdefault(letter.upper(), found[letter] + _CAPITAL)
    if language == "vi":
        found |= _COMBINING
    return found | _MARKS | _BY_SCRIPT.get(language, {})


def _other(letter: str) -> float:
    if letter == "\ufffd" or unicodedata.category(letter) in {"Cc", "Cn", "Co", "Cs"}:
        return _NEVER
    return _RARE if letter.isalpha() else _RARE - 1


@cache
def _transition(before: str, after: str) -> float:
    """What two neighbours cost beyond each by itself."""
    if unicodedata.combining(after):
        return 0.0 if before.isalpha() or unicodedata.combining(before) else -6.0
    if before.isalpha() and after.isalpha():
        if _script(before) != _script(after):
            return -5.0
        return -4.0 if before.islower() and after.isupper() else 0.0
    if before.isalpha() or after.isalpha():
        if (before.isalpha() and after in _OPENING) or (before in _CLOSING and after.isalpha()):
            return -3.0
        sign, letter = (after, before) if before.isalpha() else (before, after)
        if sign > "\x7f" and sign not in _WORDLIKE and sign not in _MARKS:
            return -2.0
        if sign.isdigit() and letter > "\x7f":
            return -2.0
    return 0.0


@cache
def _script(letter: str) -> str:
    if letter in "ªº":
        return "LATIN"
    return unicodedata.name(letter, "?").split(" ")[0]


def _many_bytes(name: str, language: str, sample: bytes) -> float:
    text = sample.decode(name, "replace")
    found = sum(
        count * (_PLAIN if letter < "\x80" else _syllable(language, letter)) for letter, count in Counter(text).items()
    )
    runs = len(_RUN.findall(text))
    return found + _AMONG_PLAIN * len(_PLAIN_BESIDE.findall(text)) + _BEGINNING * runs


@cache
def _syllable(language: str, letter: str) -> float:
    """The logarithm of how frequent a character is in Chinese, Japanese or Korean."""
    if letter in "、。，！？：；（）「」“”《》・…～—〜『』【】":
        return -5.0
    if "\uff01" <= letter <= "\uff5e" or letter == "\u3000":
        return -8.0
    if (place := _common()[language].find(letter)) >= 0:
        return -4.5 - place / len(_common()[language]) * 2.5
    kind = _kind(letter)
    if language == "ja" and kind in {"hiragana", "katakana"}:
        return -4.0 if kind == "hiragana" else -5.5
    if kind == {"zh": "han", "zh-hant": "han", "ja": "han", "ko": "hangul"}[language]:
        return _level(language, letter)
    if letter == "\ufffd" or unicodedata.category(letter) in {"Cc", "Cn", "Co", "Cs"}:
        return _NEVER * 2
    return -13.0


@cache
def _common() -> dict[str, str]:
    return {"zh": HAN, "zh-hant": HAN_TRADITIONAL, "ja": KANJI, "ko": HANGUL}


def _kind(letter: str) -> str:
    for kind, first, last in (
        ("hiragana", "\u3041", "\u309e"),
        ("katakana", "\u30a1", "\u30fe"),
        ("han", "\u4e00", "\u9fff"),
        ("hangul", "\uac00", "\ud7a3"),
    ):
        if first <= letter <= last:
            return kind
    return ""


# The charset that holds the usual characters of a language, and the highest lead byte of its usual half.
_USUAL_HALF = {"zh": ("gb2312", 0xD7), "zh-hant": ("big5", 0xC6), "ja": ("euc_jp", 0xCF), "ko": ("euc_kr", 0xC8)}


def _level(language: str, letter: str) -> float:
    charset, last = _USUAL_HALF[language]
    try:
        lead = letter.encode(charset)[0]
    except UnicodeEncodeError:
        return -15.0
    return -9.0 if lead <= last else -12.0


def mean(sample: bytes, name: str) -> float:
    """The mean logarithm of the likelihood of a byte beyond ASCII."""
    beyond = sum(byte >= 128 for byte in sample)
    if not beyond:
        return 0.0
    plain = _PLAIN * (len(sample) - beyond)
    return (_scored(Seen.of(sample), name, {}) - plain) / beyond


def are_signs(sample: bytes, name: str) -> bool:
    """Whether all bytes beyond ASCII are signs that any text may hold, and none is a letter."""
    return {letter for letter in sample.decode(name, "replace") if letter > "\x7f"} <= _MARKS.keys()


def certainty(sample: bytes, name: str, scores: Mapping[str, float]) -> float:
    """How sure the encoding `name` is beside those that give another text: 0..1."""
    text = sample.decode(name, "replace")
    rivals = sorted((score for other, score in scores.items() if other != name), reverse=True)
    for other in sorted(scores, key=lambda other: -scores[other]):
        if other != name and sample.decode(other, "replace") != text:
            return 0.99 / (1 + math.exp(-(scores[name] - scores[other]) / _TEMPERATURE))
    return 0.99 if rivals else 0.0

"""Where an answer stands in its text.

In: a text, an answer as somebody wrote it, and where it is said to begin, counted in whatever way. Out: a Place, and
how it was found; None where the answer does not stand in the text. Knows nothing of tables, tokens or models.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

How = Literal["told", "utf-16", "bytes", "near", "found", "alike"]
IN_WORDS: dict[How, str] = {
    "told": "it begins where the table says",
    "utf-16": "the table counts characters beyond Unicode's first plane, such as emoji, twice (UTF-16)",
    "bytes": "the table counts bytes, not characters",
    "near": "it does not begin where the table says; the nearest place is used",
    "found": "found by its words",
    "alike": "found with spaces, capitals and ways to write a letter set aside",
}


class Place(NamedTuple):
    """Characters [start, end) of the text, how they were found, and at how many places the answer stands word for
    word (1 where only a likeness stands there)."""

    start: int
    end: int
    how: How
    places: int


def place_of(text: str, answer: str, start: str = "") -> Place | None:
    """Where `answer` stands in `text`. `start`, a number in a cell, is tried as characters (Python's code points), as
    UTF-16 units, as bytes of UTF-8; where the answer stands at none of these, its place nearest to `start` is taken,
    without a start the first place that begins and ends with a word. An answer that does not stand there word for word
    is looked for with spaces, case and Unicode forms aside. None for a blank answer too."""
    wanted = answer.strip()
    if not wanted:
        return None
    begin = _number(start)
    places = list(_places(text, wanted))
    if begin is None:
        if places:
            first = next((at for at in places if _is_whole(text, at, at + len(wanted))), places[0])
            return Place(first, first + len(wanted), "found", len(places))
        return _alike(text, wanted, 0)
    begin += len(answer) - len(answer.lstrip())
    for how, at in _readings(text, begin):
        if text.startswith(wanted, at):
            return Place(at, at + len(wanted), how, len(places))
    if places:
        at = min(places, key=lambda place: abs(place - begin))
        return Place(at, at + len(wanted), "near", len(places))
    return _alike(text, wanted, begin)


def _number(cell: str) -> int | None:
    """The whole number in a cell, "12" or "12.0"; None for anything else."""
    whole, _, rest = cell.strip().partition(".")
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 16 and not rest.strip("0") else None


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _readings(text: str, begin: int) -> Iterator[tuple[How, int]]:
    """The characters at which a start may be meant."""
    yield "told", begin
    if text.isascii():
        return
    units = octets = 0
    found: dict[How, int] = {}
    for at, letter in enumerate(text):
        if units == begin:
            found["utf-16"] = at
        if octets == begin:
            found["bytes"] = at
        units += 2 if ord(letter) > 0xFFFF else 1
        octets += len(letter.encode("utf-8", errors="replace"))
        if units > begin and octets > begin:
            break
    yield from found.items()


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut in two at either end. Where a script has no spaces every place is in a word."""
    return not (text[start].isalnum() and start and text[start - 1].isalnum()) and not (
        text[end - 1].isalnum() and end < len(text) and text[end].isalnum()
    )


def _alike(text: str, wanted: str, near: int) -> Place | None:
    """The likeness nearest to a character."""
    target, _ = _folded(wanted)
    whole, origins = _folded(text)
    if not target.strip():
        return None
    found: list[tuple[int, int]] = []
    for at in _places(whole, target):
        first, last = origins[at], origins[at + len(target) - 1]
        # Nothing is taken out of the middle of a letter: not the “f” of a ligature, not the “a” of an “ä”.
        is_begun = at == 0 or origins[at - 1] != first
        is_ended = at + len(target) == len(whole) or origins[at + len(target)] != last
        if is_begun and is_ended:
            found.append((first[0], last[1]))
    if not found:
        return None
    start, end = min(found, key=lambda place: abs(place[0] - near))
    return Place(start, end, "alike", 1)


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text in Unicode's decomposed compatible form (NFKD), without difference in case, each run of blanks as one
    space and what is invisible left out; and for each letter of it the characters [begin, end) that it came from."""
    letters: list[str] = []
    origins: list[tuple[int, int]] = []
    for begin, end in _clusters(text):
        piece = unicodedata.normalize("NFKD", text[begin:end])
        piece = unicodedata.normalize("NFKD", piece.casefold())
        if piece.isspace():
            if letters and letters[-1] == " ":
                origins[-1] = (origins[-1][0], end)
                continue
            piece = " "
        for letter in piece:
            if unicodedata.category(letter) != "Cf":
                letters.append(letter)
                origins.append((begin, end))
    return "".join(letters), origins


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """A character and the marks that combine with it, one after the other."""
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield begin, at
            begin = at

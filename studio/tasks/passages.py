"""A text in sentences, and which of them are nearest to a question.

In: a text and a question. Out: pieces of the text, and the text cut down to those that matter for the question. Knows
nothing of tokens or models. Nearness counts shared runs of three letters, the rarer in the text the more (the idea of
Robertson and Spärck Jones 1976): so "decalcified" is near to "decalcification", in any language.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from studio.words import bare_words

GAP = " … "
# A mark that ends a sentence, with quotes or brackets behind it, before a blank; after 。 and the like none is needed.
_ENDS = re.compile(r"""(?<=[.!?…])["'”’»)\]]*\s+|(?<=[。！？｡])["'”’」』）]*|\n+""")
_LONGEST = 400  # characters; a text without punctuation is parted all the same
_RUN = 3


def sentences(text: str) -> list[str]:
    """The text's sentences and lines in order, without blanks around them; very long ones in parts."""
    found: list[str] = []
    start = 0
    for border in [*_ENDS.finditer(text), None]:
        end = border.end() if border is not None else len(text)
        found += _parted(text[start:end].strip())
        start = end
    return found


def nearest_sentence(text: str, question: str) -> str:
    """The sentence that is most like the question; "" for a text without any."""
    pieces = sentences(text)
    scores = nearness(pieces, question)
    return pieces[max(range(len(pieces)), key=scores.__getitem__)] if pieces else ""


def nearness(pieces: Sequence[str], question: str) -> list[float]:
    """How near each piece is to the question; 0 where they share nothing."""
    each = [_runs(piece) for piece in pieces]
    in_pieces = Counter(run for runs in each for run in runs)
    asked = _runs(question)
    found = []
    for runs in each:
        shared = sum(math.log(1 + len(pieces) / in_pieces[run]) for run in runs & asked)
        found.append(shared / math.sqrt(len(runs)) if runs else 0.0)
    return found


def shortened(text: str, question: str, fits: Callable[[str], bool]) -> str:
    """The text without the passages farthest from the question, the rest in its own order and a “…” where something is
    missing; as much as `fits`, which is asked a few times. A sentence next to a near one counts half of it, since
    answers often stand beside the words of the question."""
    pieces = sentences(text)
    own = nearness(pieces, question)
    scores = [max(score, *(0.5 * beside for beside in (*own[max(0, n - 1) : n], *own[n + 1 : n + 2])), 0.0)
              for n, score in enumerate(own)]  # fmt: skip
    order = sorted(range(len(pieces)), key=lambda n: (-scores[n], n))
    low, high = 0, len(pieces)  # how many of the nearest fit: a longer choice is a longer text
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_together(pieces, order[:middle])):
            low = middle
        else:
            high = middle - 1
    return _together(pieces, order[:low])


def _together(pieces: Sequence[str], chosen: Sequence[int]) -> str:
    made, last = "", -1
    for number in sorted(chosen):
        gap = " " if number == last + 1 else GAP
        made += (gap if made else "" if number == 0 else GAP.lstrip()) + pieces[number]
        last = number
    return made + (GAP.rstrip() if chosen and last < len(pieces) - 1 else "")


def _runs(text: str) -> set[str]:
    return {f" {word} "[n : n + _RUN] for word in bare_words(text) for n in range(max(1, len(word)))}


def _parted(piece: str) -> Iterator[str]:
    while len(piece) > _LONGEST:
        border = piece.rfind(" ", _LONGEST // 2, _LONGEST) + 1 or _LONGEST
        yield piece[:border].strip()
        piece = piece[border:].strip()
    if piece:
        yield piece

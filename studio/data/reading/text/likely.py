"""The encodings that a file's bytes fit, the likeliest first, each with what it makes of them.

In: a file. Out: a few Likely for a person to choose among. Which one is taken without asking is decided in encoding.py,
with the same likelihoods.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from studio.data.reading.text.encoding import HEAD
from studio.data.reading.text.likelihood import likelihoods

MOST = 6
_SAMPLE = 16 << 10  # bytes of lines beyond ASCII that are judged
_SHOWN = 44  # characters of a line
_BEFORE = 12  # of them before the first unusual one


class Likely(NamedTuple):
    """A codec's `name`, and the first line with an unusual character as it shows it, shortened around that."""

    name: str
    line: str


def likely_encodings(file: Path, *, should_stop: Callable[[], bool] = lambda: False) -> tuple[Likely, ...]:
    """At most six, best first; of several that show the line the same way, the likeliest. None where every line is
    plain letters, which all of them show the same way, or where the file is in units of two or four bytes."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    lines = [line for line in head.splitlines() if not line.isascii()]
    if not lines or b"\0" in head[:1024]:
        return ()
    sample = b"\n".join(lines)[:_SAMPLE]
    scores = likelihoods(sample)
    if should_stop():
        return ()
    found: dict[str, Likely] = {}
    for name in ("utf-8", *sorted(scores, key=lambda name: -scores[name])):
        text = _decoded(sample, name)
        if text:
            line = _around(text.splitlines()[0])
            found.setdefault(line, Likely(name, line))
        if len(found) == MOST:
            break
    return tuple(found.values())


def _decoded(sample: bytes, name: str) -> str:
    """The sample as text; "" where the encoding does not fit it. Its last character may be cut in two."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return ""
    return "" if any(_unwritten(text)) else text


def _unwritten(text: str) -> Iterator[bool]:
    """Control characters that no text holds: another encoding has letters there."""
    return ("\x7f" <= sign < "\xa0" and sign != "\x85" for sign in text)


def _around(line: str) -> str:
    first = next((place for place, sign in enumerate(line) if not sign.isascii()), 0)
    start = max(0, first - _BEFORE)
    shown = line[start : start + _SHOWN].strip()
    return ("…" if start else "") + shown + ("…" if len(line) > start + _SHOWN else "")

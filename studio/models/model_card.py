"""What a model folder's card says of it: its licence and its languages.

In: a folder with a README.md, as on the hub. Out: CardFacts, empty where it says nothing. Reads the few lines of the
front matter that it needs and nothing else of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_READ = 16_000  # characters; a card that lists a hundred languages, each on a line of its own, stays well below
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LICENSE = re.compile(r"^license:[ \t]*[\"']?([\w.+-]+)[\"']?[ \t]*$", re.MULTILINE)
_LANGUAGES = re.compile(r"^languages?:[ \t]*([^\n]*)((?:\n[ \t]*-[ \t]*[^\n]+)*)", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True)
class CardFacts:
    """`license` as the hub names it, "" where none is stated; `languages` as they are written there."""

    license: str = ""
    languages: tuple[str, ...] = ()


def read_card(folder: Path) -> CardFacts:
    """The facts in the front matter of the folder's README.md."""
    try:
        text = (folder / "README.md").read_text(encoding="utf-8", errors="replace")[:_READ]
    except OSError:
        return CardFacts()
    front = _FRONT.match(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    if front is None:
        return CardFacts()
    license_, languages = _LICENSE.search(front[1]), _LANGUAGES.search(front[1])
    told = f"{languages[1]} {languages[2]}" if languages else ""
    return CardFacts(license_[1] if license_ else "", tuple(_WORD.findall(told)))

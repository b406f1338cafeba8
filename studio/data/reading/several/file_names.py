"""What the names of files and folders say: to which part of the data they belong, and what they are called without it.

In: paths relative to the folder that holds them all. Out: "training", "validation", "test" or "", and families of
files that differ only in that and in their numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from studio.data.reading.given_parts import part_of

PARTS = {"training": "training", "watching": "validation", "test": "test"}
_TAILS = ("set", "data", "split", "ing", "file", "daten", "sdaten", "datensatz", "satz")  # as in "trainset"
_UNSPACED = {"训练": "training", "学習": "training", "验证": "validation", "開発": "validation", "検証": "validation",
             "测试": "test", "テスト": "test", "훈련": "training", "검증": "validation", "테스트": "test"}  # fmt: skip
# Words that name a part in a column, and in the name of a file anything else.
_ORDINARY = frozenset({"fit", "watch", "watching", "learn", "learning", "development", "prova"})
_PACKED = frozenset({".gz", ".bz2", ".xz", ".zst", ".zip"})
_SHARD = re.compile(r"(?:\d{3,6}-)?(?:of-)?\d{3,6}$|part[-_]?\d+$|\(\d+\)$", re.IGNORECASE)


def suffix_of(name: str) -> str:
    """The ending that tells the kind, in small letters: ".csv" for "a.CSV.gz"."""
    path = PurePosixPath(name)
    if path.suffix.lower() in _PACKED and PurePosixPath(path.stem).suffix:
        path = PurePosixPath(path.stem)
    return path.suffix.lower()


def stem_of(name: str) -> str:
    """The name without its endings: "a" for "x/a.csv.gz"."""
    stem = PurePosixPath(name)
    while stem.suffix and not stem.suffix[1:].isdigit() and len(stem.suffix) <= 9:
        stem = stem.with_suffix("")
    return stem.name


def part_in(words: str) -> str:
    """The part that a single name says, "" where it says none: "test" for "banking-test", "validation" for "devset"."""
    said = [part for word in _words(words) if (part := _part(word))]
    return said[-1] if said else ""


def part_named(name: str) -> str:
    """The part that a path says: its file's name first, else the nearest folder that says one."""
    path = PurePosixPath(name)
    for words in (stem_of(path.name), *(folder.name for folder in path.parents if folder.name)):
        if part := part_in(words):
            return part
    return ""


def parts_named(names: Sequence[str]) -> dict[str, str]:
    """The part of each file. A word like “test” also means other things (“blood_test.csv”), so it counts only where the
    files are parts of one thing: they name different parts, or one is called like another but for that word. Where
    none is for training, the files that name no part are. Where all say the same, nothing is said."""
    said = {name: part_named(name) for name in names}
    if len(set(said.values())) < 2:
        return dict.fromkeys(names, "")
    named = {part for part in said.values() if part}
    relatives = Counter(family_of(name) for name in names)
    if len(named) == 1 and not any(relatives[family_of(name)] > 1 for name in names if said[name]):
        return dict.fromkeys(names, "")
    if "training" not in named:
        return {name: part or "training" for name, part in said.items()}
    return said


def family_of(name: str) -> str:
    """The path without the words for parts and the numbers of pieces: "x/en" for "x/en-test-00001-of-00002.csv"."""
    path = PurePosixPath(name)
    stem = _SHARD.sub("", stem_of(path.name)).rstrip("-_. ")
    folders = [folder for folder in path.parent.parts if not part_in(folder)]
    return "/".join([*folders, "_".join(word for word in _words(stem, whole=True) if not _part(word))])


def in_order(name: str) -> tuple[tuple[bool, int, str], ...]:
    """A key that sorts names as people count: "a2" before "a10"."""
    pieces = re.findall(r"\d+|\D+", name.casefold())
    return tuple((not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in pieces)


def _words(name: str, *, whole: bool = False) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W_]+" if whole else r"[^\W\d_]+", spaced.casefold())


def _part(word: str) -> str:
    for tail in ("", *_TAILS):
        plain = word.removesuffix(tail)
        if plain not in _ORDINARY and (part := part_of(plain)):
            return PARTS[part]
    return next((part for piece, part in _UNSPACED.items() if piece in word), "")

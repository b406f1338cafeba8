"""Files that are packed: compressed ones, and archives of several.

In: a file as people have it. Out: Given, whose path holds the unpacked bytes, in scratch under a name of our own; a
plain file passes through untouched. How much is unpacked is bounded, whatever an archive says of itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.archive import MOST_MEMBERS, is_document, open_archive
from studio.data.reading.packed.members import Member, tables
from studio.data.reading.packed.packed import (
    TITLES,
    Damaged,
    Locked,
    Packing,
    Stopped,
    TooMany,
    UnknownPacking,
    blocks,
    packing_of,
)
from studio.data.reading.packed.stream import through_pipe
from studio.data.reading.source import Given
from studio.problems import Problem, Where

MOST_BYTES = 20 << 30  # unpacked
RESERVE = 1 << 30  # bytes that stay free on the disk
HEAD_BYTES = 4 << 20  # what is enough of a text to see how it is made
_BOMB_BYTES = 200 << 20  # up to here any ratio is believed
_BOMB_RATIO = 300  # text hardly ever shrinks to less than a hundredth
_DEEPEST = 3  # as data.csv.gz in an archive.tar that is in a .gz
_WHOLE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")  # useless when cut
BETWEEN = " › "  # between a file in an archive and a sheet or a list inside it


@dataclass(frozen=True)
class _Work:
    """What stays the same while one file is unpacked."""

    original: Path
    scratch: Path
    options: ReadOptions
    only_head: bool
    should_stop: Callable[[], bool]

    def problem(self, what: str, why: str, fix: str) -> Problem:
        return Problem(what, why, fix, Where(str(self.original)))


def unpack(
    file: Path,
    options: ReadOptions,
    scratch: Path,
    *,
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Given:
    """The bytes to read. Of an archive the file that `options.member` names (alone, or before BETWEEN), else the
    likeliest table. `only_head` unpacks no more of a text than its first few MB. Raises a Problem for what cannot be
    unpacked or is too large, and Stopped."""
    given = Given(file, file, file.name)
    if file.is_dir():
        return given
    work = _Work(file, scratch, options, only_head, should_stop)
    if file.exists() and not file.is_file():
        with closing(through_pipe(file, should_stop)) as plain:
            given = replace(given, path=_write(work, plain, MOST_BYTES, scratch / "piped", is_whole=True))
    packing: Packing | None = None
    try:
        for depth in range(_DEEPEST + 1):
            packing = _packing(given.path)
            if packing is None:
                return given
            if depth < _DEEPEST:
                inner = _unpack_once(work, given, packing, scratch / f"unpacked-{depth}")
                if given.path != file:
                    given.path.unlink()
                given = inner
    except (Damaged, Locked, UnknownPacking, TooMany) as error:
        raise _in_words(error, given, packing) from error
    raise work.problem(
        f"“{file.name}” is packed several times over.",
        f"After unpacking it {_DEEPEST} times there is still an archive inside.",
        "Unpack it yourself and choose the table.",
    )


def _packing(file: Path) -> Packing | None:
    with file.open("rb") as stream:
        packing = packing_of(stream.read(1024))
    return None if packing == "zip" and is_document(file) else packing


def _in_words(error: Exception, given: Given, packing: Packing | None) -> Problem:
    where = Where(str(given.original))
    by_hand = "Unpack it yourself and choose the table."
    match error:
        case Locked():
            return Problem(
                f"“{given.name}” is locked with a password.", "It cannot be read without it.", by_hand, where
            )
        case UnknownPacking():
            return Problem(
                f"“{given.name}” is packed in a way that is not known here.",
                "Some programs use their own ways of packing inside a ZIP archive.",
                by_hand,
                where,
            )
        case TooMany():
            return Problem(
                f"“{given.name}” holds too many files.",
                f"An archive is searched for its table among up to {MOST_MEMBERS:,} files.",
                by_hand,
                where,
            )
        case _:
            return Problem(
                f"“{given.name}” is damaged.",
                f"It is {_title(given, packing)}, and some of its bytes are missing or changed.",
                "Fetch or copy it again. If it opens elsewhere, unpack it there and choose the table.",
                where,
            )


def _title(given: Given, packing: Packing | None) -> str:
    """What the file is in words; a workbook that is damaged is told from other archives by its name alone."""
    if packing in {None, "zip"} and given.path.suffix.lower() in {".xlsx", ".xlsm", ".xlsb", ".ods"}:
        return "a workbook"
    return f"a {TITLES[packing or 'zip']}"


def _unpack_once(work: _Work, given: Given, packing: Packing, to: Path) -> Given:
    if packing != "zip" and packing != "tar":
        size = given.path.stat().st_size
        ending = "".join(part.lower() for part in given.path.suffixes[-2:-1] if part[1:].isalnum())
        with closing(blocks(given.path, packing)) as plain:
            return replace(given, path=_write(work, plain, size, to.with_name(to.name + ending)))
    with open_archive(given.path, packing, work.should_stop) as archive:
        chosen = _choose(work, given, archive.members)
        with closing(archive.blocks(chosen)) as plain:
            path = _write(work, plain, max(1, chosen.packed), to.with_name(to.name + chosen.ending))
        return _given(given, path, chosen, archive.members)


def _choose(work: _Work, given: Given, listed: Sequence[Member]) -> Member:
    likely = tables(listed)
    wanted = work.options.member
    if wanted and not given.members:
        named = [m for m in listed if wanted == m.name or wanted.startswith(m.name + BETWEEN)]
        if named:
            return max(named, key=lambda member: len(member.name))
        if len(likely) > 1:
            raise work.problem(
                f"There is no “{wanted}” in “{given.name}”.",
                f"It holds {_names(likely)}.",
                "Choose one of these files.",
            )
    if not likely:
        inside = f"It holds {_names(listed)}." if listed else "It holds no files."
        raise work.problem(
            f"There is no table in “{given.name}”.", inside, "Choose a file with a table, or an archive that has one."
        )
    return likely[0]


def _given(given: Given, path: Path, chosen: Member, listed: Sequence[Member]) -> Given:
    """Where there is only one file to choose from, it needs no name beside the archive's."""
    names = tuple(dict.fromkeys([*(member.name for member in tables(listed)), chosen.name]))
    if given.members or len(names) == 1:
        return Given(path, given.original, given.name, given.member, given.members)
    return Given(path, given.original, f"{chosen.name} in {given.name}", chosen.name, names)


def _write(work: _Work, plain: Iterable[bytes], packed_size: int, path: Path, *, is_whole: bool = False) -> Path:
    """Write the blocks to a new file at `path`, within the limits; all of them where it `is_whole`, or not only the
    head is wanted."""
    written = 0
    room = min(MOST_BYTES, shutil.disk_usage(work.scratch).free - RESERVE)
    enough: int | None = None
    with path.open("wb") as out:
        for block in plain:
            if work.should_stop():
                raise Stopped
            if written == 0 and work.only_head and not is_whole and _may_be_cut(block):
                enough = HEAD_BYTES
            written += len(block)
            _check_size(work, written, packed_size, room)
            if enough is not None and written >= enough:
                out.write(_whole_lines(block))
                break
            out.write(block)
    return path


def _may_be_cut(head: bytes) -> bool:
    """Whether the beginning alone tells how the rest is made: not so for workbooks and lists in JSON."""
    if head.startswith(_WHOLE) or packing_of(head) is not None:
        return False
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return not begin.startswith((b"[", b"{\n", b"{\r", b"{ "))


def _whole_lines(block: bytes) -> bytes:
    """The block without a line that is cut off, where lines can be told (not so in text of two-byte units)."""
    end = block.rfind(b"\n") + 1
    return block[:end] if end and b"\0" not in block else block


def _check_size(work: _Work, written: int, packed_size: int, room: int) -> None:
    name = work.original.name
    if written > _BOMB_BYTES and written > _BOMB_RATIO * packed_size:
        raise work.problem(
            f"“{name}” is not unpacked.",
            f"It would grow to more than {_BOMB_RATIO} times its size, as files do that are made to fill a disk.",
            "If you trust it, unpack it yourself and choose the table.",
        )
    if written > room:
        full = room < MOST_BYTES
        raise work.problem(
            f"“{name}” is too large to unpack.",
            "The disk has too little free space for it." if full else f"It holds more than {MOST_BYTES >> 30} GB.",
            "Free some space, then try again." if full else "Unpack it yourself and choose a file of it.",
        )


def _names(listed: Sequence[Member]) -> str:
    shown = [f"“{member.name}”" for member in listed[:8]]
    more = len(listed) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")

"""Prose to passages: a text file as rows for continued writing.

In: a file of plain text or Markdown. Out: a Source with the one column “text”. A row is a passage of at most about
2,000 characters, cut where a blank line, a line or a sentence ends; the passages one after the other are the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.kinds import MARKUP
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.reading.text.encoding import HEAD, Encoding, check_is_text, check_name, find_encoding
from studio.data.table.table import Reading
from studio.problems import Problem, Where

COLUMN = "text"
LONGEST = 2_000  # characters of a passage
_BLANKS = 2_000  # characters of blank lines that stay with the passage before them, beyond its length
_BLOCK = 1 << 20  # characters that are read at once
_ROWS = 5_000  # passages in a portion
# Where a passage may end, best first. A match ends where the next passage begins.
_PARAGRAPH = re.compile(r"(?:\r\n|\n|\r)(?:[^\S\r\n]*(?:\r\n|\n|\r))+")
_LINE = re.compile(r"\r\n|\n|\r")
_SENTENCE = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[”’」』）]*")
_WORD = re.compile(r"\s+")
_BLANK = re.compile(r"\s*(?:\r\n|\n|\r)")
_ONE_A_LINE = "Each line may be a row of its own; told as one column, every line is one."
_UNSURE = 0.7
_FEWEST_LINES = 4
_SHORT = 300  # characters that a line has in the middle, where each may be a row
_WRAPPED = 0.3  # share of lines that begin with a small letter, from where on sentences run over the ends of lines,
_CAPITALS = 0.2  # unless no larger share of lines has a capital at all
_TAKES_MARK = ("utf-8-sig", "utf-16", "utf-32")  # what the codec leaves of a mark at the beginning is text
_UNREADABLE = re.compile("[\ud800-\udfff]")


def open_text(
    given: Given,
    options: ReadOptions = ReadOptions(),
    *,
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> TextSource:
    """The Source of a text file; of `options` only the encoding applies. `only_head` finds the encoding from the first
    bytes alone. Raises a Problem for what is no text, or holds nothing but blanks."""
    if options.encoding is None:
        encoding = find_encoding(given.path, only_head=only_head, should_stop=should_stop)
    else:
        with given.path.open("rb") as stream:
            check_is_text(stream.read(HEAD), given.path)
        encoding = Encoding(check_name(options.encoding, given.path), broken=True)
    source = TextSource(given, encoding, should_stop)
    if given.path.suffix.lower() not in MARKUP and _is_one_a_line(source.beginning()):
        source = replace(source, one_a_line=True)
    first = next(source.passages(), "")
    if not first.strip():
        raise Problem(
            f"“{given.name}” is empty.",
            "It holds nothing but blanks.",
            "Choose another file.",
            Where(str(given.original)),
        )
    return source


@dataclass(frozen=True)
class TextSource:
    """A text in passages; see Source."""

    given: Given
    encoding: Encoding
    should_stop: Callable[[], bool] = lambda: False
    one_a_line: bool = False  # each line may be a row

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (COLUMN,)

    def head(self, rows: int) -> Portion:
        """The first `rows` passages, those set aside among them."""
        return next(self._portions(rows))

    def portions(self) -> Iterator[Portion]:
        """Every passage once."""
        return self._portions(_ROWS)

    def _portions(self, rows: int) -> Iterator[Portion]:
        kept: list[tuple[str]] = []
        rejected: list[Rejected] = []
        for row in self._rows():
            if isinstance(row, Rejected):
                rejected.append(row)
            else:
                kept.append((row,))
            if len(kept) + len(rejected) == rows:
                yield Portion(kept, rejected)
                kept, rejected = [], []
        yield Portion(kept, rejected)

    def beginning(self) -> str:
        """The first characters; where there are more, up to the last whole line of them."""
        try:
            first = next(self._blocks(), "")
        except UnicodeError as error:
            raise _undecodable(self.given, self.encoding) from error
        return first if len(first) < _BLOCK else first[: max(first.rfind("\n"), first.rfind("\r")) + 1]

    def passages(self) -> Iterator[str]:
        """The text in pieces that give it back when they are put together."""
        try:
            yield from passages(self._blocks())
        except UnicodeError as error:
            raise _undecodable(self.given, self.encoding) from error

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        return Reading(
            file=str(self.given.original),
            encoding=self.encoding.name,
            delimiter="",
            quote="",
            has_header=False,
            rejected=rejected,
            certain=round(min(self.encoding.certain, _UNSURE if self.one_a_line else 1.0), 3),
            sentence=f"plain text, {self.encoding.title}, in passages of up to {LONGEST:,} characters that end "
            "where a paragraph ends, or else a line",
            kind="text",
            doubts=tuple(filter(None, (_ONE_A_LINE if self.one_a_line else "", self.encoding.doubt))),
            member=self.given.member,
            members=self.given.members,
        )

    def _rows(self) -> Iterator[str | Rejected]:
        line = 1
        for passage in self.passages():
            if self.should_stop():
                return
            if not passage.isascii() and _UNREADABLE.search(passage):
                shown = _UNREADABLE.sub("�", passage)
                yield Rejected(line, "Some of its characters cannot be read.", shown)
            else:
                yield passage
            line += len(_LINE.findall(passage))

    def _blocks(self) -> Iterator[str]:
        name = "utf-8-sig" if self.encoding.name == "utf-8" else self.encoding.name
        with Path(self.given.path).open(encoding=name, errors="surrogateescape", newline="") as stream:
            first = stream.read(_BLOCK)
            if name not in _TAKES_MARK:
                first = first.removeprefix("\ufeff")
            while block := first or stream.read(_BLOCK):
                first = ""
                yield block


def passages(blocks: Iterator[str]) -> Iterator[str]:
    """Text that comes in blocks of any size, as passages; put together they are the text. No passage is longer than
    LONGEST and the blank lines behind it."""
    rest, at, is_all = "", 0, False
    while True:
        while len(rest) - at <= LONGEST + _BLANKS and not is_all:
            block = next(blocks, "")
            rest, at, is_all = rest[at:] + block, 0, not block
        if at == len(rest):
            return
        end = _end(rest, at)
        yield rest[at:end]
        at = end


def _is_one_a_line(text: str) -> bool:
    """Whether the lines look like rows: most of them similar in length and short, none blank between them, and few that
    go on with a sentence."""
    lines = _LINE.split(text.strip())
    if len(lines) < _FEWEST_LINES or not all(line.strip() for line in lines):
        return False
    usual = median(map(len, lines))
    similar = sum(usual / 4 <= len(line) <= usual * 4 for line in lines)
    small = sum(line.lstrip()[0].islower() for line in lines[1:])
    capitals = sum(line != line.lower() for line in lines)
    is_wrapped = small >= _WRAPPED * len(lines) and capitals > _CAPITALS * len(lines)
    return usual <= _SHORT and similar > 0.8 * len(lines) and not is_wrapped


def _end(text: str, start: int) -> int:
    """Where the passage that begins at `start` ends."""
    last = start + LONGEST
    if last >= len(text):
        return len(text)
    if blank := _BLANK.match(text, start, last + _BLANKS):  # a text or the rest of a gap begins with blank lines
        start = min(blank.end(), last - 1)
    if (quick := text.rfind("\n\n", start, last)) >= 0:
        return _with_blanks(text, quick + 2, last)
    for ending in (_PARAGRAPH, _LINE, _SENTENCE, _WORD):
        ends = [found.end() for found in ending.finditer(text, start, last)]
        if ends:
            return _with_blanks(text, ends[-1], last)
    return last - 1 if text[last - 1 : last + 1] == "\r\n" else last


def _with_blanks(text: str, end: int, last: int) -> int:
    """The end moved behind the blank lines that follow."""
    blank = _BLANK.match(text, end, last + _BLANKS) if text[end - 1] in "\r\n" else None
    return blank.end() if blank else _whole_break(text, end)


def _whole_break(text: str, end: int) -> int:
    return end + 1 if text[end - 1 : end + 1] == "\r\n" else end


def _undecodable(given: Given, encoding: Encoding) -> Problem:
    return Problem(
        f"“{given.name}” could not be read as text.",
        f"Its bytes do not fit the encoding {encoding.title}.",
        "Choose another encoding, or save the file again as UTF-8.",
        Where(str(given.original)),
    )

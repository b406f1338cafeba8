"""The signs that set cells apart, and how Python's csv module is told of those that it does not know.

In: a Dialect. Out: a csv reader over lines in which every sign is one character, and the way back to the text as it
stands: signs inside quoted cells come out as they went in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studio.data.reading.delimited.drawn import Frame, Gap, at_gaps, between_bars

LONE_BYTE = re.compile("[\ud800-\udfff]")  # what bytes become that could not be decoded
BLANKS = "  "  # as a delimiter: two or more blanks in a row, as in tables that are aligned for the eye
# No characters at all, and never in a text: they stand for the delimiter, and for what was escaped.
_DELIMITER, _QUOTE, _ESCAPE, _ESCAPED = "\U0010fffe", "\U0010ffff", "\U000ffffe", "\U000fffff"
_STAND_INS = re.compile(f"[{_DELIMITER}{_QUOTE}{_ESCAPE}{_ESCAPED}]")
_TWO_BLANKS = re.compile(" {2,}")


def is_whole(lines: Sequence[str]) -> bool:
    """Whether every byte of these lines could be decoded."""
    return all(line.isascii() or not LONE_BYTE.search(line) for line in lines)


@dataclass(frozen=True)
class Dialect:
    """How cells are set apart: `delimiter` ("" = one column, BLANKS = two or more blanks, else one or more
    characters), `quote` ("" = none), whether blanks after a delimiter belong to it (as in `a, "b, c"`), `escape` ("" =
    none, a quote inside quotes is doubled; else it takes the meaning from a quote, a delimiter or itself, and stays
    text before all else), `comment`: lines that begin with it are remarks ("" = there are none), `loose`: quotes
    inside a quoted cell need not be doubled, only a quote before a delimiter or the line's end closes it, `frame`: the
    delimiter is a bar, beside which blanks are drawn, and `gaps`: with BLANKS, cells are set apart at these places."""

    delimiter: str = ","
    quote: str = '"'
    skip_blanks: bool = False
    escape: str = ""
    comment: str = ""
    loose: bool = False
    frame: Frame = ""
    gaps: tuple[Gap, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether every reader of CSV files knows this dialect: one delimiter, and nothing beyond quotes."""
        return len(self.delimiter) == 1 and not (
            self.skip_blanks or self.escape or self.comment or self.loose or self.frame
        )


class Signs:
    """The csv module's reader for a dialect; `marked` and `plain` lead there and back where it `are_plain` not."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self.are_plain = len(dialect.delimiter) == 1 and not (dialect.escape or dialect.frame)  # one column is not
        self._sign = dialect.delimiter if len(dialect.delimiter) == 1 and not dialect.frame else _DELIMITER
        signs = [sign for sign in (dialect.escape, dialect.quote, dialect.delimiter.strip(" ")) if sign]
        after = "|".join(re.escape(sign) for sign in signs)
        self._escaped = re.compile(f"{re.escape(dialect.escape)}({after})") if dialect.escape else None

        delimiter, quote = re.escape(self._sign), re.escape(dialect.quote)
        inside = rf"(?:[^{quote}]|{quote}(?!{delimiter}|$))*"
        self._cell = (
            re.compile(rf" ?{quote}({inside}){quote}(?={delimiter}|$)|[^{delimiter}]*") if dialect.loose else None
        )

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Rows of marked lines."""
        return csv.reader(
            lines,
            delimiter=self._sign,
            quotechar=self._dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if self._dialect.quote else csv.QUOTE_NONE,
            skipinitialspace=self._dialect.skip_blanks,
            strict=True,
        )

    def marked(self, line: str) -> str:
        """The line with one character for each sign."""
        if self._escaped:
            line = self._escaped.sub(self._stand_in, line)
        delimiter = self._dialect.delimiter
        if delimiter == BLANKS or self._dialect.frame:
            text = line.rstrip("\r\n")
            if not text.strip():
                return line[len(text) :]
            if self._dialect.frame:
                cells = between_bars(text, delimiter, self._dialect.frame, _ESCAPED)
                return _DELIMITER.join(cells) + line[len(text) :]
            if self._dialect.gaps:
                return _DELIMITER.join(at_gaps(text, self._dialect.gaps) or [text]) + line[len(text) :]
            return _TWO_BLANKS.sub(_DELIMITER, text.strip(" ")) + line[len(text) :]
        return line.replace(delimiter, _DELIMITER) if len(delimiter) > 1 else line

    def loose(self, line: str) -> list[str]:
        """The cells of a marked line that is read loosely; none where the dialect is strict."""
        cells: list[str] = []
        text, place = line.rstrip("\r\n"), 0
        while self._cell and (found := self._cell.match(text, place)):
            quoted = found.group(1)
            cells.append(
                found.group() if quoted is None else quoted.replace(self._dialect.quote * 2, self._dialect.quote)
            )
            place = found.end() + 1
            if place > len(text):
                break
        return cells

    def plain(self, cells: list[str], raw: Sequence[str]) -> tuple[str, list[str]]:
        """No reason and the cells as they stand in the file; or why not, and none."""
        if not (self._dialect.delimiter or self._dialect.escape):  # what stood in for a delimiter was text
            return "", [_DELIMITER.join(cells)] if cells else []
        if any(_STAND_INS.search(line) for line in raw if not line.isascii()):
            return "It holds a character that stands for nothing.", []
        if self._dialect.gaps and any(at_gaps(line.rstrip("\r\n"), self._dialect.gaps) is None for line in raw):
            return "Its cells do not stand below those of the other rows.", []
        back = {
            _DELIMITER: self._dialect.delimiter,
            _QUOTE: self._dialect.quote,
            _ESCAPE: self._dialect.escape,
            _ESCAPED: self._dialect.delimiter,
        }
        return "", [
            cell if cell.isascii() else _STAND_INS.sub(lambda found: back[found.group()], cell) for cell in cells
        ]

    def _stand_in(self, found: re.Match[str]) -> str:
        sign = found.group(1)
        if sign == self._dialect.escape:
            return _ESCAPE
        return _QUOTE if sign == self._dialect.quote else _ESCAPED

"""How a file will be read, decided from its head before the first row is kept.

In: a file and what the user knows better. Out: a Plan: encoding, dialect, column names, header or not, each found
where it was not given. Knows nothing of how rows are stored.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from pathlib import Path

from studio.data.reading.apart import AGAIN, BELOW, RULED
from studio.data.reading.delimited.dialect import Found, find_dialect, title_of
from studio.data.reading.delimited.header import joined_names, unique_names
from studio.data.reading.delimited.preamble import Below, Frame, footer, frame
from studio.data.reading.delimited.records import (
    Placed,
    Shape,
    is_unclosed,
    placed,
    readable,
    records,
)
from studio.data.reading.delimited.signs import Dialect
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Rejected
from studio.data.reading.text.encoding import HEAD, Encoding, check_is_text, check_name, find_encoding
from studio.data.table.table import Reading
from studio.problems import Problem, Where

_LAST_ROWS = 200  # that are looked at for what stands below the table
_LAST_BYTES = 32 << 10
_MARK = "\ufeff"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_SURE = 0.8  # that a row names the columns


@dataclass(frozen=True)
class Plan:
    """How a file is read. A row has `width` cells, and looks like `shape`; `columns` may be more, where the header
    names some that no row fills. `skip` lines stand above the table, `above` of them not blank, `header_rows` rows name
    its columns, and `footer` holds the texts of rows below it, or that repeat its header, with the reason why each is
    no row. `unproven`: no quoted cell was seen in the head, so that quotes may turn out to be plain characters.
    `doubts` say in a sentence each what was guessed."""

    file: Path
    encoding: Encoding
    dialect: Dialect
    width: int
    columns: tuple[str, ...]
    has_header: bool
    certain: float
    unproven: bool
    skip: int = 0
    header_rows: int = 0
    footer: Mapping[str, str] = field(default_factory=dict)
    shape: Shape | None = None
    doubts: tuple[str, ...] = ()
    above: int = 0

    def open(self) -> io.TextIOWrapper:
        """The file's text, line ends untouched; bytes that do not fit become lone surrogates."""
        return _open(self.file, self.encoding)

    def further(self) -> Plan:
        """The plan for lines below the header and the first row, when the file is read in pieces."""
        return replace(self, skip=0, has_header=False, header_rows=0)

    def records(self, lines: Iterator[str]) -> Iterator[list[str] | Rejected]:
        """The rows below the header; lines above and below the table are among those set aside."""
        return records(
            lines,
            self.dialect,
            shape=self.shape or Shape(self.width),
            header=self.header_rows,
            skip=self.skip,
            footer=self.footer,
            broken=self.encoding.broken,
        )

    def reading(self, rejected: int) -> Reading:
        """What is kept about the reading, with its sentence."""
        header = "with a header" if self.header_rows else "without a header"
        above = f", {_lines(self.above)} above the table" if self.above else ""
        return Reading(
            file=str(self.file),
            encoding=self.encoding.name,
            delimiter=self.dialect.delimiter,
            quote=self.dialect.quote,
            has_header=bool(self.header_rows),
            rejected=rejected,
            certain=round(self.certain, 3),
            sentence=f"{_title(self.dialect)}, {self.encoding.title}, {header}{above}",
            skip=self.skip,
            doubts=self.doubts,
        )


def make_plan(
    file: Path,
    options: ReadOptions,
    *,
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Plan, list[str], bool]:
    """The plan, the head's lines, and whether these are all. `only_head` does not look for unusual letters further
    on. Raises a Problem for what is no table of text."""
    encoding = _encoding(file, options, only_head, should_stop)
    lines, is_all = _head(file, encoding)
    found = find_dialect(
        lines[options.skip or 0 :] or lines,
        is_all=is_all,
        delimiter=options.delimiter,
        quote=options.quote,
        begins=options.skip is not None,
    )
    rows = _first_rows(lines, found, is_all)
    skip = options.skip if options.skip is not None else (found.skip or None)
    placed_at = frame(rows, found.width, found.dialect, skip=skip, header=options.has_header)
    width, names, doubts = _named(placed_at, found)
    columns = unique_names(names, max(width, len(names)))
    below = _footer(file, encoding, lines, found, placed_at.shape, is_all=is_all) if options.skip is None else Below([])
    is_told = options.skip is not None or options.has_header is not None
    above = sum(not line.isspace() for line in lines[: placed_at.skip])
    again = set() if is_told else _again(rows, placed_at)
    plan = Plan(
        file,
        encoding,
        found.dialect,
        width,
        columns,
        bool(placed_at.header),
        min(found.certain, placed_at.certain, encoding.certain),
        options.quote is None and not _has_quoted(lines, found.dialect),
        placed_at.skip,
        len(placed_at.header),
        dict.fromkeys(found.ruled, RULED) | dict.fromkeys(again, AGAIN) | dict.fromkeys(below.texts, BELOW),
        placed_at.shape._replace(width=width),
        (
            *_doubts(found, placed_at, encoding, above, below, has_quotes=any('"' in line for line in lines)),
            *doubts,
            *_unseen(lines, found.dialect.delimiter),
        ),
        above,
    )
    return plan, lines, is_all


def _again(rows: Sequence[Placed], placed_at: Frame) -> set[str]:
    """The texts of rows that name the columns once more, as where files were put one below the other. The name of a
    single column may be a cell as well."""
    if len(placed_at.header) != 1 or len(placed_at.header[0]) < 2 or placed_at.certain < _SURE:
        return set()
    names = list(placed_at.header[0])
    table = [row for row in rows if row.line > placed_at.skip and row.cells]
    first = [row.text for row in table[:1] if row.cells == names]  # as it stands, it may come anywhere further down
    found = {row.text for row in table[1:] if _without_mark(row.cells) == names and any(names)}
    return found.union(*((text, f"{_MARK}{text}") for text in first if any(names)))


def _without_mark(cells: Sequence[str]) -> list[str]:
    """The cells without the mark that a file begins with, which stands in a cell where files were joined."""
    if not cells or not cells[0].startswith(_MARK):
        return list(cells)
    name = cells[0].removeprefix(_MARK)
    return [name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name, *cells[1:]]


def _unseen(lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """What is said of characters that no text has, a delimiter aside."""
    if not any(found != delimiter for line in lines for found in _CONTROL.findall(line)):
        return ()
    return ("Some cells hold characters that cannot be seen, such as zero bytes; they stay as they are.",)


def _first_rows(lines: Sequence[str], found: Found, is_all: bool) -> list[Placed]:
    """The head's first rows as they stand."""
    rows = placed(lines, found.dialect, width=found.width, skip=found.skip)
    whole = takewhile(lambda row: is_all or not is_unclosed(row), islice(rows, 300))
    return [row for row in whole if row.text not in found.ruled]


def _named(placed_at: Frame, found: Found) -> tuple[int, list[str], tuple[str, ...]]:
    """The number of cells of a row, the names from the header rows, and what is doubtful about them."""
    width = found.width
    names = [readable(cell) for cell in joined_names(placed_at.header)]
    while names and len(names) > width and not names[-1].strip():
        names = names[:-1]
    if not names or len(names) >= width:
        return width, names, ()
    unnamed = range(len(names), width)
    if placed_at.empty >= set(unnamed):  # every row ends with delimiters that the header has not
        return len(names), names, ()
    is_sparse = bool(placed_at.shape.filled) and width - 1 not in placed_at.shape.filled
    if len(unnamed) == 1 and not is_sparse:
        doubt = "The header has one name fewer than the rows have cells; the first column is taken as the nameless one."
        return width, ["", *names], (doubt,)
    return width, names, (f"The header names {len(names):,} of {width:,} columns.",)


def _doubts(
    found: Found, placed_at: Frame, encoding: Encoding, above: int, below: Below, *, has_quotes: bool
) -> tuple[str, ...]:
    """A sentence for each guess that may be wrong."""
    doubts = []
    if found.second is not None:
        other = "one column" if not found.second else title_of(found.second)
        doubts.append(f"The cells may be set apart otherwise: {other} fits almost as well.")
    elif found.certain < 0.7:
        doubts.append("How the cells are set apart is uncertain.")
    if placed_at.is_remark:
        doubts.append(
            f"The names of the columns are taken from the remark above the table, in line {placed_at.skip + 1}."
        )
    elif placed_at.certain < _SURE:
        row, names = "a row", "the names of the columns"
        seems, other = (row, names) if placed_at.header else (names, row)
        doubts.append(f"The first line of the table may be {seems} and not {other}.")
    if len(placed_at.header) > 1:
        doubts.append(f"The names of the columns are put together from {len(placed_at.header)} rows.")
    if above:
        doubts.append(f"{_lines(above).capitalize()} above the table {_are(above)} set aside.")
    if count := len(below.texts):
        doubts.append(f"{_lines(count).capitalize()} below the table {_are(count)} set aside.")
    if below.keeps_total:
        doubts.append("The last row may be a total; it is kept among the rows.")
    if found.dialect.loose:
        doubts.append(
            "Quotes inside quoted cells are not doubled in this file; a quote before a delimiter ends a cell."
        )
    if found.dialect.escape:
        doubts.append(f"“{found.dialect.escape}” before a quote or a delimiter is taken as a sign, not as text.")
    if not found.dialect.quote and has_quotes:
        doubts.append("Quotes are taken as plain characters.")
    if encoding.certain < 0.7:
        doubts.append(f"Letters with accents may be wrong: {encoding.title} is a guess.")
    return tuple(doubts)


def _title(dialect: Dialect) -> str:
    if dialect.frame:
        return "drawn with bars between the cells"
    return "in columns of fixed width" if dialect.gaps else title_of(dialect.delimiter)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _footer(file: Path, encoding: Encoding, lines: Sequence[str], found: Found, shape: Shape, *, is_all: bool) -> Below:
    """The last rows that stand below the table."""
    lines = [line for line in lines if line.rstrip("\r\n") not in found.ruled] if found.ruled else lines
    last = lines[-_LAST_ROWS:] if is_all else _last_lines(file, encoding)
    sees_all = is_all and len(lines) <= _LAST_ROWS
    below = footer(list(placed(last, found.dialect, width=shape.width)), shape, found.dialect, is_all=sees_all)
    if below.keeps_total and is_all and not sees_all:
        return footer(list(placed(lines, found.dialect, width=shape.width)), shape, found.dialect)
    return below


def _last_lines(file: Path, encoding: Encoding) -> list[str]:
    """The last whole lines of a long file."""
    if encoding.name.startswith(("utf-16", "utf-32")):
        return []
    with file.open("rb") as stream:
        stream.seek(-_LAST_BYTES, io.SEEK_END)
        text = stream.read().decode(encoding.name, errors="surrogateescape")
    return list(io.StringIO(text, newline=""))[1:][-_LAST_ROWS:]


def _encoding(file: Path, options: ReadOptions, only_head: bool, should_stop: Callable[[], bool]) -> Encoding:
    if file.is_dir():
        raise Problem(f"“{file.name}” is a folder.", "A table is one file.", "Choose a file in it.", Where(str(file)))
    if options.encoding is None:
        return find_encoding(file, only_head=only_head, should_stop=should_stop)
    with file.open("rb") as stream:
        check_is_text(stream.read(HEAD), file)
    return Encoding(check_name(options.encoding, file), broken=True)


def _open(file: Path, encoding: Encoding) -> io.TextIOWrapper:
    name = "utf-8-sig" if encoding.name == "utf-8" else encoding.name
    return file.open(encoding=name, errors="surrogateescape", newline="")


def _head(file: Path, encoding: Encoding) -> tuple[list[str], bool]:
    """The first lines, and whether they are all; a line that is cut off is left out."""
    try:
        with _open(file, encoding) as stream:
            text = stream.read(HEAD)
            is_all = len(text) < HEAD
            text = text.removeprefix("\ufeff")
    except UnicodeError as error:
        raise undecodable(file, encoding) from error
    lines = list(io.StringIO(text, newline=""))
    if not text or text.isspace():
        why = (
            "It holds nothing but blanks."
            if is_all
            else "Nothing but blanks stands in its first half million characters."
        )
        fix = "Choose another file." if is_all else "Take the blank lines at its start away."
        raise Problem(f"“{file.name}” is empty.", why, fix, Where(str(file)))
    return (lines if is_all or len(lines) < 2 else lines[:-1]), is_all


def undecodable(file: Path, encoding: Encoding) -> Problem:
    """The file's bytes are not text in this encoding."""
    return Problem(
        f"“{file.name}” could not be read as text.",
        f"Its bytes do not fit the encoding {encoding.title}.",
        "Choose another encoding, or save the file again as UTF-8.",
        Where(str(file)),
    )


def _has_quoted(lines: Sequence[str], dialect: Dialect) -> bool:
    if not dialect.quote:
        return False
    sign, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    opened = re.compile(rf"(?:^|{sign} *){quote}" if sign else rf"^{quote}")
    return any(opened.search(line) for line in lines)

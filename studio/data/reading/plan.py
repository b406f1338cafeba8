"""How a file will be read, decided from its head before the first row is kept.

In: a file and what the user knows better. Out: a Plan: encoding, dialect, column names, header or not, each found
where it was not given. Knows nothing of how rows are stored.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, islice
from pathlib import Path

from studio.data.reading.dialect import find_dialect, title_of
from studio.data.reading.encoding import HEAD, Encoding, check_is_text, check_name, find_encoding
from studio.data.reading.header import has_header, unique_names
from studio.data.reading.options import ReadOptions
from studio.data.reading.records import Dialect, is_title, readable, records, until_cut
from studio.data.reading.source import Rejected
from studio.data.table import Reading
from studio.problems import Problem, Where


@dataclass(frozen=True)
class Plan:
    """How a file is read. A row has `width` cells; `columns` may be more, where the header names some that no row
    fills. `unproven`: no quoted cell was seen in the head, so that quotes may turn out to be plain characters."""

    file: Path
    encoding: Encoding
    dialect: Dialect
    width: int
    columns: tuple[str, ...]
    has_header: bool
    certain: float
    unproven: bool

    def open(self) -> io.TextIOWrapper:
        """The file's text, line ends untouched; bytes that do not fit become lone surrogates."""
        return _open(self.file, self.encoding)

    def records(self, lines: Iterator[str]) -> Iterator[list[str] | Rejected]:
        """The rows below the header."""
        return records(lines, self.dialect, width=self.width, header=self.has_header, broken=self.encoding.broken)

    def reading(self, rejected: int) -> Reading:
        """What is kept about the reading, with its sentence."""
        header = "with a header" if self.has_header else "without a header"
        return Reading(
            file=str(self.file),
            encoding=self.encoding.name,
            delimiter=self.dialect.delimiter,
            quote=self.dialect.quote,
            has_header=self.has_header,
            rejected=rejected,
            certain=round(self.certain, 3),
            sentence=f"{title_of(self.dialect.delimiter)}, {self.encoding.title}, {header}",
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
    found = find_dialect(lines, is_all=is_all, delimiter=options.delimiter, quote=options.quote)
    whole = until_cut(records(lines, found.dialect), is_all=is_all)
    rows = [row for row in islice(whole, 300) if not isinstance(row, Rejected)]
    first = list(dropwhile(lambda row: is_title(row, found.width), rows))
    header, sure = has_header(first) if options.has_header is None else (options.has_header, 1.0)
    names = [readable(cell) for cell in first[0]] if header and first else []
    while names and len(names) > found.width and not names[-1].strip():
        names = names[:-1]
    columns = unique_names(names, max(found.width, len(names)))
    certain = min(found.certain, sure, encoding.certain)
    plan = Plan(file, encoding, found.dialect, found.width, columns, header, certain,
                options.quote is None and not _has_quoted(lines, found.dialect))  # fmt: skip
    return plan, lines, is_all


def settled(plan: Plan) -> Plan:
    """Where no quoted cell was seen in the head and rows break further on, take quotes as plain characters if
    fewer rows break so."""
    if not plan.unproven or not plan.dialect.quote:
        return plan
    plain = replace(plan, dialect=replace(plan.dialect, quote=""))
    return min((plan, plain), key=_broken_rows)


def _broken_rows(plan: Plan) -> int:
    with plan.open() as lines:
        return sum(isinstance(record, Rejected) for record in plan.records(lines))


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
    except UnicodeError as error:
        raise undecodable(file, encoding) from error
    lines = list(io.StringIO(text, newline=""))
    if not "".join(lines).strip():
        raise Problem(
            f"“{file.name}” is empty.", "It holds nothing but blanks.", "Choose another file.", Where(str(file))
        )
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

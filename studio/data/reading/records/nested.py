"""JSON and JSON Lines as a table: every record a row, or set aside with its reason.

In: a file that holds lines of JSON, one document, or one value after another. Out: a Source. The file is read twice:
once for the columns of all records, once for the rows; lines and lists are streamed, so that memory stays bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from studio.data.reading.delimited.records import readable
from studio.data.reading.options import ReadOptions
from studio.data.reading.records.conversations import SetAside
from studio.data.reading.records.json_file import MOST_KEPT, Document, Element, Form, JsonFile
from studio.data.reading.records.json_text import Parser, text_of
from studio.data.reading.records.layout import Elements, Layout, NoSuchMember, elements_of, find_layout, records_at
from studio.data.reading.records.unfold import SAMPLE, Unfolding
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.table.table import Reading
from studio.problems import Problem, Where

_BATCH = 10_000  # rows in a portion
_HEAD = 1_000  # records that a first look reads
_OUTLINED = 64 << 20  # bytes; of longer documents only the beginnings of lists are held at first
_BEGINNING = 500  # elements of such a beginning
_MOST_WHOLE = 256 << 20  # bytes of a document that has to be held whole
_HALF = re.compile("[\ud800-\udfff]")
_ASK = 1_000  # records between two questions whether to stop
_TOLD: dict[Form, str] = {
    "lines": "JSON Lines, one record a line",
    "list": "JSON, one list",
    "object": "JSON",
    "values": "JSON, one record after another",
}
_UNFOLDED = {
    "chat": "every answer in them is learned",
    "sharegpt": "every answer in them is learned",
    "tree": "one row for each answer in them",
    "marked": "one row for each question",
}


def open_nested(
    given: Given,
    options: ReadOptions = ReadOptions(),
    *,
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Nested:
    """The table in a JSON file; with `only_head` its columns are those of the first records. Raises a Problem for what
    is no JSON (with line and column), for what holds no rows, and for a list that is not there."""
    file = JsonFile.look(given, options, only_head=only_head, should_stop=should_stop)
    found = _Found(file, options.member or "")
    if file.form == "object":
        found = _in_document(file, options)
    header = options.has_header
    sample = [element for element in islice(found.elements(Parser()), SAMPLE) if isinstance(element, Element)]
    columns = found.layout.columns if found.layout else ()
    split = found.layout.split if found.layout else ""
    found = replace(found, how=elements_of([element.value for element in sample], header, split=split, columns=columns))
    records = [found.record(element) for element in sample]
    flat = [record for some in records if not isinstance(some, str) for record in some]
    source = Nested(found, Unfolding(flat[:SAMPLE]), only_head, should_stop)
    source.learn()
    return source


@dataclass(frozen=True)
class _Found:
    """Where the records are: the elements of the file, of lists in its document, or records `held` in memory."""

    file: JsonFile
    member: str = ""
    layout: Layout | None = None
    held: tuple[dict[str, Any], ...] | None = None
    cut: Rejected | None = None
    how: Elements = field(default_factory=lambda: Elements("objects"))

    def elements(self, parser: Parser) -> Iterator[Element | Rejected]:
        """All elements, those of a cut list as far as they are whole."""
        if self.held is None:
            yield from self.file.elements(parser, self.layout.lists if self.layout else ())
            return
        for number, record in enumerate(self.held, start=1):
            yield Element(number, "", record)
        if self.cut:
            yield self.cut._replace(line=len(self.held) + 1)

    def record(self, element: Element) -> list[dict[str, Any]] | str:
        """The records that an element holds, or why it holds none."""
        found = self.how.record(element.name, element.value)
        if isinstance(found, str) or not self.member:
            return found if isinstance(found, str) else [found]
        inner = list(records_at(found, self.member))
        return inner or f"It holds no list “{self.member}”."

    @property
    def members(self) -> tuple[str, ...]:
        return self.layout.members if self.layout else ()


@dataclass
class Nested:
    """A JSON file whose records are known; see source.Source."""

    found: _Found
    unfolding: Unfolding
    only_head: bool
    should_stop: Callable[[], bool]
    columns: tuple[str, ...] = ()
    _parser: Parser = field(default_factory=Parser)
    _stepped: int = 0  # conversations with steps between the last message and its answer

    def learn(self) -> None:
        """Read the records once for their columns; raises a Problem where there are none."""
        first: Rejected | None = None
        for number, record in enumerate(self._records(Parser())):
            if isinstance(record, Rejected):
                first = first or record
            else:
                self.unfolding.learn(record[1])
            if (self.only_head and number >= _HEAD) or (number % _ASK == 0 and self.should_stop()):
                break
        self.columns = tuple(readable(name) for name in self.unfolding.columns)
        if not self.columns and not self.should_stop():
            raise self._no_rows(first)

    def head(self, rows: int) -> Portion:
        """The first rows, and what was set aside among them."""
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        for number, made in enumerate(self._rows(Parser())):
            if isinstance(made, Rejected):
                rejected.append(made)
            else:
                kept += made
            if len(kept) >= rows or number >= _HEAD:
                break
        return Portion(kept[:rows], rejected)

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        self._parser, self._stepped = Parser(counts=True), 0
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        for number, made in enumerate(self._rows(self._parser)):
            if isinstance(made, Rejected):
                rejected.append(made)
            else:
                kept += made
            if len(kept) + len(rejected) >= _BATCH:
                yield Portion(kept, rejected)
                kept, rejected = [], []
            if number % _ASK == 0 and self.should_stop():
                return
        yield Portion(kept, rejected)

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        found, shape = self.found, self.unfolding.shape
        told = [_TOLD[found.file.form], found.file.encoding.title]
        if found.layout:
            told.append(found.layout.told)
        if found.how.kind == "rows" and not found.layout:
            told.append("with a header" if found.how.skips_first else "without a header")
        if found.member:
            told.append(f"the list “{found.member}” in each record")
        sentence = ", ".join(told)
        if shape:
            more = _UNFOLDED.get(shape.name)
            sentence += f": {shape.title}" + (f"; {more}" if more else "")
        return Reading(
            file=str(found.file.given.original),
            encoding=found.file.encoding.name,
            delimiter="",
            quote="",
            has_header=found.how.skips_first,
            rejected=rejected,
            certain=round(found.file.encoding.certain, 3),
            sentence=sentence,
            kind="lines" if found.file.form == "lines" else "json",
            member=found.layout.member if found.layout else found.member,
            members=found.members,
            shape=shape.name if shape else "",
            doubts=tuple(self._doubts()),
        )

    def _doubts(self) -> Iterator[str]:
        if told := self.found.file.encoding.doubt:
            yield told
        if self._parser.repeated:
            times = "once" if self._parser.repeated == 1 else f"{self._parser.repeated:,} times"
            yield f"A name stands twice in one object ({times} in this file); its last value was kept."
        if self._stepped:
            yield (
                f"In {self._stepped:,} conversations the assistant took steps before its last answer, such as calling "
                "tools; they stand in the column “steps” and are not read by the model."
            )
        if self._parser.is_cut or self.found.cut:
            yield "The file ends before its document does; what was whole was read."

    def _records(self, parser: Parser) -> Iterator[tuple[int, dict[str, Any]] | Rejected]:
        """Every record with the number of its element; a header is left out."""
        is_first = True
        for element in self.found.elements(parser):
            if isinstance(element, Rejected):
                yield element
                continue
            if is_first and self.found.how.skips_first:
                is_first = False
                continue
            is_first = False
            records = self.found.record(element)
            if isinstance(records, str):
                yield Rejected(element.number, records, _shown(element.value))
            else:
                for record in records:
                    yield element.number, record

    def _rows(self, parser: Parser) -> Iterator[list[list[str]] | Rejected]:
        """The rows of every record, or why it makes none."""
        steps = self.columns.index("steps") if self._has_steps() else None
        for made in self._records(parser):
            if isinstance(made, Rejected):
                yield made
                continue
            number, record = made
            try:
                rows = self.unfolding.rows(record)
            except SetAside as aside:
                yield Rejected(number, aside.reason, _shown(record))
                continue
            if self.found.file.encoding.broken and any(_HALF.search(cell) for row in rows for cell in row):
                yield Rejected(number, "Some of its characters cannot be read.", _shown(record))
                continue
            if steps is not None:
                self._stepped += sum(row[steps] != "" for row in rows)
            yield rows

    def _has_steps(self) -> bool:
        return self.unfolding.shape is not None and "steps" in self.columns and "answer" in self.columns

    def _no_rows(self, first: Rejected | None) -> Problem:
        given = self.found.file.given
        why = f"The first one: {first.reason}" if first else "There is no record in it, or all of them are empty."
        what = "No record of “{}” makes a row." if first else "“{}” holds no rows."
        return Problem(what.format(given.name), why, "Choose another file, or another part of it.",
                       Where(str(given.original), first.line if first else None))  # fmt: skip


def _in_document(file: JsonFile, options: ReadOptions) -> _Found:
    """Where the records are in a file that begins with an object."""
    size = file.given.path.stat().st_size
    document = file.document(Parser(), _BEGINNING if size > _OUTLINED else None)
    if document.goes_on:
        return _Found(replace(file, form="values"), options.member or "")
    try:
        layout = find_layout(document.members, options.member)
    except NoSuchMember as missing:
        raise _no_such_member(file, missing) from missing
    if layout.lists:
        return _Found(file, layout=layout, cut=document.cut)
    if document.cut and not layout.members:
        raise _cut_short(file, document)
    if size > _OUTLINED:
        if size > _MOST_WHOLE:
            raise _too_large(file, size)
        document = file.document(Parser(), None)
        layout = find_layout(document.members, options.member)
    return _Found(file, layout=layout, held=tuple(layout.records or ()), cut=document.cut)


def _no_such_member(file: JsonFile, missing: NoSuchMember) -> Problem:
    there = ", ".join(f"“{name}”" for name in missing.members[:20]) or "no list at all"
    return Problem(
        f"“{file.given.name}” has no list “{missing.member}”.",
        f"It has {there}.",
        "Choose one of its lists, or none to have it found.",
        Where(str(file.given.original)),
    )


def _cut_short(file: JsonFile, document: Document) -> Problem:
    line = document.cut.line if document.cut else None
    return Problem(
        f"“{file.given.name}” is cut off.",
        "The file ends in the middle of its only record.",
        "Copy or export it again; it may not have been saved or downloaded to its end.",
        Where(str(file.given.original), line),
    )


def _too_large(file: JsonFile, size: int) -> Problem:
    return Problem(
        f"“{file.given.name}” is too large to be read at once.",
        f"Its rows lie all over one document of {size >> 20:,} MB, which has to be held in memory; "
        f"up to {_MOST_WHOLE >> 20:,} MB can be.",
        "Save it as JSON Lines, one record a line, or in several files.",
        Where(str(file.given.original)),
    )


def _shown(value: Any) -> str:
    """The raw text of something set aside, as far as it is kept."""
    try:
        return "null" if value is None else readable(text_of(value)[:MOST_KEPT])
    except RecursionError:
        return "[…]"

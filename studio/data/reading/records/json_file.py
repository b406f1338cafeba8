"""A JSON file, element by element: lines, the elements of a list, or the members of a document.

In: a file. Out: elements with their numbers, and what has to be set aside: broken lines, and the rest of a file that
ends too early. Raises a Problem with line and column where a document is no JSON.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from studio.data.reading.delimited.records import readable
from studio.data.reading.options import ReadOptions
from studio.data.reading.records.json_text import MOST_TEXT, Broken, Parser, Window
from studio.data.reading.source import Given, Rejected
from studio.data.reading.text.encoding import HEAD, Encoding, check_is_text, check_name, find_encoding, title_of
from studio.problems import Problem, Where

Form = Literal["lines", "list", "object", "values"]

MOST_KEPT = 100_000  # characters that are kept of a row set aside
_MOST_WHOLE = 256 << 20  # characters of a document that has to be held whole
_LINES = 50  # that are looked at to tell lines of JSON from one document
_ENDINGS = frozenset({".jsonl", ".ndjson", ".jsonlines"})
_CUT = "The file ends in the middle of it."


class Element(NamedTuple):
    """An element, the 1-based number of its line or of its place, and the name of the list that it is in."""

    number: int
    name: str
    value: Any


class Document(NamedTuple):
    """The members of a document, long lists perhaps only begun. `cut` is the element in which the file ends, or says
    that it ends too early; `goes_on` where another value follows."""

    members: dict[str, Any]
    cut: Rejected | None
    goes_on: bool


@dataclass(frozen=True)
class JsonFile:
    """A file whose encoding and form are known."""

    given: Given
    encoding: Encoding
    form: Form

    @classmethod
    def look(cls, given: Given, options: ReadOptions, *, only_head: bool, should_stop: Callable[[], bool]) -> JsonFile:
        """The encoding and the form, from the file's head; raises a Problem for what is empty or no text."""
        if options.encoding is None:
            encoding = find_encoding(given.path, only_head=only_head, should_stop=should_stop)
        else:
            with given.path.open("rb") as stream:
                check_is_text(stream.read(HEAD), given.path)
            encoding = Encoding(check_name(options.encoding, given.path), broken=True)
        file = cls(given, encoding, "values")
        try:
            with file.open() as stream:
                head = stream.read(HEAD).lstrip("\ufeff \t\r\n")
        except UnicodeError as error:
            raise file._undecodable() from error
        if not head:
            where = Where(str(given.original))
            raise Problem(f"“{given.name}” is empty.", "It holds nothing but blanks.", "Choose another file.", where)
        form = _form(head)
        if form == "object" and given.path.suffix.lower() in _ENDINGS and _is_one_record(head):
            form = "lines"
        return cls(given, encoding, form)

    def open(self) -> io.TextIOWrapper:
        """The file's text; bytes that do not fit become lone surrogates."""
        name = "utf-8-sig" if self.encoding.name == "utf-8" else self.encoding.name
        return self.given.path.open(encoding=name, errors="surrogateescape", newline="")

    def elements(self, parser: Parser, members: Sequence[str] = ()) -> Iterator[Element | Rejected]:
        """All elements in order, of a document those of the lists that are its `members`."""
        try:
            with self.open() as stream:
                if self.form == "lines":
                    yield from _lines(stream, parser)
                elif self.form == "list":
                    yield from self._list(Window(stream, parser), parser)
                elif self.form == "values":
                    yield from self._values(Window(stream, parser), parser)
                else:
                    yield from self._members(Window(stream, parser, _MOST_WHOLE), parser, members)
        except UnicodeError as error:
            raise self._undecodable() from error

    def document(self, parser: Parser, begun: int | None) -> Document:
        """The document, of each of its lists only `begun` elements (None: all)."""
        members: dict[str, Any] = {}
        try:
            with self.open() as stream:
                window = Window(stream, parser, _MOST_WHOLE)
                try:
                    for name in window.names():
                        members[name] = _begun(window, members, name, begun)
                except Broken as broken:
                    if not broken.is_cut:
                        raise self.no_json(broken) from broken
                    parser.is_cut = True
                    return Document(members, Rejected(broken.line, _CUT, readable(window.rest(MOST_KEPT))), False)
                return Document(members, None, window.peek() != "")
        except UnicodeError as error:
            raise self._undecodable() from error

    def no_json(self, broken: Broken) -> Problem:
        """What is wrong with the document, and where."""
        return Problem(
            f"“{self.given.name}” is not valid JSON.",
            f"In line {broken.line:,}, at character {broken.column:,}: {broken.reason}.",
            "Mend this place in a text editor, or export the file again from the program that wrote it.",
            Where(str(self.given.original), broken.line),
        )

    def _list(self, window: Window, parser: Parser) -> Iterator[Element | Rejected]:
        number = 0
        try:
            while window.peek() == "[":
                for value in window.elements():
                    number += 1
                    yield Element(number, "", value)
            if window.peek():
                raise window.broken("more follows after the end of the list")
        except Broken as broken:
            yield from self._cut(window, parser, broken, number + 1)

    def _values(self, window: Window, parser: Parser) -> Iterator[Element | Rejected]:
        number = 0
        try:
            while window.peek():
                value = window.value()
                number += 1
                yield Element(number, "", value)
                window.take(",")
        except Broken as broken:
            yield from self._cut(window, parser, broken, number + 1)

    def _members(self, window: Window, parser: Parser, members: Sequence[str]) -> Iterator[Element | Rejected]:
        number = 0
        try:
            for name in window.names():
                if name not in members or window.peek() != "[":
                    window.value()
                    continue
                for value in window.elements():
                    number += 1
                    yield Element(number, name, value)
        except Broken as broken:
            yield from self._cut(window, parser, broken, number + 1)

    def _cut(self, window: Window, parser: Parser, broken: Broken, number: int) -> Iterator[Rejected]:
        """What is left of a file that ends too early; a Problem where it does not end but breaks."""
        if not broken.is_cut:
            raise self.no_json(broken) from broken
        parser.is_cut = True
        if rest := window.rest(MOST_KEPT).strip(" \t\r\n,"):
            yield Rejected(number, _CUT, readable(rest))

    def _undecodable(self) -> Problem:
        return Problem(
            f"“{self.given.name}” could not be read as text.",
            f"Its bytes do not fit the encoding {title_of(self.encoding.name)}.",
            "Choose another encoding, or save the file again as UTF-8.",
            Where(str(self.given.original)),
        )


def _begun(window: Window, members: dict[str, Any], name: str, begun: int | None) -> Any:
    """One member; a list is put among the members first, so that it stands there also where the file is cut."""
    if window.peek() != "[":
        return window.value()
    found: list[Any] = []
    members[name] = found
    for value in window.elements():
        if begun is None or len(found) < begun:
            found.append(value)
    return found


def _form(head: str) -> Form:
    """Lines of JSON where most lines are a whole value of their own; else what the first character says."""
    parser = Parser()
    lines = [
        line for line in io.StringIO(head, newline="") if line.strip()
    ]  # a text may hold other signs that break lines
    lines = lines[: -1 if len(head) >= HEAD // 2 and len(lines) > 1 else None][:_LINES]
    whole = [line for line in lines if _is_value(line, parser)]
    first = bool(lines) and _is_value(lines[0], parser)
    boxed = [line for line in whole if line.lstrip()[0] in "{["]
    if len(lines) > 1 and len(whole if first else boxed) >= max(1 if first else 2, len(lines) / 2):
        return "lines"
    return "list" if head[0] == "[" else "object" if head[0] == "{" else "values"


def _is_one_record(head: str) -> bool:
    """Whether a single line holds a record of single values; a list in it might be the table."""
    try:
        value = Parser().line(head) if len(list(io.StringIO(head.strip(), newline=""))) == 1 else None
    except Broken:
        return False
    return isinstance(value, dict) and not any(isinstance(inner, (dict, list)) for inner in value.values())


def _is_value(line: str, parser: Parser) -> bool:
    try:
        parser.line(line)
    except Broken:
        return False
    return True


def _lines(stream: io.TextIOWrapper, parser: Parser) -> Iterator[Element | Rejected]:
    number = 0
    while line := stream.readline(MOST_TEXT):
        number += 1
        if len(line) == MOST_TEXT and not line.endswith("\n"):
            while (more := stream.readline(MOST_TEXT)) and not more.endswith("\n"):
                pass
            yield Rejected(number, f"It is longer than {MOST_TEXT >> 20} million characters.", line[:MOST_KEPT])
        elif not line.isspace():
            try:
                yield Element(number, "", parser.line(line))
            except Broken as broken:
                reason = f"It is not valid JSON: {broken.reason} (character {broken.column:,})."
                yield Rejected(number, reason, readable(line.rstrip("\r\n")[:MOST_KEPT]))

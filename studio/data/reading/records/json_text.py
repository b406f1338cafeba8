"""JSON as it stands in a file: one value after another from a long text, numbers as they are spelled.

In: text of any length. Out: values (dict, list, str, Number, bool, None), lists element by element, and a Broken with
its place where the text is no JSON. Parsing is Python's json module; this only moves a window over the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any

MOST_TEXT = 32 << 20  # characters of one value; what is longer is no row
_STEP = 1 << 20  # characters read at once
_NEAR = 16  # characters before the end of a window in which a fault may be nothing but the cut
_BLANKS = " \t\r\n\ufeff"
_BLANK = re.compile(f"[{_BLANKS}]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_REASONS = {
    "Expecting value": "a value is expected here",
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected here",
    "Expecting ':' delimiter": "a colon is missing here",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing here",
    "Unterminated string starting at": "a quote is opened here and never closed",
    "Invalid \\escape": "a backslash stands before a character that needs none",
    "Invalid \\uXXXX escape": "a \\u is not followed by four digits",
    "Invalid control character at": "a character that cannot be seen stands inside a text",
    "Illegal trailing comma before end of object": "a comma stands before a closing bracket",
    "Illegal trailing comma before end of array": "a comma stands before a closing bracket",
    "Extra data": "more follows after the end",
}


class Number(str):
    """A number as it was spelled, so that none is ever rounded."""

    __slots__ = ()


class Broken(Exception):
    """No JSON at this place: `reason` in words, 1-based `line` and `column`; `is_cut` where the text merely ends."""

    def __init__(self, reason: str, line: int = 1, column: int = 1, *, is_cut: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column
        self.is_cut = is_cut


class Parser:
    """Text to values; `repeated` counts names that stood twice in one object (the last value is kept), `is_cut` is set
    by whoever finds that a text ended too early. `counts` says whether to count at all, which takes its time."""

    def __init__(self, *, counts: bool = False) -> None:
        self.repeated = 0
        self.is_cut = False
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._pairs if counts else None,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_number,
            strict=False,  # a line end or a tab inside a text is an everyday fault that loses nothing
        )

    def value(self, text: str, at: int = 0) -> tuple[Any, int]:
        """The value at `at` and where it ends. Raises json.JSONDecodeError, or Broken for what nests too deeply."""
        try:
            value, end = self._decoder.raw_decode(text, at)
        except RecursionError as error:
            raise Broken("it nests too deeply") from error
        if text.find("\\ud", at, end) >= 0 or text.find("\\uD", at, end) >= 0:
            value = _mended(value)
        return value, end

    def line(self, text: str) -> Any:
        """The one value that a line holds; raises Broken for anything else."""
        whole = text.strip(_BLANKS)
        lead = text.find(whole)
        try:
            value, end = self.value(whole)
        except json.JSONDecodeError as error:
            raise _broken(error, 1, lead, is_cut=_is_cut(whole, error)) from error
        if end < len(whole):
            raise Broken(_REASONS["Extra data"], 1, lead + _past_blanks(whole, end) + 1)
        return value

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        self.repeated += len(pairs) - len(found)
        return found


class Window:
    """A part of a long text that moves on; `at` is the place in it where the next value begins."""

    def __init__(self, stream: IO[str], parser: Parser, most: int = MOST_TEXT) -> None:
        self._stream = stream
        self._parser = parser
        self._most = most
        self._text = ""
        self._line = 1
        self._lead = 0  # characters of the present line that are gone already
        self._at = 0
        self._is_all = False

    def peek(self) -> str:
        """The next character that is not blank, "" at the end."""
        if self._at < len(self._text) and (sign := self._text[self._at]) not in _BLANKS:
            return sign  # nearly always
        while True:
            self._at = _past_blanks(self._text, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def take(self, sign: str) -> bool:
        """Go past `sign` if it comes next."""
        if self.peek() != sign:
            return False
        self._at += 1
        return True

    def value(self) -> Any:
        """The next value; raises Broken where there is none."""
        self.peek()
        while True:
            try:
                value, end = self._parser.value(self._text, self._at)
            except json.JSONDecodeError as error:
                is_near = error.pos >= len(self._text) - _NEAR or error.msg.startswith("Unterminated")
                if is_near and not self._is_all:
                    self._grow()
                    continue
                is_cut = self._is_all and _is_cut(self._text, error)
                raise _broken(error, self._line, self._lead, is_cut=is_cut) from error
            except Broken as broken:
                raise self.broken(broken.reason) from broken
            if end == len(self._text) and not self._is_all:  # a number may go on
                self._grow()
                continue
            self._at = end
            return value

    def elements(self) -> Iterator[Any]:
        """The elements of the list that comes next."""
        self.take("[")
        if self.take("]"):
            return
        while True:
            value = self.value()
            if isinstance(value, Number) and self._is_all and self._at == len(self._text):
                broken = self.broken(_REASONS["Expecting ',' delimiter"])
                self._at -= len(value)  # perhaps not all of its digits
                raise broken
            yield value
            sign = self.peek()
            if sign not in {",", "]"}:
                raise self.broken(_REASONS["Expecting ',' delimiter"])
            self._at += 1
            if sign == "]":
                return
            if self.peek() == "]":
                raise self.broken("a comma stands before a closing bracket")

    def names(self) -> Iterator[str]:
        """The names in the object that comes next; the value has to be taken before the next name is asked for."""
        self.take("{")
        if self.take("}"):
            return
        while True:
            if self.peek() != '"':
                raise self.broken(_REASONS["Expecting property name enclosed in double quotes"])
            name = self.value()
            self._expect(":", "Expecting ':' delimiter")
            yield name
            if self.take("}"):
                return
            self._expect(",", "Expecting ',' delimiter")

    def rest(self, most: int) -> str:
        """What has not been taken yet, at most `most` characters of it."""
        while len(self._text) - self._at < most and self._grow():
            pass
        return self._text[self._at : self._at + most]

    def broken(self, reason: str) -> Broken:
        """A Broken at the present place."""
        line_start = self._text.rfind("\n", 0, self._at) + 1
        column = self._at - line_start + 1 + (self._lead if line_start == 0 else 0)
        is_cut = self._is_all and self._at >= len(self._text)
        return Broken(reason, self._line + self._text.count("\n", 0, self._at), column, is_cut=is_cut)

    def _expect(self, sign: str, message: str) -> None:
        if not self.take(sign):
            raise self.broken(_REASONS[message])

    def _grow(self) -> bool:
        """Read on, letting go of what was taken; False at the end of the text."""
        if self._is_all:
            return False
        if len(self._text) - self._at > self._most:
            raise self.broken(f"a single value is longer than {self._most >> 20} million characters")
        gone = self._text[: self._at]
        self._line += gone.count("\n")
        last = gone.rfind("\n")
        self._lead = len(gone) - last - 1 if last >= 0 else self._lead + len(gone)
        more = self._stream.read(max(_STEP, len(self._text) - self._at))
        self._text, self._at = self._text[self._at :] + more, 0
        self._is_all = not more
        return bool(more)


def text_of(value: object) -> str:
    """A cell: texts as they are, numbers as they are spelled, nothing for null, anything else as compact JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list, tuple)):
        return compact(value)
    return str(value)


def compact(value: object) -> str:
    """JSON text without blanks; raises RecursionError where it nests too deeply."""
    pieces: list[str] = []
    _write(value, pieces.append)
    return "".join(pieces)


def _write(value: object, add: Any) -> None:
    if isinstance(value, dict):
        add("{")
        for number, (name, inner) in enumerate(value.items()):
            add(f"{',' if number else ''}{json.dumps(str(name), ensure_ascii=False)}:")
            _write(inner, add)
        add("}")
    elif isinstance(value, (list, tuple)):
        add("[")
        for number, inner in enumerate(value):
            if number:
                add(",")
            _write(inner, add)
        add("]")
    elif value is None:
        add("null")
    elif isinstance(value, (bool, Number, int, float)):
        add(text_of(value))
    else:
        add(json.dumps(str(value), ensure_ascii=False))


@lru_cache(maxsize=4096)
def _number(text: str) -> Number:
    return Number(text)


def _past_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    """Whether a text that is no JSON merely ends too early: inside a text, an escape, or a word such as null."""
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated"):
        return True
    if error.msg.startswith("Invalid \\"):
        return '"' not in rest
    return any(word.startswith(rest) for word in ("true", "false", "null", "NaN", "Infinity", "-Infinity"))


def _broken(error: json.JSONDecodeError, line: int, lead: int = 0, *, is_cut: bool) -> Broken:
    reason = _REASONS.get(error.msg, error.msg.lower())
    column = error.colno + (lead if error.lineno == 1 else 0)
    return Broken(reason, line + error.lineno - 1, column, is_cut=is_cut)


def _mended(value: Any) -> Any:
    """Halves of characters (a \\ud83d alone) spelled out, since no file can hold them."""
    if isinstance(value, Number):
        return value
    if isinstance(value, str):
        return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", value)
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(inner) for name, inner in value.items()}
    return value

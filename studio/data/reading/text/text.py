"""A file's text from the start of a row on, as UTF-8, a piece at a time.

In: a file and its encoding. Out: bytes ahead, single lines, and a place that only moves forward. The whole file is
never held.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

_PIECE = 1 << 20  # bytes read from the file at once, at least


class Text:
    """What lies ahead in a file. Bytes that do not fit the encoding stay recognisable: `lines` gives them as lone
    surrogates. Raises a UnicodeError where the encoding allows no going on."""

    def __init__(self, file: Path, encoding: str) -> None:
        self._stream = file.open("rb")
        self._decoder = None if _is_utf8(encoding) else codecs.getincrementaldecoder(encoding)("surrogateescape")
        self._buffer = b""
        self._start = 0
        self._is_read = False
        if self.ahead(3) == codecs.BOM_UTF8:
            self.move(3)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()

    def ahead(self, size: int) -> bytes:
        """The next `size` bytes; fewer only where the text ends."""
        self._fill(size + 1)
        return self._buffer[self._start : self._start + size]

    def is_last(self, size: int) -> bool:
        """Whether no more than `size` bytes are ahead."""
        self._fill(size + 1)
        return len(self._buffer) - self._start <= size

    def move(self, size: int) -> None:
        """Go on by `size` bytes, which were ahead."""
        self._start += size

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines from here on with their ends, each beside the number of bytes up to its own end."""
        at = 0
        while line := self._line(at):
            at += len(line)
            yield at, self.decoded(line)

    def decoded(self, line: bytes) -> str:
        """A line that was ahead as text."""
        return line.decode("utf-8", "surrogateescape" if self._decoder is None else "surrogatepass")

    def _line(self, at: int) -> bytes:
        """The line that begins `at` bytes ahead; nothing where the text ends."""
        length = 4096
        while True:
            self._fill(at + length)
            begin = self._start + at
            limit = min(len(self._buffer), begin + length)
            end = self._buffer.find(b"\n", begin, limit) + 1
            lone = self._buffer.find(b"\r", begin, end or limit) + 1
            is_all = self._is_read and limit == len(self._buffer)
            if lone and (lone < limit or is_all):
                end = lone + (self._buffer[lone : lone + 1] == b"\n")
            elif lone or not (end or is_all):
                length *= 4
                continue
            return self._buffer[begin : end or limit]

    def _fill(self, size: int) -> None:
        missing = size - (len(self._buffer) - self._start)
        if missing <= 0 or self._is_read:
            return
        pieces = [self._buffer[self._start :]]
        while missing > 0 and not self._is_read:
            read = self._stream.read(max(missing, _PIECE))
            self._is_read = not read
            piece = self._utf8(read)
            pieces.append(piece)
            missing -= len(piece)
        self._buffer, self._start = b"".join(pieces), 0

    def _utf8(self, read: bytes) -> bytes:
        if self._decoder is None:
            return read
        return self._decoder.decode(read, final=not read).encode("utf-8", "surrogatepass")


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"}

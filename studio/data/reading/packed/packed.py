"""Compressed bytes to plain ones, block by block.

In: a file that is recognised by its first bytes, never by its name. Out: blocks of what is in it, or Damaged. Knows
nothing of limits: who takes the blocks counts them.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Literal, Protocol


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        ...


Packing = Literal["gzip", "bzip2", "xz", "zstd", "zip", "tar"]

BLOCK = 1 << 20  # bytes
TITLES: dict[Packing, str] = {
    "gzip": "gzip-compressed file",
    "bzip2": "bzip2-compressed file",
    "xz": "xz-compressed file",
    "zstd": "Zstandard-compressed file",
    "zip": "ZIP archive",
    "tar": "tar archive",
}
_XZ_MEMORY = 1 << 30  # bytes that a file may ask for its dictionary; xz itself writes at most 64 MB
_TAR_HEADER = 512
_SUM = slice(148, 156)  # where a tar header holds its own sum


class Damaged(Exception):
    """The bytes cannot be unpacked: some are missing or changed."""


class Locked(Exception):
    """A password is needed."""


class UnknownPacking(Exception):
    """A way of packing that none of the libraries knows."""


class TooMany(Exception):
    """An archive with more files than can be looked through."""


class Stopped(Exception):
    """The user asked to stop."""


def packing_of(head: bytes) -> Packing | None:
    """How a file that begins with these bytes (at least 512, where it has them) is packed; None if it is not."""
    if head.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if head.startswith(b"BZh") and head[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}:
        return "bzip2"
    if head.startswith((b"\xfd7zXZ\x00", b"\x5d\x00\x00\x80\x00", b"\x5d\x00\x00\x00\x01", b"\x5d\x00\x00\x00\x04")):
        return "xz"  # the last three: how the older .lzma begins, with its usual dictionaries
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    return "tar" if _is_tar(head[:_TAR_HEADER]) else None


def blocks(file: Path, packing: Packing) -> Generator[bytes, None, None]:
    """What a compressed file holds, in blocks of at most BLOCK bytes; raises Damaged."""
    try:
        with file.open("rb") as stream:
            match packing:
                case "gzip":
                    yield from read_blocks(gzip.GzipFile(fileobj=stream))
                case "bzip2":
                    yield from read_blocks(bz2.BZ2File(stream))
                case "xz":
                    yield from _xz(stream)
                case _:
                    yield from _zstd(stream)
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, ValueError) as error:
        raise Damaged from error
    except OSError as error:
        if error.errno is not None:  # a disk that fails, and not bytes that do not fit
            raise
        raise Damaged from error


def read_blocks(stream: Readable) -> Iterator[bytes]:
    """What a stream holds."""
    while block := stream.read(BLOCK):
        yield block


def _xz(stream: IO[bytes]) -> Iterator[bytes]:
    """One stream after another, zero bytes between them; a memory limit holds, which lzma.open does not set."""
    data = stream.read(BLOCK)
    while data:
        decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        while not decoder.eof:
            if block := decoder.decompress(data, BLOCK):
                yield block
            data = b""
            if decoder.needs_input and not decoder.eof:
                data = stream.read(BLOCK)
                if not data:
                    raise EOFError
        data = decoder.unused_data.lstrip(b"\0")
        while not data and (more := stream.read(BLOCK)):
            data = more.lstrip(b"\0")


def _zstd(stream: IO[bytes]) -> Iterator[bytes]:
    import pyarrow as pa

    with pa.PythonFile(stream, mode="r") as source, pa.CompressedInputStream(source, "zstd") as plain:
        while block := plain.read(BLOCK):
            yield block


def _is_tar(header: bytes) -> bool:
    """Whether a header's sum is right: that of its bytes, with blanks where the sum itself stands."""
    if len(header) < _TAR_HEADER or not header[0]:
        return False
    digits = header[_SUM].strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        return False
    return int(digits, 8) == sum(header) - sum(header[_SUM]) + 8 * ord(" ")

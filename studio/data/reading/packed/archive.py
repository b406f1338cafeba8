"""ZIP and tar archives: what is in them, and the bytes of one file.

In: an archive, recognised by its first bytes. Out: its Members and their contents block by block, or an exception of
packed.py that says why not. Nothing is extracted here, and what an archive's headers claim is not believed.
"""

from __future__ import annotations

import errno
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from studio.data.reading.packed.members import Member, members
from studio.data.reading.packed.packed import Damaged, Locked, Stopped, TooMany, UnknownPacking, read_blocks

MOST_MEMBERS = 50_000
_DIRECTORY = 32 << 20  # bytes of a ZIP archive's own list of files
_TAR_READ = 8 << 20  # bytes that a tar archive's headers may ask for at once
# A ZIP archive with one of these in it is a document that merely is stored so.
_DOCUMENT = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "Index/Document.iwa", "AndroidManifest.xml")
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, UnicodeError, ValueError, OverflowError,
           IndexError, NotImplementedError, struct.error)  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """An open archive: the files in it, and what gives the `blocks` of one of them."""

    members: list[Member]
    blocks: Callable[[Member], Generator[bytes, None, None]]


@contextmanager
def open_archive(file: Path, packing: Literal["zip", "tar"], should_stop: Callable[[], bool]) -> Iterator[Archive]:
    """The archive, for as long as the block runs. Raises Damaged, TooMany and Stopped; taking blocks raises Damaged,
    Locked (a password is needed) and UnknownPacking."""
    try:
        if packing == "zip":
            _check_directory(file)
            with zipfile.ZipFile(file) as opened:
                yield _zip(opened)
        else:
            with file.open("rb") as stream, tarfile.open(fileobj=_sparing(stream), mode="r:") as listed:
                yield _tar(listed, should_stop)
    except _BROKEN as error:
        raise Damaged from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # which is a place in the file that it cannot have
            raise
        raise Damaged from error


def is_document(file: Path) -> bool:
    """Whether a ZIP archive is a workbook or another office program's document; raises Damaged and TooMany."""
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except _BROKEN as error:
        raise Damaged from error
    if {"content.xml", "META-INF/manifest.xml"} <= names:  # OpenDocument, by programs that leave out what it is
        return True
    return any(name in names for name in _DOCUMENT) or (bool(names) and all(name.endswith(".npy") for name in names))


def _zip(archive: zipfile.ZipFile) -> Archive:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]

    def contents(member: Member) -> Generator[bytes, None, None]:
        if member.entry.flag_bits & 0x1:
            raise Locked
        try:
            stream = archive.open(member.entry)
        except NotImplementedError as error:
            raise UnknownPacking from error
        with stream:
            yield from read_blocks(stream)

    listed = members(Member(_zip_name(entry), entry.file_size, entry.compress_size, entry) for entry in entries)
    return Archive(listed, contents)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """Names without the mark for UTF-8 are UTF-8 all the same, where they can be: zipfile takes them for cp437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _check_directory(file: Path) -> None:
    """Refuse a ZIP archive whose list of files would fill the memory, before it is read."""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - (66 << 10)))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Damaged
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and len(tail) >= wide + 48:
        count = int.from_bytes(tail[wide + 32 : wide + 40], "little")
        length = int.from_bytes(tail[wide + 40 : wide + 48], "little")
    if length > _DIRECTORY or count > MOST_MEMBERS:
        raise TooMany


def _tar(archive: tarfile.TarFile, should_stop: Callable[[], bool]) -> Archive:
    entries = []
    for number, entry in enumerate(archive):
        if number >= MOST_MEMBERS:
            raise TooMany
        if should_stop():
            raise Stopped
        if entry.isreg():  # no links, no devices
            entries.append(entry)

    def contents(member: Member) -> Generator[bytes, None, None]:
        stream = archive.extractfile(member.entry)
        if stream is None:
            raise Damaged
        left = member.size
        with stream:
            for block in read_blocks(stream):
                left -= len(block)
                yield block
        if left:
            raise Damaged

    return Archive(members(Member(entry.name, entry.size, entry.size, entry) for entry in entries), contents)


class _Sparing:
    """A stream that refuses to hand out very much at once: a tar archive's headers may state any length."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes."""
        if size < 0 or size > _TAR_READ:
            raise tarfile.ReadError("a header states a length that none has")
        return self._stream.read(size)


def _sparing(stream: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], _Sparing(stream))

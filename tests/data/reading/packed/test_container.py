from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from studio.data.reading.options import ReadOptions
from studio.data.reading.packed import archive as archive_module
from studio.data.reading.packed import container as module
from studio.data.reading.packed.container import BETWEEN, unpack
from studio.data.reading.packed.packed import Stopped, packing_of
from studio.data.reading.source import Given
from studio.problems import Problem

TABLE = b"question,answer\n" + b"".join(b"what is %d?,it is %d\n" % (i, i) for i in range(500))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def zipped(file: Path, members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file


def zip_bytes(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def open_it(file: Path, scratch: Path, member: str | None = None, *, only_head: bool = False) -> Given:
    return unpack(file, ReadOptions(member=member), scratch, only_head=only_head)


def test_a_plain_file_passes_through(tmp_path: Path, scratch: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TABLE)
    assert open_it(file, scratch) == Given(file, file, "a.csv")
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv.gz", gzip.compress(TABLE)),
        ("a.csv.bz2", bz2.compress(TABLE)),
        ("a.csv.xz", lzma.compress(TABLE)),
        ("a.csv.lzma", lzma.compress(TABLE, lzma.FORMAT_ALONE)),
        ("a.csv.zst", pa.compress(TABLE, codec="zstd", asbytes=True)),
        ("two parts.csv.gz", gzip.compress(TABLE[:100]) + gzip.compress(TABLE[100:])),
        ("two parts.csv.xz", lzma.compress(TABLE[:100]) + bytes(8) + lzma.compress(TABLE[100:])),
        ("renamed.csv", gzip.compress(TABLE)),
        ("a.csv.tar", tarred({"a.csv": TABLE})),
        ("a.csv.tgz", gzip.compress(tarred({"a.csv": TABLE}))),
        ("a.csv.tar.gz", gzip.compress(tarred({"sub/a.csv.bz2": bz2.compress(TABLE)}))),
    ],
)
def test_every_way_of_packing(tmp_path: Path, scratch: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    given = open_it(file, scratch)
    assert given.path.read_bytes() == TABLE
    assert (given.original, given.name, given.member) == (file, name, "")
    assert given.path.parent == scratch
    assert given.path.suffix == ".csv" or name == "renamed.csv"
    assert list(scratch.iterdir()) == [given.path]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_one_table_in_a_zip_archive_needs_no_choice(tmp_path: Path, scratch: Path, how: int) -> None:
    inside = {"__MACOSX/._a.csv": b"x" * 9999, ".hidden.csv": b"y" * 9999, "logo.png": b"p" * 9999, "sub/a.csv": TABLE}
    given = open_it(zipped(tmp_path / "a.zip", inside, how), scratch)
    assert given.path.read_bytes() == TABLE
    assert (given.name, given.member, given.members) == ("a.zip", "", ())


def test_the_biggest_likely_table_is_taken_and_others_can_be_chosen(tmp_path: Path, scratch: Path) -> None:
    inside = {"a.csv": TABLE[:30], "data/b.csv": TABLE, "notes.txt": TABLE * 5, "README.md": b"r" * 99999}
    file = zipped(tmp_path / "a.zip", inside)
    given = open_it(file, scratch)
    assert (given.name, given.member) == ("data/b.csv in a.zip", "data/b.csv")
    assert given.members == ("data/b.csv", "a.csv", "notes.txt")
    assert open_it(file, scratch, "a.csv").path.read_bytes() == TABLE[:30]
    assert open_it(file, scratch, f"a.csv{BETWEEN}Sheet1").member == "a.csv"
    with pytest.raises(Problem, match=r"There is no “c.csv” in “a.zip”. It holds “data/b.csv”, “a.csv”, “notes.txt”"):
        open_it(file, scratch, "c.csv")


def test_a_file_that_describes_the_table_is_not_the_table(tmp_path: Path, scratch: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"datapackage.json": b"{}" * 9999, "rows.jsonl": b'{"a": 1}\n'})
    assert open_it(file, scratch).path.suffix == ".jsonl"


def test_compressed_members(tmp_path: Path, scratch: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"a.csv.gz": gzip.compress(TABLE)})
    given = open_it(file, scratch)
    assert given.path.read_bytes() == TABLE
    assert given.path.suffix == ".csv"


def test_names_are_shown_and_never_used(tmp_path: Path, scratch: Path) -> None:
    evil = {"../../../evil.csv": TABLE, "/etc/evil.csv": TABLE[:-22], "C:\\a\x1b[31m\n.csv": TABLE[:-44]}
    given = open_it(zipped(tmp_path / "a.zip", evil), scratch)
    assert given.members == ("evil.csv", "etc/evil.csv", "C:/a�[31m�.csv")
    assert given.path == scratch / "unpacked-0.csv"
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "scratch"}


def test_links_and_devices_in_a_tar_archive_are_not_files(tmp_path: Path, scratch: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            entry = tarfile.TarInfo(f"{kind!r}.csv")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    (tmp_path / "a.tar").write_bytes(out.getvalue())
    with pytest.raises(Problem, match=r"There is no table in “a.tar”. It holds no files."):
        open_it(tmp_path / "a.tar", scratch)


def test_names_in_utf8_without_a_mark_and_names_twice(tmp_path: Path, scratch: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Größe.csv", TABLE)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("Größe.csv", TABLE[:-22])
    data = bytearray(file.read_bytes())
    for at in range(len(data) - 4):
        if data[at : at + 4] == b"PK\x03\x04":
            data[at + 7] &= ~0x08
        elif data[at : at + 4] == b"PK\x01\x02":
            data[at + 9] &= ~0x08
    file.write_bytes(data)
    assert open_it(file, scratch).members == ("Größe.csv", "Größe (2).csv")


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.gz", gzip.compress),
        ("a.bz2", bz2.compress),
        ("a.xz", lzma.compress),
        ("a.zst", lambda text: pa.compress(text, codec="zstd", asbytes=True)),
        ("a.zip", lambda text: zip_bytes({"a.csv": text})),
        ("a.tar", lambda text: tarred({"a.csv": text})),
    ],
)
def test_a_damaged_file_is_told(tmp_path: Path, scratch: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    whole = pack(random.Random(1).randbytes(100_000))
    (tmp_path / name).write_bytes(whole[:-50_000])
    with pytest.raises(Problem, match=f"“{name}” is damaged. It is a .*, and some of its bytes are missing"):
        open_it(tmp_path / name, scratch)
    if name not in {"a.tar", "a.zst"}:  # these two hold no sums
        changed = bytearray(whole)
        for place in range(30_000, 30_064):
            changed[place] ^= 0xFF
        (tmp_path / name).write_bytes(changed)
        with pytest.raises(Problem, match=f"“{name}” is damaged"):
            open_it(tmp_path / name, scratch)


def test_a_locked_archive(tmp_path: Path, scratch: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"a.csv": TABLE}, zipfile.ZIP_STORED)
    data = bytearray(file.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(data)
    with pytest.raises(Problem, match=r"“a.zip” is locked with a password"):
        open_it(file, scratch)


def test_a_bomb_is_not_unpacked(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BOMB_BYTES", 2 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(bytes(20 << 20)))
    with pytest.raises(Problem, match="It would grow to more than 300 times its size"):
        open_it(tmp_path / "a.csv.gz", scratch)
    assert sum(path.stat().st_size for path in scratch.iterdir()) <= 8 << 20


def test_the_disk_keeps_a_reserve(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RESERVE", 1 << 60)
    with pytest.raises(Problem, match="The disk has too little free space"):
        open_it(zipped(tmp_path / "a.zip", {"a.csv": TABLE}), scratch)
    monkeypatch.setattr(module, "RESERVE", 0)
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    with pytest.raises(Problem, match="is too large to unpack"):
        open_it(zipped(tmp_path / "a.zip", {"a.csv": TABLE}), scratch)


def test_an_archive_of_very_many_files(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MOST_MEMBERS", 3)
    many = {f"{i}.csv": b"" for i in range(5)}
    (tmp_path / "a.tar").write_bytes(tarred(many))
    for file in (zipped(tmp_path / "a.zip", many), tmp_path / "a.tar"):
        with pytest.raises(Problem, match="holds too many files"):
            open_it(file, scratch)


def test_a_header_that_states_gigabytes(tmp_path: Path, scratch: Path) -> None:
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = tarfile.XHDTYPE, 30 << 30
    (tmp_path / "a.tar").write_bytes(entry.tobuf(tarfile.GNU_FORMAT) + bytes(10_000))
    with pytest.raises(Problem, match=r"“a.tar” is damaged"):
        open_it(tmp_path / "a.tar", scratch)


def test_packed_over_and_over(tmp_path: Path, scratch: Path) -> None:
    data = TABLE
    for _ in range(5):
        data = gzip.compress(data)
    (tmp_path / "a.gz").write_bytes(data)
    with pytest.raises(Problem, match="is packed several times over"):
        open_it(tmp_path / "a.gz", scratch)


def test_the_head_of_a_text_is_enough(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEAD_BYTES", 1 << 20)
    for name, data, is_cut in (("a.csv", TABLE * 500, True), ("a.json", b"[" + TABLE * 500, False)):
        file = zipped(tmp_path / "a.zip", {name: data})
        head = open_it(file, scratch, only_head=True).path.read_bytes()
        assert (len(head) < len(data)) is is_cut
        assert data.startswith(head)
        assert head.endswith(b"\n")
        assert open_it(file, scratch).path.read_bytes() == data


def test_stopping(tmp_path: Path, scratch: Path) -> None:
    with pytest.raises(Stopped):
        unpack(zipped(tmp_path / "a.zip", {"a.csv": TABLE}), ReadOptions(), scratch, should_stop=lambda: True)


def test_workbooks_are_archives_that_stay_as_they_are(tmp_path: Path, scratch: Path) -> None:
    for inside in ({"[Content_Types].xml": b"", "xl/workbook.xml": b""}, {"mimetype": b"application/vnd.oasis"}):
        file = zipped(tmp_path / "a.xlsx", inside)
        assert open_it(file, scratch).path == file


def test_an_empty_archive_and_a_folder(tmp_path: Path, scratch: Path) -> None:
    assert open_it(tmp_path, scratch).path == tmp_path
    with pytest.raises(Problem, match=r"There is no table in “a.zip”. It holds no files."):
        open_it(zipped(tmp_path / "a.zip", {}), scratch)
    with pytest.raises(Problem, match=r"There is no table in “a.zip”. It holds “logo.png”."):
        open_it(zipped(tmp_path / "a.zip", {"logo.png": b"p"}), scratch)


def test_text_is_not_taken_for_an_archive() -> None:
    assert packing_of(b"BZhank,1\n" * 100) is None
    assert packing_of(b"PK,name\n" * 100) is None
    assert packing_of(b"a" * 600) is None
    assert packing_of(b"") is None
    assert packing_of(struct.pack("<I", 0x184D2A50) + b"a") is None

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from studio.data.reading.packed import kinds
from studio.data.reading.packed.kinds import kind_of, refuse
from studio.data.reading.source import Given
from studio.data.reading.text.encoding import HEAD

TABLE = "id;text;label\n" + "".join(f"{i};some words, number {i};good\n" for i in range(20))
POEM = "Shall I compare thee to a summer’s day?\nThou art more lovely, and more temperate,\nRough winds do shake,\n" * 9
PROSE = "It was late, and the nurse was tired.\n\nThe doctor came in, looked around, and left.\n\n" * 20


def kind(tmp_path: Path, name: str, data: bytes | str) -> str:
    file = tmp_path / name
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return kind_of(Given(file, file, name))


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.csv", TABLE, "delimited"),
        ("a.txt", TABLE, "delimited"),
        ("a", TABLE, "delimited"),
        ("a.xls", TABLE.replace(";", "\t"), "delimited"),
        ("a.txt", TABLE.encode("utf-16"), "delimited"),
        ("a.csv", TABLE.encode("utf-16-le"), "delimited"),
        ("a.txt", TABLE.encode("utf-32"), "delimited"),
        ("a.csv", "a single column\nof words\n", "delimited"),
        ("a.csv", "<p>Hello</p>,good\n<p>Bye</p>,bad\n", "delimited"),
        ("a.csv", "[not json],x\n[b],y\n", "delimited"),
        ("a.txt", POEM, "text"),
        ("a.md", PROSE, "text"),
        ("a.txt", PROSE, "text"),
        ("a.txt", PROSE.encode("utf-16"), "text"),
        ("a", "Hello, world\n", "text"),
        ("a.yaml", "name: x\nkind: y\nsize: z\n", "text"),
        ("a.json", '[{"a": 1}, {"a": 2}]', "json"),
        ("a.txt", '\n {"data": [{"a": 1}]}', "json"),
        ("a.json", "\ufeff[1, 2]", "json"),
        ("a.json", '[{"a": 1}]'.encode("utf-16"), "json"),
        ("a.json", "42", "json"),
        ("a.json", '{"a": [1, 2', "json"),
        ("a.json", "[" * 100_000, "json"),
        ("a.json", '{"a": 1}\n{"a": 2}\n', "lines"),
        ("a.jsonl", '{"a": 1}', "lines"),
        ("a.jsonl", '{"a": 1}\n{"a": \n', "lines"),
        ("a.csv", '{"a": 1}\n\n{"a": 2}\n', "lines"),
        ("a.csv", '\ufeff \u3000{"a": 1}', "json"),
        ("a.csv", '\n\u2003{"a": 1}'.encode("utf-16"), "json"),
        ("a.csv", '\n\xa0{"é": 1}'.encode("cp1252"), "json"),
        ("a.csv", '\u3000\u2003{"名": 1}'.encode("gb18030"), "json"),
        ("a.csv", "12 [a]\n", "delimited"),
        ("a.json", TABLE, "delimited"),
        ("a.html", "<!DOCTYPE html><html><table></table></html>", "none"),
        ("a.csv", "\n<html><body><table><tr><td>1,2</td></tr></table></body></html>", "none"),
        ("a.xls", "<html>".encode("utf-16"), "none"),
        ("a.xml", '<?xml version="1.0"?><rows/>', "none"),
        ("a.pdf", b"%PDF-1.7\n", "none"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "none"),
        ("a.csv", b"", "none"),
        ("a.crc", b"crc\0\0\0\2\0\xff\x9a", "none"),
        ("a.pkl", b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00.", "none"),
        ("a.dat", bytes(range(256)) * 40, "none"),
        ("a.rtf", b"{\\rtf1\\ansi", "none"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument\0".encode("utf-16-le"), "none"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook\0".encode("utf-16-le"), "workbook"),
        ("a.parquet", b"PAR1", "parquet"),
    ],
)
def test_what_a_file_is(tmp_path: Path, name: str, data: bytes | str, expected: str) -> None:
    assert kind(tmp_path, name, data) == expected


def test_the_encoding_of_a_plain_table_is_left_to_its_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_encoding(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(kinds, "find_encoding", find_encoding)
    assert kind(tmp_path, "a.csv", "größe,wert\ngroß,{1}\n".encode("cp1252")) == "delimited"


def test_large_json_is_known_by_its_head(tmp_path: Path) -> None:
    rows = [{"text": "some words " * 20, "n": i} for i in range(HEAD // 100)]
    assert kind(tmp_path, "a.dat", json.dumps(rows)) == "json"
    assert kind(tmp_path, "b.json", json.dumps({"data": {"text": "x" * HEAD * 2}})) == "json"
    assert kind(tmp_path, "c.json", "\n".join(map(json.dumps, rows))) == "lines"


def test_columnar_files_and_workbooks_under_any_name(tmp_path: Path) -> None:
    table = pa.table({"a": ["x"]})
    file = tmp_path / "a.csv"
    pq.write_table(table, file)
    assert kind_of(Given(file, file, file.name)) == "parquet"
    feather.write_feather(table, file)
    assert kind_of(Given(file, file, file.name)) == "arrow"
    with pa.OSFile(str(file), "wb") as out, pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    assert kind_of(Given(file, file, file.name)) == "arrow"
    openpyxl.Workbook().save(file)
    assert kind_of(Given(file, file, file.name)) == "workbook"
    assert kind_of(Given(tmp_path, tmp_path, "folder")) == "folder"


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ({"[Content_Types].xml": "", "word/document.xml": ""}, "is a word processor's document"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "is a word processor's document"),
        ({"Index/Document.iwa": ""}, "is a document of Numbers, Pages or Keynote"),
        ({"a.npy": ""}, "is a NumPy file"),
    ],
)
def test_other_documents_say_what_they_are(tmp_path: Path, inside: dict[str, str], title: str) -> None:
    file = tmp_path / "a.docx"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in inside.items():
            archive.writestr(name, text)
    given = Given(file, file, file.name)
    assert kind_of(given) == "none"
    assert title in refuse(given).what


def test_a_refusal_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.4\n")
    problem = refuse(Given(file, file, "letter.pdf"))
    assert problem.what == "“letter.pdf” is a PDF document."
    assert problem.why
    assert "save it as a workbook or as CSV" in problem.fix
    assert problem.where is not None
    assert problem.where.file == str(file)


def test_a_locked_workbook_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage\0".encode("utf-16-le"))
    assert "locked with a password" in refuse(Given(file, file, file.name)).what


def test_nothing_is_judged_by_bytes_that_are_still_packed(tmp_path: Path) -> None:
    assert kind(tmp_path, "a.csv.gz", gzip.compress(TABLE.encode())) == "none"


@pytest.mark.parametrize(("name", "text"), [("a.json", '["a\x7fa"]'), ("a.csv", 'a,"\x1ab",c\n1,2,3\n')])
def test_one_odd_character_in_a_small_file_makes_it_no_program(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert kind_of(Given(file, file, name)) != "none"


def archive(file: Path, *names: str, inside: str = "") -> Path:
    with zipfile.ZipFile(file, "w") as packed:
        for name in names:
            packed.writestr(name, inside)
    return file


@pytest.mark.parametrize(
    ("names", "inside", "expected"),
    [
        (("workbook.xml", "_rels/workbook.xml.rels", "[Content_Types].xml"), "", "workbook"),
        (("xl\\workbook.xml", "[Content_Types].xml"), "", "workbook"),
        (("content.xml", "META-INF/manifest.xml"), "vnd.oasis.opendocument.spreadsheet", "workbook"),
        (("content.xml", "META-INF/manifest.xml"), "vnd.oasis.opendocument.text", "none"),
        (("workbook.xml", "notes.txt"), "", "none"),
    ],
)
def test_workbooks_as_few_programs_pack_them(
    tmp_path: Path, names: tuple[str, ...], inside: str, expected: str
) -> None:
    file = archive(tmp_path / "a.zip", *names, inside=inside)
    assert kind_of(Given(file, file, file.name)) == expected

"""Whether an import loses a row or changes a text, over thousands of generated files of every kind.

    python tests/benchmarks/conservation.py [--files 10000] [--seed 1] [--kinds csv,xlsx,…] [--only csv:17]

Three properties. Fidelity: a table of nasty texts, written as CSV, JSON, Parquet, a workbook …, comes out cell for
cell, and so does what `convert` writes of it. Conservation: every line of any text file is in a row that is kept, in
one that is set aside, or names the columns. Damage: a file that is cut anywhere, or has a bit flipped, is read or ends
with a Problem; never with another exception, never after ten seconds. Prints for each kind how many files held, how
many tables were found exactly without being told how they are written, and for each fault the smallest file that still
shows it. Work goes on in processes of its own, so that one that dies is told with the file that killed it.
"""

from __future__ import annotations

import argparse
import bz2
import contextlib
import csv
import gzip
import io
import json
import lzma
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.table.table import Table, open_table
from studio.data.table.write import write_table
from studio.problems import Problem

SLOWEST = 10.0  # seconds of one import
_SPECIAL = (
    "", " ", "NA", "null", "None", "NaN", "nan", "007", "1E5", "1,5", "TRUE", "=1+1", "-", "#N/A", "+49 170 1",
    "0x1F", "1/2/2024", "2024-01-02", '"', '""', "'", "''", "“x”", "«y»", "`", 'say "hi"', "it's", "\\", '\\"', "\\n",
    "a\\", "\n", "\r", "\r\n", "a\nb", "a\rb", "a\r\nb", "\n\n", "\t", "a\tb", " lead", "trail ", "  two  ", ",", ";",
    "|", "a,b", "a;b", "a|b", "# remark", "#tag", "Total", "Source: x", "* note", "sep=;", "\u2028", "a\u2029b",
    "\x85", "\xa0", "\u200f", "שלום", "مرحبا", "e\u0301", "\ufb01", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U00020000", "\U0010fffd", "\ufeffx", "\uffff", "İ", "ß", "<b>&amp;</b>", "{}", "[]", '{"a": 1}',
    "_x000D_", "ÿ", "€", "\x0b", "\x0c", "\x1c", "\x1f",
)  # fmt: skip
_TEXT = (
    "the order came late and I want my money back please it was broken nobody answers größer café naïve señor where is "
    "my parcel card payment declined twice thank you very much doctor patient fever since Monday"
)
_WORDS = _TEXT.split()
_NAMES = ("text", "label", "note", "price", "city name", "comment", "urgency", "first visit", "remark 2", "kind", "who")
_TEXTS = {
    "cp1252": "Die Größe stimmt nicht überein, für Mädchen schön. Café crème à Paris €5 ñandú Äpfel Öl Übung",
    "gb18030": "订单 还没有到 我想 退款 谢谢 医生 病人 发烧 从星期一 开始 银行卡 被拒绝 两次 请帮助我 价格",
    "shift_jis": "注文が まだ 届きません 返金を お願いします ありがとう 患者 は 熱が あります カード 支払い",
}
_ALPHABETS = {encoding: words.split() for encoding, words in _TEXTS.items()}
_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x5D0, 0x5EA),
    (0x621, 0x64A),
    (0x2000, 0x206F),
    (0x4E00, 0x4FFF),
    (0xE000, 0xE0FF),
    (0x1F300, 0x1F6FF),
    (0x20000, 0x200FF),
)
_PIECES = (
    "a", "é", " ", "b c", '"', '""', "'", "\\", '\\"', "\n", "\r\n", "\r", ",", ";", "\t", "|", "b,c\n", '"x",y\n',
    'x,"y"\r\n', "\n\n", 'in,5" inch\n', '"two\nlines",z\n', "short\n", "1,2,3\n", "tail,x,\n", '"open,q\n',
    'bad "quote",y\n', '"a"b,c\n', "\ufeff", "text,label\n", "text;label\n", "1;2\n", "x;'y;z'\n", "# remark\n",
    "sep=;\n", "Total,,5\n", "Source: me\n", "\u2028", "\x85", "\xa0", "\x0c", "a\tb\n", "a|b|c\n", "| a | b |\n",
    '{"a": 1}\n', "[1, 2]\n", '{"a": "', "----\n", "a  b   c\n", "12.5", "2024-01-01", "'q,r'\n", ",,,\n", '"",""\n',
    ' "s", "t"\n', "\x00", "日本,語\n", "x" * 3000,
)  # fmt: skip
_TOLD: dict[str, tuple[Any, ...]] = {
    "encoding": ("utf-8", "cp1252", "latin-1", "utf-16", "gb18030", "shift_jis", "iso2022_jp"),
    "delimiter": (",", ";", "\t", "|", "", " ", "::"),
    "quote": ('"', "'", ""),
    "has_header": (True, False),
    "skip": (0, 0, 1, 2, 5, 100),
}
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
Rows = list[list[str]]


class Lost(Exception):
    """A property that does not hold: `what` names it in a few words, the same for the same fault."""

    def __init__(self, what: str, shown: str = "") -> None:
        super().__init__(f"{what}: {shown}" if shown else what)
        self.what = what
        self.case: Case | None = None  # the file in which it shows, if not the one that was checked


class _TooSlow(BaseException):
    """Raised by the clock; nothing that is tested catches it."""


@dataclass(frozen=True)
class Case:
    """One file: its `name`, its bytes, how a person would say it is written, the names and rows that it must give
    (None: whatever it gives must be all there is), and whether `convert` has to keep it. `files` are several instead.
    `is_damaged`: it may be anything, so that only exceptions and time count. `sort` groups what was found by looking;
    `must_find`: nothing else than what is told may be found."""

    name: str
    data: bytes
    told: ReadOptions = ReadOptions()
    header: list[str] | None = None
    rows: Rows = field(default_factory=list)
    out: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    is_damaged: bool = False
    sort: str = ""
    must_find: bool = False


# Tables


def text(rng: random.Random, words: Sequence[str] = _WORDS, *, plain: bool = False) -> str:
    """A cell: words, a text that programs like to change, or characters from all over Unicode."""
    kind = rng.random()
    if plain or kind < 0.5:
        return " ".join(rng.choices(words, k=rng.randint(1, 9)))
    if kind < 0.8:
        return rng.choice(_SPECIAL)
    if kind < 0.95:
        return "".join(chr(rng.randint(*rng.choice(_RANGES))) for _ in range(rng.randint(1, 12)))
    if kind < 0.998:
        return "".join(rng.choice(_SPECIAL) + rng.choice(words) for _ in range(rng.randint(1, 6)))
    return " ".join(rng.choices(words, k=rng.choice((500, 5_000, 30_000)))) + rng.choice(_SPECIAL)


def table(
    rng: random.Random, words: Sequence[str] = _WORDS, *, plain: bool = False, names: bool = False
) -> tuple[list[str], Rows]:
    """A header and rows. `plain`: words alone; `names`: a header of usual names."""
    width = rng.choice((1, 2, 2, 3, 3, 4, 7, 30))
    most = 300 if width < 30 else 30
    count = min(most, rng.choice((1, 2, 5, 5, 20, 20, 20, 60, 60, 300))) if not plain else rng.randint(20, 60)
    usual = [*rng.sample(_NAMES, min(width, len(_NAMES))), *(f"extra {i}" for i in range(width - len(_NAMES)))]
    header = usual if names or rng.random() < 0.6 else [text(rng)[:200] for _ in range(width)]
    rows = [[text(rng, words, plain=plain) for _ in range(width)] for _ in range(count)]
    rows = [row if row != header else [f"{row[0]} again", *row[1:]] for row in rows]  # no header that comes again
    if rng.random() < 0.2:  # one NUL is text; many are a program
        rows[-1][-1] += "\x00"
    return header, rows


def as_csv(header: Sequence[str], rows: Rows, delimiter: str, ending: str, quoting: int) -> str:
    """As Python's csv module writes it; both line ends are quoted, whichever ends the lines."""
    made = []
    for row in [header, *rows]:
        line = io.StringIO()
        writer = csv.writer(line, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]
        writer.writerow(row)
        made.append(line.getvalue()[:-2] + ending)
    return "".join(made)


def _csv_case(rng: random.Random) -> Case:
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "gb18030", "shift_jis"))
    words = _ALPHABETS.get(encoding, _WORDS)
    all_quoted, delimiter = rng.random() < 0.5, rng.choice(",,;\t|")
    is_regular = encoding in _ALPHABETS or (not all_quoted and rng.random() < 0.5)
    header, rows = table(rng, words, plain=is_regular, names=is_regular)
    if is_regular and encoding not in _ALPHABETS:
        for row in rng.sample(rows, len(rows) // 4):
            row[rng.randrange(len(row))] = text(rng)
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    made = as_csv(header, rows, delimiter, rng.choice(("\n", "\r\n")), quoting)
    told = ReadOptions(encoding, delimiter, '"', True, 0)
    named = "usual names" if set(header) <= {*_NAMES} or header[0] in _NAMES else "odd names"
    sort = f"{'all quoted' if all_quoted else 'few quoted, regular' if is_regular else 'few quoted, wild'}, {named}"
    out = rng.choice((".csv", ".tsv", ".jsonl", ".parquet", "", "", ""))
    return Case("table.csv", made.encode(encoding), told, header, rows, out, sort=sort)


def _distinct(header: Sequence[str]) -> list[str]:
    """Different as they stand, for kinds of files that allow no others."""
    return [name if header.index(name) == i else f"{name} ({i})" for i, name in enumerate(header)]


def _json_case(rng: random.Random) -> Case:
    header, rows = table(rng)
    header = _distinct(header)
    ascii_only = rng.random() < 0.5
    records = [
        {n: None if cell == "" and rng.random() < 0.5 else cell for n, cell in zip(header, row, strict=True)}
        for row in rows
    ]
    made: Any = records if rng.random() < 0.7 else {"data": records}
    data = json.dumps(made, ensure_ascii=ascii_only, indent=rng.choice((None, None, 1)))
    return Case("table.json", data.encode(), header=header, rows=rows, out=rng.choice((".jsonl", "")))


def _jsonl_case(rng: random.Random) -> Case:
    header, rows = table(rng)
    header = _distinct(header)
    ending, ascii_only = rng.choice(("\n", "\r\n")), rng.random() < 0.5
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=ascii_only) + ending for row in rows]
    return Case("table.jsonl", "".join(lines).encode(), header=header, rows=rows, out=rng.choice((".parquet", "")))


def _arrow_case(rng: random.Random) -> Case:
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    header, rows = table(rng)
    if rng.random() < 0.8:
        header = _distinct(header)
    columns = []
    for cells in zip(*rows, strict=True):
        some = [None if cell == "" and rng.random() < 0.5 else cell for cell in cells]
        made = pa.array(some, rng.choice((pa.string(), pa.large_string())))
        columns.append(made.dictionary_encode() if rng.random() < 0.2 else made)
    found, sink = pa.table(columns, names=header), io.BytesIO()
    kind = rng.choice(("parquet", "parquet", "feather", "arrow", "arrows"))
    if kind == "parquet":
        packing = rng.choice(("snappy", "zstd", "none"))
        pyarrow.parquet.write_table(found, sink, row_group_size=rng.choice((7, 100_000)), compression=packing)
    elif kind == "feather":
        pyarrow.feather.write_feather(found, sink)
    else:
        opens = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with opens(sink, found.schema) as writer:
            writer.write_table(found)
    return Case(
        f"table.{kind}", sink.getvalue(), header=header, rows=rows, out=rng.choice((".csv", ".tsv", ".jsonl", ""))
    )


def _sheet_table(rng: random.Random) -> tuple[list[str], Rows]:
    """A table that a sheet can hold: no control characters, no wholly empty row or column."""
    header, rows = table(rng, names=True)
    rows = [
        [re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff\r]|_x[0-9A-Fa-f]{4}_", "", cell)[:30_000] for cell in row]
        for row in rows[:60]
    ]
    for number, row in enumerate(rows):
        row[0] = row[0] if row[0].strip() else f"row {number}"
    return header, rows


def _xlsx_case(rng: random.Random) -> Case:
    import openpyxl

    header, rows = _sheet_table(rng)
    book, sink = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for at, row in enumerate([header, *rows], start=1):
        for column, value in enumerate(row, start=1):
            if value:
                cell = sheet.cell(at, column, value)
                cell.data_type = "s"
    book.save(sink)
    return Case("table.xlsx", sink.getvalue(), ReadOptions(has_header=True, skip=0), header, rows)


def _ods_case(rng: random.Random) -> Case:
    header, rows = _sheet_table(rng)

    def cell(value: str) -> str:
        if not value:
            return "<table:table-cell/>"
        whole = escape(value, quote=False).replace("\t", "<text:tab/>")
        whole = re.sub("  +|^ | $|(?<=\n) | (?=\n)", lambda m: f'<text:s text:c="{len(m[0])}"/>', whole)
        inside = "".join(f"<text:p>{part}</text:p>" for part in whole.split("\n"))
        return f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [header, *rows])
    spaces = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="one">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST, zipfile.ZIP_DEFLATED)
    return Case("table.ods", sink.getvalue(), ReadOptions(has_header=True, skip=0), header, rows)


def _packed_case(rng: random.Random) -> Case:
    inner = rng.choice((_csv_case, _json_case, _jsonl_case, _arrow_case))(rng)
    return replace(inner, out="", sort="", **_packed(rng, inner.name, inner.data))


def _packed(rng: random.Random, name: str, data: bytes) -> dict[str, Any]:
    kind = rng.choice(("gz", "bz2", "xz", "zip"))
    if kind == "zip":
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
            archive.writestr(name, data)
        return {"name": "table.zip", "data": sink.getvalue()}
    packs: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
    return {"name": f"{name}.{kind}", "data": packs[kind](data)}


def _several_case(rng: random.Random) -> Case:
    header, rows = table(rng, names=True)
    cuts = sorted(rng.randint(1, len(rows)) for _ in range(2))
    parts = [part for part in (rows[: cuts[0]], rows[cuts[0] : cuts[1]], rows[cuts[1] :]) if part]
    files = tuple(
        (f"report {chr(97 + i)}.csv", as_csv(header, part, ",", "\n", csv.QUOTE_ALL).encode())
        for i, part in enumerate(parts)
    )
    return Case("several", b"", ReadOptions("utf-8", ",", '"', True, 0), header, rows, files=files)


# Any text


def _text_case(rng: random.Random) -> Case:
    data = _any_text(rng)
    ending = rng.choice((".csv", ".csv", ".csv", ".tsv", ".txt", ""))
    told = {}
    if rng.random() < 0.4:
        told = {name: rng.choice(values) for name, values in _TOLD.items() if rng.random() < 0.5}
    return Case(f"any{ending}", data, ReadOptions(**told))


def _any_text(rng: random.Random) -> bytes:
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "gb18030", "cp932"))
    kind = rng.randrange(8)
    if kind == 0:
        made = "".join(rng.choice(_PIECES) for _ in range(rng.randint(1, 60)))
    elif kind == 1:
        return bytes(
            rng.choice((rng.randrange(256), rng.randrange(32, 127), 44, 10)) for _ in range(rng.randint(1, 400))
        )
    else:
        header, rows = table(rng, plain=rng.random() < 0.5)
        delimiter, ending = rng.choice(",,;\t|"), rng.choice(("\n", "\r\n", "\r"))
        quoting = rng.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))
        lines = as_csv(header, rows[:60], delimiter, ending, quoting).splitlines(keepends=True)
        if kind == 2 and rng.random() < 0.3:
            lines = _ragged_far_below(rng, lines, delimiter, ending)
        made = "".join(_spoiled(rng, kind, lines, delimiter))
    data = made.encode(encoding, "replace")
    if rng.random() < 0.15:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + bytes(rng.randrange(256) for _ in range(rng.randint(1, 3))) + data[at:]
    return data


def _spoiled(rng: random.Random, kind: int, lines: list[str], delimiter: str) -> list[str]:
    """Lines of a table made ragged, unbalanced, framed, cut or mixed."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(lines) + 1)
        near = min(at, len(lines) - 1)
        if kind == 2:  # ragged
            lines[near] = rng.choice(
                (delimiter + lines[near], lines[near].replace(delimiter, "", 1), rng.choice(_WORDS) + "\n")
            )
        elif kind == 3:  # quotes
            place = rng.randrange(len(lines[near]) + 1)
            lines[near] = lines[near][:place] + rng.choice(('"', "'", '\\"', '""')) + lines[near][place:]
        elif kind == 4:  # above and below
            frame = rng.choice(
                (
                    "Report of May\n",
                    "\n",
                    "Total" + delimiter + "5\n",
                    "Source: me\n",
                    "# made by x\n",
                    "* note\n",
                    lines[0],
                )
            )
            lines.insert(rng.choice((0, 1, len(lines))), frame)
        elif kind == 5:  # cut
            lines = [*lines[:at], lines[near][: rng.randrange(len(lines[near]) + 1)]]
        elif kind == 6:  # ends
            lines[near] = lines[near].rstrip("\r\n") + rng.choice(
                ("\n", "\r", "\r\n", "\n\n", "\r\r\n", "\u2028", "\x85")
            )
        else:
            lines.insert(at, rng.choice(_PIECES))
    return lines


def _ragged_far_below(rng: random.Random, lines: list[str], delimiter: str, ending: str) -> list[str]:
    """So many lines that the fast way reads them; below, rows that are too short stand before rows with an empty cell
    too many."""
    filled = [line for line in lines if line.endswith(ending) and delimiter in line] or [f"a{delimiter}b{ending}"]
    many = [*lines, *rng.choices(filled, k=1 + 20_000 // max(map(len, filled)))]
    for _ in range(rng.randint(1, 4)):
        short, long = sorted(rng.sample(range(len(many) // 2, len(many)), 2))
        many[short] = rng.choice(_WORDS) + ending
        many[long] = rng.choice(filled).removesuffix(ending) + delimiter + ending
    return many


def _lines_case(rng: random.Random) -> Case:
    """JSON Lines of which some are broken, cut, or no objects."""
    lines = []
    for _ in range(rng.randint(1, 30)):
        line = json.dumps({"text": text(rng), "label": rng.choice("abc")}, ensure_ascii=rng.random() < 0.5)
        kind = rng.random()
        if kind < 0.1:
            line = line[: rng.randrange(len(line))]
        elif kind < 0.2:
            line = rng.choice(
                (
                    "",
                    "  ",
                    "5",
                    '"x"',
                    "null",
                    "[1]",
                    "{}",
                    '{"text": 1e400}',
                    '{"a": {"b": [1, {}]}}',
                    "\x00",
                    "{" * 50,
                    line * 2,
                )
            )
        lines.append(line + rng.choice(("\n", "\n", "\n", "\r\n", "\n\n")))
    return Case(rng.choice(("any.jsonl", "any.json", "any.txt")), "".join(lines).encode("utf-8", "replace"))


# Damage


def _wholes() -> list[Case]:
    """One small file of each kind, always the same."""
    rng = random.Random(5)
    rows = [[" ".join(rng.choices(_WORDS, k=4)), rng.choice(("a", "b")), '5" ,\nx'] for _ in range(6)]
    header = ["text", "label", "note"]
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet

    made = as_csv(header, rows, ",", "\n", csv.QUOTE_MINIMAL)
    objects = [dict(zip(header, row, strict=True)) for row in rows]
    found = pa.table(list(map(pa.array, zip(*rows, strict=True))), names=header)
    parquet, stream, arrow, xlsx = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    pyarrow.parquet.write_table(found, parquet)
    for opens, sink in ((pa.ipc.new_file, arrow), (pa.ipc.new_stream, stream)):
        with opens(sink, found.schema) as writer:
            writer.write_table(found)
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.worksheets[0].append(row)
    book.save(xlsx)
    lines = "".join(json.dumps(record) + "\n" for record in objects)
    ods = next(case for case in map(_ods_case, map(random.Random, range(99))) if len(case.data) < 1_500)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", made)
    plain = made.encode()
    named = {
        "w.csv": plain,
        "w16.csv": made.encode("utf-16"),
        "w.jsonl": lines.encode(),
        "w.json": json.dumps(objects, indent=1).encode(),
        "w.gz": gzip.compress(plain, mtime=0),
        "w.bz2": bz2.compress(plain),
        "w.xz": lzma.compress(plain),
        "w.zip": zipped.getvalue(),
        "w.parquet": parquet.getvalue(),
        "w.arrow": arrow.getvalue(),
        "w.arrows": stream.getvalue(),
        "w.xlsx": xlsx.getvalue(),
        "w.ods": ods.data,
    }
    return [Case(name, data) for name, data in named.items()]


def _cut_case(number: int, of: int) -> Case:
    """The prefixes of the whole files, evenly over all of them where fewer are asked for than there are. A workbook is
    opened by a process of its own, which is slow, so that only every 20th of its prefixes counts."""
    wholes = _wholes()
    places = [
        (i, at)
        for i, c in enumerate(wholes)
        for at in range(0, len(c.data), 20 if c.name in {"w.xlsx", "w.ods"} else 1)
    ]
    i, at = (
        places[number * max(1, len(places) // max(1, of)) % len(places)]
        if of < len(places)
        else places[number % len(places)]
    )
    return replace(wholes[i], data=wholes[i].data[:at], is_damaged=not wholes[i].name.endswith(("csv", "jsonl")))


def _flip_case(rng: random.Random) -> Case:
    whole = rng.choice(_wholes())
    data = bytearray(whole.data)
    for _ in range(rng.choice((1, 1, 1, 4))):
        data[rng.randrange(len(data))] ^= rng.choice((1 << rng.randrange(8), 255))
    return replace(whole, data=bytes(data), is_damaged=not whole.name.endswith(("csv", "jsonl")))


MAKERS: dict[str, tuple[float, Callable[[random.Random], Case]]] = {
    "csv": (0.18, _csv_case),
    "json": (0.04, _json_case),
    "jsonl": (0.04, _jsonl_case),
    "arrow": (0.06, _arrow_case),
    "xlsx": (0.04, _xlsx_case),
    "ods": (0.02, _ods_case),
    "packed": (0.05, _packed_case),
    "several": (0.02, _several_case),
    "text": (0.30, _text_case),
    "lines": (0.05, _lines_case),
    "flips": (0.10, _flip_case),
}
_CUTS = 0.10
KINDS = (*MAKERS, "cuts")


def case_of(kind: str, number: int, seed: int, of: int) -> Case:
    """The file with this number, the same every time."""
    if kind == "cuts":
        return _cut_case(number, of)
    return MAKERS[kind][1](random.Random(f"{seed}:{kind}:{number}"))


# Properties


def check(case: Case, folder: Path) -> str:
    """Raise Lost where a property does not hold. Out: how looking did: "found", what it got wrong, or "" where it was
    not asked."""
    file: Path | list[Path] = folder / case.name
    if case.files:
        file = [folder / name for name, _ in case.files]
        for path, (_, data) in zip(file, case.files, strict=True):
            path.write_bytes(data)
    else:
        (folder / case.name).write_bytes(case.data)
    if case.header is None:
        got = imported(file, folder / "told", case.told)
        if got and not case.is_damaged:
            conserved(case.data, got)
        return ""
    told = imported(file, folder / "told", case.told)
    if isinstance(told, Problem):
        raise Lost(f"told: Problem {_digits(told.what)}", told.why)
    try:
        equal(told, case.header, case.rows)
    except Lost as lost:
        raise Lost(f"told: {lost.what}", str(lost)) from lost
    if case.out:
        _round_trip(told, folder / f"out{case.out}")
    if not case.sort:
        return ""
    found = imported(file, folder / "found", ReadOptions())
    answer = f"Problem {_digits(found.what)}" if isinstance(found, Problem) else "found"
    if isinstance(found, Table):
        conserved(case.data, found)
        try:
            equal(found, case.header, case.rows)
        except Lost as lost:
            answer = _differs(found.reading, case.told, is_narrow=len(case.header) == 1) or lost.what
    if case.must_find and answer != "found":
        raise Lost(f"found: {answer}", str(getattr(found, "reading", found)))
    return answer


def _differs(reading: Any, told: ReadOptions, *, is_narrow: bool) -> str:
    """Which value was not found as it is."""
    if reading.kind != "delimited":
        return f"taken as {reading.kind}"
    for name in ("encoding", "delimiter", "quote", "has_header", "skip"):
        found, value = getattr(reading, name), getattr(told, name)
        if name == "encoding":
            found, value = found.removesuffix("-sig"), {"shift_jis": "cp932"}.get(value, value).removesuffix("-sig")
        if name == "delimiter" and not found and is_narrow:
            continue
        if found != value:
            return f"{name} {found!r} for {value!r}" if name in {"encoding", "delimiter"} else name
    return ""


def imported(file: Path | list[Path], folder: Path, options: ReadOptions) -> Any:
    """The Table, or the Problem; anything else, or more than ten seconds, is Lost."""
    begin = time.process_time()
    try:
        with _clock(6 * SLOWEST):
            for _ in read_table(file, folder, options):
                pass
    except Problem as problem:
        return problem if not isinstance(file, Path) or file.stat().st_size else None
    except _TooSlow as error:
        raise Lost("it hangs", _place(error)) from error
    except Exception as error:
        raise Lost(f"{type(error).__name__} {_place(error)}", str(error)[:200]) from error
    if time.process_time() - begin > SLOWEST:
        raise Lost("it takes too long", f"{time.process_time() - begin:.1f} s")
    return open_table(folder)


def rows_of(table: Table) -> list[tuple[str, ...]]:
    """All rows."""
    return list(zip(*(table.column(name) for name in table.columns), strict=True))


def equal(table: Table, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Cell for cell, and names as far as they can be kept: not empty, different, blanks trimmed."""
    got = rows_of(table)
    if len(got) != len(rows) or table.reading.rejected:
        aside = [row["text"] for row in table.rejected()[:3]]
        raise Lost("number of rows", f"{len(got)} kept + {table.reading.rejected} set aside of {len(rows)}; {aside!r}")
    for number, (one, other) in enumerate(zip(got, rows, strict=True)):
        if list(one) != list(other):
            place = next((i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), -1)
            shown = f"{one[place][:200]!r} for {other[place][:200]!r}" if place >= 0 else f"{one!r} for {other!r}"
            raise Lost("a cell" if len(one) == len(other) else "number of cells", f"row {number}, {shown}")
    trimmed = [" ".join(name.split()) for name in header]
    names = table.columns
    if len(names) != len(header) or len(set(names)) < len(names) or not all(names):
        raise Lost("names", f"{names!r} for {header!r}")
    for name, wanted, plain in zip(names, header, trimmed, strict=True):
        if plain and trimmed.count(plain) == 1 and name not in {wanted, plain}:
            raise Lost("names", f"{name!r} for {wanted!r}")


def _round_trip(told: Table, out: Path) -> None:
    """What is written reads back as it was; also where nothing is told, unless its names look like a row."""
    write_table(told, out)
    rows = list(map(list, rows_of(told)))
    delimiter = "," if out.suffix == ".csv" else "\t"
    options = ReadOptions("utf-8", delimiter, '"', True, 0)
    is_csv = out.suffix in {".csv", ".tsv"}
    is_usual = is_csv and told.columns[0] in _NAMES
    again = Case(f"again{out.suffix}", out.read_bytes(), options if is_csv else ReadOptions(), list(told.columns), rows)
    again = replace(again, sort="all quoted" if is_usual else "", must_find=is_usual)
    try:
        check(again, out.parent)
    except Lost as lost:
        lost.what, lost.case = f"read back, {lost.what}", again
        raise


def conserved(data: bytes, table: Any) -> None:
    """Raise Lost unless every line is kept, set aside, or names the columns."""
    if isinstance(table, Problem):
        return
    reading = table.reading
    encoding = "utf-8-sig" if reading.encoding == "utf-8" else reading.encoding
    whole = io.TextIOWrapper(io.BytesIO(data), encoding, errors="surrogateescape", newline="").read()
    if reading.rejected != len(table.rejected()):
        raise Lost("rejected count", f"{reading.rejected} for {len(table.rejected())}")
    if reading.kind == "text":
        _prose_conserved(whole, table)
    elif reading.kind == "delimited":
        _lines_conserved(whole, table)
    elif reading.kind == "lines" and not reading.shape:
        filled = [
            line
            for line in io.StringIO(whole, newline="\n")
            if line.strip(" \t\r\n\ufeff\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029")
        ]
        made = table.rows + reading.rejected + reading.has_header
        if made != len(filled):
            raise Lost("number of lines", f"{table.rows} kept + {reading.rejected} set aside of {len(filled)}")


def _prose_conserved(whole: str, table: Table) -> None:
    """Passages one after the other are the text."""
    kept, aside, at = [row[0] for row in rows_of(table)][::-1], [str(row["text"]) for row in table.rejected()][::-1], 0
    while kept or aside:
        if kept and whole.startswith(kept[-1], at):
            at += len(kept.pop())
        elif aside and readable(whole[at : at + len(aside[-1])]) == aside[-1]:
            at += len(aside.pop())
        else:
            raise Lost("a passage is elsewhere", repr(whole[at : at + 100]))
    if at < len(whole):
        raise Lost("text is lost", repr(whole[at : at + 100]))


def readable(text: str) -> str:
    """� for each byte that could not be decoded."""
    return re.sub("[\ud800-\udfff]", "�", text)


def _lines_conserved(whole: str, table: Table) -> None:
    """No line is set aside twice, and those that were not, read once more with Python's csv module, are the header and
    the rows."""
    twice = [line for line, count in Counter(int(str(row["line"])) for row in table.rejected()).items() if count > 1]
    if twice:
        raise Lost("a line is set aside twice", f"line {twice[0]}")
    lines: list[str | None] = list(io.StringIO(whole, newline=""))
    for row in table.rejected():
        at, text = int(str(row["line"])) - 1, str(row["text"])
        for end in range(at + 1, len(lines) + 1):
            raw = "".join(line or "\0gone" for line in lines[at:end])
            if readable(raw.rstrip("\r\n")) == text:
                lines[at:end] = [None] * (end - at)
                break
            if len(raw) > len(text) + 4:
                raise Lost(
                    "a line set aside is not in the file",
                    f"line {at + 1}: {text[:100]!r}, but {raw[:100]!r} ({row['reason']})",
                )
        else:
            raise Lost("a line set aside is not in the file", f"line {at + 1}: {text[:100]!r} ({row['reason']})")
    blank = [at < table.reading.skip and line is not None and line.isspace() for at, line in enumerate(lines)]
    left = [line for line, is_above in zip(lines, blank, strict=True) if line is not None and not is_above]
    rows = rows_of(table)
    reading = table.reading
    is_plain = len(reading.delimiter) <= 1 and not any("as a sign" in d or "not doubled" in d for d in reading.doubts)
    if is_plain:
        for trim in (False, True):
            records = _read(left, reading.delimiter, reading.quote, trim=trim)
            headers = range(1, 5) if reading.has_header else (0,)
            if any(_same(records[count:], rows) and _names(records[:count], table) for count in headers):
                return
        if not reading.has_header:
            raise Lost(
                "rows differ from the lines", _first_difference(_read(left, reading.delimiter, reading.quote), rows)
            )
    missing = _letters("".join(left), reading) - _letters("".join(map("".join, rows)), reading)
    more = _letters("".join(map("".join, rows)), reading) - _letters("".join(left), reading)
    if more:
        raise Lost("text that is not in the file", repr(dict(more))[:100])
    for line in [line for line in left if line.strip()] if reading.has_header else []:
        if not missing:
            break
        missing -= _letters(line, reading)
        if is_plain and _same(_read(left[left.index(line) + 1 :], reading.delimiter, reading.quote), rows):
            return
    if missing or is_plain:
        records = _read(left, reading.delimiter, reading.quote) if is_plain else []
        raise Lost(
            "text is lost" if missing else "rows differ from the lines",
            _first_difference(records[reading.has_header :], rows),
        )


def _read(lines: Sequence[str], delimiter: str, quote: str, *, trim: bool = False) -> Rows:
    csv.field_size_limit(2**31 - 1)
    sign = delimiter or next(chr(i) for i in range(0xE500, 0xF000) if not any(chr(i) in line for line in lines))
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    signs: dict[str, Any] = {
        "delimiter": sign,
        "quotechar": quote or None,
        "quoting": quoting,
        "skipinitialspace": trim,
    }
    return [row for row in csv.reader(lines, **signs) if row]


def _same(records: Rows, rows: Sequence[Sequence[str]]) -> bool:
    return len(records) == len(rows) and all(map(_fits, records, rows))


def _fits(record: Sequence[str], row: Sequence[str]) -> bool:
    """Only empty cells may be added at the end, and only blank ones taken off."""
    width = len(row)
    return [*record[:width], *[""] * (width - len(record))] == list(row) and not any(c.strip() for c in record[width:])


def _names(header: Rows, table: Table) -> bool:
    """Whether the words of the header are those of the columns."""
    known = {word for name in table.columns for word in re.findall(r"\w+", name)}
    return all(word in known for row in header for cell in row for word in re.findall(r"\w+", readable(cell)))


def _letters(text: str, reading: Any) -> Counter[str]:
    """All characters that are no signs of the file, nor blanks."""
    signs = {*reading.delimiter, *reading.quote, "\\"}
    return Counter(c for c in readable(text) if c not in signs and not c.isspace())


def _first_difference(records: Rows, rows: Sequence[Sequence[str]]) -> str:
    for number, (record, row) in enumerate(zip(records, rows, strict=False)):
        if not _fits(record, row):
            return f"row {number} is {[c[:60] for c in row]!r}, its line holds {[c[:60] for c in record]!r}"
    return f"{len(rows)} rows of {len(records)}: {[[c[:60] for c in r] for r in records[len(rows) :][:2]]!r}"


@contextlib.contextmanager
def _clock(seconds: float) -> Iterator[None]:
    """Ends what takes too long, where the system has such a clock."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooSlow

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _place(error: BaseException) -> str:
    """The last place in the program that is tested."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f"{Path('studio')}" in Path(f.filename).parts]
    return f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""


def _digits(text: str) -> str:
    return re.sub(r"\d+", "9", text)


# The smallest file


def shrunk(case: Case, what: str, *, seconds: float = 10.0) -> Case:
    """A smaller file with the same fault."""
    until = time.monotonic() + seconds

    def shows(other: Case) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(other, Path(folder))
            except Lost as lost:
                return lost.what == what
            except (ValueError, UnicodeError):
                return False
        return False

    if case.header is None:
        data = list(case.data)
        return replace(case, data=bytes(_fewer(data, lambda kept: shows(replace(case, data=bytes(kept))), until)))
    if not case.name.endswith(("csv", "tsv")) or case.files:
        return case
    is_all_quoted = case.name.startswith("again") or case.sort.startswith("all")
    quoting = csv.QUOTE_ALL if is_all_quoted else csv.QUOTE_MINIMAL

    def written(header: Sequence[str], rows: Rows) -> Case:
        encoding, delimiter = case.told.encoding or "utf-8", case.told.delimiter or ","
        made = as_csv(header, rows, delimiter, "\n", quoting)
        return replace(case, header=list(header), rows=rows, data=made.encode(encoding))

    header, rows = case.header, case.rows
    rows = _fewer(rows, lambda kept: bool(kept) and shows(written(header, kept)), until)
    kept = _fewer(
        list(range(len(header))),
        lambda some: bool(some) and shows(written([header[i] for i in some], [[r[i] for i in some] for r in rows])),
        until,
    )
    header, rows = [header[i] for i in kept], [[row[i] for i in kept] for row in rows]
    for row in rows:
        for i, cell in enumerate(row):

            def with_cell(letters: list[str], row: list[str] = row, i: int = i) -> bool:
                before, row[i] = row[i], "".join(letters)
                held = shows(written(header, rows))
                row[i] = before
                return held

            row[i] = "".join(_fewer(list(cell), with_cell, until))
    return written(header, rows)


def _fewer(items: list[Any], shows: Callable[[list[Any]], bool], until: float) -> list[Any]:
    """Leave out ever smaller pieces as long as the fault stays."""
    size = len(items) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(items) and time.monotonic() < until:
            rest = items[:at] + items[at + size :]
            if shows(rest):
                items = rest
            else:
                at += size
        size //= 2
    return items


# The run


def work(kind: str, start: int, stop: int, seed: int, of: int) -> None:
    """Check some files; a line of JSON for each on stdout."""
    shown: Counter[str] = Counter()
    for number in range(start, stop):
        print(json.dumps({"begins": number}), flush=True)
        case, found, fault = case_of(kind, number, seed, of), "", None
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = check(case, Path(folder))
            except Lost as lost:
                fault = lost
        said: dict[str, Any] = {"number": number, "sort": case.sort, "found": found}
        if fault:
            shown[fault.what] += 1
            if fault.case:
                case, fault.what = fault.case, fault.what.removeprefix("read back, ")
            small = shrunk(case, fault.what) if shown[fault.what] == 1 else case
            data = small.data if len(small.data) <= 4_000 else small.data[:400] + b"..."
            said |= {
                "what": fault.what,
                "shown": str(fault)[:600],
                "file": case.name,
                "data": repr(data),
                "told": repr(small.told),
            }
        print(json.dumps(said), flush=True)


def run(kind: str, count: int, seed: int) -> tuple[list[dict[str, Any]], float]:
    """What is to say of each file of a kind, and the seconds."""
    begin, said, number = time.perf_counter(), [], 0
    while number < count:
        stop = min(count, number + 400)
        ours = [sys.executable, __file__, "--child", f"{kind}:{number}:{stop}:{seed}:{count}"]
        done = subprocess.run(ours, stdout=subprocess.PIPE, check=False, encoding="utf-8")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        said += [line for line in lines if "begins" not in line]
        number = stop
        if done.returncode and lines:
            last = lines[-1].get("begins", lines[-1].get("number"))
            said.append(
                {
                    "number": last,
                    "what": f"the process ended with {done.returncode}",
                    "sort": "",
                    "found": "",
                    "shown": "",
                }
            )
            number = last + 1
        elif done.returncode:
            raise SystemExit("a process could not begin")
    return said, time.perf_counter() - begin


def main() -> None:
    """Read the arguments, check the files, print."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    given.add_argument("--files", type=int, default=10_000)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--kinds", default=",".join(KINDS))
    given.add_argument("--only", help="one file, as csv:17; it is written to the present folder")
    given.add_argument("--child", help=argparse.SUPPRESS)
    options = given.parse_args()
    if options.child:
        kind, *numbers = options.child.split(":")
        work(kind, *map(int, numbers))
        return
    if options.only:
        kind, number = options.only.split(":")
        case = case_of(kind, int(number), options.seed, options.files)
        Path(case.name).write_bytes(case.data)
        print(case.name, case.told)
        with tempfile.TemporaryDirectory() as folder:
            print(check(case, Path(folder)) or "holds")
        return
    kinds = options.kinds.split(",")
    shares = {kind: MAKERS[kind][0] if kind in MAKERS else _CUTS for kind in kinds}
    faults: dict[tuple[str, str], list[dict[str, Any]]] = {}
    looked: dict[str, Counter[str]] = {}
    total, wrong = 0, 0
    for kind, share in shares.items():
        said, seconds = run(kind, max(1, round(options.files * share / sum(shares.values()))), options.seed)
        bad = [one for one in said if "what" in one]
        total, wrong = total + len(said), wrong + len(bad)
        for one in bad:
            faults.setdefault((kind, one["what"]), []).append(one)
        for one in said:
            if one["found"]:
                looked.setdefault(one["sort"], Counter())[one["found"]] += 1
        print(f"{kind:8} {len(said):6,} files  {len(bad):5,} faults  {seconds:7.1f} s", flush=True)
    print(f"{'all':8} {total:6,} files  {wrong:5,} faults")
    for sort, found in sorted(looked.items()):
        print(f"found by looking, {sort}: {found['found']:,} of {found.total():,}; else {dict(found.most_common(9))}")
    for (kind, what), some in sorted(faults.items(), key=lambda item: -len(item[1])):
        least = min(some, key=lambda one: len(one.get("data", "")) + 9_999 * one.get("data", "").endswith("...'"))
        print(f"\n{kind}: {what} ({len(some):,} files; {', '.join(str(one['number']) for one in some[:5])})")
        print(f"  {least['shown']}\n  {least.get('file')} {least.get('told')}\n  {least.get('data')}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

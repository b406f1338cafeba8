"""How often the delimiter, the quote, the header and the whole table are found, beside DuckDB and CleverCSV.

In: a folder of annotated CSV files. Out: a line of shares per tool, and with --wrong the files that this program
reads wrongly. No tool is told anything about a file. Two layouts are understood: that of the public Pollock benchmark
(`csv/`, `parameters/` and, for whole tables, `clean/`), and a folder of files with a list of lines
`name|encoding|delimiter|quote|…` given by --list.

    python tests/benchmarks/dialects.py CORPUS [--list FILE] [--half seen|kept] [--peers FOLDER] [--tools studio,duckdb]

“safe” are tables in which no row is wrong, and those that are not there were set aside and told. The half that is
`kept` (by the sum of
a file's name) is for final figures alone, so that the rules stay general. Times are of the processor.
CleverCSV is looked for in --peers, a folder that it was installed into.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.data.reading.delimited.plan import make_plan
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Rejected
from studio.problems import Problem

_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "vslash": "|", "space": " ", "nsign": "#", "colon": ":"}
_QUOTES = {"doublequote": '"', "singlequote": "'"}
_CONTROL = re.compile("[\x80-\x9f]")
Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Truth:
    """What is known about a file; None: not annotated."""

    file: Path
    delimiter: str
    quote: str
    header: int | None = None
    above: int | None = None
    columns: int | None = None
    names: tuple[str, ...] = ()
    rows: Rows | None = None


@dataclass
class Answer:
    """What a tool says."""

    delimiter: str = "?"
    quote: str = "?"
    header: bool | None = None
    above: int | None = None
    names: tuple[str, ...] = ()
    rows: Rows = field(default_factory=list)
    certain: float = 1.0
    aside: int = 0
    seconds: float = 0.0


def main() -> None:
    """Run every tool over the corpus and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--list", type=Path)
    parser.add_argument("--half", choices=["seen", "kept"])
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--tools", default="studio,duckdb,clevercsv")
    parser.add_argument("--every", type=int, default=1, help="take every n-th file")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    if options.peers:
        sys.path.append(str(options.peers))
    truths = list(_listed(options.corpus, options.list) if options.list else _pollock(options.corpus))
    truths = [truth for truth in truths if options.half in (None, _half(truth.file.name))][:: options.every]
    print(f"{len(truths):,} files")
    print(f"{'':10}{'delimiter':>10}{'quote':>8}{'header':>8}{'above':>8}{'columns':>9}{'table':>8}{'safe':>8}"
          f"{'rows kept':>11}{'p50 ms':>8}{'max ms':>8}")  # fmt: skip
    for tool in options.tools.split(","):
        _measure(tool, _TOOLS[tool], truths, wrong=options.wrong and tool == "studio")


def _half(name: str) -> str:
    return "seen" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "kept"


def _pollock(corpus: Path) -> Iterator[Truth]:
    for file in sorted((corpus / "csv").iterdir()):
        known = json.loads((corpus / "parameters" / f"{file.name}_parameters.json").read_text(encoding="utf-8"))
        header = int(known["header_lines"])
        clean = corpus / "clean" / file.name
        with clean.open(encoding="utf-8-sig", newline="") as lines:
            rows = [tuple(row) for row in csv.reader(lines)]
        if not header and rows and rows[0][0] == "col_0":
            rows = rows[1:]
        yield Truth(
            file,
            known["delimiter"],
            known["quotechar"],
            header,
            int(known["preamble_lines"]),
            known.get("n_columns"),
            rows[0] if header and rows else (),
            rows[1:] if header else rows,
        )


def _listed(corpus: Path, annotations: Path) -> Iterator[Truth]:
    for line in annotations.read_text(encoding="utf-8").splitlines():
        name, *rest = line.split("|")
        file = corpus / name
        if len(rest) >= 4 and file.is_file():
            yield Truth(file, _SIGNS.get(rest[1], rest[1]), _QUOTES.get(rest[2], rest[2]))


def _studio(file: Path) -> Answer:
    start = time.process_time()
    plan, _, _ = make_plan(file, ReadOptions(), only_head=True)
    seconds = time.process_time() - start
    width = len(plan.columns)
    with plan.open() as lines:
        found = list(plan.records(lines))
    rows = [(*row, *[""] * (width - len(row))) for row in found if not isinstance(row, Rejected)]
    dialect = plan.dialect
    return Answer(dialect.delimiter, dialect.quote, plan.has_header, plan.skip, plan.columns, rows, plan.certain,
                  len(found) - len(rows), seconds)  # fmt: skip


def _duckdb(file: Path) -> Answer:
    import duckdb

    with duckdb.connect() as connection:
        start = time.process_time()
        lenient = "strict_mode=false, ignore_errors=true, null_padding=true, all_varchar=true"
        found = connection.execute(
            f"SELECT Delimiter, Quote, HasHeader, SkipRows FROM sniff_csv(?, {lenient})", [str(file)]
        ).fetchone()
        seconds = time.process_time() - start
        assert found is not None
        delimiter, quote, header, above = found
        result = connection.execute(f"SELECT * FROM read_csv(?, {lenient})", [str(file)])
        names = tuple(column[0] for column in result.description)
        rows = [tuple("" if cell is None else cell for cell in row) for row in result.fetchall()]
    none = {"\\0", "\0", "(empty)", ""}
    return Answer("" if delimiter in none else delimiter, "" if quote in none else quote, header, above, names, rows,
                  seconds=seconds)  # fmt: skip


def _clevercsv(file: Path) -> Answer:
    import clevercsv  # type: ignore[import-not-found]
    from clevercsv.encoding import get_encoding  # type: ignore[import-not-found]

    start = time.process_time()
    with file.open(encoding=get_encoding(str(file)), errors="replace", newline="") as stream:
        head = stream.read(64 << 10)
        sniffer = clevercsv.Sniffer()
        dialect = sniffer.sniff(head)
        header = sniffer.has_header(head)
        seconds = time.process_time() - start
        stream.seek(0)
        rows = [tuple(row) for row in clevercsv.reader(stream, dialect)]
    names = rows[0] if header and rows else ()
    return Answer(dialect.delimiter, dialect.quotechar, header, 0, names or ("",) * max(map(len, rows), default=0),
                  rows[1:] if header else rows, seconds=seconds)  # fmt: skip


_TOOLS: dict[str, Callable[[Path], Answer]] = {"studio": _studio, "duckdb": _duckdb, "clevercsv": _clevercsv}


def _answer(tool: Callable[[Path], Answer], file: Path) -> Answer:
    """A tool's answer; one that finds nothing where an error ends it."""
    import duckdb

    try:
        return tool(file)
    except (Problem, duckdb.Error, csv.Error, UnicodeError, ValueError, TypeError, IndexError, KeyError, OSError):
        return Answer(certain=0.0)
    except BaseException as error:
        if type(error).__module__.startswith("clevercsv"):
            return Answer(certain=0.0)
        raise


def _measure(name: str, tool: Callable[[Path], Answer], truths: Sequence[Truth], *, wrong: bool) -> None:
    marks: dict[str, list[float]] = {key: [] for key in ("delimiter", "quote", "header", "above", "columns", "table",
                                                         "safe", "rows kept")}  # fmt: skip
    seconds: list[float] = []
    sure: list[bool] = []
    for truth in truths:
        answer = _answer(tool, truth.file)
        found = _judge(truth, answer)
        for key, mark in found.items():
            marks[key].append(mark)
        seconds.append(answer.seconds)
        if answer.certain > 0.9:
            sure.append(bool(found["delimiter"] and found["quote"]))
        if wrong and (bad := [key for key, mark in found.items() if mark < 1.0]):
            print(f"  {truth.file.name[:60]:62}{', '.join(bad)}: {answer.delimiter!r} {answer.quote!r} "
                  f"header {answer.header} above {answer.above} columns {len(answer.names)} "
                  f"certain {answer.certain} (right: {truth.delimiter!r} {truth.quote!r} {truth.header} "
                  f"{truth.above} {truth.columns})")  # fmt: skip
    shares = [_share(marks[key]) for key in marks]
    widths = (10, 8, 8, 8, 9, 8, 8, 11)
    line = "".join(f"{share:>{width}}" for share, width in zip(shares, widths, strict=True))
    print(f"{name:10}{line}{1000 * statistics.median(seconds):8.1f}{1000 * max(seconds):8.0f}")
    if name == "studio" and sure:
        share = 100 * sum(sure) / len(sure)
        print(f"  certain > 0.9 on {len(sure):,} files; the dialect is right on {share:.1f} % of these")


def _share(marks: Sequence[float]) -> str:
    return f"{100 * sum(marks) / len(marks):.1f}" if marks else "-"


def _judge(truth: Truth, answer: Answer) -> dict[str, float]:
    """1 for right, 0 for wrong, for all that is annotated; blanks beside a delimiter make it no other."""
    text = truth.file.read_bytes()
    if not text:
        return {"safe": float(not answer.rows)}
    right = _bare(answer.delimiter) == _bare(truth.delimiter) or (
        answer.delimiter == "" and _is_one_column(truth, text)
    )
    found: dict[str, float] = {"delimiter": float(right)}
    marks = {mark for mark in (truth.quote, answer.quote) if mark not in {"", "?"}}
    found["quote"] = float(
        answer.quote != "?"
        and (answer.quote == truth.quote or not any(_begins_cells(mark, truth.delimiter, text) for mark in marks))
    )
    if truth.header is not None:
        found["header"] = float(answer.header is (truth.header > 0))
    if truth.above is not None:
        found["above"] = float(answer.above == truth.above)
    if truth.columns:
        found["columns"] = float(len(answer.names) == truth.columns)
    if truth.rows is not None:
        expected, kept = Counter(map(_as_seen, truth.rows)), Counter(map(_as_seen, answer.rows))
        names, given = _as_seen(answer.names), _as_seen(truth.names)
        named = not given or (
            len(names) >= len(given) and all(n in ("", m) for n, m in zip(given, names, strict=False))
        )
        found["table"] = float(expected == kept and named)
        missing = (expected - kept).total()
        found["safe"] = float(answer.delimiter != "?" and not kept - expected and missing <= answer.aside)
        found["rows kept"] = (expected & kept).total() / expected.total() if expected else 1.0
    return found


def _is_one_column(truth: Truth, text: bytes) -> bool:
    """Whether the annotated delimiter sets nothing apart."""
    lines = text.decode("utf-8", errors="replace").splitlines(keepends=True)
    rows = csv.reader(lines, delimiter=truth.delimiter or ",", quotechar=truth.quote or None)
    return all(len(row) <= 1 for row in rows)


def _begins_cells(mark: str, delimiter: str, text: bytes) -> bool:
    """Whether a quote stands where a cell begins; elsewhere it is text, whatever the quote."""
    sign, quote = re.escape(delimiter.encode()), re.escape(mark.encode())
    return re.search(rb"(?:^|[\r\n]|%s) ?%s" % (sign, quote) if sign else rb"(?:^|[\r\n])%s" % quote, text) is not None


def _as_seen(row: Sequence[str]) -> tuple[str, ...]:
    """Cells as the expected tables have them: blanks trimmed, and control characters that some files hold by mistake as
    what they were meant to be."""
    cells = [" ".join(_CONTROL.sub(_meant, cell).split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _meant(found: re.Match[str]) -> str:
    return found.group().encode("latin-1").decode("cp1252", errors="replace")


def _bare(delimiter: str) -> str:
    return delimiter.strip(" ") or delimiter


if __name__ == "__main__":
    main()

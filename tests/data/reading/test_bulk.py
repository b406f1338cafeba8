from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from studio.data.reading import bulk
from studio.data.reading.records import Dialect, records

pieces = st.sampled_from(
    [
        "a",
        "é",
        " ",
        "  ",
        "\t",
        '"',
        '""',
        "'",
        "\n",
        "\r\n",
        "\r",
        "\\",
        "#",
        "0",
        ",",
        ";",
        "NULL",
        "\0",
        "a,b\n",
        '"x",y\n',
    ]
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def by_duckdb(file: Path, dialect: Dialect, width: int) -> list[list[str]] | None:
    try:
        found = list(bulk.batches(file, dialect, width))
    except bulk.NotClean:
        return None
    return [list(row) for batch in found for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)]


@quick
@given(
    content=st.lists(pieces, max_size=30).map("".join),
    sign=st.sampled_from([",", ";", "\t"]),
    quote=st.sampled_from(['"', "'", ""]),
)
@example(content=' x, "y"\n', sign=",", quote='"')
@example(content='"x" ,y\n', sign=",", quote='"')
@example(content="a,b,\nc,d\n", sign=",", quote='"')
@example(content='a,"b\r"\r  c,d\r', sign=",", quote='"')
@example(content='"a, ""b"" ,c",d\n', sign=",", quote='"')
def test_a_clean_file_gives_the_same_cells_on_both_ways(tmp_path: Path, content: str, sign: str, quote: str) -> None:
    file, dialect = tmp_path / "a.csv", Dialect(sign, quote)
    file.write_bytes(content.encode())
    fast = by_duckdb(file, dialect, 2)
    with file.open(encoding="utf-8", newline="") as lines:
        exact = list(records(lines, dialect, width=2))
    assert fast is None or fast == exact


@pytest.mark.parametrize(
    "content", ['text,label\n"two\nlines",""\n,x\n', 'a,b\r\n"x\ny, ""z""",c\r\n', 'NA,null\n007,1E5\n"  x", y\n']
)
def test_ordinary_files_take_the_fast_way(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content.encode())
    with file.open(encoding="utf-8", newline="") as lines:
        assert by_duckdb(file, Dialect(), 2) == list(records(lines, Dialect()))


@pytest.mark.parametrize("name", ["a*.csv", "[a].csv", "what?.csv", "it's.csv"])
def test_odd_file_names_mean_only_themselves(tmp_path: Path, name: str) -> None:
    (tmp_path / "ab.csv").write_text("not,this\n")
    file = tmp_path / name
    file.write_text("a,b\n")
    assert by_duckdb(file, Dialect(), 2) in (None, [["a", "b"]])


def test_bytes_that_are_not_utf8_are_never_passed_on(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    for bad in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
        file.write_bytes(b"a,b\nc" + bad + b",d\ne,f\n")
        assert by_duckdb(file, Dialect(), 2) is None

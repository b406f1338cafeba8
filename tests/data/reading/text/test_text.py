from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.data.reading.text.text import Text

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
contents = st.lists(st.sampled_from(["a", "é", "\n", "\r", "\r\n", "😀", "\u2028", "x" * 5000]), max_size=20).map(
    "".join
)


@quick
@given(content=contents, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]))
def test_lines_are_those_of_the_file(tmp_path: Path, content: str, encoding: str) -> None:
    file = tmp_path / "a"
    file.write_bytes(content.encode(encoding))
    with Text(file, encoding) as text:
        found = list(text.lines())
        assert [line for _, line in found] == list(io.StringIO(content, newline=""))
        for end, _ in found:
            assert text.ahead(end) == content.encode()[:end]
        size = len(content.encode())
        assert text.is_last(size)
        assert not size or not text.is_last(size - 1)
        if found:
            text.move(found[0][0])
            assert [line for _, line in text.lines()] == [line for _, line in found[1:]]


@pytest.mark.parametrize("piece", [1, 2, 3, 7])
def test_pieces_of_any_size_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr("studio.data.reading.text.text._PIECE", piece)
    file = tmp_path / "a"
    file.write_bytes("é,ü\r\n\r\rß\n".encode("utf-16"))
    with Text(file, "utf-16") as text:
        assert [line for _, line in text.lines()] == ["é,ü\r\n", "\r", "\r", "ß\n"]


def test_bytes_that_do_not_fit_are_lone_surrogates(tmp_path: Path) -> None:
    file = tmp_path / "a"
    for content, encoding in ((b"a\xff\nb\n", "utf-8"), (b"a\x81\nb\n", "cp1252")):
        file.write_bytes(content)
        with Text(file, encoding) as text:
            lines = [line for _, line in text.lines()]
        assert lines[1:] == ["b\n"]
        assert lines[0][1] > "\ud800"

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from studio.data.reading.text.mixed import mixed_with, other_of

BOTH = "süß,größer €\n".encode() + "süß,größer €\n".encode("cp1252") + b"plain\n"
TEXT = "süß,größer €\n" * 2 + "plain\n"


def test_each_byte_is_read_as_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(BOTH)
    name = mixed_with("cp1252")
    assert BOTH.decode(name) == TEXT
    assert file.read_text(encoding=name) == TEXT
    with file.open(encoding=name, errors="surrogateescape", newline="") as lines:
        assert "".join(lines) == TEXT


@pytest.mark.parametrize("size", [1, 2, 3])
def test_in_pieces_as_in_one(size: int) -> None:
    decoder = codecs.getincrementaldecoder(mixed_with("cp1252"))("surrogateescape")
    pieces = [decoder.decode(BOTH[at : at + size]) for at in range(0, len(BOTH), size)]
    assert "".join(pieces) + decoder.decode(b"", final=True) == TEXT


def test_bytes_that_are_nothing_in_both_stay_recognisable() -> None:
    assert b"a\x81b".decode(mixed_with("cp1252")) == "a\udc81b"


def test_names() -> None:
    assert other_of(mixed_with("cp1251")) == "cp1251"
    assert other_of("utf-8") == ""
    for name in ("utf8_or_", "utf8_or_klingon"):
        with pytest.raises(LookupError):
            codecs.lookup(name)

from __future__ import annotations

import pytest

from studio.data.checkup.sameness import sameness_key


@pytest.mark.parametrize(
    "other", ["hello world", "Hello,  World!", " HELLO\nworld ", "„Hello“ – world…", "hello-world"]
)
def test_capitals_blanks_and_punctuation_do_not_count(other: str) -> None:
    assert sameness_key(other) == "hello world"


def test_what_differs_stays_different() -> None:
    keys = [sameness_key(text) for text in ("?!", "...", "", "😀", "😡", "1.5", "15", "straße", "strase", "C++", "C")]
    assert len(set(keys)) == len(keys)
    assert sameness_key("STRASSE") == sameness_key("straße")

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.checkup.sameness import sameness_hashes, sameness_key, sameness_keys


@pytest.mark.parametrize(
    "other", ["hello world", "Hello,  World!", " HELLO\nworld ", "„Hello“ – world…", "hello-world"]
)
def test_capitals_blanks_and_punctuation_do_not_count(other: str) -> None:
    assert sameness_key(other) == "hello world"


def test_what_differs_stays_different() -> None:
    keys = [sameness_key(text) for text in ("?!", "...", "", "😀", "😡", "1.5", "15", "straße", "strase", "C++", "C")]
    assert len(set(keys)) == len(keys)
    assert sameness_key("STRASSE") == sameness_key("straße")


signs = st.text(st.sampled_from("aBK .,!-\t\x1cßſ\u212a\u00a0\u3000“”…’é漢😀")) | st.text(max_size=8)


@settings(max_examples=200, deadline=None)
@given(st.lists(signs, max_size=6))
def test_many_keys_at_once_are_those_of_each_text(texts: list[str]) -> None:
    keys = [sameness_key(text) for text in texts]
    assert sameness_keys(texts) == keys
    assert [a == b for a in keys for b in keys] == [
        a == b for a in sameness_hashes(texts) for b in sameness_hashes(texts)
    ]
    with_nul = [*texts, "one\0two"]
    assert sameness_keys(with_nul) == [*keys, "one\0two"]

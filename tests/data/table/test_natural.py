from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studio.data.table.natural import WIDTH, natural_key, windows

TEXTS = st.text(st.sampled_from("0019aAzZ -.ß漢"), max_size=120)


@pytest.mark.parametrize(
    ("before", "after"),
    [("item 9", "item 10"), ("Item 2", "item 10"), ("a9b", "a10a"), ("a", "a1"), ("1", "a"), ("v1.9.9", "V1.10.0"),
     ("0009", "10"), ("x 99", "x 100 y"), ("5", "1" * 40)],
)  # fmt: skip
def test_numbers_in_texts_go_by_size_and_capitals_do_not_matter(before: str, after: str) -> None:
    assert natural_key(before) < natural_key(after)


def test_what_differs_only_by_capitals_or_leading_zeros_is_alike() -> None:
    assert natural_key("Item 007") == natural_key("iTEM 7")
    assert natural_key("0") == natural_key("000")


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), turn=st.integers(0, 2))
@example(texts=["x" * 40 + "9" * 60, "0" * 90 + "7", "a" * 31 + "123456", "1" * 48, ""], turn=0)
@example(texts=["x" * 40 + "9" * 60, "0" * 90 + "7", "a" * 63 + "123456", "1" * 200, ""], turn=1)
def test_windows_are_parts_of_the_key(texts: list[str], turn: int) -> None:
    cells = pa.array(["front", *texts]).slice(1)
    found = windows(cells, turn)
    for place, text in enumerate(texts):
        key = natural_key(text)
        part = b"".join(int(word).to_bytes(8, "big") for word in found.words[:, place])
        assert part == key[turn * WIDTH : (turn + 1) * WIDTH].ljust(WIDTH, b"\0")
        assert found.goes_on[place] == (len(key) > (turn + 1) * WIDTH)
        assert found.empty[place] == (not text)

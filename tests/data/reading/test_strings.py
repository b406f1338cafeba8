from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.reading.strings import number_array, text_array

texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=10)


@settings(deadline=None)
@given(cells=texts)
def test_texts_are_the_same_afterwards(cells: list[str]) -> None:
    found = text_array(cells)
    found.validate(full=True)
    assert found == pa.array(cells, pa.string())


def test_numbers() -> None:
    for numbers in ([], [1, 2, 2**40]):
        assert number_array(numbers) == pa.array(numbers, pa.int64())


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        text_array(["\ud800"])


def test_pandas_stays_out() -> None:
    code = (
        "import sys; from studio.data.reading.strings import text_array as f; f(['a']); print('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"

"""Parquet, Arrow and Feather files: every cell as the text that a person would write for it.

In: a file that pyarrow reads. Out: a Source. Rows pass through in small portions, whatever the file's size;
conversations and other known structures unfold as those of a JSON file do.
"""

from __future__ import annotations

from collections.abc import Callable

from studio.data.reading.options import ReadOptions
from studio.data.reading.records.arrow_files import damage, open_container
from studio.data.reading.records.columnar_records import unfolded
from studio.data.reading.records.typed_columns import ColumnarSource
from studio.data.reading.source import Given, Source


def open_columnar(
    given: Given,
    options: ReadOptions = ReadOptions(),
    *,
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Source:
    """The Source of a Parquet, Arrow or Feather file; nothing in `options` applies to it. `only_head` takes the columns
    of unfolded structures from the first records. Raises a Problem where the file is damaged, encrypted, or unfolds to
    more than any table."""
    with damage(given):
        source = ColumnarSource(given, open_container(given), should_stop)
    return unfolded(source, only_head=only_head)

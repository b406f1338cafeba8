from __future__ import annotations

import pytest

from studio.data.table.edits import DeleteRows, Edit, ReplaceValue, SetCells, check_edits
from studio.problems import Problem


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SetCells("gone", ((0, "x"),)), "no column “gone”"),
        (ReplaceValue("gone", "a", "b"), "no column “gone”"),
        (SetCells("text", ((0, "x"), (3, "y"))), "no row 4"),
        (DeleteRows((2, -1)), "no row 0"),
        (DeleteRows((1_000,)), "no row 1,001"),
        (SetCells("text", ((0, "half \ud83d"),)), "cannot be kept"),
        (ReplaceValue("text", "a", "\udc00"), "cannot be kept"),
    ],
)
def test_what_is_not_there_is_refused(edit: Edit, words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        check_edits([edit], ("text", "label"), 3)
    assert caught.value.fix


def test_whatever_is_there_may_be_edited() -> None:
    check_edits([SetCells("text", ()), SetCells("text", ((2, "\0 ü 😀"),)), DeleteRows(())], ("text",), 3)

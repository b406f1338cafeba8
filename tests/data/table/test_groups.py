from __future__ import annotations

import json

from studio.data.table.edits import AppendRow, DeleteRows, ReplaceValue, SetCells
from studio.data.table.groups import Group, group_from, group_values, line_of
from studio.data.table.marks import RowMark


def test_a_group_is_one_line_and_comes_back_as_it_was() -> None:
    edits = (
        SetCells("x", ((0, "a\nb \u2028 ü"), (3, ""))),
        DeleteRows((1, 2)),
        ReplaceValue("y", "", "z"),
        AppendRow(4, ("x", "y"), ("1", "2"), 0, "1;2;3\r\n"),
        SetCells("y", ((4, "q"),)),
    )
    group = Group("Several “at once”", edits, (("old", "b"), ("2",)), {0: RowMark("0a", 0, 2), 1: RowMark("0b", 1, 1)})
    line = line_of(group_values(group))
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert group_from(json.loads(line)) == group


def test_a_group_without_a_name_has_the_same_one_every_time() -> None:
    values = {name: value for name, value in group_values(Group("One", (), (), {})).items() if name != "name"}
    assert group_from(values).name == group_from(values).name != group_from({**values, "title": "Two"}).name

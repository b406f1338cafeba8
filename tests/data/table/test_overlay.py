from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.table.edits import DeleteRows, Edit, ReplaceValue, SetCells
from studio.data.table.overlay import overlay_of
from tests.data.snapshots import Model

TEXTS = st.sampled_from(["", "a", "b", "A", "c ü"])
ROWS = st.integers(0, 7)
EDITS = st.one_of(
    st.builds(SetCells, st.just("x"), st.lists(st.tuples(ROWS, TEXTS), max_size=4).map(tuple)),
    st.builds(ReplaceValue, st.just("x"), TEXTS, TEXTS),
    st.builds(DeleteRows, st.lists(ROWS, max_size=2).map(tuple)),
)


@settings(max_examples=300, deadline=None)
@given(cells=st.lists(TEXTS, min_size=8, max_size=8), edits=st.lists(EDITS, max_size=10))
def test_edits_in_order_give_what_lists_give(cells: list[str], edits: list[Edit]) -> None:
    model = Model(["x"], [[cell] for cell in cells])
    for edit in edits:
        model.do(edit)
    overlay, now = overlay_of(edits), [row[0] for row in model.cells]
    assert overlay.applied("x", pa.array(cells), range(8)).to_pylist() == now
    assert overlay.applied("x", pa.array(cells[2:5]), range(2, 5)).to_pylist() == now[2:5]
    some = np.array([7, 0, 3, 3])
    assert overlay.applied("x", pa.array([cells[row] for row in some]), some).to_pylist() == [now[row] for row in some]
    assert overlay.deleted.tolist() == sorted(model.gone)


def test_values_that_change_places_follow_their_cells() -> None:
    edits = [ReplaceValue("x", "a", "aside"), ReplaceValue("x", "b", "a"), ReplaceValue("x", "aside", "b")]
    assert overlay_of(edits).applied("x", pa.array(["a", "b", "c"]), range(3)).to_pylist() == ["b", "a", "c"]


def test_a_column_without_edits_is_the_same_object() -> None:
    cells = pa.array(["a"])
    assert overlay_of([ReplaceValue("x", "a", "b")]).applied("y", cells, range(1)) is cells

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from studio.data.reading import snapshot
from studio.data.reading.snapshot import Written, write_snapshot
from studio.data.reading.source import Portion, Rejected
from studio.data.table.pages import ROW_GROUP
from studio.data.table.table import TABLE_FILE, Reading, open_table
from studio.problems import Problem
from tests.data.tables import rows_of


@dataclass(frozen=True)
class Planned:
    """A Source of what it is told."""

    given: tuple[Portion | Problem, ...]
    columns: tuple[str, ...] = ("text", "label")

    def head(self, rows: int) -> Portion:
        raise NotImplementedError

    def portions(self) -> Iterator[Portion]:
        for portion in self.given:
            if isinstance(portion, Problem):
                raise portion
            yield portion

    def reading(self, rejected: int) -> Reading:
        return Reading("a.csv", rejected=rejected)


def batch(*rows: tuple[str, str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(column) for column in zip(*rows, strict=True)], ["0", "1"])


def test_lists_and_batches_are_kept_in_order(tmp_path: Path) -> None:
    bad = Rejected(3, "It is short.", "c")
    source = Planned((Portion([["a", "x"]]), Portion((), [bad]), Portion(batch(("b", ""), ("c", "y")))))
    assert list(write_snapshot(source, tmp_path))[-1] == Written(3, 1)
    table = open_table(tmp_path)
    assert (table.columns, rows_of(table)) == (("text", "label"), [("a", "x"), ("b", ""), ("c", "y")])
    assert table.rejected() == [{"line": 3, "reason": "It is short.", "text": "c"}]
    assert table.reading == Reading("a.csv", rejected=1)


def test_anew_forgets_what_came_before(tmp_path: Path) -> None:
    bad = Rejected(1, "It is short.", "c")
    many = Portion([["old", "x"]] * 100_000, [bad])
    source = Planned((many, Portion([["new", "x"]], again=True), Portion([["newer", "y"]])))
    assert list(write_snapshot(source, tmp_path))[-1] == Written(2, 0)
    assert rows_of(open_table(tmp_path)) == [("new", "x"), ("newer", "y")]
    assert open_table(tmp_path).rejected() == []


@pytest.mark.parametrize("given", [(), (Portion(()),), (Portion([]), Portion((), again=True))])
def test_no_rows_are_a_table_too(tmp_path: Path, given: tuple[Portion, ...]) -> None:
    assert list(write_snapshot(Planned(given), tmp_path))[-1] == Written(0, 0)
    assert open_table(tmp_path).rows == 0


def test_a_problem_on_the_way_is_passed_on(tmp_path: Path) -> None:
    source = Planned((Portion([["a", "x"]]), Problem("The file is damaged.")))
    with pytest.raises(Problem, match="damaged"):
        list(write_snapshot(source, tmp_path))


def test_row_groups_are_small_enough_to_be_read_alone(tmp_path: Path) -> None:
    portions = tuple(Portion([[f"text {i}", "label"]] * 1_000) for i in range(150))
    list(write_snapshot(Planned(portions), tmp_path))
    found = pq.read_metadata(tmp_path / TABLE_FILE)
    sizes = [found.row_group(i).num_rows for i in range(found.num_row_groups)]
    assert sum(sizes) == 150_000
    assert max(sizes) <= ROW_GROUP


def test_rows_of_thousands_of_columns_are_gathered_before_they_become_arrays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made one by one, the arrays of few rows take longer than everything else."""
    wide = [[f"{row}-{column}" for column in range(3_000)] for row in range(6)]
    made: list[int] = []
    whole = snapshot.text_array

    def counted(cells: Sequence[str]) -> object:
        made.append(len(cells))
        return whole(cells)

    monkeypatch.setattr(snapshot, "text_array", counted)
    source = Planned(tuple(Portion([row]) for row in wide), tuple(f"c{place}" for place in range(3_000)))
    written = list(write_snapshot(source, tmp_path))
    assert written[-1].rows == 6
    assert made == [6] * 3_000
    assert open_table(tmp_path).column("c2999") == [row[2_999] for row in wide]

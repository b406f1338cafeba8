"""A row is shown as it is learned: pairs, long texts in parts, signs that the model does not know."""

from __future__ import annotations

from pathlib import Path

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.roles.columns import Columns
from studio.gui.job import Control
from studio.gui.work.showing import KeptTokenizer, SeenRow, show_row
from tests.data.tables import table_of
from tests.tiny import tiny_encoder_folder

PAIR = "{a}\n\n{b}"


def shown(folder: Path, rows: list[tuple[str, str, str]], place: int, limit: int, **data: str) -> SeenRow:
    table, config = table_of(folder, ("a", "b", "label"), rows), change(Config(), "task.windows", True)
    columns = Columns("a", "label", template=data.get("template", ""))
    for name, value in {"input": "a", "target": "label", **data}.items():
        config = change(config, f"data.{name}", value)
    dataset = Dataset(table, columns, {"training": range(len(rows)), "watching": (), "test": ()}, labels=("x", "y"))
    base = tiny_encoder_folder(folder)
    [found] = show_row(Control(), KeptTokenizer(), dataset, config, base, place, limit)
    assert isinstance(found, SeenRow)
    return found


def test_a_pair_is_parted_by_the_models_own_mark(tmp_path: Path) -> None:
    found = shown(tmp_path, [("ask", "it", "x"), ("ask", "", "y")], 0, 20, template=PAIR)
    assert [token.text for token in found.tokens] == ["[CLS]", *"ask", "[SEP]", *"it", "[SEP]"]
    assert [token.special for token in found.tokens] == ["begin", *3 * [None], "end", *2 * [None], "end"]
    assert [token.part for token in found.tokens] == [0] * 5 + [1] * 3
    assert (found.cut, found.windows, found.label) == (0, 1, "x")


def test_a_text_that_is_read_in_parts_has_nothing_cut(tmp_path: Path) -> None:
    found = shown(tmp_path, [("a" * 25, "", "x"), ("b", "", "y")], 0, 12)
    assert (found.cut, found.windows) == (0, 3)
    assert {token.kind for token in found.tokens} == {"context"}


def test_signs_that_the_model_does_not_know_are_no_marks_of_its_own(tmp_path: Path) -> None:
    found = shown(tmp_path, [("a 退款", "", "x"), ("b", "", "y")], 0, 12)
    assert [token.special for token in found.tokens] == ["begin", None, "unknown", "unknown", "end"]
    assert found.tokens[2].text.strip() == "退"

"""A better answer with a worse one beside it, or an answer with its verdict; what was said before is only read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Dataset, Row
from studio.data.parts.notices import left_out
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from studio.problems import Problem
from studio.tasks.example import Example, Turn
from studio.tasks.prefer import Prefer
from studio.tasks.task import task_for
from tests.data.tables import table_of

PAIRS = Columns("q", "good", rejected="bad")
VERDICTS = Columns("q", "answer", score="thumbs")


def parted(folder: Path, columns: Columns, rows: Sequence[tuple[str, str, str]]) -> Dataset:
    names = ("q", "good", "bad") if columns.rejected else ("q", "answer", "thumbs")
    table = table_of(folder, names, rows)
    return split(table, columns, kind="prefer", watching_share=0.1, test_share=0.1, seed=0)


def test_a_pair_is_one_example_with_the_worse_answer_beside_it() -> None:
    row = Row(
        4, "Hello", "Good day!", rejected="What?", system="Be kind.", earlier=(("user", "Hi"), ("assistant", "Hi"))
    )
    found = Prefer().example(row)
    before = (Turn("system", "Be kind."), Turn("user", "Hi"), Turn("assistant", "Hi"), Turn("user", "Hello"))
    assert found.turns == (*before, Turn("assistant", "Good day!", learned=True))
    assert found.beside == (Example(4, (*before, Turn("assistant", "What?", learned=True))),)
    assert found.number is None
    assert Prefer().asked(row).turns == before


def test_a_verdict_is_a_number() -> None:
    good, bad = (Prefer("Be brief.").example(Row(0, "Hello", "Hi", score=cell)) for cell in ("👍", "no"))
    assert (good.number, bad.number, good.beside) == (1.0, 0.0, ())
    assert good.turns[0] == Turn("system", "Be brief.")
    assert Prefer("Be brief.").prompt("Hello").turns == good.turns[:-1]


def test_rows_that_teach_nothing_are_left_out_and_told(tmp_path: Path) -> None:
    rows = [(f"question {n}", f"yes {n}", f"no {n}") for n in range(30)]
    rows += [("same", "yes", " yes "), ("none", "yes", ""), ("blank", "", "no")]
    found = parted(tmp_path, PAIRS, rows)
    assert {why: list(numbers) for why, numbers in found.left_out.items()} == {
        "both answers are the same": [30], "no worse answer": [31], "no answer": [32],
    }  # fmt: skip
    assert sum(map(len, found.parts.values())) == 30
    assert any("nothing to prefer" in notice.fix for notice in left_out(found))
    Prefer().check(found)


def test_both_verdicts_stand_in_every_part(tmp_path: Path) -> None:
    rows = [(f"question {n}", f"answer {n}", "bad" if n % 10 == 0 else "good") for n in range(100)]
    found = parted(tmp_path, VERDICTS, [*rows, ("q", "a", "perhaps")])
    assert list(found.left_out["the verdict says neither good nor bad"]) == [100]
    for part in ("training", "watching", "test"):
        assert {row.score for row in found.rows(part)} == {"good", "bad"}  # type: ignore[arg-type]


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    rows = [(f"question {n}", f"yes {n}", f"no {n}") for n in range(30)]
    dataset = parted(tmp_path, PAIRS, rows)
    with pytest.raises(Problem, match="learns with an adapter"):
        Prefer(method="full").check(dataset)
    Prefer(method="lora").check(dataset)
    nothing = Dataset(dataset.table, Columns("q", "good"), dataset.parts)
    with pytest.raises(Problem, match="nothing to tell better from worse"):
        Prefer().check(nothing)
    praise = parted(tmp_path, VERDICTS, [(f"question {n}", f"yes {n}", "up") for n in range(30)])
    with pytest.raises(Problem, match="Every answer is called good"):
        Prefer().check(praise)


def test_the_config_asks_for_it() -> None:
    config = change(change(Config(), "task.kind", "prefer"), "task.instruction", "Be brief.")
    assert task_for(config) == Prefer("Be brief.", None)

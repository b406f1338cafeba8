from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.config.goals import TaskKind
from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Dataset
from studio.data.parts.notices import before_training, left_out
from studio.data.parts.split import BEYOND_WATCHING, IN_TEST_FILE, judged_on, split
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows
from studio.data.table.table import Table
from studio.problems import Problem
from tests.data.tables import table_of

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Rows = list[tuple[str, str]]


def table(folder: Path, rows: Rows, name: str = "rows.csv") -> Table:
    return table_of(folder, ("text", "label"), rows, name)


def dealt(
    of: Table,
    kind: TaskKind = "classify",
    *,
    watching: float = 0.1,
    test: float = 0.1,
    seed: int = 0,
    test_table: Table | None = None,
) -> Dataset:
    return split(of, Columns("text", "label"), kind=kind, watching_share=watching, test_share=test, seed=seed,
        test_table=test_table,
    )  # fmt: skip


def examples(labels: dict[str, int]) -> Rows:
    return [(f"{label} text number {i}", label) for label, count in labels.items() for i in range(count)]


texts = st.sampled_from([f"text {i}" for i in range(12)] + ["Text 1!", " text  2 ", "TEXT 3?", ""])
labels = st.sampled_from(["a", "b", "c", " "])


@quick
@given(
    rows=st.lists(st.tuples(texts, labels), min_size=1, max_size=60),
    seed=st.integers(0, 5),
    kind=st.sampled_from(["classify", "answer"]),
)
def test_every_row_stands_in_one_place_and_no_text_in_two(
    tmp_path: Path, rows: Rows, seed: int, kind: TaskKind
) -> None:
    of = table(tmp_path, rows)
    try:
        dataset = dealt(of, kind, seed=seed)
    except Problem:  # too few rows; told in words below
        return
    placed = [row for part in dataset.parts.values() for row in part]
    left_out = [row for found in dataset.left_out.values() for row in found]
    assert sorted(placed + left_out) == list(range(len(rows)))
    for row in left_out:
        assert not rows[row][0].strip() or not rows[row][1].strip()
    keys = {part: {sameness_key(row.input) for row in dataset.rows(part)} for part in dataset.parts}
    assert not keys["training"] & keys["watching"]
    assert not keys["training"] & keys["test"]
    assert not keys["watching"] & keys["test"]
    assert all(dataset.parts.values())
    assert dealt(of, kind, seed=seed).parts == dataset.parts


def test_labels_are_spread_evenly(tmp_path: Path) -> None:
    dataset = dealt(table(tmp_path, examples({"rare": 20, "usual": 200, "some": 80})))
    assert dataset.labels == ("rare", "some", "usual")
    for part in ("watching", "test"):
        assert Counter(row.target for row in dataset.rows(part)) == {"rare": 2, "some": 8, "usual": 20}


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    of = table(tmp_path, examples({"a": 50, "b": 50}))
    assert dealt(of).parts != dealt(of, seed=1).parts


def test_a_label_with_one_example_is_learned_from(tmp_path: Path) -> None:
    dataset = dealt(table(tmp_path, [*examples({"a": 10, "b": 10}), ("the only one", "c")]), watching=0.4, test=0.4)
    assert "c" in {row.target for row in dataset.rows("training")}
    assert {row.target for row in dataset.rows("training")} == {"a", "b", "c"}


def test_at_most_five_hundred_watching_and_five_thousand_test_rows(tmp_path: Path) -> None:
    dataset = dealt(table(tmp_path, examples({"a": 15_000, "b": 15_000})), watching=0.3, test=0.3)
    assert len(dataset.parts["watching"]) == 500
    assert len(dataset.parts["test"]) == 5_000


def test_no_test_rows_where_none_are_wanted(tmp_path: Path) -> None:
    dataset = dealt(table(tmp_path, examples({"a": 10, "b": 10})), test=0.0)
    assert dataset.parts["test"] == ()
    assert len(dataset.parts["watching"]) == 2


def test_answers_to_one_question_stay_together(tmp_path: Path) -> None:
    rows = [(f"question {i // 4}", f"answer {i}") for i in range(80)]
    dataset = dealt(table(tmp_path, rows), "answer")
    assert dataset.labels == ()
    for part in ("training", "watching", "test"):
        assert set(Counter(row.input for row in dataset.rows(part)).values()) == {4}


def test_a_test_file_is_judged_whole_and_never_learned(tmp_path: Path) -> None:
    of = table(tmp_path, [*examples({"a": 10, "b": 10}), ("Seen BEFORE!", "a")])
    held = table(tmp_path, [("seen before", "b"), ("", "a"), ("unseen", "new")], "test.csv")
    dataset = dealt(of, test_table=held)
    assert dataset.parts["test"] == (0, 2)
    assert [row.input for row in dataset.rows("test")] == ["seen before", "unseen"]
    assert dataset.left_out == {IN_TEST_FILE: (20,), "no text (test file)": (1,)}
    assert dataset.labels == ("a", "b")  # "new" cannot be learned from the table
    assert len(dataset.parts["training"]) + len(dataset.parts["watching"]) == 20


def test_judging_on_another_file_keeps_what_training_left_out_and_tells_its_own(tmp_path: Path) -> None:
    of = table(tmp_path, [("", "a"), *examples({"a": 10, "b": 10})])
    held = table(tmp_path, [("an early one", "a"), ("no label", "")], "test.csv")
    other = table(tmp_path, [("", "a"), ("later", "b"), ("unsure", " "), ("also", "a"), ("unknown", "")], "other.csv")
    dataset = judged_on(dealt(of, test_table=held), other, kind="classify")
    assert dataset.left_out == {"no text": (0,), "no text (test file)": (0,), "no label (test file)": (2, 4)}
    assert [row.input for row in dataset.rows("test")] == ["later", "also"]


def test_rows_without_text_or_answer_are_named(tmp_path: Path) -> None:
    rows = [("", "a"), ("no label", "  "), *examples({"a": 10, "b": 10})]
    assert dealt(table(tmp_path, rows)).left_out == {"no text": (0,), "no label": (1,)}
    assert dealt(table(tmp_path, rows), "answer").left_out == {"no text": (0,), "no answer": (1,)}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("only one", "a")], "too few rows"),
        ([("one", "a"), ("two", "b")], "too few rows"),
        ([("same", "a"), ("Same!", "b"), ("same ", "a"), ("SAME", "b")], "too few rows"),
        ([("one", "a"), ("two", "b"), ("three", "c")], "too few rows"),
        ([("one", "a"), ("two", "a"), ("three", "a")], "same label, “a”"),
        ([("", "a"), ("two", "")], "No row can be used"),
    ],
)
def test_what_cannot_teach_is_told_in_words(tmp_path: Path, rows: Rows, words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        dealt(table(tmp_path, rows))
    assert caught.value.fix


def test_columns_that_are_missing_or_the_same(tmp_path: Path) -> None:
    of = table(tmp_path, examples({"a": 5, "b": 5}))
    for input, target, words in (("text", "gone", "no column “gone”"), ("text", "text", "both the text")):
        with pytest.raises(Problem, match=words):
            split(of, Columns(input, target), kind="classify", watching_share=0.1, test_share=0.1, seed=0)


def test_a_column_that_is_not_chosen_yet_is_said_in_words(tmp_path: Path) -> None:
    of = table(tmp_path, examples({"a": 10, "b": 10}))
    for input, target, words in (("", "label", "the model reads"), ("text", "", "the model learns")):
        with pytest.raises(Problem, match=words) as raised:
            split(of, Columns(input, target), kind="classify", watching_share=0.1, test_share=0.1, seed=0)
        assert "“text”, “label”" in raised.value.why
    single = table_of(tmp_path, ("text",), [("one",), ("two",)], "single.csv")
    with pytest.raises(Problem, match="one column"):
        split(single, Columns("text", ""), kind="classify", watching_share=0.1, test_share=0.1, seed=0)


def test_a_test_file_with_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="test file"):
        dealt(table(tmp_path, examples({"a": 5, "b": 5})), test_table=table(tmp_path, [("", "a")], "test.csv"))


def test_parts_that_the_table_names_are_kept_and_nothing_leaks_between_them(tmp_path: Path) -> None:
    rows = [(f"text {i}", "ab"[i // 4 % 2], ("train", "dev", "test", "")[i % 4]) for i in range(40)]
    rows += [("Text 2!", "a", "train"), ("text 6", "a", "validation"), ("text 1", "b", "train")]
    of = table_of(tmp_path, ("text", "label", "split"), rows)
    found = split(
        of, Columns("text", "label", part="split"), kind="classify", watching_share=0.1, test_share=0.1, seed=0
    )
    assert found.parts["test"] == tuple(range(2, 40, 4))
    assert found.parts["watching"] == tuple(range(1, 40, 4))
    assert found.parts["training"] == tuple(range(0, 40, 4))
    assert found.left_out == {
        "neither for training nor watching nor test": tuple(range(3, 40, 4)),
        "also among the test rows": (40, 41),
        "also among the watching rows": (42,),
    }


def test_a_label_that_no_training_row_has_is_not_learned(tmp_path: Path) -> None:
    rows = [(f"text {i}", "ab"[i // 3 % 2], ("train", "dev", "test")[i % 3]) for i in range(30)]
    rows += [("text never learned", "only tested", "test"), ("text only watched", "only watched", "dev")]
    of = table_of(tmp_path, ("text", "label", "split"), rows)
    columns = Columns("text", "label", part="split")
    found = split(of, columns, kind="classify", watching_share=0.1, test_share=0.1, seed=0)
    assert found.labels == ("a", "b")
    assert 30 in found.parts["test"]
    assert "1 test row has a label that no training row has: “only tested”." in [
        warned.what for warned in before_training(found, kind="classify")
    ]
    single = [(text, "a" if part == "train" else label, part) for text, label, part in rows]
    with pytest.raises(Problem, match="Every training row has the same label, “a”"):
        split(
            table_of(tmp_path, ("text", "label", "split"), single, "single.csv"), columns, kind="classify",
            watching_share=0.1, test_share=0.1, seed=0,
        )  # fmt: skip


def test_validation_rows_that_are_too_many_to_watch_are_left_out_and_told(tmp_path: Path) -> None:
    parts = ["validation"] * 700 + ["test"] * 100 + ["train"] * 300
    rows = [(f"text {i}", "ab"[i % 2], part) for i, part in enumerate(parts)]
    of = table_of(tmp_path, ("text", "label", "split"), rows)
    found = split(
        of, Columns("text", "label", part="split"), kind="classify", watching_share=0.1, test_share=0.1, seed=0
    )
    assert {part: len(some) for part, some in found.parts.items()} == {"training": 300, "watching": 500, "test": 100}
    assert list(found.left_out) == ["more validation rows than the 500 that watch"]
    assert sorted([*found.parts["watching"], *found.left_out[BEYOND_WATCHING]]) == list(range(700))
    assert found.left_out[BEYOND_WATCHING] == tuple(sorted(found.left_out[BEYOND_WATCHING]))
    (told,) = left_out(found)
    assert told.what == "200 rows are left out: more validation rows than the 500 that watch."
    assert "name them train or test" in told.fix


@quick
@given(
    rows=st.lists(
        st.tuples(
            texts, labels, st.sampled_from(["train", "train", "dev", "test", ""]), st.sampled_from(["x", "y", ""])
        ),
        min_size=3,
        max_size=60,
    ),
    has_parts=st.booleans(),
    has_groups=st.booleans(),
    has_test_file=st.booleans(),
    gone=st.sets(st.integers(0, 59), max_size=8),
)
def test_every_row_in_use_is_in_a_part_or_left_out(
    tmp_path: Path,
    rows: list[tuple[str, str, str, str]],
    has_parts: bool,
    has_groups: bool,
    has_test_file: bool,
    gone: set[int],
) -> None:
    of = table_of(tmp_path, ("text", "label", "split", "group"), rows)
    of = of.with_edits([DeleteRows(tuple(sorted(row for row in gone if row < len(rows))))])
    held = table(tmp_path, [("text 3", "a"), ("another", "b"), ("", "a")], "test.csv") if has_test_file else None
    columns = Columns("text", "label", part="split" if has_parts else "", group="group" if has_groups else "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("studio.data.parts.split.MOST_WATCHING", 3)
        try:
            found = split(of, columns, kind="classify", watching_share=0.2, test_share=0.2, seed=0, test_table=held)
        except Problem:
            return
    tested = () if held is not None else found.parts["test"]
    left = [row for why, some in found.left_out.items() if not why.endswith("(test file)") for row in some]
    assert sorted([*found.parts["training"], *found.parts["watching"], *tested, *left]) == list(of.numbers)
    if held is not None:
        of_file = [row for why, some in found.left_out.items() if why.endswith("(test file)") for row in some]
        assert sorted([*found.parts["test"], *of_file]) == [0, 1, 2]


def test_parts_that_the_table_does_not_name_are_made_of_its_training_rows(tmp_path: Path) -> None:
    rows = [(f"text {i}", "ab"[i % 2], "test" if i < 10 else "train") for i in range(60)]
    of = table_of(tmp_path, ("text", "label", "split"), rows)
    found = split(
        of, Columns("text", "label", part="split"), kind="classify", watching_share=0.1, test_share=0.1, seed=0
    )
    assert found.parts["test"] == tuple(range(10))
    assert len(found.parts["watching"]) == 6
    assert len(found.parts["training"]) == 44


def test_a_column_that_names_no_parts_is_told(tmp_path: Path) -> None:
    of = table_of(tmp_path, ("text", "label"), examples({"a": 9, "b": 9}))
    with pytest.raises(Problem, match="names no parts"):
        split(of, Columns("text", "label", part="text"), kind="classify", watching_share=0.1, test_share=0.1, seed=0)


@quick
@given(st.lists(st.tuples(texts, labels, st.sampled_from(["x", "y", "z", ""])), min_size=12, max_size=60))
def test_rows_of_one_group_never_stand_in_two_parts(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    of = table_of(tmp_path, ("text", "label", "customer"), rows, "groups.csv")
    columns = Columns("text", "label", group="customer")
    try:
        found = split(of, columns, kind="classify", watching_share=0.2, test_share=0.2, seed=1)
    except Problem:
        return
    for part, others in (("training", ("watching", "test")), ("watching", ("training", "test"))):
        mine = {rows[row][2] for row in found.parts[part]} - {""}
        assert not mine & {rows[row][2] for other in others for row in found.parts[other]}
        keys = {sameness_key(rows[row][0]) for row in found.parts[part]}
        assert not keys & {sameness_key(rows[row][0]) for other in others for row in found.parts[other]}


def test_it_stops_between_two_pieces(tmp_path: Path) -> None:
    of = table(tmp_path, examples({"a": 10, "b": 10}))
    for held in (None, table(tmp_path, [("x", "a")], "test.csv")):
        for asked in range(3):
            answers = iter([False] * asked)
            found = split(
                of, Columns("text", "label"), kind="classify", watching_share=0.1, test_share=0.1, seed=0,
                test_table=held, should_stop=lambda answers=answers: next(answers, True),  # type: ignore[misc]
            )  # fmt: skip
            assert found is None


def test_where_no_row_is_left_for_training_it_is_told(tmp_path: Path) -> None:
    rows = [(f"text {i}", "ab"[i % 2], "test" if i < 10 else "dev") for i in range(20)]
    of = table_of(tmp_path, ("text", "label", "split"), rows)
    with pytest.raises(Problem, match="too few rows"):
        split(of, Columns("text", "label", part="split"), kind="classify", watching_share=0.1, test_share=0.1, seed=0)


def test_a_text_column_in_place_of_labels_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.data.parts.codes._MOST_LABELS", 30)
    of = table(tmp_path, [(f"text {i}", f"an answer {i}") for i in range(40)])
    assert dealt(of, "answer").labels == ()
    with pytest.raises(Problem, match="more than 30 different labels"):
        dealt(of)

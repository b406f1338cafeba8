from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.goals import TaskKind
from studio.data.checkup import check_up as check_up_module
from studio.data.checkup import near, privacy
from studio.data.checkup.check_up import QUICK, THOROUGH, check_up, findings
from studio.data.checkup.finding import Finding
from studio.data.roles.columns import Columns
from tests.data.tables import table_of

ASKED = {  # the kinds that are told of any table with labels, good news included
    "no_text", "no_target", "duplicates", "contradictions", "rare_labels", "similar_labels", "imbalance"
}  # fmt: skip
THINGS = ("card", "letter", "parcel", "invoice", "password", "street", "window", "garden", "doctor", "train")
DOINGS = ("lost", "found", "sent", "broke", "cleaned", "painted", "paid", "opened", "forgot", "bought")


def found(folder: Path, rows: list[tuple[str, str]], kind: TaskKind = "classify") -> dict[str, Finding]:
    table = table_of(folder, ("text", "label"), rows)
    return {one.kind: one for one in findings(table, Columns("text", "label"), kind=kind, only_quick=True)}


def rows_of(label: str, count: int) -> list[tuple[str, str]]:
    return [(f"{label}: they {DOINGS[i // 10 % 10]} a {THINGS[i % 10]} {i}", label) for i in range(count)]


def test_good_rows_are_good_news(tmp_path: Path) -> None:
    told = found(tmp_path, rows_of("a", 6) + rows_of("b", 6))
    assert set(told) >= ASKED
    assert {(f.count, f.rows, f.severity) for f in told.values()} == {(0, (), "good")}


def test_each_fault_is_found_with_its_rows(tmp_path: Path) -> None:
    rows = [("Hello!", "a"), ("hello", "b"), ("twice", "a"), ("Twice.", "a"), ("", "a"), ("no label", " "), ("x", " A")]
    rows += rows_of("a", 60)
    told = found(tmp_path, rows)
    assert {kind: (told[kind].rows, told[kind].severity) for kind in ASKED} == {
        "contradictions": ((0, 1), "wrong"),
        "similar_labels": ((6,), "wrong"),
        "duplicates": ((1, 3), "look"),
        "no_text": ((4,), "look"),
        "no_target": ((5,), "look"),
        "rare_labels": ((1, 6), "look"),
        "imbalance": ((1, 6), "look"),
    }
    assert all(told[kind].count == len(told[kind].rows) for kind in ASKED)
    assert told["rare_labels"].title == "2 labels have fewer than 5 rows: “␣A”, “b”"


def test_what_is_found_is_said_with_its_number_and_what_follows_from_it(tmp_path: Path) -> None:
    rows = [("the same words", "a"), ("The same words!", "a"), ("the same words", "b"), ("", "a"), ("x", "")]
    told = found(tmp_path, rows + rows_of("a", 8) + rows_of("b", 80) + rows_of("c", 2))
    assert {kind for kind in ASKED if not told[kind].count} == {"similar_labels"}
    for one in told.values():
        assert bool(one.meaning) == bool(one.count)
        assert one.title[0].isdigit() == bool(one.count)


def test_the_worst_comes_first(tmp_path: Path) -> None:
    severities = [f.severity for f in found(tmp_path, [("hi", "a"), ("hi", "b"), ("yo", "")]).values()]
    assert severities == sorted(severities, key=["wrong", "look", "good"].index)


def test_answers_have_no_label_findings(tmp_path: Path) -> None:
    told = found(tmp_path, [("q", "one answer"), ("q", "another answer"), ("r", "")], "answer")
    assert not set(told) & (ASKED - {"no_text", "no_target", "duplicates"})
    assert told["no_target"].title == "1 row has no answer and is left out"


def test_columns_not_chosen_yet_are_not_looked_at(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "b"), ("c", "d")])
    assert not any(one.count for one in findings(table, Columns("", ""), kind="classify"))
    kinds = {one.kind for one in findings(table, Columns("text", ""), kind="classify")}
    assert kinds >= {"no_text", "duplicates", "near_duplicates"}
    assert not kinds & {"no_target", "contradictions", "rare_labels"}


def test_a_sample_answers_first_and_the_last_stage_is_the_whole_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.data.checkup.check_up.SAMPLE", 100)
    rows = rows_of("a", 50) + rows_of("b", 50) + [("a last one", "b"), ("A last one.", "b")]
    table = table_of(tmp_path, ("text", "label"), rows)
    stages = list(check_up(table, Columns("text", "label"), kind="classify"))
    assert [(stage.is_whole, stage.is_last) for stage in stages] == [
        (False, False), (True, False), *[(True, False)] * (len(THOROUGH) - 1), (True, True)
    ]  # fmt: skip
    told = {one.kind: one for one in stages[-1].findings}
    assert told["duplicates"].rows == (101,)
    assert set(told) >= ASKED | {"near_duplicates", "suspicious_labels"}


def test_a_stop_ends_it_within_a_check_and_leaves_no_answer(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), rows_of("a", 30) + rows_of("b", 30))
    columns = Columns("text", "label")
    asked = 0

    def after(most: int) -> bool:
        nonlocal asked
        asked += 1
        return asked > most

    assert list(check_up(table, columns, kind="classify", should_stop=lambda: True)) == []
    for most in (len(QUICK) + 2, len(QUICK) + 5, len(QUICK) + 9, 25):
        asked = 0
        stages = list(check_up(table, columns, kind="classify", should_stop=lambda most=most: after(most)))
        assert not any(stage.is_last for stage in stages)


def test_what_is_about_some_rows_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*rows_of("a", 50), *rows_of("b", 49), ("write to me@example.com", "b")]
    table = table_of(tmp_path, ("text", "label"), [pair for pair in rows for _ in range(2)])
    monkeypatch.setitem(check_up_module.BOUNDS, privacy.check, 200)
    monkeypatch.setitem(check_up_module.BOUNDS, near.check, 20)
    told = {one.kind: one for one in findings(table, Columns("text", "label"), kind="classify")}
    assert told["privacy_email"].title == "2 rows hold e-mail addresses"  # all were looked at
    assert told["duplicates"].count == 100
    assert told["near_duplicates"].title.endswith(", in 20 of 200 rows looked at")
    monkeypatch.setitem(check_up_module.BOUNDS, privacy.check, 199)
    told = {one.kind: one for one in findings(table, Columns("text", "label"), kind="classify")}
    assert told["privacy_email"].title == "1 row holds an e-mail address, in 199 of 200 rows looked at"
    assert told["privacy_email"].fixes[0].meaning.endswith(" Changes only rows that were looked at.")

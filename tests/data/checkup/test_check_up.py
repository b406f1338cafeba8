from __future__ import annotations

from pathlib import Path

from studio.config.config import TaskKind
from studio.data.checkup.check_up import findings as check_up
from studio.data.checkup.finding import Finding
from studio.data.columns import Columns
from tests.data.tables import table_of


def found(folder: Path, rows: list[tuple[str, str]], kind: TaskKind = "classify") -> dict[str, Finding]:
    table = table_of(folder, ("text", "label"), rows)
    return {finding.kind: finding for finding in check_up(table, Columns("text", "label"), kind=kind)}


def rows_of(label: str, count: int) -> list[tuple[str, str]]:
    return [(f"{label} number {i}", label) for i in range(count)]


def test_good_rows_are_good_news(tmp_path: Path) -> None:
    findings = found(tmp_path, rows_of("a", 6) + rows_of("b", 6))
    assert set(findings) == {
        "no_text", "no_target", "duplicates", "contradictions", "rare_labels", "similar_labels", "imbalance"
    }  # fmt: skip
    assert {(f.count, f.rows, f.severity) for f in findings.values()} == {(0, (), "good")}


def test_each_fault_is_found_with_its_rows(tmp_path: Path) -> None:
    rows = [("Hello!", "a"), ("hello", "b"), ("twice", "a"), ("Twice.", "a"), ("", "a"), ("no label", " "), ("x", " A")]
    rows += rows_of("a", 60)
    findings = found(tmp_path, rows)
    assert {kind: (f.rows, f.severity) for kind, f in findings.items()} == {
        "contradictions": ((0, 1), "wrong"),
        "similar_labels": ((6,), "wrong"),
        "duplicates": ((1, 3), "look"),
        "no_text": ((4,), "look"),
        "no_target": ((5,), "look"),
        "rare_labels": ((1, 6), "look"),
        "imbalance": ((1, 6), "look"),
    }
    assert all(finding.count == len(finding.rows) for finding in findings.values())
    assert findings["similar_labels"].title == (
        "1 row has a label that differs from another only by capitals or spaces: “ A”"
    )
    assert findings["rare_labels"].title == "2 labels have fewer than 5 rows: “ A”, “b”"


def test_a_row_without_a_label_contradicts_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, [("hello", "a"), ("hello", " ")])["contradictions"].count == 0


def test_what_is_found_is_said_with_its_number_and_what_follows_from_it(tmp_path: Path) -> None:
    twice = [("the same words", "a"), ("The same words!", "a"), *rows_of("a", 8), *rows_of("b", 8)]
    once = found(tmp_path, twice)["duplicates"]
    assert once.title == "1 row repeats a text that stands further up"
    assert once.meaning.startswith("Harmless: ")
    many = found(tmp_path, [*twice, ("the same words", "a")])
    assert many["duplicates"].title == "2 rows repeat a text that stands further up"
    for finding in many.values():
        assert bool(finding.meaning) == bool(finding.count)
        assert finding.title[0].isdigit() == bool(finding.count)


def test_the_worst_comes_first(tmp_path: Path) -> None:
    severities = [f.severity for f in found(tmp_path, [("hi", "a"), ("hi", "b"), ("yo", "")]).values()]
    assert severities == sorted(severities, key=["wrong", "look", "good"].index)


def test_answers_have_no_label_findings(tmp_path: Path) -> None:
    findings = found(tmp_path, [("q", "one answer"), ("q", "another answer"), ("r", "")], "answer")
    assert set(findings) == {"no_text", "no_target", "duplicates"}
    assert findings["no_target"].title == "1 row has no answer and is left out"


def test_columns_not_chosen_yet_are_not_looked_at(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "b"), ("c", "d")])
    assert check_up(table, Columns("", ""), kind="classify") == ()
    assert {f.kind for f in check_up(table, Columns("text", ""), kind="classify")} == {"no_text", "duplicates"}


def test_a_single_label_is_nothing_to_learn(tmp_path: Path) -> None:
    worst = found(tmp_path, rows_of("same", 9))["single_label"]
    assert (worst.severity, worst.count) == ("wrong", 9)
    assert worst.title == "9 rows, all of them, have the same label"

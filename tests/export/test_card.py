"""What the card says in words."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import yaml

from studio.config.edit import change
from studio.data.checkup.finding import Finding
from studio.data.checkup.kept import keep, keep_cuts
from studio.export.card import Base, Passport, card, facts
from studio.export.compare import TOLERANCES, Proof
from studio.export.formats import classifier_lines
from studio.markdown import escaped
from studio.tokens.cuts import cut_at
from tests.evaluation.parts import LABELS, dataset, label_cells, run_of, tiny
from tests.evaluation.test_report import REPORT


def card_of(folder: Path, left_out: dict[str, tuple[int, ...]]) -> str:
    model, _, _, config = tiny(folder / "model", "classify", "full")
    data = replace(dataset(folder / "rows", label_cells(70), labels=LABELS), left_out=left_out)
    run = run_of(folder / "run", model, config, data)
    return card(
        Passport(run, "classifier", Base("tiny", "mit"), "float32", None, Proof(0, 0, 0, 0.0, TOLERANCES["float32"]))
    )


def test_rows_left_out_are_told_without_brackets_in_brackets(tmp_path: Path) -> None:
    told = card_of(tmp_path, {"no label": (1,), "no label (test file)": (2, 4), "also in the test file": (5,)})
    assert [line for line in told.splitlines() if line.startswith("- Left out")] == [
        "- Left out: 1 row (no label)",
        "- Left out: 2 rows of the test file (no label)",
        "- Left out: 1 row (also in the test file)",
    ]


def test_the_lines_that_the_window_shows_are_those_of_the_card(tmp_path: Path) -> None:
    assert classifier_lines("THIS_FOLDER") in card_of(tmp_path, {})


def test_a_folder_of_any_system_is_named_as_python_reads_it() -> None:
    folder = 'C:\\Users\\Zoë\\my "best" model'
    assert ast.literal_eval(classifier_lines(folder).split("model=")[1].split(", truncation")[0]) == folder


def test_what_the_check_up_found_is_in_the_card_and_no_folder_of_this_computer(tmp_path: Path) -> None:
    model, _, _, config = tiny(tmp_path / "model", "classify", "full")
    config = change(config, "data.more_files", ("/home/me/secret/more.csv",))
    run = run_of(tmp_path / "run", model, config, dataset(tmp_path / "rows", label_cells(70), labels=LABELS))
    dataset_now = run.dataset()
    found = [
        Finding("e_mails", 3, (1,), "look", "3 rows hold e-mail addresses"),
        Finding("gaps", 0, (), "good", "Every row has a text"),
    ]
    keep(dataset_now.table, dataset_now.columns, found)
    limit = run.resolved.task.max_tokens
    assert limit is not None
    cut = Finding("cut", 2, (1, 2), "look", "2 rows are longer than the limit and cut")
    keep_cuts(dataset_now.table, dataset_now.columns, [cut], cut_at(run.base, limit))
    told = card(
        Passport(run, "classifier", Base("tiny", "mit"), "float32", None, Proof(0, 0, 0, 0.0, TOLERANCES["float32"]))
    )
    assert "- 3 rows hold e-mail addresses" in told
    assert "- 2 rows are longer than the limit and cut" in told
    assert not [text for text, _ in label_cells(70) if text in told]
    assert "Every row has a text" not in told
    assert "more.csv" in told
    assert "secret" not in told


def test_a_label_cannot_write_into_the_card(tmp_path: Path) -> None:
    """A table from anywhere may hold a heading, a picture that is fetched when the card is opened, or HTML."""
    model, _, _, config = tiny(tmp_path / "model", "classify", "full")
    run = run_of(tmp_path / "run", model, config, dataset(tmp_path / "rows", label_cells(70), labels=LABELS))
    run = replace(run, labels=("![x](http://a.example/p.png)", "<img src=x>", "a\n\n# Forged heading", "plain"))
    proof = Proof(0, 0, 0, 0.0, TOLERANCES["float32"])
    told = card(Passport(run, "classifier", Base("tiny\n# Base", "mit"), "float32", None, proof))
    assert "![x]" not in told
    assert "<img" not in told
    assert "\n# Forged" not in told
    assert "\n# Base" not in told
    assert "plain" in told


def test_the_score_and_the_limits_are_those_of_the_model_and_its_report(tmp_path: Path) -> None:
    """The first way of a report is a simple one: its score is not what the model can do."""
    limits = ("The test rows were made by one person.", "12 of 36 test rows were asked, chosen at random.")
    coin, ours = (replace(way, score=score) for way, score in zip(REPORT.ways, (0.25, 0.75), strict=True))
    report = replace(REPORT, kind="classify", ways=(coin, ours), limits=limits)
    model, _, _, config = tiny(tmp_path / "model", "classify", "full")
    run = run_of(tmp_path / "run", model, config, dataset(tmp_path / "rows", label_cells(70), labels=LABELS))
    base, proof = Base("tiny", "Its makers' own terms"), Proof(0, 0, 0, 0.0, TOLERANCES["float32"])
    passport = Passport(run, "classifier", base, "float32", report, proof)
    told, known = card(passport), json.loads(facts(passport))
    front = yaml.safe_load(told.split("---")[1])
    (result,) = front["model-index"][0]["results"]
    (metric,) = result["metrics"]
    assert metric["value"] == 0.75
    assert front["license"] == "other"
    assert front["license_name"] == "see-base-model"
    listed = told.split("## Limits")[1].split("\n## ")[0].splitlines()
    for limit in limits:
        assert f"- {escaped(limit)}" in listed
        assert limit in known["limits"]
    assert [way["score"] for way in known["scores"]] == [0.25, 0.75]

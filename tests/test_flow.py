"""The whole way on tiny models: import, train, stop, continue, judge, try, predict, export."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from studio import flow
from studio.config import edit
from studio.config.config import Config
from studio.data.reading.options import ReadOptions
from studio.data.table.table import Table, open_table
from studio.events import (
    Event,
    Exported,
    Finished,
    Judged,
    Noted,
    Predicted,
    Stepped,
    Stopped,
    Validated,
    Verified,
    Warned,
)
from studio.models import fit
from studio.problems import Problem
from studio.runs import run
from tests.tiny import tiny_causal_folder, tiny_encoder_folder

TOPICS = {"billing": ("invoice", "charged", "refund"), "delivery": ("parcel", "late", "courier")}


def write_csv(path: Path, columns: list[str], rows: Iterator[list[str]] | list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def messages(count: int) -> list[list[str]]:
    dice = random.Random(0)
    rows = []
    for number in range(count):
        topic = dice.choice(sorted(TOPICS))
        rows.append([f"{dice.choice(TOPICS[topic])} {dice.choice('abcdefgh')} {number}", topic])
    return rows


def imported(file: Path) -> Table:
    list(flow.import_table(file, file.parent / f"{file.stem}-table"))
    return open_table(file.parent / f"{file.stem}-table")


def chosen(**settings: object) -> Config:
    config = Config()
    for path, value in settings.items():
        config = edit.change(config, path.replace("__", "."), value)
    return config


@pytest.fixture
def sorting(tmp_path: Path) -> tuple[Config, Table]:
    table = imported(write_csv(tmp_path / "messages.csv", ["text", "topic"], messages(80)))
    config = chosen(
        task__kind="classify",
        data__input="text",
        data__target="topic",
        model__base=str(tiny_encoder_folder(tmp_path)),
        training__epochs=3,
        training__validations=2,
        training__precision="fp32",  # else a timed trial decides, and two runs could differ
    )
    return config, table


@pytest.fixture
def answering(tmp_path: Path) -> tuple[Config, Table]:
    rows = [[f"say {word} {n}", f"{word}!"] for n, word in enumerate(["yes", "no", "hello"] * 15)]
    table = imported(write_csv(tmp_path / "answers.csv", ["ask", "reply"], rows))
    config = chosen(
        task__kind="answer",
        data__input="ask",
        data__target="reply",
        model__base=str(tiny_causal_folder(tmp_path)),
        training__epochs=1,
        training__validations=1,
        generation__max_new_tokens=8,
    )
    return config, table


def only(kind: type[Event], events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def test_a_base_made_for_another_language_is_told_before_it_learns_and_in_the_report(tmp_path: Path) -> None:
    words = ["Rechnung", "Lieferung", "Bestellung", "Rücksendung", "Gutschrift"]
    texts = [
        [f"Guten Tag, mit meiner {dice} Nummer {n} stimmt leider etwas nicht, bitte melden Sie sich.", dice]
        for n, dice in enumerate(words * 12)
    ]
    table = imported(write_csv(tmp_path / "german.csv", ["text", "topic"], texts))
    base = tiny_encoder_folder(tmp_path)
    (base / "README.md").write_text("---\nlanguage: en\n---\n")
    config = chosen(
        task__kind="classify",
        data__input="text",
        data__target="topic",
        model__base=str(base),
        training__max_steps=1,
        training__precision="fp32",
    )
    events = list(flow.fine_tune(config, tmp_path / "run", table=table))
    told = [event for event in events if isinstance(event, Warned) and "made for English" in event.what]
    assert [event.what for event in told] == [f"The texts are in German, and {base.name} was made for English."]
    assert "MB to download" in told[0].fix
    list(flow.judge(tmp_path / "run"))
    assert told[0].what in (tmp_path / "run" / "report" / "report.md").read_text(encoding="utf-8")


def test_texts_are_sorted_from_file_to_proof(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, table = sorting
    folder = tmp_path / "run"
    events = list(flow.fine_tune(config, folder, table=table, prompts=("where is my parcel",)))
    assert isinstance(events[-1], Finished)
    assert run.open_run(folder).status() == "finished"

    judged = [event for event in flow.judge(folder) if isinstance(event, Judged)]
    assert "Your model" in judged[0].sentence
    report = json.loads(Path(judged[0].file).read_text(encoding="utf-8"))
    assert report["ways"]

    opened = flow.open_tuned(folder)
    shares = next(flow.sort_texts(opened, ["invoice a 1"]))
    assert set(shares) == set(TOPICS)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-4)

    new = write_csv(tmp_path / "new.csv", ["id", "text"], [["007", "invoice x"], ["NA", " parcel\nlate"]])
    assert only(Predicted, list(flow.predict(folder, new, tmp_path / "out.csv")))
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        answered = list(csv.reader(file))
    assert answered[0] == ["id", "text", "topic (predicted)", "topic (certainty)"]
    assert [row[:2] for row in answered[1:]] == [["007", "invoice x"], ["NA", " parcel\nlate"]]

    exported = list(flow.export(folder, to="classifier", out=tmp_path / "export"))
    assert only(Exported, exported)
    proof = only(Verified, exported)[0]
    assert isinstance(proof, Verified)
    assert (proof.right, proof.difference) == (proof.total, "")
    assert proof.total > 0


@pytest.mark.parametrize("to", ["merged", "adapter"])
def test_answers_are_learned_and_taken_away(answering: tuple[Config, Table], tmp_path: Path, to: str) -> None:
    config, table = answering
    folder = tmp_path / "run"
    assert isinstance(list(flow.fine_tune(config, folder, table=table))[-1], Finished)
    opened = flow.open_tuned(folder)
    turns = opened.task.prompt("say yes 1").turns
    pieces = list(flow.chat(opened, turns, config.generation))
    assert pieces[-1].end
    assert len(pieces) <= 9
    assert list(flow.chat(opened, turns, config.generation, untouched=True))
    proof = only(Verified, list(flow.export(folder, to=to, out=tmp_path / to)))[0]
    assert isinstance(proof, Verified)
    assert (proof.right, proof.difference) == (proof.total, "")


def test_a_model_trained_whole_answers_beside_the_untouched_one(
    answering: tuple[Config, Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.models import load

    config, table = answering
    for path, value in {"model.method": "full", "training.learning_rate": 0.05, "training.epochs": 3}.items():
        config = edit.change(config, path, value)
    list(flow.fine_tune(config, tmp_path / "run", table=table))
    loaded: list[Path] = []
    load_base = load.load_base
    monkeypatch.setattr(load, "load_base", lambda base, **how: (loaded.append(base), load_base(base, **how))[1])
    opened = flow.open_tuned(tmp_path / "run")
    turns = opened.task.prompt("say yes 1").turns
    precise = edit.change(config, "generation.temperature", 0.0).generation
    tuned, *untouched = (
        [piece.token for piece in flow.chat(opened, turns, precise, untouched=side)] for side in (False, True, True)
    )
    assert untouched[0] == untouched[1] != tuned
    assert loaded == [opened.run.base]


def test_a_stopped_run_goes_on_and_ends_as_if_it_had_not_stopped(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, table = sorting
    whole = losses(list(flow.fine_tune(config, tmp_path / "whole", table=table)))
    seen: list[Event] = []
    for event in flow.fine_tune(config, tmp_path / "halved", table=table, should_stop=lambda: len(losses(seen)) >= 4):
        seen.append(event)
    assert isinstance(seen[-1], Stopped)
    assert run.open_run(tmp_path / "halved").status() == "stopped"
    rest = list(flow.resume(tmp_path / "halved"))
    assert isinstance(rest[-1], Finished)
    assert {**losses(seen), **losses(rest)} == whole


def losses(events: list[Event]) -> dict[int, float]:
    return {event.step: event.loss for event in events if isinstance(event, Stepped)}


@pytest.mark.parametrize("others", [60, 150])
def test_rows_without_a_label_are_read_where_they_are_many_and_told_as_left_out_where_not(
    sorting: tuple[Config, Table], tmp_path: Path, others: int
) -> None:
    config, _ = sorting
    rows = [*messages(50), *([text, ""] for text, _ in messages(50 + others)[50:])]
    table = imported(write_csv(tmp_path / "some.csv", ["text", "topic"], rows))
    events = list(flow.fine_tune(config, tmp_path / "run", table=table))
    said = [event.text for event in only(Noted, events) if "without a label" in event.text]
    left_out = [event.what for event in only(Warned, events) if "no label" in event.what]
    if others < 3 * 50:
        assert said == []
        assert left_out == [f"{others} rows are left out: no label."]
        return
    assert said[0] == f"{others} rows without a label are read beside those that have one."
    assert len(said) == 1 + len(only(Validated, events))
    assert left_out == []
    assert isinstance(events[-1], Finished)
    list(flow.judge(tmp_path / "run"))
    exported = list(flow.export(tmp_path / "run", to="classifier", out=tmp_path / "out"))
    assert only(Verified, exported)


def test_a_folder_with_a_run_is_never_overwritten(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, table = sorting
    list(flow.fine_tune(config, tmp_path / "run", table=table))
    before = (tmp_path / "run" / "events.jsonl").read_bytes()
    with pytest.raises(Problem, match="already holds a run"):
        list(flow.fine_tune(config, tmp_path / "run", table=table))
    assert (tmp_path / "run" / "events.jsonl").read_bytes() == before


def test_a_run_that_goes_on_does_not_tell_of_its_rows_again(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, _ = sorting
    mixed = imported(write_csv(tmp_path / "gaps.csv", ["text", "topic"], [*messages(60), ["nobody knows", ""]]))
    seen: list[Event] = []
    for event in flow.fine_tune(config, tmp_path / "run", table=mixed, should_stop=lambda: len(losses(seen)) >= 2):
        seen.append(event)
    rest = list(flow.resume(tmp_path / "run"))
    assert isinstance(rest[-1], Finished)
    assert only(Warned, seen)
    assert not only(Warned, rest)


def test_a_run_that_failed_before_it_began_leaves_its_name_free(
    answering: tuple[Config, Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object, **__: object) -> None:
        raise MemoryError

    config, table = answering
    monkeypatch.setattr("studio.models.load.load_model", no_memory)
    with pytest.raises(MemoryError):
        list(flow.fine_tune(config, tmp_path / "run", table=table))
    assert not (tmp_path / "run").exists()


def test_two_programs_never_work_on_one_run(answering: tuple[Config, Table], tmp_path: Path) -> None:
    config, table = answering
    begun: list[Event] = []
    for event in flow.fine_tune(config, tmp_path / "run", table=table, should_stop=lambda: bool(losses(begun))):
        begun.append(event)
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        live = {"pid": other.pid, "started": psutil.Process(other.pid).create_time()}
        (tmp_path / "run" / run.LIVE_FILE).write_text(json.dumps(live))
        with pytest.raises(Problem, match="already going on"):
            list(flow.resume(tmp_path / "run"))
        assert json.loads((tmp_path / "run" / run.LIVE_FILE).read_text()) == live  # the other one's mark stays
    finally:
        other.communicate()
    assert isinstance(list(flow.resume(tmp_path / "run"))[-1], Finished)


def test_rows_whose_answer_is_cut_are_told_and_hopeless_ones_refused(
    answering: tuple[Config, Table], tmp_path: Path
) -> None:
    config, table = answering
    short = edit.change(config, "task.max_tokens", 48)
    long = [["tell " + "x" * 200, "never reached"], *[[f"say {n}", "yes " * 30] for n in range(20)]]
    mixed = imported(write_csv(tmp_path / "long.csv", ["ask", "reply"], long * 2))
    told = [event.what for event in flow.fine_tune(short, tmp_path / "a", table=mixed) if isinstance(event, Warned)]
    assert any("are cut" in what for what in told)
    hopeless = edit.change(config, "task.max_tokens", 8)
    with pytest.raises(Problem, match="Nothing would be learned"):
        list(flow.fine_tune(hopeless, tmp_path / "b", table=table))
    assert not (tmp_path / "b").exists()  # the same name may be used again with a higher limit


def test_a_folder_with_anything_in_it_is_left_alone(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, table = sorting
    (tmp_path / "mine" / "data").mkdir(parents=True)
    (tmp_path / "mine" / "data" / "letter.txt").write_text("dear")
    with pytest.raises(Problem, match="not empty"):
        list(flow.fine_tune(config, tmp_path / "mine", table=table))
    assert (tmp_path / "mine" / "data" / "letter.txt").read_text() == "dear"


def test_a_limit_that_the_model_cannot_read_is_refused_before_anything_is_made(
    sorting: tuple[Config, Table], tmp_path: Path
) -> None:
    config, table = sorting
    with pytest.raises(Problem, match="5,000 tokens is more than the model can read"):
        list(flow.fine_tune(edit.change(config, "task.max_tokens", 5000), tmp_path / "run", table=table))
    assert not (tmp_path / "run").exists()


def test_a_run_that_does_not_fit_is_refused_before_anything_is_made(
    sorting: tuple[Config, Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, table = sorting
    found = fit.machine()
    monkeypatch.setattr(fit, "machine", lambda *_: replace(found, memory=100 << 20, gpu="", gpu_memory=0))
    with pytest.raises(Problem, match="not enough memory"):
        list(flow.fine_tune(config, tmp_path / "run", table=table))
    assert not (tmp_path / "run").exists()


def test_a_separate_file_without_a_usable_row_is_refused(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, table = sorting
    list(flow.fine_tune(edit.change(config, "training.epochs", 1), tmp_path / "run", table=table))
    empty = imported(write_csv(tmp_path / "empty.csv", ["text", "topic"], [["invoice", " "], ["", "billing"]]))
    with pytest.raises(Problem, match="no row that can be used"):
        list(flow.judge(tmp_path / "run", test_table=empty))


def test_a_test_file_is_kept_for_judging_alone(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, table = sorting
    test = imported(write_csv(tmp_path / "test.csv", ["text", "topic"], [*messages(3), ["parcel gone", "delivery"]]))
    dataset = flow.dataset_of(config, table, test)
    assert len(dataset.parts["test"]) == 4
    inputs = {row.input for row in dataset.rows("training")} | {row.input for row in dataset.rows("watching")}
    assert not inputs & {row.input for row in dataset.rows("test")}
    assert any("test" in reason for reason in dataset.left_out)


def test_the_table_of_a_run_is_read_for_answers_as_it_was_for_learning(
    sorting: tuple[Config, Table], tmp_path: Path
) -> None:
    """Here it was told to have no header; another file is looked at, and what is told with it counts for it."""
    config, _ = sorting
    own, told = write_csv(tmp_path / "own.csv", ["text", "topic"], messages(60)), {"data.has_header": False}
    for path, value in {"data.file": str(own), "data.input": "column 1", "data.target": "column 2", **told}.items():
        config = edit.change(config, path, value)
    config = edit.change(config, "training.epochs", 1)
    list(flow.import_table(own, tmp_path / "own", flow.told_reading(config)))
    list(flow.fine_tune(config, tmp_path / "run", table=open_table(tmp_path / "own")))
    other = write_csv(tmp_path / "other.csv", ["column 1", "id"], [["an invoice", "1"], ["a parcel", "2"]])

    def answered(file: Path, options: ReadOptions = ReadOptions()) -> int:
        events = list(flow.predict(tmp_path / "run", file, tmp_path / "out.csv", options=options))
        return next(event.rows for event in events if isinstance(event, Predicted))

    assert answered(own) == answered(own.parent / "run" / ".." / "own.csv") == 61
    assert answered(other) == 2
    assert answered(other, ReadOptions(has_header=False)) == 3
    with pytest.raises(Problem, match="column 1"):
        answered(own, ReadOptions(has_header=True))


def test_what_hinders_learning_is_told_before_training(sorting: tuple[Config, Table], tmp_path: Path) -> None:
    config, _ = sorting
    rows = [*messages(30), ["the only one", "rare"], ["nobody knows", ""]]
    table = imported(write_csv(tmp_path / "mixed.csv", ["text", "topic"], rows))
    told = []
    for event in flow.fine_tune(config, tmp_path / "run", table=table):
        if isinstance(event, Warned):
            told.append(event)
        if len(told) == 2:
            break
    assert [event.what for event in told] == [
        "1 row is left out: no label.",
        "1 label has fewer than 5 rows: “rare”. Only one row: “rare”.",
    ]
    assert all(event.fix for event in told)

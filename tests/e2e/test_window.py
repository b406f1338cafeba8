"""A person's path through the real program: drop a file, choose, train, try, judge, export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio import __main__ as program
from studio.config import paths
from studio.gui.widgets.chat import ChatColumn
from studio.models.starters import MARK_FILE, STARTERS
from studio.runs.project import open_project
from tests.e2e.person import Condition, Person
from tests.test_flow import messages, write_csv
from tests.tiny import tiny_causal_folder, tiny_encoder_folder


@pytest.fixture
def starters(home: Path) -> None:
    """Tiny models where the starters lie."""
    tiny_encoder_folder(paths.models(), name="all-MiniLM-L6-v2")
    tiny_causal_folder(paths.models(), name="SmolLM2-135M-Instruct")
    for starter in STARTERS:
        (paths.models() / starter.name / MARK_FILE).write_text(json.dumps(asdict(starter)), encoding="utf-8")


@pytest.fixture
def play(qtbot: QtBot, starters: None) -> Callable[[Callable[[Person], Iterator[Condition]]], Person]:
    """Run the real main() while a person follows a script; fails with what the screen said."""

    def run(script: Callable[[Person], Iterator[Condition]]) -> Person:
        person = Person(script)
        code = program.run([])
        assert not person.failure, person.failure
        assert code == 0
        return person

    return run


def the_run() -> Path:
    """The one run that the path has made."""
    folders = list(paths.projects().glob("*/runs/run-1"))
    assert len(folders) == 1
    return folders[0]


def test_sorting_texts_from_a_dropped_file_to_a_proved_export(
    play: Callable[[Callable[[Person], Iterator[Condition]]], Person], tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "messages.csv", ["message", "topic"], messages(60))

    def script(person: Person) -> Iterator[Condition]:
        person.drop(file)
        yield person.reads("60 rows")
        yield person.can_press("Next: choose a goal")
        person.press("Next: choose a goal")
        yield person.reads("so it looks like the label")
        yield person.reads("What the model sees")
        person.press("Next: choose a model")
        yield person.can_press("Next: train")
        person.press("Next: train")
        yield person.can_press("Quick try")
        person.press("Quick try")
        yield person.can_press("Start training")
        person.press("Start training")
        yield person.can_press("Next: try it")
        person.press("Next: try it")
        yield person.can_press("Sort")
        person.write("where is my parcel", where="Text to sort")
        person.press("Sort")
        yield lambda: "Nothing sorted yet" not in person.screen() and person.can_press("Sort")()
        person.press("Judge")
        yield person.can_press("Judge it now")
        person.press("Judge it now")
        yield person.reads("Is it better?")
        yield person.can_press("Next: export")
        person.press("Next: export")
        yield person.can_press("Export For Python (transformers)")
        person.press("Export For Python (transformers)")
        yield person.reads("✓ Verified")

    play(script)
    run = the_run()
    assert (run / "report" / "report.json").exists()
    lines = (run / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["event"] == "Finished"
    assert open_project(run.parents[1]).config.training.preset == "quick"


def test_answering_from_a_sample_with_both_models_side_by_side(
    play: Callable[[Callable[[Person], Iterator[Condition]]], Person], tmp_path: Path
) -> None:
    rows = [[f"say {word} {n}", f"The reply to {word} is number {n}, as always."] for n in range(6) for word in WORDS]
    file = write_csv(tmp_path / "answers.csv", ["question", "answer"], rows)

    def script(person: Person) -> Iterator[Condition]:
        person.drop(file)
        yield person.can_press("Next: choose a goal")
        session = person.window.session
        person.press("Next: choose a goal")
        yield person.can_press("Next: choose a model")
        assert session.config.task.kind == "answer"
        person.press("Next: choose a model")
        yield person.can_press("Next: train")
        person.press("Next: train")
        yield person.can_press("Quick try")
        person.press("Quick try")
        yield person.can_press("Start training")
        person.press("Start training")
        yield person.can_press("Next: try it")
        person.press("Next: try it")
        yield person.can_press("Send")
        person.press("Precise")
        person.write("24", where="Longest answer")
        assert (session.config.generation.temperature, session.config.generation.max_new_tokens) == (0.0, 24)
        person.write("say yes", where="Message")
        person.press("Send")
        yield lambda: not session.jobs.running
        assert person.window.problem.problem is None, person.window.problem.problem
        columns = person.window.findChildren(ChatColumn)
        assert len(columns) == 2
        for column in columns:
            asked, answered = column.turns()
            assert asked == "say yes"
            assert answered.strip()

    play(script)


WORDS = ("yes", "no", "hello", "perhaps", "never", "soon", "always", "later")


def test_a_bad_file_is_told_on_the_page_and_nothing_is_lost(
    play: Callable[[Callable[[Person], Iterator[Condition]]], Person], tmp_path: Path
) -> None:
    good = write_csv(tmp_path / "messages.csv", ["message", "topic"], messages(60))
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")

    def script(person: Person) -> Iterator[Condition]:
        person.drop(good)
        yield person.reads("60 rows")
        person.drop(empty)
        yield person.reads("is empty")
        assert person.window.session.table is not None
        assert person.window.session.table.rows == 60

    play(script)

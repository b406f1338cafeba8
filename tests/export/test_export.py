"""Exports of tiny models, written and proved by the real other program."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from studio.config.edit import change
from studio.config.goals import GOALS, TaskKind
from studio.config.model import Method
from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from studio.evaluation.judge import judge
from studio.events import Event, Exported, Noted, Verified
from studio.export import prove
from studio.export.export import export
from studio.export.formats import FACTS_FILE, MAKER
from studio.problems import Problem
from studio.tokens.tokenizer import Tokenizer
from tests.data.tables import table_of
from tests.evaluation.parts import LABELS, answer_cells, dataset, label_cells, no, read_dataset, run_of, tiny
from tests.evaluation.texts import texts_dataset


def exported(
    folder: Path,
    kind: TaskKind,
    method: Method,
    to: str,
    *,
    chat: bool = True,
    is_judged: bool = False,
    trained_further: bool = False,
    stop: Callable[[], bool] = no,
) -> list[Event]:
    """A tiny model's export into folder/out."""
    model, tokenizer, task, config = tiny(folder / "model", kind, method, chat=chat)
    cells = label_cells(70) if kind == "classify" else answer_cells(60)
    data = dataset(folder / "rows", cells, labels=LABELS if kind == "classify" else (), test=30)
    if kind == "read":
        data = read_dataset(folder / "rows")
    if GOALS[kind].whole_text:
        data = texts_dataset(folder / "rows", 60, test=15)
    run = run_of(folder / "run", model, config, data)
    if is_judged:
        list(judge(model, tokenizer, task, data, config, run.folder, should_stop=no, most_answers=4))
    if trained_further:
        (run.folder / "checkpoints").mkdir()
        (run.folder / "checkpoints" / "best.json").write_text('{"step": 7}')
    return list(export(run, model, tokenizer, task, to=to, out=folder / "out", should_stop=stop))


def talk(folder: Path, count: int) -> Dataset:
    """Messages within conversations, each with an instruction of its own, a better and a worse answer."""
    rows = [
        (
            f"and item {n}",
            f"it is box {n}",
            f"box {n} it may be",
            json.dumps(
                [{"role": "user", "content": f"what is item {n + 1}"}, {"role": "assistant", "content": "a box"}]
            ),
            f"Answer customer {n} kindly.",
        )
        for n in range(count)
    ]
    table = table_of(folder, ["text", "wanted", "worse", "before", "orders"], rows)
    parts: dict[Part, tuple[int, ...]] = {
        "training": tuple(range(count // 2)), "watching": (), "test": tuple(range(count // 2, count)),
    }  # fmt: skip
    return Dataset(table, Columns("text", "wanted", rejected="worse", earlier="before", system="orders"), parts, {})


@pytest.mark.parametrize(("kind", "to"), [("answer", "merged"), ("prefer", "adapter")])
def test_the_proof_asks_with_instructions_and_what_was_said_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: TaskKind, to: str
) -> None:
    asked: list[list[dict[str, str]]] = []
    run = prove._run

    def watched(folder: Path, file: Path, **more: Any) -> Any:
        asked.extend(json.loads(file.read_text(encoding="utf-8"))["questions"])
        return run(folder, file, **more)

    monkeypatch.setattr(prove, "_run", watched)
    model, tokenizer, task, config = tiny(tmp_path / "model", kind, "lora")
    made = run_of(tmp_path / "run", model, config, talk(tmp_path / "rows", 16))
    last = list(export(made, model, tokenizer, task, to=to, out=tmp_path / "out", should_stop=no))[-1]
    assert isinstance(last, Verified)
    assert (last.right, last.total, last.difference) == (8, 8, "")
    assert {tuple(turn["role"] for turn in turns) for turns in asked} == {("system", "user", "assistant", "user")}
    assert sorted(turns[-1]["content"] for turns in asked) == sorted(f"and item {n}" for n in range(8, 16))
    assert all(turns[0]["content"] == f"Answer customer {turns[-1]['content'].split()[-1]} kindly." for turns in asked)


def test_a_conversation_that_leaves_no_room_for_an_answer_is_not_asked(tmp_path: Path) -> None:
    model, tokenizer, task, _ = tiny(tmp_path / "model", "answer", "lora")
    rows = talk(tmp_path / "rows", 8)
    long = Dataset(rows.table, Columns("orders", "wanted", earlier="before"), rows.parts, {})
    count = partial(prove.held_out, task=task, model=model, tokenizer=tokenizer, max_tokens=96, seed=0)
    assert len(count(long)) == 4
    model.net.config.max_position_embeddings = prove.TOKENS + 1  # type: ignore[union-attr]
    assert count(long) == []


@pytest.mark.parametrize(
    ("kind", "method", "to", "chat"),
    [
        ("classify", "full", "classifier", True),
        ("classify", "lora", "classifier", True),
        ("answer", "lora", "merged", True),
        ("answer", "lora", "adapter", False),
        ("read", "lora", "merged", True),
        ("read", "lora", "adapter", True),
        ("continue", "lora", "adapter", True),
        ("pretrain", "full", "merged", False),
    ],
)
def test_another_program_gives_the_same_answers(
    tmp_path: Path, kind: TaskKind, method: Method, to: str, chat: bool
) -> None:
    events = exported(tmp_path, kind, method, to, chat=chat)
    verified = events[-1]
    assert isinstance(verified, Verified)
    assert (verified.right, verified.difference) == (verified.total, "")
    assert verified.total == {"classify": 30, "read": 24}.get(kind, 15)
    assert isinstance(events[-2], Exported)
    files = {file.name for file in (tmp_path / "out").iterdir()}
    assert {"README.md", FACTS_FILE, "tokenizer.json", "tokenizer_config.json"} <= files
    assert len({file.stat().st_mode for file in (tmp_path / "out").iterdir()}) == 1  # whoever may read one may read all
    assert not [name for name in files if name.endswith((".bin", ".pt", ".py", ".pkl"))]
    facts = json.loads((tmp_path / "out" / FACTS_FILE).read_text(encoding="utf-8"))
    assert facts["proof"]["right"] == verified.right
    assert facts["format"] == to
    assert ("chat_template.jinja" in files) == (kind in ("answer", "read") or (kind == "continue" and chat))


def test_the_template_that_was_chosen_travels(tmp_path: Path) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "model", "answer", "lora")
    tokenizer = Tokenizer.load(model.base, "causal", "named")
    config = change(config, "task.chat_template", "named")
    run = run_of(tmp_path / "run", model, config, dataset(tmp_path / "rows", answer_cells(60), test=30))
    events = list(export(run, model, tokenizer, task, to="adapter", out=tmp_path / "out", should_stop=no))
    verified = events[-1]
    assert isinstance(verified, Verified)
    assert (verified.right, verified.total) == (15, 15)
    assert "Message: " in (tmp_path / "out" / "chat_template.jinja").read_text(encoding="utf-8")
    assert "| Chat template | named | chosen |" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_an_earlier_export_is_replaced_by_one_without_a_text_or_a_path_of_this_computer(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "stale.txt").write_text("old")
    (tmp_path / "out" / FACTS_FILE).write_text(f'{{"made_by": "{MAKER}"}}')
    events = exported(tmp_path, "answer", "lora", "adapter", is_judged=True)
    assert any(isinstance(event, Noted) and "replaced" in event.text for event in events)
    assert not (tmp_path / "out" / "stale.txt").exists()
    written = "".join(
        file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir() if file.suffix in {".md", ".json"}
    )
    assert str(tmp_path) not in written
    assert "what is item" not in written
    assert "Closeness to your answers" in written
    assert '"base_model_name_or_path": "tiny-causal"' in written


def test_a_report_on_an_earlier_state_does_not_travel(tmp_path: Path) -> None:
    exported(tmp_path, "answer", "full", "merged", is_judged=True, trained_further=True)
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "It was not judged before it was exported." in card
    assert "Closeness to your answers" not in card
    assert json.loads((tmp_path / "out" / FACTS_FILE).read_text(encoding="utf-8"))["scores"] == []


def test_changed_weights_are_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof must be able to fail: the weights are swapped for the untouched model's before it is opened."""
    run = prove._run

    def swapped(folder: Path, *rest: object, **more: object) -> object:
        untouched = tmp_path / "model" / "tiny-causal" / "model.safetensors"
        (folder / "model.safetensors").write_bytes(untouched.read_bytes())
        return run(folder, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(prove, "_run", swapped)
    verified = exported(tmp_path, "answer", "full", "merged")[-1]
    assert isinstance(verified, Verified)
    assert verified.right < verified.total
    assert verified.difference.startswith("Question 1:")
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert f"First difference: {verified.difference}" in card


def test_a_folder_that_does_not_open_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = prove._run

    def broken(folder: Path, *rest: object, **more: object) -> object:
        (folder / "config.json").unlink()
        return run(folder, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(prove, "_run", broken)
    with pytest.raises(Problem, match="could not be opened") as caught:
        exported(tmp_path, "answer", "full", "merged")
    assert caught.value.details
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


def test_stopping_at_any_moment_leaves_nothing(tmp_path: Path) -> None:
    for moment in (0, 1, 4):  # before, while asking, while the other program works
        asked = count()
        folder = tmp_path / str(moment)
        events = exported(
            folder,
            "answer",
            "full",
            "merged",
            stop=lambda asked=asked, m=moment: next(asked) >= m,  # type: ignore[misc]
        )
        assert not any(isinstance(event, Exported | Verified) for event in events)
        assert not (folder / "out").exists()
        assert not list(folder.glob(".out*"))


def test_the_card_of_a_model_from_nothing_names_no_other_model(tmp_path: Path) -> None:
    exported(tmp_path, "pretrain", "full", "merged", chat=False, is_judged=True)
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "It was made from nothing" in card
    assert "ask its maker" not in card
    assert "name: Room saved when the text is packed" in card
    assert "text = '<|endoftext|>Once'" in card

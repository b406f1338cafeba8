"""A model that finds answers is exported, opened by a program that knows only transformers, and answers the same; so do
the lines in its card."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from studio.events import Verified
from studio.export.compare import compare
from studio.export.export import export
from studio.export.formats import formats_for, reader_lines
from studio.export.prove import held_out
from studio.generation.find import find_scores
from studio.generation.spans import answered
from studio.tokens.windows import stride
from tests.evaluation.finding import cells, finding_config, finding_data, finding_model
from tests.evaluation.parts import run_of


def no() -> bool:
    return False


QUESTIONS = ["who lives there?", "in which town?"]
LONG = "nobody knows. " * 9 + "ada lives in rome at number 7. " + "all is quiet. " * 9


def test_a_reader_is_what_finding_answers_is_written_as() -> None:
    assert formats_for("find", "full") == formats_for("find", "lora") == ("reader",)


def test_the_copy_and_the_lines_in_its_card_answer_as_the_live_model(tmp_path: Path) -> None:
    config = finding_config("lora", bar=0.5)
    data = finding_data(tmp_path / "data")
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    run = run_of(tmp_path / "run", model, config, data)
    out = tmp_path / "out"
    events = list(export(run, model, tokenizer, task, to="reader", out=out, should_stop=no))
    verified = events[-1]
    assert isinstance(verified, Verified)
    assert (verified.right, verified.difference) == (verified.total, "")
    card = (out / "README.md").read_text(encoding="utf-8")
    lines = reader_lines("THIS_FOLDER", max_tokens=64, longest=stride(64), bar=0.5)
    assert lines in card
    script = lines.replace("THIS_FOLDER", str(out)).rsplit("\n", 1)[0]
    script += f"\nimport json\nprint(json.dumps([find(question, {LONG!r}) for question in {QUESTIONS!r}]))\n"
    file = tmp_path / "lines.py"
    file.write_text(script, encoding="utf-8")
    told = subprocess.run([sys.executable, "-I", file], capture_output=True, text=True, check=True, timeout=120)
    scores = list(find_scores(model, tokenizer, [(question, LONG) for question in QUESTIONS], max_tokens=64))
    expected = [answered(LONG, one, bar=0.5) for one in scores if one is not None]
    assert json.loads(told.stdout.splitlines()[-1]) == [[one.answer, one.start] for one in expected]


def test_a_question_that_is_too_long_is_not_asked_and_the_lines_in_the_card_say_so(tmp_path: Path) -> None:
    config = finding_config("full", bar=0.5)
    too_long = [(text, f"{question} " + "please " * 60, answer) for text, question, answer in cells()]
    data = finding_data(tmp_path / "data", [row for pair in zip(cells(), too_long, strict=True) for row in pair])
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    asked = held_out(data, task, model, tokenizer, max_tokens=64, seed=0)
    assert asked
    assert not any("please" in one.turns[0].text for one in asked)
    run = run_of(tmp_path / "run", model, config, data)
    verified = list(export(run, model, tokenizer, task, to="reader", out=tmp_path / "out", should_stop=no))[-1]
    assert isinstance(verified, Verified)
    assert verified.right == verified.total == len(asked)
    lines = reader_lines(str(tmp_path / "out"), max_tokens=64, longest=stride(64), bar=0.5)
    file = tmp_path / "lines.py"
    file.write_text(lines.replace("Your question", "please " * 60), encoding="utf-8")
    told = subprocess.run([sys.executable, "-I", file], capture_output=True, text=True, check=False, timeout=120)
    assert "The question is too long" in told.stderr


def test_another_piece_is_a_tie_only_where_it_scores_the_same() -> None:
    ours = {"ids": [1], "begins": [1.0, 3.0], "ends": [0.0, 0.0], "answer": "a", "score": 3.0, "margin": -2.0}
    theirs = {**ours, "answer": "b"}
    near = compare([ours], [theirs], dtype="float32")
    assert (near.right, near.ties) == (1, 1)
    far = compare([ours], [{**theirs, "score": 3.1}], dtype="float32")
    assert far.right == 0
    assert "instead of “a”" in far.difference
    other = compare([ours], [{**ours, "begins": [1.0, 3.1]}], dtype="float32")
    assert other.right == 0

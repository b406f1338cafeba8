from __future__ import annotations

import json

import pytest

from studio.config import edit
from studio.config.config import Config
from studio.data.parts.split import MOST_WATCHING
from studio.problems import Problem


def test_a_flag_changes_one_setting_and_nothing_else() -> None:
    config = edit.parse(Config(), "training.epochs=3")
    assert edit.differences(config) == {"training.epochs": 3.0}


@pytest.mark.parametrize("text", ["training.epochs=auto", "training.epochs="])
def test_auto_leaves_a_setting_open(text: str) -> None:
    config = edit.parse(edit.change(Config(), "training.epochs", 3), text)
    assert config.training.epochs is None


def test_text_settings_may_be_empty_or_say_auto() -> None:
    assert edit.parse(Config(), "task.instruction=auto").task.instruction == "auto"
    assert edit.parse(Config(), "task.instruction=").task.instruction == ""


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("training.epochs=-1", "It must be more than 0 rounds."),
        ("training.epochs=abc", "It must be a number."),
        ("training.rows_per_step=2.5", "It must be a whole number."),
        ("training.gradient_checkpointing=perhaps", "It must be true or false."),
        ("task.max_tokens=4", "It must be at least 8 tokens."),
        ("task.kind=fly", "It must be classify, rate, answer, read, continue, pretrain, find, search or prefer."),
        ("data.test_share=0.95", "It can be at most 0.4."),
        ("data.delimiter=::", "It can be at most 1 character long."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(typed: str, why: str) -> None:
    with pytest.raises(Problem) as caught:
        edit.parse(Config(), typed)
    assert caught.value.why == why
    assert f"“{typed.partition('=')[2]}”" in caught.value.what


@pytest.mark.parametrize("path", ["training.epoch", "epochs", ""])
def test_an_unknown_setting_is_named(path: str) -> None:
    with pytest.raises(Problem, match="no setting"):
        edit.change(Config(), path, 1)


def test_a_run_file_holds_only_what_differs_and_reads_back() -> None:
    config = edit.change(edit.change(Config(), "training.seed", 7), "data.input", "text")
    written = json.dumps(edit.to_json(config))
    assert "training.epochs" not in written
    assert edit.read(written) == config


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "damaged"),
        ("[]", "damaged"),
        ('{"schema": 99}', "newer version"),
        ('{"schema": 1, "settings": {"training.speed": 1}}', "no setting"),
        ('{"settings": ["a"]}', "damaged"),
        ('{"settings": 3}', "damaged"),
        ('{"resolved": {"training.epochs": 3}}', "damaged"),
        ('{"resolved": {"training.epochs": {}}}', "damaged"),
        (b"\x80\x81\xff", "damaged"),
        ("[" * 100_000, "damaged"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_run_file_is_a_problem(text: str | bytes, what: str) -> None:
    with pytest.raises(Problem, match=what):
        edit.read(text, decided=True)


def test_what_was_decided_for_a_run_is_read_only_on_request() -> None:
    decided = {"training.precision": {"value": "bf16", "reason": "16-bit is 1.6 times as fast here"}}
    text = json.dumps({"schema": 1, "settings": {"training.epochs": 3.0}, "resolved": decided})
    assert edit.differences(edit.read(text)) == {"training.epochs": 3.0}
    assert edit.differences(edit.read(text, decided=True)) == {"training.epochs": 3.0, "training.precision": "bf16"}


def test_every_setting_has_words() -> None:
    for path, _, words in edit.entries():
        assert words.title, path
        assert words.help.endswith("."), path


def test_at_most_six_basic_fields_a_page() -> None:
    for kind in ("classify", "answer"):
        shown = [
            path
            for path, _, words in edit.entries()
            if words.level == "basic"
            and path.split(".")[0] != "generation"
            and (not words.shown_for or kind in words.shown_for)
        ]
        assert len(shown) <= 6, shown


def test_the_words_name_as_many_watching_rows_as_are_set_apart() -> None:
    assert f"at most {MOST_WATCHING:,} rows" in edit.entry("data.watching_share").words.help


def test_a_run_file_from_before_names_the_sheet_otherwise() -> None:
    assert edit.read('{"schema": 1, "settings": {"data.part": "Calls"}}').data.member == "Calls"

"""The templates that ship: each is whole, safe, and writes a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.config import paths
from studio.problems import Problem
from studio.tasks.example import Turn
from studio.tokens.chat_templates import PLAIN, Shipped, is_own_text, shipped, source_of
from studio.tokens.template import Template

TALK = (
    Turn("system", "Be brief."), Turn("user", "Hi"), Turn("assistant", "Hello", learned=True),
    Turn("user", "Bye"), Turn("assistant", "Ciao", learned=True),
)  # fmt: skip


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.name)
def test_each_writes_every_turn_and_says_where_an_answer_ends(one: Shipped) -> None:
    template = Template(one.source, {"eos_token": "</s>", "bos_token": "<s>"}, one.needs)
    text, spans = template.answered(TALK)
    assert [text.count(turn.text) for turn in TALK] == [1] * 5
    assert [text[a:b].strip() for _, a, b in spans] == [f"Hello{template.end}", f"Ciao{template.end}"]


def test_names_and_files_belong_together() -> None:
    folder = paths.resources() / "chat_templates"
    assert {f"{one.name}.jinja" for one in shipped()} == {file.name for file in folder.glob("*.jinja")}
    assert shipped()[0].name == PLAIN
    assert not any(is_own_text(one.name) for one in shipped())
    assert all(one.title and one.about.endswith(".") for one in shipped())


def test_what_a_model_lacks_for_one() -> None:
    chatml = next(one for one in shipped() if one.name == "chatml")
    assert chatml.missing({"<|im_start|>": 1}) == ("<|im_end|>",)
    assert replace(chatml, needs=()).missing(()) == ()


def test_what_the_setting_means() -> None:
    assert source_of("") == source_of("  ") == ""
    assert source_of("{{ messages }}") == "{{ messages }}"
    assert "im_start" in source_of("chatml")
    with pytest.raises(Problem, match="no chat template called"):
        source_of("nobody")

"""The instruction that a chat template writes of its own accord."""

from __future__ import annotations

import pytest

from studio.tasks.example import Turn
from studio.tokens.own_instruction import own_instruction
from studio.tokens.template import Template
from tests import tiny

NAMES = {"eos_token": "<|im_end|>", "bos_token": "<|im_start|>"}
OWN = (
    "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nI am Tiny.<|im_end|>\n' }}{% endif %}"
    + tiny.CHAT_TEMPLATE
)
REFUSES = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('none') }}{% endif %}" + tiny.CHAT_TEMPLATE
ASKED = (Turn("user", "so?"), Turn("assistant", "yes", learned=True))


@pytest.mark.parametrize(("source", "own"), [(OWN, "I am Tiny."), (tiny.CHAT_TEMPLATE, ""), (REFUSES, "")])
def test_what_a_template_adds_of_its_own_accord(source: str, own: str) -> None:
    template = Template(source, NAMES)
    assert own_instruction(template, ASKED) == own
    assert own_instruction(template, (Turn("system", "Be kind."), *ASKED)) == ""
    assert own_instruction(template, ()) == ""

"""The template says the same words as transformers does, and knows where an answer begins and ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.problems import Problem
from studio.tasks.example import Turn
from studio.tokens.template import RewritesEarlierError, Template
from tests.tiny import CHAT_TEMPLATE, causal_backend

NAMES = {"bos_token": "<s>", "eos_token": "</s>"}
HELLO = (Turn("user", "Hello"), Turn("assistant", "Good day", learned=True))
LONG = (Turn("system", "Be brief."), *HELLO, Turn("user", "And\nnow?"), Turn("assistant", " Bye. ", learned=True))

# Written for these tests, after the habits of well-known families.
STYLES = {
    "chatml": CHAT_TEMPLATE,
    "brackets": (
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content | trim }} [/INST]"
        "{% elif m.role == 'assistant' %} {{ m.content | trim }}{{ eos_token }}{% endif %}{% endfor %}"
    ),
    "end-twice": (
        "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>\n{% else %}{{ eos_token }}{% endif %}"
    ),
    "no-end": (
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant: {% endif %}"
    ),
    "generation": (
        "{% for m in messages %}{% if m.role == 'assistant' %}A: {% generation %}{{ m.content }}{{ eos_token }}"
        "{% endgeneration %}{% else %}Q: {{ m.content }}{% endif %}\n{% endfor %}"
        "{% if add_generation_prompt %}A: {% endif %}"
    ),
    "loops": (
        "{%- for m in messages %}\n    {%- if m.role == 'system' %}{% continue %}{% endif %}\n"
        "    {{- m | tojson }}\n{%- endfor %}\n{{- namespace(a=1).a }}"
    ),
}


def learned(template: Template, turns: tuple[Turn, ...]) -> list[str]:
    text, spans = template.answered(turns)
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("for_answer", [True, False])
def test_it_says_what_transformers_says(style: str, for_answer: bool) -> None:
    from transformers import PreTrainedTokenizerFast

    theirs = PreTrainedTokenizerFast(tokenizer_object=causal_backend(), chat_template=STYLES[style], **NAMES)
    for turns in (HELLO[:1], HELLO, LONG[:4], LONG):
        messages = [{"role": turn.role, "content": turn.text} for turn in turns]
        wanted = theirs.apply_chat_template(messages, tokenize=False, add_generation_prompt=for_answer)
        assert Template(STYLES[style], NAMES).render(turns, for_answer=for_answer) == wanted


@pytest.mark.parametrize(
    ("style", "markers", "answer"),
    [
        ("chatml", ("<|im_start|>", "<|im_end|>"), "Good day<|im_end|>"),
        ("brackets", (), " Good day</s>"),
        ("end-twice", ("<|end|>", "<|user|>"), "Good day<|end|>"),
        ("no-end", (), "Good day</s>"),
        ("generation", (), "Good day</s>"),
    ],
)
def test_the_end_of_turn_is_learned_and_nothing_after_it(style: str, markers: tuple[str, ...], answer: str) -> None:
    template = Template(STYLES[style], NAMES, markers)
    text, spans = template.answered(HELLO)
    prompt = template.render(HELLO[:1], for_answer=True)
    assert text == prompt + answer
    assert [(span.start, span.end) for span in spans] == [(len(prompt), len(text))]


@pytest.mark.parametrize("style", ["chatml", "brackets", "end-twice", "generation"])
def test_every_answer_of_a_conversation_stands_after_what_chat_would_send(style: str) -> None:
    template = Template(STYLES[style], NAMES, ("<|im_end|>", "<|end|>"))
    text, spans = template.answered(LONG)
    assert [span.turn for span in spans] == [2, 4]
    assert all(text[: span.start] == template.render(LONG[: span.turn], for_answer=True) for span in spans)
    assert all(text[span.start : span.end].endswith(template.end) for span in spans)


def test_a_prompt_ends_where_the_answer_begins() -> None:
    template = Template(CHAT_TEMPLATE, NAMES, ("<|im_end|>",))
    assert template.answered(HELLO[:1]) == (template.render(HELLO[:1], for_answer=True), ())


def test_the_answers_words_cannot_be_taken_for_its_end() -> None:
    turns = (HELLO[0], Turn("assistant", "im_end <|im_end|>\n end", learned=True))
    assert learned(Template(CHAT_TEMPLATE, {}, ("<|im_end|>",)), turns) == ["im_end <|im_end|>\n end<|im_end|>"]


THINKING = (
    "{% for m in messages %}<|{{ m.role }}|>"
    "{% if m.role == 'assistant' and loop.last %}<think></think>{% endif %}{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def test_a_template_that_rewrites_earlier_answers_is_refused_for_learning_and_allowed_in_chat() -> None:
    template = Template(THINKING, NAMES, ("<|end|>",))
    assert learned(template, HELLO) == ["<think></think>Good day<|end|>"]
    with pytest.raises(RewritesEarlierError, match="rewrites earlier answers"):
        template.answered(LONG)
    first, second = template.texts(LONG)
    assert learned(template, first) == ["<think></think>Good day<|end|>"]
    assert learned(template, second) == ["<think></think> Bye. <|end|>"]
    assert [turn.learned for turn in second] == [False, False, False, False, True]
    said = tuple(turn._replace(learned=False) for turn in LONG[:4])
    assert template.answered(said)[0] == template.render(said, for_answer=True)


def test_a_template_that_opens_an_answer_in_other_words_learns_what_chat_asks_for() -> None:
    source = (
        "{% for m in messages %}{{ m.role }}={{ m.content }}{{ eos_token }}{% endfor %}"
        "{% if add_generation_prompt %}Answer:{% endif %}"
    )
    template = Template(source, NAMES)
    assert template.answered(HELLO)[0] == "user=Hello</s>Answer:Good day</s>"


def test_a_template_that_refuses_a_turn_is_told_in_words() -> None:
    source = (
        "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
        "{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}"
    )
    template = Template(source, NAMES)
    with pytest.raises(Problem, match="cannot write this conversation") as problem:
        template.render(LONG, for_answer=True)
    assert "System role not supported" in problem.value.why


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{{ messages", 1),
        ("{% if x %}\n{{ y }}\n{% endfor %}", 3),
        ("\n\n{{ 1 / 0 }}", 3),
        ("{{ messages[0].a.b }}", 1),
    ],
)
def test_a_broken_template_is_told_with_its_line(source: str, line: int) -> None:
    with pytest.raises(Problem, match="cannot write") as problem:
        Template(source, NAMES)
    assert problem.value.where is not None
    assert problem.value.where.line == line


@pytest.mark.parametrize(
    "source",
    [
        "\n{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "\n{{ messages.append.__globals__ }}",
        "\n{{ messages.clear() }}",
    ],
)
def test_an_unsafe_template_is_refused_with_its_line(source: str) -> None:
    with pytest.raises(Problem, match="is refused") as problem:
        Template(source, NAMES)
    assert problem.value.where is not None
    assert problem.value.where.line == 2


def test_a_chosen_template_stands_before_the_models_own(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text('{"eos_token": "</s>", "chat_template": "own"}', encoding="utf-8")
    assert Template.load(tmp_path, chosen="plain").answered(HELLO)[0] == "Hello\nGood day</s>"
    named = Template.load(tmp_path, names={"bos_token": "<s>"}, opens_with_bos=True, chosen="named")
    assert named.answered(HELLO)[0] == "<s>Message: Hello\nAnswer: Good day</s>"
    assert learned(named, HELLO) == [" Good day</s>"]
    typed = "{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}"
    assert Template.load(tmp_path, chosen=typed).source == typed


def test_a_chosen_template_whose_end_the_model_does_not_know_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text('{"eos_token": "</s>"}', encoding="utf-8")
    with pytest.raises(Problem, match=r"would end in “<\|im_end\|>”"):
        Template.load(tmp_path, chosen="chatml")
    assert Template.load(tmp_path, markers=("<|im_end|>",), chosen="chatml").end == "<|im_end|>"


def test_a_name_that_nothing_is_called_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no chat template called “chatlm”") as problem:
        Template.load(tmp_path, chosen="chatlm")
    assert "chatml" in problem.value.fix


def test_a_template_without_the_answer_is_refused() -> None:
    with pytest.raises(Problem, match="leaves the answer out"):
        Template("{{ messages[0].content }}", NAMES)


def test_where_a_folder_keeps_its_template(tmp_path: Path) -> None:
    settings = tmp_path / "tokenizer_config.json"
    named = [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "{{ messages[-1].content }}?"}]
    settings.write_text(json.dumps({"chat_template": named, "eos_token": {"content": "</s>"}}), encoding="utf-8")
    found = Template.load(tmp_path)
    assert (found.source, found.end, found.is_plain) == (named[1]["template"], "?</s>", False)
    (tmp_path / "chat_template.jinja").write_text("{{ messages[-1].content }}!", encoding="utf-8")
    assert Template.load(tmp_path).source == "{{ messages[-1].content }}!"


def test_a_base_model_gets_a_plain_template(tmp_path: Path) -> None:
    (tmp_path / "special_tokens_map.json").write_text('{"eos_token": "<|endoftext|>"}', encoding="utf-8")
    plain = Template.load(tmp_path)
    assert plain.is_plain
    assert plain.answered(HELLO)[0] == "Hello\nGood day<|endoftext|>"
    assert learned(plain, HELLO) == ["Good day<|endoftext|>"]
    opened = Template.load(tmp_path, names={"bos_token": "<s>"}, opens_with_bos=True)
    assert opened.answered(HELLO)[0] == "<s>Hello\nGood day<|endoftext|>"


def test_damaged_settings_are_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text("{", encoding="utf-8")
    with pytest.raises(Problem, match="damaged"):
        Template.load(tmp_path)

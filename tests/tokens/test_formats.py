"""What is learned of a conversation in each chat format, token by token: every answer with its end, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.parts.dataset import Row
from studio.problems import Problem
from studio.tasks.example import Example, Turn
from studio.tasks.prefer import Prefer
from studio.tasks.read import Read
from studio.tokens.tokenizer import Tokenizer
from tests.tokens.formats import FORMATS, GEMMA, golden, shown, tokenizer_of

HI = (Turn("user", "Hi"), Turn("assistant", "Hello!", learned=True))
TALK = (*HI, Turn("user", "Bye"), Turn("assistant", "Good day", learned=True))
TOLD = (Turn("system", "Be brief."), *HI)

ONE = {
    "plain": "Hi ¶ +Hello +! +<|endoftext|>",
    "smollm2": """<|im_start|> system ¶ You · are · Smol . <|im_end|> ¶ <|im_start|> user ¶ Hi <|im_end|> ¶
        <|im_start|> assistant ¶ +Hello +! +<|im_end|>""",
    "llama3": """<|begin_of_text|> <|start_header_id|> user <|end_header_id|> ¶ ¶ Hi <|eot_id|>
        <|start_header_id|> assistant <|end_header_id|> ¶ ¶ +Hello +! +<|eot_id|>""",
    "gemma": "<bos> <start_of_turn> user ¶ Hi <end_of_turn> ¶ <start_of_turn> model ¶ +Hello +! +<end_of_turn>",
    "mistral": "<s> [INST] · Hi [/INST] +· +Hello +! +</s>",
    "phi": "<|user|> ¶ Hi <|end|> ¶ <|assistant|> ¶ +Hello +! +<|end|>",
    "qwen3": """<|im_start|> user ¶ Hi <|im_end|> ¶ <|im_start|> assistant ¶
        <think> ¶ ¶ </think> ¶ ¶ +Hello +! +<|im_end|>""",
}
MANY = {
    "plain": "Hi ¶ +Hello +! +<|endoftext|> Bye ¶ +Good +· +day +<|endoftext|>",
    "smollm2": """<|im_start|> system ¶ You · are · Smol . <|im_end|> ¶ <|im_start|> user ¶ Hi <|im_end|> ¶
        <|im_start|> assistant ¶ +Hello +! +<|im_end|> ¶ <|im_start|> user ¶ Bye <|im_end|> ¶
        <|im_start|> assistant ¶ +Good +· +day +<|im_end|>""",
    "llama3": """<|begin_of_text|> <|start_header_id|> user <|end_header_id|> ¶ ¶ Hi <|eot_id|>
        <|start_header_id|> assistant <|end_header_id|> ¶ ¶ +Hello +! +<|eot_id|>
        <|start_header_id|> user <|end_header_id|> ¶ ¶ Bye <|eot_id|>
        <|start_header_id|> assistant <|end_header_id|> ¶ ¶ +Good +· +day +<|eot_id|>""",
    "gemma": """<bos> <start_of_turn> user ¶ Hi <end_of_turn> ¶ <start_of_turn> model ¶ +Hello +! +<end_of_turn> ¶
        <start_of_turn> user ¶ Bye <end_of_turn> ¶ <start_of_turn> model ¶ +Good +· +day +<end_of_turn>""",
    "mistral": "<s> [INST] · Hi [/INST] +· +Hello +! +</s> [INST] · Bye [/INST] +· +Good +· +day +</s>",
    "phi": """<|user|> ¶ Hi <|end|> ¶ <|assistant|> ¶ +Hello +! +<|end|> ¶ <|user|> ¶ Bye <|end|> ¶
        <|assistant|> ¶ +Good +· +day +<|end|>""",
}
INSTRUCTED = {
    "plain": "Be · brief . ¶ Hi ¶ +Hello +! +<|endoftext|>",
    "smollm2": """<|im_start|> system ¶ Be · brief . <|im_end|> ¶ <|im_start|> user ¶ Hi <|im_end|> ¶
        <|im_start|> assistant ¶ +Hello +! +<|im_end|>""",
    "llama3": """<|begin_of_text|> <|start_header_id|> system <|end_header_id|> ¶ ¶ Be · brief . <|eot_id|>
        <|start_header_id|> user <|end_header_id|> ¶ ¶ Hi <|eot_id|>
        <|start_header_id|> assistant <|end_header_id|> ¶ ¶ +Hello +! +<|eot_id|>""",
    "mistral": "<s> [INST] · Be · brief . ¶ ¶ Hi [/INST] +· +Hello +! +</s>",
    "phi": "<|system|> ¶ Be · brief . <|end|> ¶ <|user|> ¶ Hi <|end|> ¶ <|assistant|> ¶ +Hello +! +<|end|>",
    "qwen3": """<|im_start|> system ¶ Be · brief . <|im_end|> ¶ <|im_start|> user ¶ Hi <|im_end|> ¶
        <|im_start|> assistant ¶ <think> ¶ ¶ </think> ¶ ¶ +Hello +! +<|im_end|>""",
}


def read(tokenizer: Tokenizer, turns: tuple[Turn, ...]) -> str:
    encoded = tokenizer.encode(Example(0, turns), max_tokens=500)
    return shown(tokenizer, encoded.ids, encoded.learned)


@pytest.mark.parametrize(
    ("name", "turns", "wanted"),
    [
        (name, turns, wanted)
        for turns, found in ((HI, ONE), (TALK, MANY), (TOLD, INSTRUCTED))
        for name, wanted in found.items()
    ],
)
def test_what_is_learned_in_each_format(name: str, turns: tuple[Turn, ...], wanted: str, tmp_path: Path) -> None:
    assert read(tokenizer_of(FORMATS[name], tmp_path), turns) == golden(wanted)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("turns", [HI, TALK, TOLD], ids=["one", "many", "instructed"])
def test_what_is_read_before_an_answer_is_what_chat_sends(name: str, turns: tuple[Turn, ...], tmp_path: Path) -> None:
    if name == "gemma" and turns is TOLD:
        pytest.skip("takes no instruction")
    tokenizer = tokenizer_of(FORMATS[name], tmp_path)
    found = tokenizer.encode(Example(0, turns), max_tokens=500).sequences
    starts = [
        sequence.ids[:place]
        for sequence in found
        for place, learned in enumerate(sequence.learned)
        if learned and not sequence.learned[place - 1]
    ]
    asked = [turns[:stop] for stop, turn in enumerate(turns) if turn.learned]
    assert starts == [tokenizer.encode_prompt(said) for said in asked]


def test_a_format_that_takes_thoughts_back_learns_each_answer_in_a_text_of_its_own(tmp_path: Path) -> None:
    tokenizer = tokenizer_of(FORMATS["qwen3"], tmp_path)
    first, second = tokenizer.encode(Example(7, TALK), max_tokens=500).sequences
    assert shown(tokenizer, first.ids, first.learned) == golden(ONE["qwen3"])
    assert shown(tokenizer, second.ids, second.learned) == golden(
        """<|im_start|> user ¶ Hi <|im_end|> ¶ <|im_start|> assistant ¶ Hello ! <|im_end|> ¶
        <|im_start|> user ¶ Bye <|im_end|> ¶ <|im_start|> assistant ¶
        <think> ¶ ¶ </think> ¶ ¶ +Good +· +day +<|im_end|>"""
    )
    assert first.row == second.row == 7


def test_a_format_without_instructions_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot write this conversation") as problem:
        read(tokenizer_of(GEMMA, tmp_path), TOLD)
    assert "System role not supported" in problem.value.why
    assert "another chat template" in problem.value.fix


def test_the_template_of_ours_puts_the_instruction_into_the_first_message(tmp_path: Path) -> None:
    assert read(tokenizer_of(GEMMA, tmp_path, chosen="gemma"), TOLD) == golden(
        """<bos> <start_of_turn> user ¶ Be · brief . ¶ ¶ Hi <end_of_turn> ¶
        <start_of_turn> model ¶ +Hello +! +<end_of_turn>"""
    )


@pytest.mark.parametrize(
    ("ours", "of"), [("plain", "plain"), ("llama3", "llama3"), ("mistral", "mistral"), ("phi", "phi")]
)
@pytest.mark.parametrize("turns", [HI, TALK, TOLD])
def test_the_templates_of_ours_write_what_the_models_were_taught(
    ours: str, of: str, turns: tuple[Turn, ...], tmp_path: Path
) -> None:
    own, chosen = (tokenizer_of(FORMATS[of], tmp_path / name, chosen=name) for name in ("", ours))
    assert read(own, turns) == read(chosen, turns)


# --- goals whose rows are more than a message and its answer ---

READ = {
    "plain": "Be · brief . ¶ Message : · Hello ! · Bye . ¶ ¶ Hi ? ¶ +Good +· +day +<|endoftext|>",
    "smollm2": """<|im_start|> system ¶ Be · brief . <|im_end|> ¶
        <|im_start|> user ¶ Message : · Hello ! · Bye . ¶ ¶ Hi ? <|im_end|> ¶
        <|im_start|> assistant ¶ +Good +· +day +<|im_end|>""",
    "llama3": """<|begin_of_text|> <|start_header_id|> system <|end_header_id|> ¶ ¶ Be · brief . <|eot_id|>
        <|start_header_id|> user <|end_header_id|> ¶ ¶ Message : · Hello ! · Bye . ¶ ¶ Hi ? <|eot_id|>
        <|start_header_id|> assistant <|end_header_id|> ¶ ¶ +Good +· +day +<|eot_id|>""",
    "mistral": """<s> [INST] · Be · brief . ¶ ¶ Message : · Hello ! · Bye . ¶ ¶ Hi ? [/INST]
        +· +Good +· +day +</s>""",
    "qwen3": """<|im_start|> system ¶ Be · brief . <|im_end|> ¶
        <|im_start|> user ¶ Message : · Hello ! · Bye . ¶ ¶ Hi ? <|im_end|> ¶
        <|im_start|> assistant ¶ <think> ¶ ¶ </think> ¶ ¶ +Good +· +day +<|im_end|>""",
}
PREFERRED = {  # the better answer, then the worse one; what was said before is learned in neither
    "plain": (
        "Hi ¶ Hello ! <|endoftext|> Bye ¶ +Good +· +day +<|endoftext|>",
        "Hi ¶ Hello ! <|endoftext|> Bye ¶ +Be +· +brief +<|endoftext|>",
    ),
    "smollm2": (
        """<|im_start|> system ¶ You · are · Smol . <|im_end|> ¶ <|im_start|> user ¶ Hi <|im_end|> ¶
        <|im_start|> assistant ¶ Hello ! <|im_end|> ¶ <|im_start|> user ¶ Bye <|im_end|> ¶
        <|im_start|> assistant ¶ +Good +· +day +<|im_end|>""",
        """<|im_start|> system ¶ You · are · Smol . <|im_end|> ¶ <|im_start|> user ¶ Hi <|im_end|> ¶
        <|im_start|> assistant ¶ Hello ! <|im_end|> ¶ <|im_start|> user ¶ Bye <|im_end|> ¶
        <|im_start|> assistant ¶ +Be +· +brief +<|im_end|>""",
    ),
    "gemma": (
        """<bos> <start_of_turn> user ¶ Hi <end_of_turn> ¶ <start_of_turn> model ¶ Hello ! <end_of_turn> ¶
        <start_of_turn> user ¶ Bye <end_of_turn> ¶ <start_of_turn> model ¶ +Good +· +day +<end_of_turn>""",
        """<bos> <start_of_turn> user ¶ Hi <end_of_turn> ¶ <start_of_turn> model ¶ Hello ! <end_of_turn> ¶
        <start_of_turn> user ¶ Bye <end_of_turn> ¶ <start_of_turn> model ¶ +Be +· +brief +<end_of_turn>""",
    ),
    "mistral": (
        "<s> [INST] · Hi [/INST] · Hello ! </s> [INST] · Bye [/INST] +· +Good +· +day +</s>",
        "<s> [INST] · Hi [/INST] · Hello ! </s> [INST] · Bye [/INST] +· +Be +· +brief +</s>",
    ),
    "qwen3": (
        """<|im_start|> user ¶ Hi <|im_end|> ¶ <|im_start|> assistant ¶ Hello ! <|im_end|> ¶
        <|im_start|> user ¶ Bye <|im_end|> ¶ <|im_start|> assistant ¶
        <think> ¶ ¶ </think> ¶ ¶ +Good +· +day +<|im_end|>""",
        """<|im_start|> user ¶ Hi <|im_end|> ¶ <|im_start|> assistant ¶ Hello ! <|im_end|> ¶
        <|im_start|> user ¶ Bye <|im_end|> ¶ <|im_start|> assistant ¶
        <think> ¶ ¶ </think> ¶ ¶ +Be +· +brief +<|im_end|>""",
    ),
}


@pytest.mark.parametrize("name", READ)
def test_of_a_text_and_its_question_the_answer_alone_is_learned(name: str, tmp_path: Path) -> None:
    task = Read("Be brief.", "Message: {text}\n\n{question}", "You are.")
    row = Row(3, "Hi?", "Good day", context="Hello! Bye.")
    tokenizer = tokenizer_of(FORMATS[name], tmp_path)
    encoded = tokenizer.encode(task.example(row), max_tokens=500)
    assert shown(tokenizer, encoded.ids, encoded.learned) == golden(READ[name])
    assert not encoded.beside
    silent = tokenizer.encode(task.example(row._replace(target="")), max_tokens=500)
    wanted = READ[name].replace("+Good +· +day", "+You +· +are +.")
    assert shown(tokenizer, silent.ids, silent.learned) == golden(wanted)


@pytest.mark.parametrize("name", PREFERRED)
def test_of_two_answers_each_is_learned_alone_behind_the_same_words(name: str, tmp_path: Path) -> None:
    row = Row(5, "Bye", "Good day", earlier=(("user", "Hi"), ("assistant", "Hello!")), rejected="Be brief")
    tokenizer = tokenizer_of(FORMATS[name], tmp_path)
    sequences = tokenizer.encode(Prefer().example(row), max_tokens=500).sequences
    assert [shown(tokenizer, one.ids, one.learned) for one in sequences] == [golden(one) for one in PREFERRED[name]]
    assert {one.row for one in sequences} == {5}

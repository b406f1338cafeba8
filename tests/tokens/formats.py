"""Chat templates written for the tests, each with the facts of a well-known format: which marks it writes, in which
order, what it does with an instruction, and what ends an answer. With them a tokenizer that has just those marks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import tokenizers
from tokenizers import decoders, models, pre_tokenizers

from studio.tokens.tokenizer import Tokenizer


@dataclass(frozen=True)
class Format:
    """A chat template, the special tokens that it writes, and the names of some of them."""

    source: str
    specials: tuple[str, ...]
    eos: str
    bos: str = ""


SMOLLM2 = Format(
    "{% if messages[0].role != 'system' %}<|im_start|>system\nYou are Smol.<|im_end|>\n{% endif %}"
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    ("<|im_start|>", "<|im_end|>"),
    "<|im_end|>",
)
LLAMA3 = Format(
    "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n"
    "{{ m.content | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}",
    ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    "<|eot_id|>",
    "<|begin_of_text|>",
)
GEMMA = Format(
    "{{ bos_token }}{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for m in messages %}<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n"
    "{{ m.content | trim }}<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}",
    ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"),
    "<eos>",
    "<bos>",
)
MISTRAL = Format(
    "{{ bos_token }}{% if messages[0].role == 'system' %}{% set told = messages[0].content + '\n\n' %}"
    "{% set rest = messages[1:] %}{% else %}{% set told = '' %}{% set rest = messages %}{% endif %}"
    "{% for m in rest %}{% if m.role == 'user' %}[INST] {{ (told if loop.first else '') + m.content }}[/INST]"
    "{% else %} {{ m.content | trim }}{{ eos_token }}{% endif %}{% endfor %}",
    ("<s>", "</s>", "[INST]", "[/INST]"),
    "</s>",
    "<s>",
)
PHI = Format(
    "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% else %}{{ eos_token }}{% endif %}",
    ("<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
    "<|endoftext|>",
)
QWEN3 = Format(  # the last answer gets an empty thought before it, earlier ones lose theirs
    "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.role == 'assistant' and loop.last %}<think>\n\n</think>\n\n{% endif %}{{ m.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}",
    ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"),
    "<|im_end|>",
)
PLAIN = Format("", ("<|endoftext|>",), "<|endoftext|>")
FORMATS = {
    "plain": PLAIN, "smollm2": SMOLLM2, "llama3": LLAMA3, "gemma": GEMMA, "mistral": MISTRAL, "phi": PHI,
    "qwen3": QWEN3,
}  # fmt: skip
_WORDS = """system user assistant model Be brief . Hi Hello Bye Good day You are Smol ! ? Message Answer :""".split()  # noqa: SIM905


def tokenizer_of(form: Format, folder: Path, *, chosen: str = "") -> Tokenizer:
    """A tokenizer whose tokens are whole words, blanks, line ends and the format's special tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = ["<unk>", " ", "\n", *_WORDS]
    backend = tokenizers.Tokenizer(models.WordLevel({piece: n for n, piece in enumerate(pieces)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Split(tokenizers.Regex(r"\w+|\s|[^\w\s]"), "isolated")
    backend.decoder = decoders.Fuse()
    backend.add_special_tokens(list(form.specials))
    backend.save(str(folder / "tokenizer.json"))
    words = {"eos_token": form.eos, **({"bos_token": form.bos} if form.bos else {})}
    if form.source:
        words["chat_template"] = form.source
    (folder / "tokenizer_config.json").write_text(json.dumps(words), encoding="utf-8")
    return Tokenizer.load(folder, "causal", chosen)


def shown(tokenizer: Tokenizer, ids: tuple[int, ...], learned: tuple[bool, ...]) -> str:
    """Tokens between blanks, + before a learned one; a blank as ·, a line end as ¶."""
    made = []
    for token, is_learned in zip(ids, learned, strict=True):
        text = tokenizer.backend.id_to_token(token).replace("\n", "¶").replace(" ", "·")
        made.append(("+" if is_learned else "") + text)
    return " ".join(made)


def golden(text: str) -> str:
    """A golden as it is written in a test, over several lines."""
    return re.sub(r"\s+", " ", text).strip()

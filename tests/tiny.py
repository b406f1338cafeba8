"""Tiny models with real files, made in a moment: what the core tests train, ask and export.

In: a folder. Out: a Hugging Face folder in it with config, safetensors, tokenizer.json and
tokenizer_config.json; two layers, random weights from a seed. The causal one reads bytes (with a few
merges), the encoder reads letters as WordPiece.
"""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
MERGES = (("Ċ", "Ċ"), ("t", "h"), ("th", "e"), ("Ġ", "the"), ("Ġ", "a"), ("i", "n"), ("e", "r"), ("o", "u"))
HIDDEN, CONTEXT = 32, 256


def causal_backend() -> tokenizers.Tokenizer:
    """A byte-level BPE with eight merges (one of them joins two newlines) and three special tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate(alphabet)}
    for left, right in MERGES:
        vocabulary.setdefault(left + right, len(vocabulary))
    backend = tokenizers.Tokenizer(models.BPE(vocab=vocabulary, merges=list(MERGES)))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    return backend


def encoder_backend() -> tokenizers.Tokenizer:
    """A lower-casing WordPiece over single letters that writes [CLS] text [SEP]."""
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = string.ascii_lowercase + string.digits + string.punctuation
    tokens = [*specials, *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    backend = tokenizers.Tokenizer(models.WordPiece(vocab=vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    backend.add_special_tokens(specials)
    return backend


def tiny_causal_folder(
    parent: Path, *, chat: bool = True, tied: bool = True, seed: int = 0, name: str = "tiny-causal"
) -> Path:
    """A Llama of two layers that reads 256 tokens; `chat=False` leaves out the chat template, like GPT-2. With its
    output layer `tied` to the words it reads, it mostly repeats itself; untied, its answers vary."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    backend = causal_backend()
    end_token = "<|im_end|>" if chat else "<|endoftext|>"
    end = backend.token_to_id(end_token)
    torch.manual_seed(seed)
    net = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=backend.get_vocab_size(),
            hidden_size=HIDDEN,
            intermediate_size=2 * HIDDEN,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=CONTEXT,
            initializer_range=0.1,
            tie_word_embeddings=tied,
            bos_token_id=None,
            eos_token_id=end,
            pad_token_id=None,
        )
    )
    words: dict[str, Any] = {
        "eos_token": "<|im_end|>" if chat else "<|endoftext|>",
        "model_max_length": CONTEXT,
    }
    if chat:
        words |= {"bos_token": "<|im_start|>", "pad_token": "<|endoftext|>"}
    folder = parent / name
    _write(folder, net, backend, words)
    if chat:
        (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE, encoding="utf-8")
    return folder


def tiny_encoder_folder(parent: Path, *, seed: int = 0, name: str = "tiny-encoder") -> Path:
    """A BERT of two layers that reads 128 tokens."""
    import torch
    from transformers import BertConfig, BertModel

    backend = encoder_backend()
    torch.manual_seed(seed)
    net = BertModel(
        BertConfig(
            vocab_size=backend.get_vocab_size(),
            hidden_size=HIDDEN,
            intermediate_size=2 * HIDDEN,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=128,
            initializer_range=0.1,
        )
    )
    words = {f"{kind}_token": f"[{kind.upper()}]" for kind in ("pad", "unk", "cls", "sep", "mask")}
    folder = parent / name
    _write(folder, net, backend, {**words, "model_max_length": 128, "do_lower_case": True})
    return folder


def _write(folder: Path, net: Any, backend: tokenizers.Tokenizer, words: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    net.save_pretrained(folder)
    backend.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", **words}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")

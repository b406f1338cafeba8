"""A tokenizer of one's own, learned from the texts themselves.

In: texts. Out: tokenizer.json and tokenizer_config.json in a folder, as every transformers model has them. Both kinds
give back any Unicode text exactly: “pieces” is GPT-2's byte-level BPE (Radford et al. 2019), “characters” has one token
for each character it has seen, and writes any other one as its bytes. Knows no torch.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from studio.config.sizes import CHARACTERS_A_TOKEN
from studio.problems import Problem
from studio.stopping import never

END = "<|endoftext|>"
BYTES = 256
_LEARNED_FROM = 50_000_000  # characters; more hardly change which pieces are frequent
_BLOCK = 10_000  # characters handed over at once
_RARE = 2  # a character met less often is written as its bytes


def learn_pieces(texts: Iterable[str], *, tokens: int, should_stop: Callable[[], bool] = never) -> tokenizers.Tokenizer:
    """A byte-level BPE of at most `tokens` tokens; fewer where the texts have no more pairs that come twice. After a
    stop it has learned from some of the texts."""
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=max(tokens, BYTES + 1),
        min_frequency=2,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(_blocks(texts, should_stop), trainer)
    return backend


def learn_characters(texts: Iterable[str], *, should_stop: Callable[[], bool] = never) -> tokenizers.Tokenizer:
    """One token for each character that the texts have at least twice, after the end and the 256 bytes."""
    counts: Counter[str] = Counter()
    for block in _blocks(texts, should_stop):
        counts.update(block)
    kept = sorted(letter for letter, count in counts.items() if count >= _RARE)
    names = [END, *(f"<0x{byte:02X}>" for byte in range(BYTES)), *kept]
    backend = tokenizers.Tokenizer(
        models.BPE(vocab={name: number for number, name in enumerate(names)}, merges=[], byte_fallback=True)
    )
    backend.pre_tokenizer = pre_tokenizers.Split(tokenizers.Regex(r"[\s\S]"), "isolated")
    backend.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    backend.add_special_tokens([END])
    return backend


def write_tokenizer(backend: tokenizers.Tokenizer, folder: Path, *, context: int) -> None:
    """The files that transformers opens; the end-of-text token begins, ends and fills up, as GPT-2's does."""
    if backend.token_to_id(END) is None:
        raise ValueError("the tokenizer has no end-of-text token")
    folder.mkdir(parents=True, exist_ok=True)
    backend.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": END,
        "eos_token": END,
        "pad_token": END,
        "model_max_length": context,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")


def check_texts(characters: int) -> None:
    """Raises a Problem for so little text that nothing can be made from it."""
    if characters < CHARACTERS_A_TOKEN:
        raise Problem(
            "There is too little text to make a model from nothing.",
            f"The texts to learn from have {characters:,} characters in all.",
            "Add texts (a model from nothing wants a million characters or more), or choose “Continue my kind of "
            "text”, which begins with a model that can write already.",
        )


def _blocks(texts: Iterable[str], should_stop: Callable[[], bool]) -> Iterator[str]:
    """The texts in blocks, up to _LEARNED_FROM characters in all."""
    left = _LEARNED_FROM
    for text in texts:
        for start in range(0, min(len(text), left), _BLOCK):
            if should_stop():
                return
            yield text[start : min(start + _BLOCK, left)] if left < len(text) else text[start : start + _BLOCK]
        left -= len(text)
        if left <= 0:
            return

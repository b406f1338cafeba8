"""The starters' own files: the same words and ids as transformers makes of them."""

from __future__ import annotations

import pytest

from studio.config import paths
from studio.tasks.example import Example, Turn
from studio.tokens.tokenizer import Tokenizer

# The user's own folder, read before a test moves STUDIO_HOME.
CHAT, SENTENCES = paths.models() / "SmolLM2-135M-Instruct", paths.models() / "all-MiniLM-L6-v2"
TALKS = (
    (Turn("user", "Hello"),),
    (Turn("system", "Be brief."), Turn("user", "Hello\n\n")),
    (Turn("user", "Hello"), Turn("assistant", "\n\nHi 👋", learned=True), Turn("user", " and?")),
)


@pytest.mark.starters
@pytest.mark.skipif(not CHAT.is_dir(), reason="the starter is not prepared")
def test_smollm2_is_asked_as_transformers_asks_it() -> None:
    from transformers import AutoTokenizer

    ours, theirs = Tokenizer.load(CHAT, "causal"), AutoTokenizer.from_pretrained(CHAT)
    for turns in TALKS:
        messages = [{"role": turn.role, "content": turn.text} for turn in turns]
        text = theirs.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        assert ours.template.render(turns, for_answer=True) == text
        assert ours.decode(ours.encode_prompt(turns)) == theirs.decode(
            theirs(text, add_special_tokens=False).input_ids, skip_special_tokens=True
        )
    assert ours.template.end == "<|im_end|>"
    encoded = ours.encode(Example(0, (*TALKS[0], Turn("assistant", "Good day", learned=True))), max_tokens=99)
    assert encoded.ids[: len(ours.encode_prompt(TALKS[0]))] == ours.encode_prompt(TALKS[0])
    assert encoded.ids[-1] in ours.end_ids
    assert sum(encoded.learned) == 3


@pytest.mark.starters
@pytest.mark.skipif(not SENTENCES.is_dir(), reason="the starter is not prepared")
def test_minilm_reads_texts_as_transformers_reads_them() -> None:
    from transformers import AutoTokenizer

    ours, theirs = Tokenizer.load(SENTENCES, "encoder"), AutoTokenizer.from_pretrained(SENTENCES)
    for text in ("Hello, Café!", "", "I lost my card 💳", "word " * 400):
        cut = ours.encode(Example(0, (Turn("text", text),)), max_tokens=128)
        assert cut.ids == tuple(theirs(text, truncation=True, max_length=128).input_ids)
    assert ours.pad_id == theirs.pad_token_id

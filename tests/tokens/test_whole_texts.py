"""Texts instead of conversations: how they begin and end, and that nothing of them is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.roles.columns import Columns
from studio.tasks.example import Example, Turn
from studio.tasks.texts import Texts
from studio.tokens import tokenizer as module
from studio.tokens.lengths import Lengths, measure
from studio.tokens.preview import preview
from studio.tokens.rows import encode_part
from studio.tokens.tokenizer import Tokenizer
from tests.data.tables import table_of
from tests.tiny import CHAT_TEMPLATE, causal_backend

TEXTS = ("The lamp was lit.\n\nFog.", "Grüße 東京 👩‍👩‍👧\r\n", "x", "and the end of the other thing\n" * 40)


def loaded(folder: Path, *, chat: bool) -> Tokenizer:
    folder.mkdir(parents=True, exist_ok=True)
    causal_backend().save(str(folder / "tokenizer.json"))
    words = {"eos_token": "<|im_end|>", "chat_template": CHAT_TEMPLATE} if chat else {"eos_token": "<|endoftext|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(words), encoding="utf-8")
    return Tokenizer.load(folder, "causal")


@pytest.mark.parametrize("chat", [True, False])
def test_a_text_is_opened_and_closed_by_the_mark_between_texts(tmp_path: Path, chat: bool) -> None:
    tokenizer = loaded(tmp_path, chat=chat)
    end = tokenizer.backend.token_to_id("<|endoftext|>")  # and not by the one that ends a turn of a conversation
    assert (tokenizer.opening, tokenizer.text_end) == ((end,), end)
    assert end in tokenizer.end_ids
    found = tokenizer.encode(Texts().prompt("Fog."), max_tokens=100)
    assert found.ids == (end, *tokenizer.backend.encode("Fog.").ids)
    assert not any(found.learned)
    assert tokenizer.encode_prompt((Turn("text", "Fog."),)) == found.ids
    assert tokenizer.opening_text == "<|endoftext|>"
    assert tuple(tokenizer.backend.encode(tokenizer.opening_text + "Fog.").ids) == found.ids


def test_every_token_of_every_text_is_learned_once(tmp_path: Path) -> None:
    tokenizer = loaded(tmp_path / "m", chat=True)
    table = table_of(tmp_path, ("text", "other"), [(text, "") for text in TEXTS])
    config = change(change(Config(), "task.kind", "continue"), "task.max_tokens", 16)
    data = Dataset(table, Columns("text"), {"training": range(len(TEXTS)), "watching": (), "test": ()})
    rows = encode_part(Texts(), tokenizer, data, "training", config)
    assert all(len(row.ids) <= 16 for row in rows)
    for number, text in enumerate(TEXTS):
        mine = [row for row in rows if row.row == number]
        kept = [token for row in mine for token, is_in in zip(row.ids, row.learned, strict=True) if is_in]
        assert kept == [*tokenizer.backend.encode(text).ids, tokenizer.text_end]
        assert tokenizer.decode(kept) == text


def test_a_long_text_comes_in_blocks_that_give_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = loaded(tmp_path, chat=True)
    monkeypatch.setattr(module, "BLOCK", 37)
    for text in TEXTS:
        assert "".join(module._blocks(text)) == text
        assert tokenizer.decode(tokenizer.text_ids(text)) == text
        ids, sizes = tokenizer.text_bytes(text)
        assert ids == tokenizer.text_ids(text)
        assert sum(sizes) == len(text.encode())


def test_the_preview_shows_a_text_whole_however_long(tmp_path: Path) -> None:
    tokenizer = loaded(tmp_path, chat=True)
    example = Example(0, (Turn("text", TEXTS[3], learned=True),))
    shown = preview(tokenizer, example, max_tokens=8)
    assert (shown[0].text, shown[0].kind) == ("<|endoftext|>", "context")
    assert {one.kind for one in shown[1:]} == {"learned"}
    assert "".join(one.text for one in shown[1:-1]) == TEXTS[3]


@pytest.mark.parametrize("limit", [8, 16, 33, 4000])
def test_how_many_pieces_there_will_be_is_known_from_the_texts(tmp_path: Path, limit: int) -> None:
    tokenizer = loaded(tmp_path / "m", chat=True)
    table = table_of(tmp_path, ("text", "other"), [(text, "") for text in TEXTS])
    config = change(change(Config(), "task.kind", "continue"), "task.max_tokens", limit)
    data = Dataset(table, Columns("text"), {"training": range(len(TEXTS)), "watching": (), "test": ()})
    whole = measure(tokenizer, map(Texts().example, data.texts("training")), config)
    assert whole is not None
    lengths = Lengths(whole.counts[:0], whole=whole)
    assert lengths.texts == len(TEXTS)
    assert lengths.pieces(limit) == len(encode_part(Texts(), tokenizer, data, "training", config))

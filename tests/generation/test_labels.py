"""Shares and vectors come in the texts' order, and are those that each text gets alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.generation import labels
from studio.generation.labels import label_shares, vectors
from studio.models.load import Model, load_base, load_model
from studio.tasks.example import Example, Turn
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import HIDDEN, tiny_encoder_folder

CPU = torch.device("cpu")
TEXTS = ["Hello there", "x", "", "a much longer text than all the others, " * 3, "card", "lost my card"] * 5
NAMES = ("card", "loan", "other")


def examples(texts: list[str]) -> Iterator[Example]:
    return (Example(-1, (Turn("text", text),)) for text in texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder_folder(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.load(folder, "encoder")


@pytest.fixture(scope="module", params=["full", "lora"])
def classifier(folder: Path, request: pytest.FixtureRequest) -> Model:
    config = change(change(Config(), "model.method", request.param), "task.max_tokens", 32)
    return load_model(folder, labels=NAMES, config=config, device=CPU)


def test_shares_are_those_of_each_text_alone(
    classifier: Model, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "WINDOW", 8)
    monkeypatch.setattr(labels, "TOKENS_AT_ONCE", 64)
    found = list(label_shares(classifier, tokenizer, examples(TEXTS)))
    assert len(found) == len(TEXTS)
    classifier.net.eval()
    for text, shares in zip(TEXTS[:6], found, strict=False):
        ids = tokenizer.encode_prompt((Turn("text", text),))
        ids = (*ids[:31], ids[-1]) if len(ids) > 32 else ids
        alone = classifier.net(input_ids=torch.tensor([ids]), attention_mask=torch.ones((1, len(ids)))).logits
        assert shares == pytest.approx(alone.softmax(-1)[0].tolist(), abs=1e-5)
        assert sum(shares) == pytest.approx(1)
    assert len({shares[0] for shares in found[:6]}) == 6
    classifier.net.train()


def test_asking_leaves_the_model_in_training(classifier: Model, tokenizer: Tokenizer) -> None:
    shares = label_shares(classifier, tokenizer, examples(TEXTS))
    first = next(shares)
    assert classifier.net.training
    assert torch.is_grad_enabled()
    again = next(label_shares(classifier, tokenizer, examples(TEXTS)))
    assert again == pytest.approx(first, abs=1e-7)  # no dropout, although the model is in training


def test_vectors_are_the_means_of_the_last_hidden_states(folder: Path, tokenizer: Tokenizer) -> None:
    base = load_base(folder, kind="encoder", device=CPU)
    found = list(vectors(base, tokenizer, TEXTS, max_tokens=128))
    assert {len(vector) for vector in found} == {HIDDEN}
    for text, vector in zip(TEXTS[:6], found, strict=False):
        ids = torch.tensor([tokenizer.encode_prompt((Turn("text", text),))])
        hidden = base.net(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        assert vector == pytest.approx(hidden[0].mean(0).tolist(), abs=1e-5)


def test_a_classifier_gives_the_vectors_of_its_own_encoder(classifier: Model, tokenizer: Tokenizer) -> None:
    assert len(next(vectors(classifier, tokenizer, TEXTS, max_tokens=32))) == HIDDEN


def test_no_texts_give_nothing(classifier: Model, tokenizer: Tokenizer) -> None:
    assert list(label_shares(classifier, tokenizer, [])) == []

"""What a model from nothing begins with: the same texts give the same tokenizer, found again."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers

from studio.config.sizes import Family, size_called
from studio.models import from_nothing
from studio.models.from_nothing import Extent, extent, facts_of, tokenizer_folder

TEXTS = ["The lamp was lit at dusk. " * 40, "Fog. " * 30]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))


def no() -> bool:
    return False


def read(texts: list[str]) -> Extent:
    found = extent(texts, should_stop=no)
    assert found is not None
    return found


def folder(texts: list[str], tokens: int = 300) -> Path:
    found = tokenizer_folder(
        lambda: texts, read(texts), units="pieces", tokens=tokens, size=size_called("tiny"), should_stop=no
    )
    assert found is not None
    return found


def test_texts_are_told_apart_by_what_they_say_and_where_they_end() -> None:
    assert read(TEXTS).characters == sum(map(len, TEXTS))
    assert len({read(texts).sum for texts in (TEXTS, ["".join(TEXTS)], TEXTS[::-1], TEXTS[:1])}) == 4


def test_a_tokenizer_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder(TEXTS)
    assert tokenizers.Tokenizer.from_file(str(first / "tokenizer.json")).get_vocab_size() <= 300
    monkeypatch.setattr(from_nothing, "learn_pieces", None)
    assert folder(TEXTS) == first
    monkeypatch.undo()


def test_other_choices_are_another_tokenizer_and_old_ones_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_nothing, "_KEPT", 1)
    made = [folder(TEXTS, tokens) for tokens in (270, 280, 290)]
    assert len(set(made)) == 3
    assert [place.exists() for place in made] == [False, True, True]


def test_a_stop_leaves_nothing(tmp_path: Path) -> None:
    assert extent(TEXTS, should_stop=lambda: True) is None
    found = tokenizer_folder(
        lambda: TEXTS, read(TEXTS), units="characters", tokens=0, size=size_called("tiny"), should_stop=lambda: True
    )
    assert found is None
    assert not list(tmp_path.glob("tokenizers/[!.]*"))


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_facts_are_those_of_the_model_that_will_be_made(family: Family) -> None:
    facts = facts_of(size_called("tiny"), family, 600, Path("here"))
    assert (facts.kind, facts.context, facts.vocabulary, facts.layers) == ("causal", 256, 600, 4)
    assert facts.parameters == size_called("tiny").parameters(family, 600)

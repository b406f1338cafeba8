"""Searching with a tiny encoder: exact, in order, and the same however texts are put together."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import numpy as np
import pytest

from studio.events import Warned
from studio.generation import search
from studio.generation.passages import passages_in
from studio.generation.search import Library, Vectors, read_passages, vectors_of
from studio.models.load import Model
from studio.problems import Problem
from studio.tasks.search import Search
from studio.tokens.tokenizer import Tokenizer
from tests.data.tables import table_of
from tests.evaluation.parts import tiny

TEXTS = ["a", "bb and more", "the third text is a good deal longer than the others", "bb", "a"]


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Model, Tokenizer]:
    model, tokenizer, _, _ = tiny(tmp_path, "search", "lora")
    return model, tokenizer


def vectors(model: Model, tokenizer: Tokenizer, *, untouched: bool = False) -> Vectors:
    examples = [Search().passage(text) for text in TEXTS]
    reading = vectors_of(model, tokenizer, examples, max_tokens=64, untouched=untouched)
    done = 0
    while True:
        try:
            done = next(reading)
        except StopIteration as ended:
            assert done == len(TEXTS)
            found: Vectors = ended.value
            return found


def test_vectors_keep_the_order_and_have_length_one(
    parts: tuple[Model, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = vectors(*parts)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert np.allclose(found[0], found[4])
    assert not np.allclose(found[0], found[3], atol=1e-3)
    monkeypatch.setattr(search, "WINDOW", 2)
    monkeypatch.setattr(search, "TOKENS_AT_ONCE", 8)
    assert np.allclose(vectors(*parts), found, atol=1e-5)


def test_the_untouched_model_sees_other_vectors(parts: tuple[Model, Tokenizer]) -> None:
    assert not np.allclose(vectors(*parts), vectors(*parts, untouched=True), atol=1e-3)


def test_a_stop_gives_nothing(parts: tuple[Model, Tokenizer]) -> None:
    reading = vectors_of(*parts, [Search().passage("a")], max_tokens=64, should_stop=lambda: True)
    with pytest.raises(StopIteration) as ended:
        next(reading)
    assert ended.value.value is None
    deque(reading, maxlen=0)


def test_the_closest_come_first_and_of_equal_ones_the_first() -> None:
    library = Library(("p0", "p1", "p2", "p3"), np.asarray([[0, 1], [1, 0], [1, 0], [0.6, 0.8]], np.float32))
    hits = library.closest(np.asarray([1, 0], np.float32), 3)
    assert [(hit.passage, hit.place) for hit in hits] == [("p1", 1), ("p2", 2), ("p3", 3)]
    assert hits[2].likeness == pytest.approx(0.6)
    assert [hit.place for hit in library.closest(np.asarray([1, 0], np.float32), 1)] == [1]
    assert len(library.closest(np.asarray([0, 1], np.float32), 99)) == 4
    assert not Library((), np.zeros((0, 0), np.float32)).closest(np.zeros(0, np.float32), 3)


def test_passages_that_are_cut_are_counted_and_told(
    parts: tuple[Model, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "WINDOW", 2)
    reading = read_passages(*parts, Search(), TEXTS, "Reading", max_tokens=8)
    while True:
        try:
            next(reading)
        except StopIteration as ended:
            library: Library = ended.value
            break
    assert library.cut == 2
    (told,) = library.notices(8)
    assert isinstance(told, Warned)
    assert told.what == "2 of 5 passages are longer than 8 tokens, and found by their beginnings alone."
    assert list(Library(("a",), library.vectors[:1]).notices(8)) == []


def test_passages_of_a_file_are_its_column_of_that_name_or_its_only_one(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a", ["id", "passage"], [("1", "One."), ("2", ""), ("3", "one.")])
    found = passages_in(table, "passage")
    assert (found.texts, found.empty, found.doubled) == (("One.",), 1, 1)
    assert [event.what for event in found.notices() if isinstance(event, Warned)] == [
        "1 of 3 rows has no passage and is left out.",
        "1 of 3 rows repeats a passage further up: each passage is searched once.",
    ]
    whole = passages_in(table_of(tmp_path / "b", ["text"], [("One.",), ("Two.",)]), "passage")
    assert whole.texts == ("One.", "Two.")
    assert list(whole.notices()) == []
    with pytest.raises(Problem, match="no column “answer”"):
        passages_in(table, "answer")

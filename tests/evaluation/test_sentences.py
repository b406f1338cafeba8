"""Sentences are told apart in several scripts, and the one most like a question is found."""

from __future__ import annotations

import pytest

from studio.evaluation.sentences import most_alike, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It costs 1.50 euros. Pay at the desk!\nOpen daily",
            ["It costs 1.50 euros.", "Pay at the desk!", "Open daily"],
        ),
        ("“Come in.” He did.", ["“Come in.", "He did."]),
        ("他在北京。她在上海！你呢？", ["他在北京。", "她在上海！", "你呢？"]),
        ("", []),
        ("one", ["one"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_the_sentence_that_shares_telling_words_is_found() -> None:
    text = "The ferry leaves from pier 3. Dogs travel for nothing. Bicycles cost 4 euros."
    found = most_alike([text, "The house is old. The roof is new."], [("What do bicycles cost?", text), ("Who?", "")])
    assert found.answers == ("Bicycles cost 4 euros.", "")

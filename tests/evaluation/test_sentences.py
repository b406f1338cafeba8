"""The sentence most like a question is found."""

from __future__ import annotations

from studio.evaluation.sentences import most_alike


def test_the_sentence_that_shares_telling_words_is_found() -> None:
    text = "The ferry leaves from pier 3. Dogs travel for nothing. Bicycles cost 4 euros."
    found = most_alike([text, "The house is old. The roof is new."], [("What do bicycles cost?", text), ("Who?", "")])
    assert found.answers == ("Bicycles cost 4 euros.", "")

"""Rows that do not fit the limit or the model are told of, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.models.gate import ModelFacts
from studio.problems import Problem
from studio.tokens.encoded import Encoded
from studio.tokens.rows import check_words

MODEL = ModelFacts(Path("tiny"), "llama", "causal", 1000, 4000, 64, 8, 1, 50, "", "f32")


def test_a_token_without_a_vector_is_a_problem_with_both_numbers() -> None:
    fits = Encoded(0, (1, 49), (False, True))
    check_words([fits], MODEL)
    with pytest.raises(Problem, match="damaged") as caught:
        check_words([fits, Encoded(1, (50, 2), (False, True))], MODEL)
    assert "token number 50" in caught.value.why
    assert "50 tokens" in caught.value.why

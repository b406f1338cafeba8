"""Rows that do not fit the limit or the model are told of, or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.events import Warned
from studio.models.gate import ModelFacts
from studio.problems import Problem
from studio.tokens.encoded import Encoded
from studio.tokens.rows import check_words, leave_out_unlearnable

MODEL = ModelFacts(Path("tiny"), "llama", "causal", 1000, 4000, 64, 8, 1, 50, "", "f32")


def test_a_token_without_a_vector_is_a_problem_with_both_numbers() -> None:
    fits = Encoded(0, (1, 49), (False, True))
    check_words([fits], MODEL)
    with pytest.raises(Problem, match="damaged") as caught:
        check_words([fits, Encoded(1, (50, 2), (False, True))], MODEL)
    assert "token number 50" in caught.value.why
    assert "50 tokens" in caught.value.why


@pytest.mark.parametrize(
    ("kind", "languages", "advice"),
    [
        ("search", "en", "ours reads no more than that: choose a model that does, such as "),
        ("search", "xx", "ours reads no more than that: divide the texts into shorter ones if their ends matter."),
    ],
)
def test_a_higher_limit_is_advised_only_where_the_model_reads_more(
    tmp_path: Path, kind: str, languages: str, advice: str
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "README.md").write_text(f"---\nlanguage: {languages}\n---\n")
    model = replace(MODEL, folder=folder, kind="encoder")
    config = change(change(Config(), "task.kind", kind), "task.max_tokens", 64)

    def told(model: ModelFacts) -> str:
        (one,) = leave_out_unlearnable([Encoded(0, (1,) * 64, (False,) * 64, cut=5)], config, model)
        assert isinstance(one, Warned)
        return one.fix

    assert told(replace(model, context=128)) == "Raise the length limit if their ends matter."
    assert told(model).startswith(advice)

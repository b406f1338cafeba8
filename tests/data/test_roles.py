from __future__ import annotations

import random
from pathlib import Path

import pytest

from studio.data.roles import Guess, guess_roles
from tests.data.tables import table_of

WORDS = ["card", "refund", "order", "late", "phone", "help", "account", "please", "where", "delivery", "thanks"]


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def guess(folder: Path, header: list[str], makers: str, rows: int = 60) -> Guess:
    """One letter a column: t text, l label, n number as label, a long answer, i running number, c always the same."""
    rng = random.Random(0)
    make = {
        "t": lambda i: f"{sentence(rng, 8)} {i}",
        "l": lambda i: ["billing", "delivery", "other"][i % 3],
        "n": lambda i: str(i % 2),
        "a": lambda i: f"{sentence(rng, 40)} {i}",
        "i": lambda i: str(i),
        "c": lambda _: "same",
    }
    return guess_roles(table_of(folder, header, [[make[kind](i) for kind in makers] for i in range(rows)]))


@pytest.mark.parametrize(
    ("header", "makers", "expected"),
    [
        (["text", "category"], "tl", ("classify", "text", "category")),
        (["Sentiment", "Headline"], "lt", ("classify", "Headline", "Sentiment")),
        (["column 1", "column 2"], "tn", ("classify", "column 1", "column 2")),
        (["column 1", "column 2"], "lt", ("classify", "column 2", "column 1")),
        (["id", "Nachricht", "Kategorie"], "itl", ("classify", "Nachricht", "Kategorie")),
        (["source", "texte", "étiquette", "date"], "ltli", ("classify", "texte", "étiquette")),
        (["question", "answer", "category"], "tal", ("answer", "question", "answer")),
        (["id", "Frage", "Antwort"], "ita", ("answer", "Frage", "Antwort")),
        (["mr", "ref"], "ta", ("answer", "mr", "ref")),
        (["column 1", "column 2"], "ta", ("answer", "column 1", "column 2")),
        (["utterance", "intent", "entity_type", "category"], "tlcl", ("classify", "utterance", "intent")),
        (["问题", "答案"], "ta", ("answer", "问题", "答案")),
        (["customerMessage", "ticketPriority"], "tl", ("classify", "customerMessage", "ticketPriority")),
    ],
)
def test_columns_are_known_by_name_and_content(
    tmp_path: Path, header: list[str], makers: str, expected: tuple[str, str, str]
) -> None:
    found = guess(tmp_path, header, makers)
    assert (found.kind, found.input, found.target) == expected
    assert found.roles[found.input] == "text"
    assert found.roles[found.target] == ("label" if found.kind == "classify" else "answer")
    assert set(found.roles) == set(header)


def test_the_reason_is_one_sentence(tmp_path: Path) -> None:
    reason = guess(tmp_path, ["text", "category"], "tl").reason
    assert reason == "“category” has 3 different short values, so it looks like the label."


def test_nothing_to_learn_is_said(tmp_path: Path) -> None:
    alone = guess(tmp_path, ["text"], "t")
    assert (alone.input, alone.target) == ("text", "")
    assert "no column looks like" in alone.reason
    numbers = guess(tmp_path, ["id", "date"], "ii")
    assert (numbers.input, numbers.target, numbers.reason) == ("", "", "No column holds texts to read.")

"""The texts that ship with the program: a help page for each setting, and sample tables worth learning from."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from studio.config import paths
from studio.config.edit import entries
from studio.config.goals import GOALS

SAMPLES = sorted((paths.resources() / "samples").glob("*.json"))
FIELDS = {"title", "file", "kind", "input", "target", "rows_text", "about", "prompts"}


def read(sample: dict[str, Any]) -> list[dict[str, str]]:
    file = paths.resources() / "samples" / sample["file"]
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


@pytest.fixture(params=SAMPLES, ids=lambda file: file.stem)
def sample(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(json.loads(request.param.read_text(encoding="utf-8")))


def test_every_setting_has_its_help_and_none_is_left_over() -> None:
    shown = {entry.path for entry in entries() if entry.words.level != "hidden"}
    found = {file.stem for file in (paths.resources() / "help").glob("*.md")}
    assert {name for name in found if not name.startswith("goal.")} == shown
    assert {name.removeprefix("goal.") for name in found if name.startswith("goal.")} <= set(GOALS)


@pytest.mark.parametrize("file", sorted((paths.resources() / "help").glob("goal.*.md")), ids=lambda file: file.stem)
def test_a_goal_says_what_its_table_looks_like_and_what_can_go_wrong(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# {GOALS[file.stem.removeprefix('goal.')].title}\n")  # type: ignore[index]
    assert len(re.findall(r"^\|", text, re.MULTILINE)) >= 5  # a head, its line, three rows
    for words in ("What it is for", "What is learned", "What can go wrong"):
        assert f"**{words}.**" in text


@pytest.mark.parametrize("path", [entry.path for entry in entries() if entry.words.level != "hidden"])
def test_help_is_short_and_more_than_the_one_sentence_on_the_form(path: str) -> None:
    text = (paths.resources() / "help" / f"{path}.md").read_text(encoding="utf-8")
    sentences = re.findall(r"[.?!](?=\s)", text)
    assert 3 <= len(sentences) <= 8
    assert all(len(line) < 900 for line in text.splitlines())


def test_goals_have_a_sample() -> None:
    kinds = {json.loads(file.read_text(encoding="utf-8"))["kind"] for file in SAMPLES}
    assert kinds == set(GOALS)


def columns_of(sample: dict[str, Any]) -> set[str]:
    return {sample[role] for role in ("input", "target", *GOALS[sample["kind"]].roles) if sample.get(role)}


def test_a_sample_says_what_it_is(sample: dict[str, Any]) -> None:
    assert FIELDS <= set(sample) <= FIELDS | {"test_share"} | set(GOALS[sample["kind"]].roles)
    rows = read(sample)
    assert set(rows[0]) == columns_of(sample)
    assert str(len(rows)) in sample["rows_text"]


def test_a_sample_has_enough_whole_and_different_rows(sample: dict[str, Any]) -> None:
    rows = read(sample)
    least = {"read": 200, "find": 200, "search": 250, "continue": 300, "pretrain": 300, "prefer": 150}
    assert len(rows) >= least.get(sample["kind"], 150)
    assert all(cell == cell.strip() for row in rows for cell in row.values())
    may_lack = {sample["target"]} if "context" in sample else set()  # what the text does not say
    assert all(cell for row in rows for name, cell in row.items() if name not in may_lack)
    assert len({(row[sample["input"]], row.get(sample.get("context", ""))) for row in rows}) >= 0.95 * len(rows)


def test_the_prompts_are_not_in_the_table(sample: dict[str, Any]) -> None:
    known = {row[sample["input"]] for row in read(sample)}
    assert len(set(sample["prompts"])) == 3
    assert known.isdisjoint(sample["prompts"])


def test_no_turn_of_phrase_comes_back_often(sample: dict[str, Any]) -> None:
    """Rows filled into a pattern would share runs of five words; rows that somebody wrote do not."""
    column = sample["target"] if sample["kind"] == "answer" else sample.get("context", sample["input"])
    seen = Counter[tuple[str, ...]]()
    for text in {row[column] for row in read(sample)}:
        words = re.findall(r"[\w']+", text.lower())
        seen.update({tuple(words[i : i + 5]) for i in range(len(words) - 4)})
    assert seen.most_common(1)[0][1] <= 4


def test_topics_are_uneven_but_each_can_be_learned() -> None:
    sample = json.loads((paths.resources() / "samples" / "customer_messages.json").read_text(encoding="utf-8"))
    counts = Counter(row["topic"] for row in read(sample))
    assert len(counts) == 9
    assert min(counts.values()) >= 25
    assert max(counts.values()) >= 2 * min(counts.values())


def test_descriptions_keep_to_the_house_style() -> None:
    """Two sentences, the name in them, the price at the very end: what the model has to pick up."""
    sample = json.loads((paths.resources() / "samples" / "product_descriptions.json").read_text(encoding="utf-8"))
    for row in read(sample):
        facts = dict(part.split(": ", 1) for part in row["facts"].split(" | "))
        assert {"name", "type", "material", "price"} <= set(facts)
        assert facts["name"] in row["description"]
        assert row["description"].endswith(f"{facts['price']}.")
        assert len(re.findall(r"[.!?][\"”]?(?=\s|$)", row["description"])) == 2


def test_questions_about_texts_are_answered_in_their_texts() -> None:
    sample = json.loads((paths.resources() / "samples" / "texts_and_questions.json").read_text(encoding="utf-8"))
    rows = read(sample)
    assert all(row["answer"] in row["text"] for row in rows)
    assert 0.1 < sum(not row["answer"] for row in rows) / len(rows) < 0.25
    assert len({row["text"] for row in rows}) == 48

from __future__ import annotations

import random
import sys
from functools import partial
from itertools import combinations

import pytest

from studio.data.checkup.alike import ALIKE, Alike, alike, joined, sketch

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrst"]


def go_on() -> bool:
    return False


def pairs(texts: list[str]) -> list[Alike]:
    sketched = sketch(texts, go_on)
    assert sketched is not None
    return alike(sketched, go_on)


def some(dice: random.Random, count: int) -> list[str]:
    return [" ".join(dice.sample(WORDS, 14)) for _ in range(count)]


@pytest.mark.parametrize(("one", "other"), [
    ("please cancel my order from last monday", "please cancel my ordre from last monday"),
    ("the parcel came late and the box was open again", "the parcel came late and the box was broken again"),
    ("where is the card that i ordered", "the card that i ordered where is"),
    ("酒店的服务态度非常好早餐也很丰富", "酒店的服务态度非常棒早餐也很丰富"),
    ("i have been double charged", "i have been duoble charged"), ("where is my new card", "where is my card"),
    ("cancel my card please", "please cancel my crad"), ("我的卡坏了怎么办", "我的卡坏了该怎么办"),
    ("x" * 1_500 + " tail " + "abc def " * 200, "x" * 1_500 + " tall " + "abc def " * 200),
])  # fmt: skip
def test_a_slip_is_nearly_the_same(one: str, other: str) -> None:
    (found,) = pairs([one, "something else altogether", other])
    assert (found.earlier, found.later) == (0, 2)
    assert ALIKE <= found.share <= 1


@pytest.mark.parametrize(("one", "other"), [
    ("please cancel my order", "please confirm my address"), ("yes", "yet"), ("", "a"),
    ("how do i change my pin", "how do i close my account"), ("不太好", "非常好"),
    ("we would like to know about hours today", "we would like to know their hours today"),
    ("i can t see a refund for a return i completed", "just i can t see a wicker for a return i completed"),
    ("what color was the hundred billionth crayon made by crayola", "was the hundred billionth crayon sold by crayola"),
    ("what is the top up limit", "what is the time limit"), ("send money to my friend", "sand honey to me friend"),
])  # fmt: skip
def test_what_asks_something_else_is_not(one: str, other: str) -> None:
    assert pairs([one, other]) == []


def test_as_many_pairs_are_found_as_by_comparing_each_with_each() -> None:
    dice = random.Random(3)
    texts = some(dice, 300)
    for text in texts[:60]:
        words = text.split()
        words[dice.randrange(14)] = dice.choice(WORDS)
        texts.append(" ".join(words))
    dice.shuffle(texts)
    sets = [set(text.split()) for text in texts]
    by_words = {
        (a, b)
        for a, b in combinations(range(len(texts)), 2)
        if len(sets[a] & sets[b]) / len(sets[a] | sets[b]) >= ALIKE
    }
    found = {(pair.earlier, pair.later) for pair in pairs(texts)}
    assert len(by_words) >= 60
    assert len(found & by_words) >= 0.98 * len(by_words)
    assert len(found - by_words) <= 0.05 * len(found)


def test_across_finds_only_pairs_of_the_two_sides() -> None:
    dice = random.Random(4)
    learned = some(dice, 50)
    learned.append(learned[7] + " more")
    asked = [*some(dice, 20), "so " + learned[7]]
    one, other = sketch(learned, go_on), sketch(asked, go_on)
    assert one is not None
    assert other is not None
    found = alike(joined(one, other), go_on, across=len(learned))
    assert {(pair.earlier, pair.later) for pair in found} == {(7, 51 + 20), (50, 51 + 20)}


def test_many_texts_that_are_all_alike_stay_quick() -> None:
    texts = [f"thank you for calling us today agent number {n} will help you with your question" for n in range(3_000)]
    found = pairs(texts)
    assert len({pair.later for pair in found}) > 2_900
    assert len(found) < 10 * len(texts)


def test_a_stop_gives_nothing() -> None:
    assert sketch(["a", "b"], lambda: True) is None
    sketched = sketch(["a text", "a text!"], go_on)
    assert sketched is not None
    assert alike(sketched, lambda: True) == []


def test_it_stops_wherever_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.data.checkup.alike._SORTED", 100)
    texts = [f"a letter about the bill of month {n} that came late" for n in range(60)]
    sketched = sketch(texts, lambda: False)
    assert sketched is not None
    asked: list[str] = []
    whole = alike(sketched, lambda: bool(asked.append(sys._getframe(1).f_code.co_name)))
    assert whole
    assert {"_candidates", "_merged", "_promising", "_verified"} <= set(asked)
    for place in range(0, len(asked), 7):
        answers = iter([False] * place)
        assert alike(sketched, partial(next, answers, True)) == []
    monkeypatch.undo()
    assert alike(sketched, lambda: False) == whole  # however many are sorted together

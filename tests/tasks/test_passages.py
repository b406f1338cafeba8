"""Texts in sentences, and the sentences nearest to a question."""

from __future__ import annotations

import pytest

from studio.tasks.passages import GAP, nearest_sentence, nearness, sentences, shortened

LEAFLET = (
    "The pool opens at nine. Children under eight need an adult in the water! Lockers take a coin.\n"
    "On Thursdays the filters are cleaned, and it stays closed until noon. “No dogs.” Showers are free."
)


def test_sentences_and_lines_are_told_apart() -> None:
    assert sentences(LEAFLET) == [
        "The pool opens at nine.", "Children under eight need an adult in the water!", "Lockers take a coin.",
        "On Thursdays the filters are cleaned, and it stays closed until noon.", "“No dogs.”", "Showers are free.",
    ]  # fmt: skip
    assert sentences("床前明月光。疑是地上霜！") == ["床前明月光。", "疑是地上霜！"]
    assert sentences("  \n ") == []


def test_nothing_of_a_text_is_lost() -> None:
    text = LEAFLET + " " + "word " * 300 + "x" * 1000
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert max(map(len, sentences(text))) <= 400


def test_the_nearest_sentence_shares_rare_words_in_other_forms_too() -> None:
    assert nearest_sentence(LEAFLET, "Why is it closed for filter cleaning?").startswith("On Thursdays")
    assert nearest_sentence(LEAFLET, "May a child of eight swim?").startswith("Children")
    assert nearest_sentence("今天下雨。明天晴天。", "明天怎么样？") == "明天晴天。"
    assert nearest_sentence("", "Anything?") == ""
    assert nearness(["no", "none"], "") == [0.0, 0.0]


def test_a_text_is_shortened_to_what_fits_in_its_own_order() -> None:
    question = "Do lockers take a coin, and when are filters cleaned?"
    short = shortened(LEAFLET, question, lambda text: len(text) <= 110)
    assert short == ("… Lockers take a coin. On Thursdays the filters are cleaned, and it stays closed until noon. …")
    assert shortened(LEAFLET, question, lambda text: True) == " ".join(sentences(LEAFLET))
    assert shortened(LEAFLET, question, lambda text: not text) == ""


def test_a_gap_is_shown_where_sentences_are_missing() -> None:
    text = "Alpha one. Beta two. Gamma three. Delta four. Epsilon five."
    short = shortened(text, "alpha epsilon", lambda text: len(text) <= 45)
    assert GAP in short
    assert short.startswith("Alpha")
    assert short.endswith("five.")


def test_the_sentences_beside_a_near_one_come_before_others() -> None:
    text = "Alpha one. Beta two. Where is the cellar key? Under the mat. Epsilon five."
    short = shortened(text, "cellar key", lambda text: len(text) <= 55)
    assert short == "… Beta two. Where is the cellar key? Under the mat. …"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It costs 1.50 euros. Pay at the desk!\nOpen daily",
            ["It costs 1.50 euros.", "Pay at the desk!", "Open daily"],
        ),
        ("“Come in.” He did.", ["“Come in.”", "He did."]),
        ("他在北京。她在上海！你呢？", ["他在北京。", "她在上海！", "你呢？"]),
        ("", []),
        ("one", ["one"]),
    ],
)
def test_sentences_end_in_several_scripts(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected

"""Which language texts are in, and the rows in another one."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from studio.data.checkup import language
from tests.data.checkup.checked import rows_of, told

ENGLISH = [
    f"{opening} {thing} {ending}."
    for opening, thing, ending in product(
        ("I would like to know when my", "Could you please tell me where the", "We are still waiting for the"),
        ("new card", "last letter", "parcel from Spain", "invoice", "refund"),
        ("will arrive this week", "has gone since Monday", "was sent to the wrong house", "should have been here"),
    )
]
GERMAN = [
    f"{opening} {thing}, {ending}."
    for opening, thing, ending in product(
        ("Ich warte immer noch auf", "Wir haben gestern nach", "Bitte sagen Sie mir etwas über"),
        ("die neue Karte", "den letzten Brief", "das Paket aus Spanien", "die Rechnung"),
        ("weil sie nicht angekommen ist", "und niemand konnte uns helfen"),
    )
]


def test_the_language_of_a_text_is_told_only_where_it_is_certain() -> None:
    assert language.guess(ENGLISH[0]) == "en"
    assert language.guess(GERMAN[0]) == "de"
    assert language.guess("这家酒店的服务非常好") == "zh"
    assert language.guess("この ホテルは とても よかったです") == "ja"
    assert language.guess("Привет, скажите пожалуйста, когда придёт моя посылка?") == "ru"
    for unclear in ("", "ok", "Berlin", "12345", "SELECT * FROM t", "https://example.org/das/ist/eine/lange/adresse"):
        assert language.guess(unclear) == "", unclear


def test_shares_of_languages_are_of_the_texts_that_are_certain() -> None:
    assert language.language_of([*ENGLISH[:30], *GERMAN[:10], "ok"]) == (("en", 0.75), ("de", 0.25))
    assert language.language_of(["ok", "7", ENGLISH[0]]) == ()
    assert language.language_name("de") == "German"


def test_one_language_is_good_news_in_words(tmp_path: Path) -> None:
    found = told(language.check, rows_of(tmp_path, [(text, "a") for text in GERMAN]))
    assert (found["languages"].severity, found["languages"].title) == ("good", "The texts are in German")


def test_rows_in_a_second_language_are_listed_with_its_name(tmp_path: Path) -> None:
    cells = [(text, "a") for text in (*ENGLISH, *GERMAN[:6])]
    found = told(language.check, rows_of(tmp_path, cells))["languages"]
    assert set(found.rows) == set(range(len(ENGLISH), len(ENGLISH) + 6))
    assert found.title == "6 texts are not in English like the rest: German (6)"
    assert {note for _, note in found.notes} == {"German"}


def test_a_few_rows_of_a_second_language_are_not_worth_a_word(tmp_path: Path) -> None:
    cells = [(text, "a") for text in (*ENGLISH, *GERMAN[:2])]
    assert told(language.check, rows_of(tmp_path, cells))["languages"].severity == "good"


def test_a_single_row_in_another_script_is(tmp_path: Path) -> None:
    cells = [(text, "a") for text in (*ENGLISH, "这家酒店的服务非常好，下次还会再来")]
    assert told(language.check, rows_of(tmp_path, cells))["languages"].rows == (len(ENGLISH),)


def test_rows_outside_the_sample_are_found_too(tmp_path: Path) -> None:
    texts = [text + " " * (row // 60) for row, text in enumerate(ENGLISH * 60)]
    places = range(7, len(texts), 31)
    for number, place in enumerate(places):
        texts[place] = GERMAN[number % len(GERMAN)]
    found = told(language.check, rows_of(tmp_path, [(text, "a") for text in texts]))["languages"]
    assert set(found.rows) == set(places)


def test_answers_have_a_language_of_their_own_and_short_ones_none(tmp_path: Path) -> None:
    cells = list(zip(ENGLISH[:20], GERMAN[:20], strict=True))
    found = told(language.check, rows_of(tmp_path, cells, kind="answer"))
    assert found["answer_languages"].title == "The answers are in German"
    assert told(language.check, rows_of(tmp_path, [("ok", "a")] * 20)) == {}


def test_a_stop_ends_it(tmp_path: Path) -> None:
    assert list(language.check(rows_of(tmp_path, [(text, "a") for text in ENGLISH]), lambda: True)) == []

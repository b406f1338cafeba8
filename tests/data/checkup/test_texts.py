"""Garbled, lost and hidden characters, and signs of web pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.checkup import texts
from studio.data.roles.columns import Columns
from studio.data.table.edits import SetCells
from tests.data.checkup.checked import rows_of, told

WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
CLEAN = (
    "Plain words.", "Café, naïve, Müller, Ærø, São Paulo, NÃO É", "“Ça va ?” – 20 °C, 5 € … ½ × ²",
    "价格是50元，可以吗？",
    "Привет, как дела?", "Ελληνικά", "नमस्ते", "สวัสดี\u200bครับ", "\U0001f469\u200d\U0001f469\u200d\U0001f467", WALES,
    "می\u200cخواهم", "a < b and c > d, <b and c>", "AT&T; R&D & co, Tom&Jerry", "?a=1&copy=2", "line\nbreak\ttab",
    "The text “Ã©” stands for é when it is read wrongly", "In UTF-8 read as Latin-1 an Ã¼ is seen",
    'see "Ã¼" and (Ã¶)', "Write `<br>` for a line break in HTML, and &amp; for an ampersand",
)  # fmt: skip


def test_clean_texts_are_good_news_and_stay_as_they_are(tmp_path: Path) -> None:
    found = told(texts.check, rows_of(tmp_path, [(text, "a") for text in CLEAN]))
    assert [(kind, one.severity, one.rows) for kind, one in found.items()] == [("characters", "good", ())]
    for text in CLEAN:
        assert texts.read_right(text) == text


@pytest.mark.parametrize(
    ("garbled", "right"),
    [
        ("MÃ¼ller wohnt in KÃ¶ln", "Müller wohnt in Köln"),
        ("itâ€™s Â£20", "it’s £20"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        ("sagte: “schÃ¶n”", "sagte: “schön”"),
        ("don\x92t", "don’t"),
    ],
)
def test_garbled_characters_are_read_right(garbled: str, right: str) -> None:
    assert texts.read_right(garbled) == right


def test_a_mending_that_is_no_better_is_left(tmp_path: Path) -> None:
    assert texts.read_right("4txt/Ì¼1.20") == "4txt/Ì¼1.20", "an accent on a slash is nobody's writing"


def test_garbled_cells_come_with_what_they_become(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, [("fine", "a"), ("MÃ¼ller", "GrÃ¼n"), ("fine too", "GrÃ¼n")])
    found = told(texts.check, rows)["garbled"]
    assert (found.rows, found.severity, found.column) == ((1, 2), "look", "")
    assert found.title == "2 rows hold garbled characters, such as “Ã¼” for “ü”"
    assert dict(found.notes)[1] == "“MÃ¼ller” → “Müller”"
    assert found.fixes[0].edits == (
        SetCells("text", ((1, "Müller"),)),
        SetCells("label", ((1, "Grün"), (2, "Grün"))),
    )


def test_signs_and_tags_of_web_pages_are_told_apart_and_mended(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, [("Tom &amp; Jerry &#8364; &nosuch;", "a"), ("<p>one<br/>two</p>", "a"), ("plain", "a")])
    found = told(texts.check, rows)
    assert found["html_signs"].fixes[0].edits == (SetCells("text", ((0, "Tom & Jerry € &nosuch;"),)),)
    assert found["html_tags"].fixes[0].edits == (SetCells("text", ((1, "one\ntwo"),)),)
    assert "characters" not in found


def test_hidden_characters_are_named_and_taken_out(tmp_path: Path) -> None:
    smuggled = "good" + "".join(chr(0xE0000 + ord(letter)) for letter in "bad")
    cells = [("a\u200bb", "x"), ("one\x0btwo", "x"), (smuggled, "x"), ("Zeile_x000D_\nzwei", "x"), ("\ufeffstart", "x")]
    found = told(texts.check, rows_of(tmp_path, cells))["hidden"]
    edit = found.fixes[0].edits[0]
    assert isinstance(edit, SetCells)
    assert [text for _, text in edit.cells] == ["ab", "one\ntwo", "good", "Zeile\nzwei", "start"]
    assert found.notes[:2] == ((0, "zero width space"), (1, "control character 11"))


def test_lost_characters_have_no_mending(tmp_path: Path) -> None:
    found = told(texts.check, rows_of(tmp_path, [("caf\ufffd", "a"), ("ok", "a")]))["lost"]
    assert (found.rows, found.fixes) == ((0,), ())


def test_earlier_turns_stay_json(tmp_path: Path) -> None:
    turns = '[{"role": "user", "content": "say &quot;hi&quot;"}]'
    rows = rows_of(
        tmp_path, [("text", "answer", turns)], names=("text", "label", "before"), kind="answer",
        columns=Columns("text", "label", earlier="before"),
    )  # fmt: skip
    assert set(told(texts.check, rows)) == {"characters"}


def test_a_stop_ends_it(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, [("MÃ¼ller", "a")])
    assert list(texts.check(rows, lambda: True)) == []

"""Rows that point to a person, by kind, with masking as the fix."""

from __future__ import annotations

from pathlib import Path

from studio.data.checkup import privacy
from studio.data.roles.columns import Columns
from studio.data.table.edits import SetCells
from tests.data.checkup.checked import rows_of, told

SECRETS = ("kim@example.org", "+49 170 1234567", "DE89370400440532013000", "4111 1111 1111 1111")


def test_texts_without_anything_personal_are_good_news(tmp_path: Path) -> None:
    found = told(privacy.check, rows_of(tmp_path, [("Order 12345678 of 12.03.2024", "a"), ("hello", "b")]))
    assert [(kind, one.severity) for kind, one in found.items()] == [("privacy", "good")]
    assert "were found in what the model reads; names were not looked for" in found["privacy"].title


def test_each_kind_is_one_finding_and_nothing_of_it_is_shown(tmp_path: Path) -> None:
    cells = [(f"Hello, {secret} is mine", "a") for secret in SECRETS]
    found = told(privacy.check, rows_of(tmp_path, [*cells, (f"{SECRETS[0]} and {SECRETS[1]}", "a"), ("plain", "a")]))
    assert {kind: (one.rows, one.severity) for kind, one in found.items()} == {
        "privacy_email": ((0, 4), "look"),
        "privacy_phone": ((1, 4), "look"),
        "privacy_iban": ((2,), "wrong"),
        "privacy_card": ((3,), "wrong"),
    }
    assert found["privacy_email"].title == "2 rows hold e-mail addresses"
    assert found["privacy_iban"].title == "1 row holds a bank account number (IBAN)"
    assert found["privacy_email"].notes == ((0, "1 e-mail address"), (4, "1 e-mail address, 1 phone number"))
    told_words = [(one.title, one.meaning, one.notes, one.column) for one in found.values()]
    assert not any(secret in str(told_words) for secret in SECRETS)


def test_masking_changes_nothing_else_and_brings_nothing_back(tmp_path: Path) -> None:
    cells = [(f" \t{SECRETS[0]}\n and {SECRETS[1]}  ", "a"), ("plain", "a")]
    found = told(privacy.check, rows_of(tmp_path, cells))
    expected = (SetCells("text", ((0, " \t[e-mail]\n and [phone]  "),)),)
    assert found["privacy_email"].fixes[0].edits == expected
    assert found["privacy_phone"].fixes[0].edits == expected


def test_answers_instructions_and_earlier_turns_are_looked_at_too(tmp_path: Path) -> None:
    cells = [("q", f"Write to {SECRETS[0]}", f"You are {SECRETS[0]}", f'[{{"content": "{SECRETS[1]}"}}]', SECRETS[0])]
    rows = rows_of(
        tmp_path, cells, names=("text", "label", "system", "before", "unused"), kind="answer",
        columns=Columns("text", "label", system="system", earlier="before"),
    )  # fmt: skip
    found = told(privacy.check, rows)
    edits = found["privacy_email"].fixes[0].edits
    assert [(edit.column, edit.cells) for edit in edits if isinstance(edit, SetCells)] == [
        ("system", ((0, "You are [e-mail]"),)),
        ("before", ((0, '[{"content": "[phone]"}]'),)),
        ("label", ((0, "Write to [e-mail]"),)),
    ]


def test_labels_are_told_and_left(tmp_path: Path) -> None:
    found = told(privacy.check, rows_of(tmp_path, [("hello", SECRETS[0]), ("there", "b")]))["privacy_email"]
    assert (found.rows, found.fixes) == ((0,), ())


def test_numbers_are_read_as_in_the_language_of_the_texts(tmp_path: Path) -> None:
    german = ["Ich warte immer noch auf das Paket, am besten 030 1234567", "Wir haben gestern die Rechnung bekommen"]
    assert told(privacy.check, rows_of(tmp_path, [(text, "a") for text in german]))["privacy_phone"].rows == (0,)


def test_a_stop_ends_it(tmp_path: Path) -> None:
    assert list(privacy.check(rows_of(tmp_path, [(SECRETS[0], "a")]), lambda: True)) == []

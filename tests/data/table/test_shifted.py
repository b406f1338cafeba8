"""Cells that a stray delimiter shifted come together where they fit the columns."""

from __future__ import annotations

from studio.data.table.shifted import joined

TEXTS = [f"my parcel number {n} has not come yet, please look" for n in range(60)]
TOPICS = ["Delivery" if n % 2 else "Billing" for n in range(60)]
EMPTY = [""] * 60
MAILS = [f"agent{n % 4}@shop-example.com" for n in range(60)]
DAYS = [f"{1 + n % 28:02}.03.2024" for n in range(60)]
COLUMNS = [TEXTS, TOPICS, EMPTY, MAILS, DAYS]


def test_the_text_is_put_together_and_the_others_stay() -> None:
    cells = ["My parcel", " is late", "Delivery", "", "agent2@shop-example.com", "03.03.2024"]
    found = joined(cells, ";", COLUMNS)
    assert found is not None
    assert found.cells == ("My parcel; is late", "Delivery", "", "agent2@shop-example.com", "03.03.2024")
    assert found.columns == ((0, 2),)


def test_a_text_that_is_not_the_first_column_is_found_too() -> None:
    found = joined(["03.03.2024", "Billing", "a bill", "that came", "twice"], ",", [DAYS, TOPICS, TEXTS])
    assert found is not None
    assert found.cells == ("03.03.2024", "Billing", "a bill,that came,twice")


def test_nothing_is_lost_where_a_text_holds_the_sign_often() -> None:
    raw = "one; two; three; four;Billing;;agent1@shop-example.com;01.03.2024"
    found = joined(raw.split(";"), ";", COLUMNS)
    assert found is not None
    assert ";".join(found.cells) == raw
    assert found.cells[0] == "one; two; three; four"


def test_nothing_is_proposed_where_nothing_is_to_be_joined() -> None:
    assert joined(["a", "b"], ";", [TEXTS, TOPICS]) is None
    assert joined(["a", "b", "c"], ";", [[], []]) is None
    assert joined(["a"] * 500, ";", [TEXTS, TOPICS]) is None

"""What points to a person is found and masked; what only looks like it is left. All numbers are made up or public
examples of their kind."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.checkup.masking import MASKS, WORTH_A_LOOK, Kind, find_personal, in_words, masked

ALL = ("US", "GB", "DE", "FR", "ES")
FOUND: tuple[tuple[Kind, str, str], ...] = (
    ("email", "Write to kim.doe+shop@example.org, please", "kim.doe+shop@example.org"),
    ("email", "(jürgen@straße.de)", "jürgen@straße.de"),
    ("email", "reach me at kim_doe@mail.example.co.uk.", "kim_doe@mail.example.co.uk"),
    ("email", "kim.doe (at) example.org", "kim.doe (at) example.org"),
    ("iban", "Account DE89 3704 0044 0532 0130 00, thank you", "DE89 3704 0044 0532 0130 00"),
    ("iban", "GB29NWBK60161331926819", "GB29NWBK60161331926819"),
    ("iban", "IBAN: FR14 2004 1010 0505 0001 3M02 606 today", "FR14 2004 1010 0505 0001 3M02 606"),
    ("card", "My card is 4111 1111 1111 1111.", "4111 1111 1111 1111"),
    ("card", "5500-0000-0000-0004", "5500-0000-0000-0004"),
    ("card", "amex 378282246310005 was refused", "378282246310005"),
    ("card", "4242424242424242", "4242424242424242"),
    ("identity", "SSN 536-90-4399", "536-90-4399"),
    ("identity", "Meine Steuer-ID ist 36 574 261 809", "36 574 261 809"),
    ("identity", "CPF 390.533.447-05", "390.533.447-05"),
    ("identity", "numéro 2 95 10 99 126 111 93", "2 95 10 99 126 111 93"),
    ("identity", "Mi DNI es 54362315K", "54362315K"),
    ("identity", "AHV 756.9217.0769.85", "756.9217.0769.85"),
    ("identity", "codice RCCMNL83S18D969H", "RCCMNL83S18D969H"),
    ("identity", "henkilötunnus 131052-308T", "131052-308T"),
    ("ip", "from 203.0.114.5 yesterday", "203.0.114.5"),
    ("phone", "Call +49 170 1234567 today", "+49 170 1234567"),
    ("phone", "+1 (415) 555-2671", "+1 (415) 555-2671"),
    ("phone", "0033 6 12 34 56 78", "0033 6 12 34 56 78"),
    ("phone", "or 415-555-2671.", "415-555-2671"),
    ("phone", "(415) 555-2671", "(415) 555-2671"),
    ("phone", "unter 030/123 45 67 erreichbar", "030/123 45 67"),
    ("phone", "am besten 0170 1234567", "0170 1234567"),
    ("phone", "le 06 12 34 56 78 svp", "06 12 34 56 78"),
    ("phone", "my number: 07700 900123, call 07700 900123", "07700 900123"),
    ("phone", "Tel.: 5551234567", "5551234567"),
)
LEFT = (
    "Order number 4111111111111112 is late", "order 4242424242424242", "ticket no. 378282246310005",
    "Order 123456789012, parcel 00340434161094022115", "DE89 3704 0044 0532 0130 01", "DE12 is a road, GB29 too",
    "on 12.03.2024 at 10:30", "2024-01-15 08:00", "2024-01-15", "12/03/2024", "20240115", "1999-2004",
    "15.01.2024 - 20.01.2024",
    "it costs 1 234 567 €", "$1,234,567.89", "1.234.567,89", "123 456 789", "3.14159265358979", "1234567",
    "version 2.10.133.7", "1.2.3.4", "192.168.0.1", "10.0.0.1", "in section 8.8.4.4.1", "SSN 000-12-3456",
    "536-90-4399",
    "36 574 261 809", "12345678A", "a@b", "user@localhost", "@kim and @doe", "x = a@b.T", "mail@", "5 @ 3.50 each",
    "room 1204, floor 12, 3-4 people, 2 x 500 mg", "ISBN 978-3-16-148410-0", "Bestellung 0170 1234567",
    "invoice #415-555-2671",
    "PMID 12345678", "NCT01234567", "call me in 2024", "hotel 5551234567",
    "I have called 3 times in 10 days", "from 1990 to 2004",
    "ratio 10000000000/3", "4000 0000 0000 0000", "0000 0000 0000 0000", "page 100-200", "GPS 52.520008, 13.404954",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "what"), FOUND)
def test_each_kind_is_found_where_it_stands(kind: Kind, text: str, what: str) -> None:
    assert WORTH_A_LOOK.search(text)
    spans = find_personal(text, ALL)
    assert {(span.kind, text[span.start : span.end]) for span in spans} >= {(kind, what)}
    assert what not in masked(text, spans)
    assert masked(text, spans).replace(MASKS[kind], what) == text


@pytest.mark.parametrize("text", LEFT)
def test_numbers_of_other_kinds_are_left(text: str) -> None:
    assert find_personal(text, ALL) == []


def test_without_a_region_only_numbers_with_a_country_code_or_a_word_are_found() -> None:
    assert find_personal("or 415-555-2671", ()) == []
    assert [span.kind for span in find_personal("call 415-555-2671 or +14155552671", ())] == ["phone", "phone"]


def test_counts_are_told_without_what_was_found() -> None:
    text = "kim@example.org, doe@example.org, +49 170 1234567"
    spans = find_personal(text, ())
    assert in_words(spans) == "2 e-mail addresses, 1 phone number"
    assert masked(text, spans) == "[e-mail], [e-mail], [phone]"
    assert find_personal(masked(text, spans), ALL) == [], "a masked text holds nothing more"


@given(st.text(alphabet="ab1 0+@.-()/é\n中", max_size=60))
@settings(max_examples=200)
def test_any_text_can_be_looked_at_and_only_the_spans_change(text: str) -> None:
    spans = find_personal(text, ALL)
    outside, at = [], 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        outside.append(text[at : span.start])
        at = span.end
    whole = masked(text, spans)
    for piece in (*outside, text[at:]):
        assert piece in whole
    if spans:
        assert WORTH_A_LOOK.search(text), "the quick look must not pass over what the thorough one finds"


def test_a_very_long_text_is_searched_quickly_and_whole() -> None:
    filler = "3 , RSG , CFS RETAIL PROPERTY TRUST , 2014-03-01 12:30 , 12 id 40 cpf , tin \n" * 4_000
    text = f"{filler}CPF 390.533.447-05 {filler}write to kim.doe (at) example.org or kim@example.org"
    started = time.process_time()
    spans = find_personal(text, ALL)
    assert time.process_time() - started < 5  # it takes a fraction of that
    assert [text[span.start : span.end] for span in spans] == [
        "390.533.447-05", "kim.doe (at) example.org", "kim@example.org",
    ]  # fmt: skip


def test_a_stop_is_asked_for_within_one_text() -> None:
    assert find_personal("kim@example.org", ALL, lambda: True) == []


def test_a_word_names_a_number_only_near_it_and_whole() -> None:
    assert find_personal("pesel: 44051401359") != []
    assert find_personal(f"pesel {'x ' * 30}44051401359") == []
    assert find_personal("compesel 44051401359") == []
    assert find_personal("İİİ pesel 44051401359")[0].start == 10

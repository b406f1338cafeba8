from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.reading.encoding import check_name, find_encoding, title_of
from studio.problems import Problem

SAMPLES = [
    ("Die Lieferung kam zu spät, ich möchte das zurückgeben. Größe, Straße.\n", "cp1252"),
    ("Où est ma commande ? J’ai été débité deux fois, c’est très gênant…\n", "cp1252"),
    ("¿Dónde está mi pedido? Mañana llamaré otra vez, señor.\n", "cp1252"),
    ("It costs £5 – “really”, she said… 20°C\n", "cp1252"),
    ("Chciałbym zwrócić zamówienie, ponieważ jest zły rozmiar. Dziękuję.\n", "cp1250"),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy. Děkuji za pomoc.\n", "cp1250"),
    ("Где мой заказ? Я хочу вернуть деньги, пожалуйста.\n", "cp1251"),
    ("Где мой заказ? Я хочу вернуть деньги, пожалуйста.\n", "koi8_r"),
    ("Πού είναι η παραγγελία μου; Θέλω τα χρήματά μου πίσω.\n", "cp1253"),
    ("Siparişim nerede? Paramı geri istiyorum, lütfen. İyi günler ığş.\n", "cp1254"),
    ("我的订单在哪里?我想退款,谢谢。\n", "gb18030"),
    ("注文はどこですか。返金してください。ありがとうございます。\n", "cp932"),
    ("내 주문은 어디에 있나요? 환불해 주세요.\n", "cp949"),
    ("größer, schöner\n", "utf-8"),
    ("größer, schöner\n", "utf-16"),
    ("größer, schöner\n", "utf-16-be"),
    ("größer, schöner\n", "utf-32"),
]


@pytest.mark.parametrize(("text", "name"), SAMPLES, ids=[f"{name} {text[:6]}" for text, name in SAMPLES])
def test_the_text_is_found_again(tmp_path: Path, text: str, name: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(("plain line\n" * 50 + text * 5).encode(name))
    found = find_encoding(file)
    assert (found.name, found.broken) == (name, False)


def test_mostly_good_utf8_with_a_broken_byte_stays_utf8(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("schön und größer\n".encode() * 50 + b"\xff\n")
    found = find_encoding(file)
    assert (found.name, found.broken) == ("utf-8", True)
    assert found.certain < 1


def test_a_letter_on_the_border_of_two_portions_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.data.reading.encoding.CHUNK", 5)
    file = tmp_path / "a.csv"
    file.write_bytes("aaaaé,ü\nééé\n".encode() * 30)
    assert find_encoding(file).broken is False


def test_names_in_words(tmp_path: Path) -> None:
    assert [title_of(name) for name in ("utf-8-sig", "cp1252", "cp932")] == [
        "UTF-8",
        "Windows-1252",
        "Japanese (CP 932)",
    ]
    assert check_name("Windows-1252", tmp_path) == "cp1252"
    assert check_name("UTF8", tmp_path) == "utf-8"
    for name in ("klingon", "base64", "rot13"):
        with pytest.raises(Problem, match="no encoding called"):
            check_name(name, tmp_path)

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.reading.read import preview
from studio.data.reading.text.encoding import check_name, find_encoding, is_wide, title_of
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
    ("Πού είναι η παραγγελία μου; Άραγε θέλω τα χρήματά μου πίσω.\n", "iso8859_7"),
    ("Chciałbym zwrócić zamówienie, ponieważ źle leży. Dziękuję, ślicznie.\n", "iso8859_2"),
    ("Où est ma commande ? J’ai été débité deux fois, c’est très gênant…\n", "mac_roman"),
    ("Die Lieferung kam zu spät, ich möchte das zurückgeben. Größe, Straße.\n", "cp850"),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy. Děkuji za pomoc.\n", "cp852"),
    ("Где мой заказ? Я хочу вернуть деньги, пожалуйста.\n", "cp866"),
    ("Де моє замовлення? Я хочу повернути гроші, будь ласка, її ґанок.\n", "koi8_u"),
    ("Pavėluotai gavau siuntą, norėčiau grąžinti prekę. Ačiū už pagalbą, žinoma.\n", "cp1257"),
    ("איפה ההזמנה שלי? אני רוצה את הכסף שלי בחזרה, תודה.\n", "cp1255"),
    ("أين طلبي؟ أريد استرجاع المال من فضلك، شكرا جزيلا.\n", "cp1256"),
    ("คำสั่งซื้อของฉันอยู่ที่ไหน ฉันต้องการเงินคืน ขอบคุณค่ะ\n", "cp874"),
    ("Đơn ha\u0300ng đâu? Tôi muô\u0301n đươ\u0323c hoa\u0300n tiê\u0300n.\n", "cp1258"),
    ("我的訂單在哪裡?我想退款,謝謝您的幫助。\n", "big5hkscs"),
    ("注文はどこですか。返金してください。ありがとうございます。\n", "euc_jp"),
    ("注文はどこですか。返金してください。ありがとうございます。\n", "iso2022_jp"),
    ("größer, schöner\n", "utf-8"),
    ("größer, schöner\n", "utf-32-le"),
    ("größer, schöner\n", "utf-32-be"),
    ("我的订单在哪里, 我想退款\n", "utf-16-le"),
    ("我的订单在哪里, 我想退款\n", "utf-16-be"),
    ("Где мой заказ, друзья\n", "utf-16-le"),
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


@pytest.mark.parametrize(("text", "name"), SAMPLES, ids=[f"{name} {text[:6]}" for text, name in SAMPLES])
def test_a_single_line_in_a_large_file_is_enough(tmp_path: Path, text: str, name: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(("plain line,ok\n" * 50_000 + text + "plain line,ok\n" * 1_000).encode(name))
    found = find_encoding(file)
    assert text.encode(name).decode(found.name) == text


def test_one_letter_is_a_guess_and_a_text_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("text,label\ncaf\u00e9,x\n".encode("cp1252"))
    few = find_encoding(file)
    file.write_bytes(("Où est ma commande ? J’ai été débité deux fois, c’est très gênant…\n" * 3).encode("cp1252"))
    many = find_encoding(file)
    assert few.name == many.name == "cp1252"
    assert few.certain < 0.9 < 0.95 < many.certain


def test_two_encodings_in_one_file_are_each_read_and_told(tmp_path: Path) -> None:
    lines = ["Größe, schöne Straße", "früher übel", "für Bücher, süß"] * 20
    old, new = ("\n".join(lines) + "\n").encode("cp1252"), ("\n".join(lines) + "\n").encode()
    file = tmp_path / "a.csv"
    for content, times in ((old + new, 2), (new + old, 2), (new * 20 + old, 21)):
        file.write_bytes(content)
        found = find_encoding(file)
        assert found.name == "utf8_or_cp1252"
        assert "Windows-1252" in found.doubt
        assert content.decode(found.name).splitlines() == lines * times


def test_damaged_letters_are_not_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("schön und größer\n".encode() * 500 + b"sch\xc3n und gr\xb6er\n" * 20)
    assert (find_encoding(file).name, find_encoding(file).broken) == ("utf-8", True)


def test_short_chinese_lines_that_look_like_utf8(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("联通\n这是一个订单\n我要退款\n联系客服\n".encode("gb18030") * 5)
    assert find_encoding(file).name == "gb18030"


def test_zeros_in_plain_text_do_not_make_it_wide(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"text,label\na\0b,x\nc\0,y\n" + b"more text,z\n" * 100)
    assert find_encoding(file).name == "utf-8"


def test_mostly_good_utf8_with_a_broken_byte_stays_utf8(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("schön und größer\n".encode() * 50 + b"\xff\n")
    found = find_encoding(file)
    assert (found.name, found.broken) == ("utf-8", True)
    assert found.certain < 1


def test_a_letter_on_the_border_of_two_portions_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.data.reading.text.encoding.CHUNK", 5)
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
    assert title_of("utf8_or_cp1252") == "two ways of writing letters (UTF-8 and Windows-1252)"
    assert [title_of(name) for name in ("iso8859_7", "cp850", "koi8_r")] == ["ISO-8859-7", "DOS (CP 850)", "KOI8-R"]
    for name in ("klingon", "base64", "rot13"):
        with pytest.raises(Problem, match="no encoding called"):
            check_name(name, tmp_path)


def test_a_file_cut_inside_its_last_character_stays_utf_8(tmp_path: Path) -> None:
    whole = "text;label\nGrüße aus Köln;für wen\nÄpfel;schön\n".encode()
    file = tmp_path / "cut.csv"
    file.write_bytes(whole + "ü".encode()[:1])
    found = find_encoding(file)
    assert (found.name, found.broken) == ("utf-8", True)


def test_cells_set_apart_by_separator_characters_are_text(tmp_path: Path) -> None:
    file = tmp_path / "export.txt"
    file.write_text("".join(f"text {n}\x1flabel\n" for n in range(60)), encoding="utf-8")
    assert find_encoding(file).name == "utf-8"


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "вопрос,ответ\r\nгде мой заказ,в пути\r\nкогда он придёт,завтра\r\n",
        "ερώτηση;απάντηση\nπού είναι η παραγγελία μου;έρχεται\n",
        "問題,標籤\n我的訂單在哪裡我想退款謝謝您的幫助,好\n" + "我的訂單在哪裡我想退款謝謝您的幫助" * 20 + ",好\n",
        "注文,ラベル\nどこですか返金してくださいありがとうございます,はい\n",
        "السؤال,الجواب\nأين طلبي أريد استرجاع المال,نعم\n",
    ],
)
def test_units_of_two_bytes_without_a_mark_in_other_scripts(tmp_path: Path, text: str, name: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(text.encode(name))
    assert find_encoding(file).name == name
    assert is_wide(text.encode(name))


def test_the_mark_of_gb_18030(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeffx,y,z\n1,好,3\n".encode("gb18030"))
    assert find_encoding(file).name == "gb18030"
    assert preview(file).columns == ("x", "y", "z")
    assert [list(row) for row in preview(file).rows] == [["1", "好", "3"]]


def test_signs_alone_say_nothing_of_a_language(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"name,price\n" + 20 * "Microcap® Value,1\n".encode("cp1252"))
    found = find_encoding(file)
    assert (found.name, found.certain) == ("cp1252", 0.6)


@pytest.mark.parametrize("text", [b"id,text\n\x00so good,they said\n", b"a,b\r\n\x00bush hid the facts,x\r\n" * 9])
def test_a_zero_byte_in_plain_text_makes_it_no_other_script(text: bytes) -> None:
    assert not is_wide(text)
    assert not is_wide(text + b"\n")


def test_a_mark_that_comes_twice_is_text_the_second_time(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xef\xbb\xbf" * 2 + b"a")
    assert preview(file).rows == (("\ufeffa",),)


@pytest.mark.parametrize("ends", [b",\0\n", b",,\0\n"])
def test_a_column_of_zeros_makes_plain_lines_no_wide_ones(tmp_path: Path, ends: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"".join(b"%03d,it came late" % number + ends for number in range(50)))
    assert find_encoding(file).name == "utf-8"


def test_zeros_in_bytes_without_regular_lines_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"word, and a word\0\nother\0 words,,\0 here\n\0\n" * 20)
    with pytest.raises(Problem, match="not a table of text"):
        preview(file)

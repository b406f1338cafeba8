from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.reading.records import nested
from studio.data.reading.records.nested import Nested, open_nested
from studio.data.reading.source import Given, Rejected
from studio.data.roles.roles import guess_roles
from studio.data.table.table import open_table
from studio.problems import Problem


def written(folder: Path, content: str | bytes, name: str = "given.json") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def opened(path: Path, **options: Any) -> Nested:
    return open_nested(Given(path, path, path.name), ReadOptions(**options))


def read(path: Path, **options: Any) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[Rejected]]:
    source = opened(path, **options)
    portions = list(source.portions())
    rows = [tuple(row) for portion in portions for row in portion.rows]
    assert all(len(row) == len(source.columns) for row in rows)
    return source.columns, rows, [one for portion in portions for one in portion.rejected]


def problem(path: Path, **options: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        read(path, **options)
    return caught.value


PEOPLE = [{"text": "one", "label": "a"}, {"text": "two", "label": "b"}]
ROWS = [("one", "a"), ("two", "b")]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(PEOPLE),
        json.dumps(PEOPLE, indent=2),
        "\n".join(map(json.dumps, PEOPLE)),
        "\r\n\r\n".join(map(json.dumps, PEOPLE)) + "\n\n",
        "".join(map(json.dumps, PEOPLE)),
        " ".join(json.dumps(one, indent=1) for one in PEOPLE),
        ",\n".join(map(json.dumps, PEOPLE)),
        "\ufeff" + json.dumps(PEOPLE),
        json.dumps(PEOPLE).encode("utf-16"),
        json.dumps(PEOPLE).encode("utf-16-le"),
        json.dumps({"data": PEOPLE, "version": "1.0"}),
        json.dumps({"version": 3, "result": {"items": PEOPLE}}),
        json.dumps({"text": ["one", "two"], "label": ["a", "b"]}),
        json.dumps({"text": {"0": "one", "1": "two"}, "label": {"0": "a", "1": "b"}}),
        json.dumps({"columns": ["text", "label"], "data": [["one", "a"], ["two", "b"]]}),
        json.dumps([["text", "label"], ["one", "a"], ["two", "b"]]),
        '["text", "label"]\n["one", "a"]\n["two", "b"]\n',
    ],
)
def test_the_same_table_in_many_forms(tmp_path: Path, content: str | bytes) -> None:
    columns, rows, rejected = read(written(tmp_path, content))
    assert (columns, rows, rejected) == (("text", "label"), ROWS, [])


def test_one_line_of_json_lines_is_one_row_however_many_names_it_has(tmp_path: Path) -> None:
    record = {f"name {number}": "a" for number in range(30)}
    (tmp_path / "one.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert read(tmp_path / "one.jsonl") == (tuple(record), [("a",) * 30], [])


def test_signs_that_break_lines_inside_a_text_are_text(tmp_path: Path) -> None:
    text = "one\u2028two\u2029three\x85four"
    lines = [json.dumps({"text": text, "label": label}, ensure_ascii=False) for label in "ab"]
    _, rows, rejected = read(written(tmp_path, "\n".join([*lines, '{"text": broken}'])))
    assert rows == [(text, "a"), (text, "b")]
    assert [one.line for one in rejected] == [3]


def test_objects_by_name_keep_their_name(tmp_path: Path) -> None:
    columns, rows, _ = read(written(tmp_path, json.dumps({"id1": PEOPLE[0], "id2": PEOPLE[1]})))
    assert columns == ("name", "text", "label")
    assert rows == [("id1", "one", "a"), ("id2", "two", "b")]


def test_lists_of_pairs_by_part(tmp_path: Path) -> None:
    pairs = [[f"a long enough text about something {number}", "yes" if number % 2 else "no"] for number in range(8)]
    columns, rows, _ = read(
        written(tmp_path, json.dumps({"train": pairs[:5], "oos_val": pairs[5:7], "test": pairs[7:]}))
    )
    assert columns == ("text", "label", "split")
    assert [row[2] for row in rows] == ["train"] * 5 + ["oos_val"] * 2 + ["test"]
    assert rows[1] == (*pairs[1], "train")


def test_texts_by_label(tmp_path: Path) -> None:
    columns, rows, _ = read(written(tmp_path, json.dumps({"greet": ["hello", "hi"], "part": ["bye"]})))
    assert (columns, rows) == (("text", "label"), [("hello", "greet"), ("hi", "greet"), ("bye", "part")])


def test_another_list_can_be_chosen(tmp_path: Path) -> None:
    path = written(
        tmp_path, json.dumps({"people": PEOPLE, "places": [{"town": "X", "sights": [{"of": "a"}, {"of": "b"}]}]})
    )
    source = opened(path)
    assert source.columns == ("text", "label")
    reading = source.reading(0)
    assert reading.member == "people"
    assert reading.members == ("people", "places", "places/sights")
    assert read(path, member="places")[0] == ("town", "sights")
    assert read(path, member="places/sights") == (("town", "of"), [("X", "a"), ("X", "b")], [])
    assert "“people”" in problem(path, member="pets").why


def test_cells_are_text_as_it_stands(tmp_path: Path) -> None:
    content = """[{"a": " NA ", "b": 12345678901234567890123, "c": 1E5, "d": -0, "e": 1.10, "f": true, "g": null,
        "h": "", "i": NaN, "j": -Infinity, "k": [1.0, "x", {"y": null}], "l": {"m": {"n": "007"}, "o": []}, "p": {},
        "q": "\\ud83d", "r": "\\ud83d\\ude00", "s": "a\\u0000b", "": "nameless"}]"""
    columns, rows, _ = read(written(tmp_path, content))
    assert dict(zip(columns, rows[0], strict=True)) == {
        "a": " NA ", "b": "12345678901234567890123", "c": "1E5", "d": "-0", "e": "1.10", "f": "true", "g": "", "h": "",
        "i": "NaN", "j": "-Infinity", "k": '[1.0,"x",{"y":null}]', "l.m.n": "007", "l.o": "[]", "p": "{}",
        "q": "\\ud83d", "r": "😀", "s": "a\0b", "column 18": "nameless",
    }  # fmt: skip
    assert all(cell.encode() for cell in rows[0] if cell)


def test_keys_that_come_later_make_columns(tmp_path: Path) -> None:
    lines = "\n".join(
        json.dumps({"text": str(n), **({"note": {"by": "me"}} if n == 2_500 else {})}) for n in range(3_000)
    )
    columns, rows, _ = read(written(tmp_path, lines))
    assert columns == ("text", "note.by")
    assert (len(rows), rows[2_500], rows[0]) == (3_000, ("2500", "me"), ("0", ""))


def test_very_many_keys_stay_together(tmp_path: Path) -> None:
    columns, rows, _ = read(written(tmp_path, json.dumps([{f"k{n}": n} for n in range(3_000)])))
    assert len(columns) == 1_001
    assert sum(cell != "" for row in rows for cell in row) == 3_000
    columns, rows, _ = read(written(tmp_path, json.dumps([{"scores": {f"k{n}": n}} for n in range(300)])))
    assert (columns, rows[299]) == (("scores",), ('{"k299":299}',))


def test_broken_lines_cost_themselves_alone(tmp_path: Path) -> None:
    _, rows, rejected = read(
        written(tmp_path, '{"a": 1}\n\n{"a": 2\n{"a": 3}\n[4]\n{"a": 5}\n' + "[" * 5_000 + '\n{"a": "\n{"a": 6}')
    )
    assert [row[0] for row in rows] == ["1", "3", "5", "6"]
    assert [one.line for one in rejected] == [3, 5, 7, 8]
    assert rejected[0].text == '{"a": 2'
    assert "a comma or a closing bracket is missing" in rejected[0].reason
    assert rejected[1].reason == "It is a list, where the others are objects."
    assert "too deeply" in rejected[2].reason


WHOLE = '[{"text": "one"},\n {"text": "tw\\u00f6"},\n null, 123456]'


@pytest.mark.parametrize("cut", range(2, len(WHOLE)))
def test_a_list_that_is_cut_off_keeps_what_is_whole(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, WHOLE[:cut])
    if cut < 16:
        assert "The file ends in the middle" in problem(path).why
        return
    source = opened(path)
    portions = list(source.portions())
    assert [row for portion in portions for row in portion.rows] == [["one"], ["twö"]][: 1 if cut < 39 else 2]
    aside = [one.text for portion in portions for one in portion.rejected]
    left = WHOLE[16 if cut < 39 else 39 : cut].replace(",", "").replace("\n", "")
    assert "".join(aside).replace(" ", "").replace(",", "") == left.replace(" ", "")
    assert source.reading(0).doubts == ("The file ends before its document does; what was whole was read.",)


def test_a_list_in_a_document_that_is_cut_off(tmp_path: Path) -> None:
    whole = json.dumps({"version": 1, "data": PEOPLE})
    columns, rows, rejected = read(written(tmp_path, whole[:-20]))
    assert (columns, rows) == (("text", "label"), ROWS[:1])
    assert [one.text.startswith('{"text": "t') for one in rejected] == [True]
    assert "cut off" in problem(written(tmp_path, '{"text": "one", "lab')).what


@pytest.mark.parametrize(
    ("content", "line", "column", "why"),
    [
        ('[{"a": 1},\n {"a": 2},\n]', 3, 1, "a comma stands before a closing bracket"),
        ('[{"a": 1},\n {"a": 2,}]', 2, 10, "a name in double quotes is expected"),
        ("[{'a': 1}]", 1, 3, "a name in double quotes is expected"),
        ('[{"a": 1}\n {"a": 2}]', 2, 2, "a comma or a closing bracket is missing"),
        ('[{"a": 1}] // end', 1, 12, "more follows"),
        ('{"data": [{"a": 1}, {a: 2}]}', 1, 22, "a name in double quotes is expected"),
        ('[1, 2, "\\x"]', 1, 9, "a backslash"),
        ("[" * 100_000, 1, 2, "it nests too deeply"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(tmp_path: Path, content: str, line: int, column: int, why: str) -> None:
    found = problem(written(tmp_path, content))
    assert found.what == "“given.json” is not valid JSON."
    assert f"In line {line:,}, at character {column:,}: {why}" in found.why
    assert found.where is not None
    assert found.where.line == line


@pytest.mark.parametrize("content", ["[]", "{}", "[[]]", "[{}]", " \n "])
def test_what_holds_no_rows_is_said(tmp_path: Path, content: str) -> None:
    assert problem(written(tmp_path, content)).fix.startswith("Choose another file")


@pytest.mark.parametrize(("content", "cell"), [("42", "42"), ("null", ""), ('"x"', "x"), ("-0.1 ", "-0.1")])
def test_a_single_value_is_a_row(tmp_path: Path, content: str, cell: str) -> None:
    assert read(written(tmp_path, content))[1] == [(cell,)]


def test_what_is_doubtful_is_told(tmp_path: Path) -> None:
    source = opened(written(tmp_path, '{"a": 1, "a": 2}\n{"a": 3}\n'))
    assert [list(portion.rows) for portion in source.portions()] == [[["2"], ["3"]]]
    assert source.reading(0).doubts == (
        "A name stands twice in one object (once in this file); its last value was kept.",
    )


def test_bytes_that_are_no_characters_cost_their_row(tmp_path: Path) -> None:
    good = "".join(json.dumps({"text": f"größer {n}"}, ensure_ascii=False) + "\n" for n in range(20)).encode()
    _, rows, rejected = read(written(tmp_path, good + b'{"text": "\xff\xfe"}\n'))
    assert (len(rows), [one.line for one in rejected]) == (20, [21])
    assert rejected[0].reason == "Some of its characters cannot be read."


def test_half_a_character_at_the_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="could not be read as text"):
        open_nested(Given(written(tmp_path, b"[\0]"), tmp_path, "a.json"))


def test_known_structures_unfold_and_say_so(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
    lines = [{"messages": turns, "id": n} for n in range(4)] + [{"messages": turns[:1], "id": 5}, {"id": 6}]
    path = written(tmp_path, "\n".join(map(json.dumps, lines)))
    columns, rows, rejected = read(path)
    assert columns == ("system", "earlier", "message", "answer", "id")
    assert rows[3] == ("", "", "Q", "A", "3")
    assert [one.line for one in rejected] == [5, 6]
    reading = opened(path).reading(2)
    assert (reading.kind, reading.shape) == ("lines", "chat")
    assert "conversations" in reading.sentence
    assert reading.sentence.endswith("every answer in them is learned")


def test_a_first_look_is_quick_and_agrees(tmp_path: Path) -> None:
    path = written(tmp_path, "".join(json.dumps({"text": str(n), "k": n}) + "\n" for n in range(50_000)), "given.jsonl")
    source = open_nested(Given(path, path, path.name), only_head=True)
    portion = source.head(200)
    assert source.columns == ("text", "k")
    assert [tuple(row) for row in portion.rows] == [(str(n), str(n)) for n in range(200)]
    assert portion.rejected == []


def test_long_files_are_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nested, "_OUTLINED", 1 << 16)
    texts = [chr(97 + number) * 2_000 for number in range(20)]
    records = [json.dumps({"text": texts[number % 20]}) for number in range(4_000)]
    document = written(tmp_path, '{"version": 1, "data": [' + ",\n".join(records) + '], "more": {}}')
    for file in (written(tmp_path, "\n".join(records), "lines.json"), document):
        tracemalloc.start()
        source = opened(file)
        assert sum(len(portion.rows) for portion in source.portions()) == 4_000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 25 << 20
    assert opened(document, member="data").columns == ("text",)


def test_a_long_document_that_has_to_be_held_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, json.dumps({"a": ["x" * 100] * 9, "b": ["y" * 100] * 9}))
    monkeypatch.setattr(nested, "_OUTLINED", 1 << 10)
    assert len(read(path)[1]) == 9
    monkeypatch.setattr(nested, "_MOST_WHOLE", 1 << 10)
    assert "too large" in problem(path).what


def test_one_record_stays_one(tmp_path: Path) -> None:
    assert read(written(tmp_path, '{"text": "a", "tags": ["b", "c"]}'))[1] == [("a", '["b","c"]')]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@for_all(
    st.lists(
        st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, min_size=1, max_size=4), min_size=2, max_size=6
    )
)
def test_no_record_is_lost_and_no_text_changed(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]
) -> None:
    path = written(tmp_path_factory.mktemp("any"), "\n".join(json.dumps(record) for record in records), "any.jsonl")
    columns, rows, rejected = read(path)
    assert len(rows) + len(rejected) >= len(records)
    for name in columns:
        if all(isinstance(record.get(name), str) for record in records):
            assert [row[columns.index(name)] for row in rows] == [record[name] for record in records]


def test_every_answer_of_a_conversation_is_said_to_be_learned(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
    path = written(tmp_path, "\n".join(json.dumps({"messages": turns * (1 + n % 3), "id": n}) for n in range(9)))
    list(read_table(path, tmp_path / "table"))
    guess = guess_roles(open_table(tmp_path / "table"))
    assert guess.reason.startswith("These are conversations: every answer in them is learned")

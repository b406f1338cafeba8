from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather

from studio.data.reading.records import arrow_files
from studio.data.reading.records.columnar import open_columnar
from studio.data.reading.records.nested import open_nested
from studio.data.reading.source import Given, Rejected, Source
from studio.problems import Problem

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def opened(file: Path) -> Source:
    return open_columnar(Given(file, file, file.name))


def read(file: Path) -> tuple[list[list[str]], list[Rejected], Source]:
    source = opened(file)
    rows: list[list[str]] = []
    rejected: list[Rejected] = []
    for portion in source.portions():
        if not isinstance(portion.rows, pa.RecordBatch):
            rows += [list(row) for row in portion.rows]
            rejected += portion.rejected
            continue
        assert portion.rows.schema == pa.schema([(name, pa.string()) for name in source.columns])
        assert all(column.null_count == 0 for column in portion.rows.columns)
        rows += [list(row) for row in zip(*(c.to_pylist() for c in portion.rows.columns), strict=True)]
        rejected += portion.rejected
    return rows, rejected, source


def parquet(tmp_path: Path, table: pa.Table, **how: Any) -> Path:
    file = tmp_path / "a.parquet"
    pq.write_table(table, file, **how)
    return file


def cells(tmp_path: Path, array: pa.Array) -> list[str]:
    """One column through an Arrow stream, which keeps every type."""
    file = tmp_path / "a.arrow"
    table = pa.table({"x": array})
    with pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    return [row[0] for row in read(file)[0]]


TABLE = pa.table({"text": ["007", " NA", "null", "", None, "é\r\n😀"], "n": [1, None, -3, 4, 5, 6]})
ROWS = [["007", "1"], [" NA", ""], ["null", "-3"], ["", "4"], ["", "5"], ["é\r\n😀", "6"]]


@pytest.mark.parametrize("kind", ["parquet", "arrow file", "arrow stream", "feather 1", "feather 2"])
@pytest.mark.filterwarnings("ignore:Feather V1:DeprecationWarning")
def test_every_format_gives_the_same_rows(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "a.any"
    if kind == "parquet":
        pq.write_table(TABLE, file, row_group_size=4)
    elif kind.startswith("arrow"):
        new = pa.ipc.new_file if kind == "arrow file" else pa.ipc.new_stream
        with new(file, TABLE.schema) as out:
            out.write_table(TABLE, max_chunksize=4)
    else:
        feather.write_feather(TABLE, file, version=int(kind[-1]))
    rows, rejected, source = read(file)
    assert rows == ROWS
    assert not rejected
    assert source.columns == ("text", "n")
    few, all_ = source.head(4).rows, source.head(99).rows
    assert isinstance(few, pa.RecordBatch)
    assert few.to_pylist() == [dict(zip(source.columns, row, strict=True)) for row in ROWS[:4]]
    assert len(all_[0]) == 6


def test_missing_and_empty_texts_are_told_apart_in_a_doubt(tmp_path: Path) -> None:
    _, _, source = read(parquet(tmp_path, TABLE))
    (doubt,) = source.reading(0).doubts
    assert "“text”, 1 cell without a value and 1 cell with an empty text" in doubt


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([1.0, 0.1, 1e16, 1e15, 1e-5, -0.0, None, float("nan")]), ["1.0", "0.1", "1e+16", "1000000000000000.0",
         "1e-05", "-0.0", "", "nan"]),
        (pa.array([0.1, 16777216.0], pa.float32()), ["0.1", "16777216.0"]),
        (pa.array([True, False, None]), ["true", "false", ""]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([Decimal("1.10"), Decimal("0.0000000001"), None], pa.decimal128(20, 12)),
         ["1.100000000000", "0.000000000100", ""]),
        (pa.array([dt.date(2020, 1, 2)]), ["2020-01-02"]),
        (pa.array([1577934245000000, 1577934245120000, None], pa.timestamp("us")),
         ["2020-01-02T03:04:05", "2020-01-02T03:04:05.12", ""]),
        (pa.array([1577934245123], pa.timestamp("ms", "Europe/Berlin")), ["2020-01-02T04:04:05.123+01:00"]),
        (pa.array([1577934245000], pa.timestamp("ms", "UTC")), ["2020-01-02T03:04:05Z"]),
        (pa.array([1577934245000], pa.timestamp("ms", "No/Where")), ["2020-01-02T03:04:05Z"]),
        (pa.array([1577934245120, 1590000000000, None], pa.timestamp("ms", "America/New_York")),
         ["2020-01-01T22:04:05.12-05:00", "2020-05-20T14:40:00-04:00", ""]),
        (pa.array([1577934240], pa.timestamp("s", "+05:30")), ["2020-01-02T08:34:00+05:30"]),
        (pa.array([36000000], pa.time32("ms")), ["10:00:00"]),
        (pa.array([1, None], pa.time64("ns")), ["00:00:00.000000001", ""]),
        (pa.array([90500], pa.duration("ms")), ["PT90.5S"]),
        (pa.array([(1, 2, 3_000_000_000)], pa.month_day_nano_interval()), ["P1M2DT3S"]),
        (pa.array([b"t\xc3\xa9xt", b"\xff", None]), ["téxt", "base64:/w==", ""]),
        (pa.array(["a", "b", None, "a"]).dictionary_encode(), ["a", "b", "", "a"]),
        (pa.array([0.5, None, 2.0]).dictionary_encode(), ["0.5", "", "2.0"]),
        (pa.RunEndEncodedArray.from_arrays([2, 3], ["a", None]), ["a", "a", ""]),
        (pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array(["a", None])), ["a", "", ""]),
        (pa.nulls(2), ["", ""]),
        (pa.array(["a", None], pa.string_view()), ["a", ""]),
        (pa.array(["a", None], pa.large_string()), ["a", ""]),
        (pa.array([[1, None], [], None]), ["[1,null]", "[]", ""]),
        (pa.array([[{"ä": "x", "d": dt.date(2020, 1, 2), "b": b"\xff"}]]),
         ['[{"ä":"x","d":"2020-01-02","b":"base64:/w=="}]']),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int8())), ['{"k":1}']),
        (pa.array([b"0123456789abcdef"], pa.uuid()), ["30313233-3435-3637-3839-616263646566"]),
    ],
)  # fmt: skip
def test_values_are_written_as_people_write_them(tmp_path: Path, array: pa.Array, expected: list[str]) -> None:
    assert cells(tmp_path, array) == expected


@quick
@given(st.lists(st.floats(), min_size=1), st.lists(st.text(), min_size=1))
def test_numbers_and_texts_come_back_exactly(tmp_path: Path, numbers: list[float], texts: list[str]) -> None:
    assert cells(tmp_path, pa.array(numbers)) == [repr(number) for number in numbers]
    clean = [text.encode(errors="ignore").decode() for text in texts]
    assert cells(tmp_path, pa.array(clean, pa.string())) == clean


def test_records_that_python_cannot_hold(tmp_path: Path) -> None:
    late = pa.array([2**60], pa.timestamp("us"))
    twice = pa.StructArray.from_arrays([pa.array(["a"]), pa.array(["b"]), late], names=["k", "k", "when"])
    rows, _, source = read(parquet(tmp_path, pa.table({"x": twice, "l": pa.array([[2**60]], pa.list_(late.type))})))
    assert source.columns[:3] == ("x.k", "x.k 2", "x.when")
    assert rows[0][:2] == ["a", "b"]
    assert "value out of range" in rows[0][2]
    assert "value out of range" in rows[0][3]


def test_numbered_labels_become_their_names_wherever_they_stand(tmp_path: Path) -> None:
    label = {"names": ["neg", "pos"], "_type": "ClassLabel"}
    features = {"label": label, "tags": {"feature": label, "_type": "List"}, "x": {"a": label}}
    table = pa.table({"label": [1, 0, -1, 7, None], "tags": [[0, 1]] * 5, "x": [{"a": 1}] * 5})
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    rows, _, source = read(parquet(tmp_path, table))
    assert [row[0] for row in rows] == ["pos", "neg", "", "7", ""]
    assert rows[0][1:] == ['["neg","pos"]', "pos"]
    reading = source.reading(0)
    assert "the numbers in “label”, “tags”, “x” are shown as the labels" in reading.sentence
    assert len(reading.doubts) == 2


def test_a_data_set_written_by_the_library_is_read_without_it(tmp_path: Path) -> None:
    from datasets import ClassLabel, Dataset, Features, Value

    features = Features({"text": Value("string"), "label": ClassLabel(names=["no", "yes"])})
    Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, features=features).to_parquet(tmp_path / "d.parquet")
    assert read(tmp_path / "d.parquet")[0] == [["a", "yes"], ["b", "no"]]


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_broken_characters_cost_their_row_alone(tmp_path: Path, kind: str) -> None:
    raw = pa.array([b"good", b"b\xffd", b"base64:"])
    table = pa.table({"text": pa.Array.from_buffers(pa.string(), 3, raw.buffers()), "n": [1, 2, 3]})
    file = tmp_path / "a"
    if kind == "parquet":
        pq.write_table(table, file, use_dictionary=False)
    else:
        with pa.ipc.new_file(file, table.schema) as out:
            out.write_table(table)
    rows, rejected, _ = read(file)
    assert rows == [["good", "1"], ["base64:", "3"]]
    assert rejected == [Rejected(2, "Some characters in “text” cannot be read.", "b�d\t2")]


def test_names_that_are_missing_or_come_twice_are_made_different(tmp_path: Path) -> None:
    array = pa.array(["x"])
    file = parquet(tmp_path, pa.Table.from_arrays([array] * 3, names=["a", "a", ""]))
    assert opened(file).columns == ("a", "a 2", "column 3")


@pytest.mark.parametrize("kind", ["parquet", "arrow file", "arrow stream"])
def test_a_file_that_is_cut_off_is_a_problem_and_loses_nothing_silently(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "a"
    table = pa.table({"t": [str(number) for number in range(1000)]})
    if kind == "parquet":
        pq.write_table(table, file)
    else:
        with (pa.ipc.new_file if kind == "arrow file" else pa.ipc.new_stream)(file, table.schema) as out:
            out.write_table(table, max_chunksize=100)
    data = file.read_bytes()
    for share in (0.02, 0.3, 0.7, 0.95):
        file.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(Problem, match="could not be read"):
            read(file)


def test_a_stream_that_is_cut_between_batches_or_goes_on_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.arrow"
    table = pa.table({"t": ["x"] * 10})
    with pa.ipc.new_stream(file, table.schema) as out:
        out.write_table(table, max_chunksize=5)
    data = file.read_bytes()
    file.write_bytes(data[:-8])
    rows, _, source = read(file)
    assert len(rows) == 10
    assert source.reading(0).doubts == ("The file has no mark at its end; rows may be missing.",)
    file.write_bytes(data + data)
    with pytest.raises(Problem, match="could not be read"):
        read(file)


def test_nothing_is_read_from_where_a_view_of_no_text_points(tmp_path: Path) -> None:
    array = pa.array(["a", None, "longer than twelve bytes"], pa.string_view())
    valid, views, *data = array.buffers()
    raw = bytearray(views.to_pybytes())
    raw[16:32] = b"\xff\xff\xff\x7f" * 4
    broken = pa.Array.from_buffers(pa.string_view(), 3, [valid, pa.py_buffer(bytes(raw)), *data], 1)
    assert cells(tmp_path, broken) == ["a", "", "longer than twelve bytes"]


def test_a_changed_byte_gives_rows_or_a_problem(tmp_path: Path) -> None:
    file = parquet(tmp_path, TABLE)
    data = file.read_bytes()
    for place in range(0, len(data), 7):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            read(file)
        except Problem as problem:
            assert problem.fix  # noqa: PT017


def test_an_encrypted_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"PARE" + bytes(100) + b"PARE")
    with pytest.raises(Problem, match="is encrypted"):
        opened(tmp_path / "a")


def test_more_cells_than_any_table_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_files, "MOST_CELLS", 1000)
    with pytest.raises(Problem, match="more than a table holds"):
        opened(parquet(tmp_path, pa.table({"t": ["x"] * 2000})))
    with pytest.raises(Problem, match="more than a table holds"):
        cells(tmp_path, pa.nulls(2000))


def test_a_small_file_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_files, "_BELIEVED", 1000)
    monkeypatch.setattr(arrow_files, "_GROWTH", 2)
    with pytest.raises(Problem, match="more than a table holds"):
        read(parquet(tmp_path, pa.table({"t": ["x" * 100] * 5000})))


@pytest.mark.parametrize("encoded", [True, False])
def test_a_long_text_kept_once_is_unfolded_a_few_rows_at_a_time(
    tmp_path: Path, encoded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_files, "_PIECE", 2_000_000)
    text = "x" * 200_000
    array = pa.DictionaryArray.from_arrays(pa.array([0] * 100, pa.int32()), pa.array([text]))
    file = tmp_path / "a"
    if encoded:
        with pa.ipc.new_file(file, pa.schema([("t", array.type)])) as out:
            out.write_batch(pa.RecordBatch.from_arrays([array], ["t"]))
    else:
        pq.write_table(pa.table({"t": array.dictionary_decode()}), file)
    most = rows = 0
    for portion in opened(file).portions():
        assert isinstance(portion.rows, pa.RecordBatch)
        most, rows = max(most, portion.rows.nbytes), rows + portion.rows.num_rows
    assert rows == 100
    assert most < 2_100_000


def test_stopping_ends_the_reading(tmp_path: Path) -> None:
    file = parquet(tmp_path, TABLE)
    assert not list(open_columnar(Given(file, file, "a"), should_stop=lambda: True).portions())


def turns(*contents: str) -> list[dict[str, str | None]]:
    roles = ["system", "user", "assistant", "user", "assistant"]
    return [{"role": role, "content": text, "name": None} for role, text in zip(roles, contents, strict=False)]


def test_conversations_give_the_table_that_json_lines_give(tmp_path: Path) -> None:
    records = [
        {"id": number, "messages": turns("Be kind.", f"Hi {number}", "Hello", "Bye?", "Bye"), "meta": {"a": {"b": 0.5}}}
        for number in range(5)
    ]
    lines = tmp_path / "a.jsonl"
    lines.write_text("".join(json.dumps(record) + "\n" for record in records))
    other = open_nested(Given(lines, lines, "a.jsonl"))
    expected = [list(row) for portion in other.portions() for row in portion.rows]
    rows, rejected, source = read(parquet(tmp_path, pa.Table.from_pylist(records)))
    assert source.columns == other.columns
    assert rows == expected
    assert not rejected
    assert source.head(2).rows == expected[:2]
    reading = source.reading(0)
    assert (reading.kind, reading.shape) == ("parquet", "chat")
    assert reading.sentence == "Parquet, 3 columns: conversations with roles and contents"


def test_a_conversation_without_an_answer_is_set_aside(tmp_path: Path) -> None:
    records = [{"messages": turns("", "a", "b")}] * 9 + [{"messages": []}]
    rows, rejected, _ = read(parquet(tmp_path, pa.Table.from_pylist(records)))
    assert len(rows) == 9
    assert [row.line for row in rejected] == [10]


def test_records_flatten_and_lists_stay_json(tmp_path: Path) -> None:
    table = pa.table({"translation": [{"de": "ja", "en": "yes"}, None], "n": [1, 2], "tags": [["a"], []]})
    rows, _, source = read(parquet(tmp_path, table))
    assert source.columns == ("translation.de", "translation.en", "n", "tags")
    assert rows == [["ja", "yes", "1", '["a"]'], ["", "", "2", "[]"]]


def test_a_structure_in_plain_columns_is_named(tmp_path: Path) -> None:
    table = pa.table({"instruction": ["a"], "input": [""], "output": ["b"]})
    rows, _, source = read(parquet(tmp_path, table))
    assert rows == [["a", "", "b"]]
    assert source.reading(0).shape == "instruction"


def test_a_small_file_that_unfolds_to_much_inside_a_list_is_refused_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_files, "_BELIEVED", 1 << 20)
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda *_, **__: pytest.fail("it was unfolded"))
    file = tmp_path / "a.parquet"
    rows = pa.array([["x" * 100_000] * 20] * 4, pa.list_(pa.string()))
    pq.write_table(pa.table({"t": rows}), file, compression="brotli", use_dictionary=False, write_statistics=False)
    with pytest.raises(Problem, match="more than a table holds"):
        opened(file)

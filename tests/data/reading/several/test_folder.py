from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from studio.data.reading.options import ReadOptions
from studio.data.reading.several.folder import open_folder
from studio.data.reading.source import Given, Source
from studio.problems import Problem
from tests.data.reading.opening import open_one, rows_of


def made(root: Path, **contents: str) -> Path:
    """Files by path: "a__b_csv" is a/b.csv."""
    for name, content in contents.items():
        file = root / ".".join(name.replace("__", "/").rsplit("_", 1))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return root


def opened(folder: Path, member: str | None = None, *, only_head: bool = False) -> Source:
    given = Given(folder, folder, folder.name)
    return open_folder(given, ReadOptions(member=member), open_one=open_one, only_head=only_head)


def test_a_folder_with_one_table_is_that_table(tmp_path: Path) -> None:
    made(tmp_path, in__data_csv="text,label\na,b\n", README_md="# About", LICENSE_txt="MIT", run_py="print(1)")
    (tmp_path / ".hidden.csv").write_text("x\n1\n")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "data.csv").write_text("x\n1\n")
    rows, _, reading = rows_of(opened(tmp_path))
    assert rows == [("a", "b")]
    assert (reading.kind, reading.members) == ("folder", ())
    assert reading.doubts == ("Not read: 2 about the data.", "Programs in the folder are never run: “run.py”.")


def test_parts_by_name_and_pieces_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 2):
        pq.write_table(pa.table({"t": [str(number)]}), tmp_path / f"train-{number}.parquet")
    pq.write_table(pa.table({"t": ["x"]}), tmp_path / "test-0.parquet")
    assert rows_of(opened(tmp_path))[0] == [("2", "training"), ("10", "training"), ("x", "test")]


def test_parts_by_folder(tmp_path: Path) -> None:
    made(tmp_path, train__a_csv="t,l\n1,2\n", test__a_csv="t,l\n3,4\n")
    assert rows_of(opened(tmp_path))[0] == [("1", "2", "training"), ("3", "4", "test")]


def test_tables_that_do_not_belong_together_are_a_choice(tmp_path: Path) -> None:
    made(tmp_path, reviews_csv="text,label\n" + "a,b\n" * 50, prices_csv="price,date,name\n1,2,3\n")
    source = opened(tmp_path)
    reading = source.reading(0)
    assert source.columns == ("text", "label")
    assert reading.members == ("reviews.csv", "prices.csv")
    assert reading.member == "reviews.csv"
    assert reading.certain < 0.7
    assert opened(tmp_path, "prices.csv").columns == ("price", "date", "name")


def test_families_with_parts_of_their_own_are_a_choice(tmp_path: Path) -> None:
    made(tmp_path, **{f"{kind}_{part}_csv": f"t,l\n{kind},{part}\n" for kind in ("big", "small") for part in
                      ("train", "test")})  # fmt: skip
    assert opened(tmp_path).reading(0).members == ("small", "big")
    assert rows_of(opened(tmp_path, "big"))[0] == [("big", "train", "training"), ("big", "test", "test")]


def test_a_small_list_beside_the_parts_is_not_mixed_in(tmp_path: Path) -> None:
    made(tmp_path, train_csv="text,label\n" + "a,b\n" * 9, test_csv="text,label\nc,d\n", names_csv="text\nx\n")
    source = opened(tmp_path)
    assert len(rows_of(source)[0]) == 10
    assert source.reading(0).members == ("train.csv and 1 more", "names.csv")


def test_the_card_of_a_data_set_says_which_files_belong_together(tmp_path: Path) -> None:
    card = """---
configs:
- config_name: de
  data_files: [{split: train, path: de/*.csv}]
- config_name: en
  default: true
  data_files:
  - split: train_all
    path: en/a*.csv
  - {split: oos, path: en/b*.csv}
---
# Card
"""
    made(tmp_path, README_md=card, en__a1_csv="t,l\na,1\n", en__b1_csv="t,l\nb,2\n", de__c_csv="t,l\nc,3\n")
    rows, _, reading = rows_of(opened(tmp_path))
    assert rows == [("a", "1", "training"), ("b", "2", "oos")]
    assert (reading.member, reading.members) == ("en", ("en", "de"))
    assert rows_of(opened(tmp_path, "de"))[0] == [("c", "3")]


def test_a_history_of_changes_is_not_read_and_told(tmp_path: Path) -> None:
    pq.write_table(pa.table({"t": ["x"]}), tmp_path / "0.parquet")
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "v2.metadata.json").write_text('[{"a": 1}]')
    rows, _, reading = rows_of(opened(tmp_path))
    assert rows == [("x",)]
    assert any("deleted rows may be among these" in doubt for doubt in reading.doubts)


def test_folders_named_by_values_give_a_column(tmp_path: Path) -> None:
    for value in ("a", "b%2Fc"):
        (tmp_path / f"kind={value}").mkdir()
        pq.write_table(pa.table({"t": ["x"]}), tmp_path / f"kind={value}" / "0.parquet")
    source = opened(tmp_path)
    assert source.columns == ("t", "kind")
    assert rows_of(source)[0] == [("x", "a"), ("x", "b/c")]


@pytest.mark.parametrize("in_parts", [True, False])
def test_a_data_set_saved_by_the_library(tmp_path: Path, in_parts: bool) -> None:
    from datasets import ClassLabel, Dataset, DatasetDict, Features, Value

    features = Features({"text": Value("string"), "label": ClassLabel(names=["no", "yes"])})
    one = Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, features=features)
    if in_parts:
        DatasetDict({"train": one, "test": one.select([1])}).save_to_disk(tmp_path / "s")
    else:
        one.save_to_disk(tmp_path / "s", num_shards=2)
    (next((tmp_path / "s").rglob("*.arrow")).parent / "cache-1.arrow").write_bytes(b"left over")
    rows, _, reading = rows_of(opened(tmp_path / "s"))
    if in_parts:
        assert rows == [("a", "yes", "training"), ("b", "no", "training"), ("b", "no", "test")]
    else:
        assert rows == [("a", "yes"), ("b", "no")]
    assert "labels" in reading.sentence


def test_a_saved_data_set_cannot_name_files_outside_it(tmp_path: Path) -> None:
    (tmp_path / "secret.arrow").write_bytes(b"x")
    folder = made(tmp_path / "s", dataset_info_json="{}")
    (folder / "state.json").write_text('{"_data_files": [{"filename": "../secret.arrow"}]}')
    with pytest.raises(Problem, match="nothing to read"):
        opened(folder)


def test_texts_in_a_folder_for_each_label(tmp_path: Path) -> None:
    for part in ("train", "test"):
        for label in ("pos", "neg", "unsup"):
            for number in range(3):
                made(tmp_path, **{f"aclImdb__{part}__{label}__{number}_txt": f"{part} {label} {number}\n"})
    made(tmp_path, aclImdb__README="About", aclImdb__train__urls_txt="http://x")
    (tmp_path / "aclImdb/test/pos/9.txt").write_bytes(b"\x00\x01\x02" * 100)
    source = opened(tmp_path)
    rows, rejected, reading = rows_of(source)
    assert source.columns == ("text", "label", "split")
    assert len(rows) == 18
    assert ("train pos 2\n", "pos", "training") in rows
    assert ("test unsup 0\n", "", "test") in rows
    assert len(rejected) == 1
    assert rejected[0].reason.startswith("test/pos/9.txt: ")
    assert any("urls.txt" in doubt for doubt in reading.doubts)
    assert {row[1] for row in source.head(6).rows} == {"pos", "neg", ""}


def test_texts_without_labels_are_passages_with_their_files_name(tmp_path: Path) -> None:
    made(tmp_path, a_txt="One.\n\n" * 500, sub__b_md="# Two\n", empty_txt="")
    source = opened(tmp_path)
    rows, rejected, _ = rows_of(source)
    assert source.columns == ("text", "file")
    assert "".join(text for text, file in rows if file == "a.txt") == "One.\n\n" * 500
    assert ("# Two\n", "sub/b.md") in rows
    assert [row.reason.split(":")[0] for row in rejected] == ["empty.txt"]


def test_tables_that_end_in_txt_are_tables(tmp_path: Path) -> None:
    made(tmp_path, a_txt="text\tlabel\nx\ty\n", b_txt="text\tlabel\nz\tw\n")
    source = opened(tmp_path)
    assert source.columns == ("text", "label")
    assert rows_of(source)[0] == [("x", "y"), ("z", "w")]


def test_a_damaged_piece_of_the_table_is_never_left_out_silently(tmp_path: Path) -> None:
    pq.write_table(pa.table({"t": ["x"]}), tmp_path / "a-1.parquet")
    (tmp_path / "a-2.parquet").write_bytes(b"PAR1 damaged")
    with pytest.raises(Problem, match="could not be read"):
        opened(tmp_path)
    (tmp_path / "a-2.parquet").unlink()
    (tmp_path / "b.csv").write_bytes(b"")
    assert any("Not read: “b.csv”" in doubt for doubt in rows_of(opened(tmp_path))[2].doubts)


@pytest.mark.parametrize("name", ["", "a_jpg", "a_py"])
def test_a_folder_without_tables_and_texts_says_what_it_holds(tmp_path: Path, name: str) -> None:
    if name:
        made(tmp_path, **{name: "x"})
    with pytest.raises(Problem, match="nothing to read"):
        opened(tmp_path)


def test_a_preview_opens_a_few_of_many_files(tmp_path: Path) -> None:
    for number in range(100):
        made(tmp_path, **{f"piece{number}_csv": f"t,l\n{number},x\n"})
    assert len(opened(tmp_path, only_head=True).head(200).rows) == 24
    assert len(rows_of(opened(tmp_path))[0]) == 100


def test_links_in_a_circle_and_pipes_do_no_harm(tmp_path: Path) -> None:
    made(tmp_path, a_csv="t,l\n1,2\n")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
    assert rows_of(opened(tmp_path))[0] == [("1", "2")]


def test_links_that_lead_out_of_the_folder_are_not_followed_and_told(tmp_path: Path) -> None:
    (tmp_path / "private.csv").write_text("t,l\nsecret,1234\n")
    home = tmp_path / "home"
    made(home, train_csv="t,l\n1,2\n")
    (home / "test.csv").symlink_to(tmp_path / "private.csv")
    (home / "valid.csv").symlink_to(home / "valid.csv")
    (home / "root").symlink_to("/", target_is_directory=True)
    rows, _, reading = rows_of(opened(home))
    assert [row[:2] for row in rows] == [("1", "2")]
    assert any(doubt.startswith("3 links in the folder are not followed") for doubt in reading.doubts)
    (home / "train.csv").unlink()
    with pytest.raises(Problem, match="There is nothing to read") as told:
        opened(home)
    assert "3 links" in told.value.why


def test_links_into_the_cache_of_the_hub_are_followed(tmp_path: Path) -> None:
    made(tmp_path / "set" / "blobs", abc="t,l\n1,2\n")
    version = tmp_path / "set" / "snapshots" / "v1"
    version.mkdir(parents=True)
    (version / "train.csv").symlink_to(Path("../../blobs/abc"))
    assert rows_of(opened(version))[0] == [("1", "2")]


def test_a_saved_data_set_does_not_follow_links_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "private.arrow").write_bytes(b"")
    home = tmp_path / "home"
    made(home, state_json='{"_data_files": [{"filename": "data.arrow"}]}')
    (home / "data.arrow").symlink_to(tmp_path / "private.arrow")
    with pytest.raises(Problem, match="There is nothing to read"):
        opened(home)

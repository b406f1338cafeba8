from __future__ import annotations

import pytest

from studio.data.reading.several.file_names import family_of, in_order, part_named, parts_named, stem_of, suffix_of


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("train.csv", "training"),
        ("x_train.tsv", "training"),
        ("Bitext_Sample_Training_Dataset.csv", "training"),
        ("trainingsdaten.xlsx", "training"),
        ("data/train-00000-of-00002.parquet", "training"),
        ("train_rebuilt.csv", "training"),
        ("myTrainSet.csv", "training"),
        ("情感训练集.csv", "training"),
        ("dev.jsonl", "validation"),
        ("devset.csv", "validation"),
        ("csv_full_oos_val.csv", "validation"),
        ("valid.txt", "validation"),
        ("validierung.csv", "validation"),
        ("eval.csv.gz", "validation"),
        ("banking-test.csv", "test"),
        ("test/pos/1.txt", "test"),
        ("Testdaten 2023.csv", "test"),
        ("prueba.csv", "test"),
        ("テスト.csv", "test"),
        ("contest.csv", ""),
        ("watch.csv", ""),
        ("reviews.csv", ""),
        ("latest.csv", ""),
    ],
)
def test_a_name_says_its_part(name: str, part: str) -> None:
    assert part_named(name) == part


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"train.csv": "training", "test.csv": "test"}, "two parts"),
        ({"data.csv": "training", "data-test.csv": "test"}, "called alike; what names no part is for training"),
        ({"train.csv": "training", "test.csv": "test", "extra.csv": ""}, "one without a part"),
        ({"blood_test.csv": "", "notes.csv": ""}, "a test of another kind"),
        ({"train-1.csv": "", "train-2.csv": ""}, "all the same"),
        ({"test_2022.csv": "", "test_2023.csv": ""}, "all the same"),
    ],
)
def test_parts_count_only_where_files_are_parts_of_one_thing(said: dict[str, str], why: str) -> None:
    assert parts_named(list(said)) == said, why


def test_a_family_is_the_name_without_part_and_number() -> None:
    assert family_of("x/en-test-00001-of-00002.csv") == family_of("x/en_train.csv") == "x/en"
    assert family_of("train/a.csv") == family_of("test/a.csv") == "a"
    assert family_of("csv_full_oos_val.csv") != family_of("csv_full_val.csv")


def test_endings_and_order() -> None:
    assert suffix_of("a.CSV.gz") == ".csv"
    assert suffix_of("a.gz") == ".gz"
    assert stem_of("x/a.csv.gz") == "a"
    assert sorted(["a10.txt", "a2.txt", "B1.txt"], key=in_order) == ["a2.txt", "a10.txt", "B1.txt"]

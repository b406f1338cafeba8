"""Text files as texts: passages are put together again, and a few long texts give a stretch to each part."""

from __future__ import annotations

from pathlib import Path

from studio.data.parts.dataset import Dataset
from studio.data.parts.notices import before_training, in_stretches
from studio.data.parts.split import split
from studio.data.parts.stretches import begins, few_texts, file_column, stretches
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from studio.data.roles.roles import guess_roles
from studio.data.table.edits import DeleteRows
from tests.data.tables import imported, table_of

PARAGRAPH = "The lamp was lit at {} and burned until the morning, as the book of the station says it should. "
ORDER: tuple[Part, ...] = ("training", "watching", "test")


def prose(paragraphs: int, first: int = 0) -> str:
    return "\n\n".join(PARAGRAPH.format(first + number) * 8 for number in range(paragraphs)) + "\n"


def parted(folder: Path, **changes: object) -> Dataset:
    table = imported(folder)[0]
    values = {"watching_share": 0.1, "test_share": 0.1, "seed": 0, **changes}
    return split(table, Columns("text"), kind="continue", **values)  # type: ignore[call-overload, no-any-return]


def test_one_long_text_is_cut_into_three_stretches_that_are_the_file(tmp_path: Path) -> None:
    file = tmp_path / "book.txt"
    file.write_text(prose(60), encoding="utf-8")
    found = parted(file)
    rows = [list(found.parts[part]) for part in ORDER]
    assert [number for part in rows for number in part] == list(range(found.table.rows))
    texts = [list(found.texts(part)) for part in ORDER]
    assert all(len(part) == 1 for part in texts)
    assert "".join(text.input for part in texts for text in part) == prose(60)
    shares = [len(part[0].input) / len(prose(60)) for part in texts]
    assert [round(share, 1) for share in shares] == [0.8, 0.1, 0.1]


def test_how_a_text_was_cut_is_told(tmp_path: Path) -> None:
    file = tmp_path / "book.txt"
    file.write_text(prose(60), encoding="utf-8")
    told = [event.what for event in before_training(parted(file), kind="continue")]
    parted_so = "its first 80 % are learned, the next 10 % watch, its last 10 % are kept for the test."
    assert f"The text is cut into stretches: {parted_so}" in told
    assert in_stretches(parted(file, test_share=0.0)).endswith("the next 10 % watch.")


def test_a_few_files_each_give_a_stretch(tmp_path: Path) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    for number in range(3):
        (folder / f"book {number}.txt").write_text(prose(30, 100 * number), encoding="utf-8")
    found = parted(folder)
    assert file_column(found.table) == "file"
    for part in ORDER:
        texts = list(found.texts(part))
        assert [text.input[:30] in prose(30, 100 * n) for n, text in enumerate(texts)] == [True] * 3


def test_many_files_stay_whole(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(40):
        (folder / f"note {number:02}.txt").write_text(prose(5, 10 * number), encoding="utf-8")
    found = parted(folder)
    files = found.table.column("file")
    kept = {part: {files[row] for row in found.parts[part]} for part in ORDER}
    assert not kept["training"] & (kept["watching"] | kept["test"])
    assert not kept["watching"] & kept["test"]
    assert all(kept.values())
    assert sum(len(list(found.texts(part))) for part in ORDER) == 40


def test_parts_that_file_names_tell_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "parted"
    folder.mkdir()
    (folder / "train.txt").write_text(prose(30), encoding="utf-8")
    (folder / "val.txt").write_text(prose(4, 500), encoding="utf-8")
    table = imported(folder)[0]
    columns = Columns("text", part="split")
    found = split(table, columns, kind="continue", watching_share=0.1, test_share=0.0, seed=0)
    assert "".join(text.input for text in found.texts("training")) == prose(30)
    assert "".join(text.input for text in found.texts("watching")) == prose(4, 500)


def test_a_text_is_never_put_together_over_a_gap(tmp_path: Path) -> None:
    file = tmp_path / "book.txt"
    file.write_text(prose(60), encoding="utf-8")
    table = imported(file)[0].with_edits([DeleteRows((2,))])
    assert begins(table, table.numbers).tolist()[:4] == [True, False, True, False]


def test_rows_of_a_table_are_texts_of_their_own(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("note", "other"), [(f"note {n}", "x") for n in range(30)])
    assert file_column(table) is None
    assert begins(table, range(30)).all()
    assert not few_texts(table, range(5))


def test_a_text_too_short_to_be_cut_is_learned(tmp_path: Path) -> None:
    file = tmp_path / "short.txt"
    file.write_text(prose(5), encoding="utf-8")
    table = imported(file)[0]
    assert table.rows >= 2
    training, watching, test = stretches(table, [0, 1], (0.1, 0.1))
    assert (training.tolist(), watching.tolist(), test.tolist()) == ([0, 1], [], [])


def test_a_folder_of_texts_by_part_is_for_continuing_them(tmp_path: Path) -> None:
    folder = tmp_path / "parted"
    folder.mkdir()
    (folder / "train.txt").write_text(prose(30), encoding="utf-8")
    (folder / "val.txt").write_text(prose(4, 500), encoding="utf-8")
    guess = guess_roles(imported(folder)[0])
    assert (guess.kind, guess.columns.input, guess.columns.target, guess.columns.part) == (
        "continue", "text", "", "split",
    )  # fmt: skip

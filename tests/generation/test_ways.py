"""What a row is answered with, and what is told of the rows before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from studio.data.parts.dataset import Row
from studio.events import Event, Warned
from studio.generation.labels import label_shares, numbers
from studio.generation.ways import WAYS, Asking, Way, search_way
from studio.models.head import last_layer
from studio.runs.calibration import NOT_CALIBRATED, Calibration
from tests.evaluation.heads import model_for, rated_rows, rows_for, several_rows
from tests.evaluation.parts import LABELS, no, tiny

ROWS = [Row(0, "invoice 3", ""), Row(1, "where is my package " * 30, ""), Row(2, "lovely", "")]


def asking_of(folder: Path, kind: str) -> Asking:
    model, tokenizer, task, config = tiny(folder, kind, "lora")  # type: ignore[arg-type]
    return Asking(model, tokenizer, task, config, NOT_CALIBRATED, no)


def test_a_label_below_the_threshold_is_not_written(tmp_path: Path) -> None:
    asking = asking_of(tmp_path, "classify")
    shares = list(label_shares(asking.model, asking.tokenizer, map(asking.task.asked, ROWS)))
    least = sorted(max(one) for one in shares)[1]
    told, *answers = WAYS["classify"].answers(replace(asking, calibration=Calibration(least=least)), ROWS)
    assert isinstance(told, Warned)
    assert told.what == "1 of 3 texts is longer than 96 tokens and cut there."
    wanted = [(LABELS[one.index(max(one))] if max(one) >= least else "unsure", f"{max(one):.3f}") for one in shares]
    assert answers == list(enumerate(wanted))
    assert "unsure" in {label for label, _ in wanted}


def test_several_labels_are_written_in_the_order_of_the_labels(tmp_path: Path) -> None:
    """Not the likeliest first: equal sets are equal cells."""
    data = rows_for(tmp_path / "rows", "classify", several_rows(40))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data)
    with torch.no_grad():
        last_layer(model.net).bias.copy_(torch.tensor([-4.0, 0.0, 4.0]))  # the last label is the likeliest
    asking = Asking(model, tokenizer, task, config, Calibration(thresholds=(0.0, 0.0, 0.0)), no)
    (shares,) = label_shares(model, tokenizer, map(task.asked, ROWS[:1]))
    assert [*shares] == sorted(shares)
    (said,) = WAYS["classify"].answers(asking, ROWS[:1])
    assert said == (0, ('["bill", "parcel", "thanks"]', *(f"{share:.3f}" for share in shares)))


def test_a_number_and_its_range_stay_on_the_scale(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(40))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data)
    (value,) = numbers(model, tokenizer, map(task.asked, ROWS[:1]))
    for scale, cells in (
        (None, (f"{value:.6g}", f"{value - 2:.6g}", f"{value + 2:.6g}")),
        ((value - 9, value - 1), (f"{value - 1:.6g}", f"{value - 2:.6g}", f"{value - 1:.6g}")),
        ((value + 1, value + 9), (f"{value + 1:.6g}", f"{value + 1:.6g}", f"{value + 2:.6g}")),
    ):
        asking = Asking(model, tokenizer, task, config, Calibration(reach=2.0, scale=scale), no)
        assert list(WAYS["rate"].answers(asking, ROWS[:1])) == [(0, cells)]


def test_queries_and_passages_that_are_too_long_are_told(tmp_path: Path) -> None:
    asking = asking_of(tmp_path, "search")
    told: list[Event] = []
    reading = search_way(asking, ["a box", "a lamp " * 60])
    way: Way | None = None
    while way is None:
        try:
            told.append(next(reading))
        except StopIteration as ended:
            way = ended.value
    said = list(way.answers(asking, ROWS))
    warned = [event.what for event in (*told, *said) if isinstance(event, Warned)]
    assert warned == [
        "1 of 2 passages is longer than 96 tokens, and found by their beginnings alone.",
        "1 of 3 texts is longer than 96 tokens and cut there.",
    ]
    assert len([cells for cells in said if isinstance(cells, tuple)]) == 3

"""A model with a head beside simpler ways, whatever it says of a text."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from studio.config.edit import change
from studio.data.parts.dataset import Row
from studio.evaluation.comparison import Comparison, Vectors
from studio.evaluation.judge import judge
from studio.evaluation.report import Report
from studio.evaluation.subject import Subject
from studio.events import Event, Judged
from tests.evaluation.heads import model_for, rated_rows, rows_for, several_rows
from tests.evaluation.parts import no

Returned = TypeVar("Returned")


@pytest.mark.parametrize(("kind", "rows"), [("rate", rated_rows(60)), ("classify", several_rows(60))])
def test_a_quick_fit_is_not_compared_with_itself(tmp_path: Path, kind: str, rows: list[tuple[str, str]]) -> None:
    data = rows_for(tmp_path / "rows", kind, rows)
    model, tokenizer, task, config = model_for(tmp_path / "m", kind, data)
    quick = change(config, "training.approach", "frozen")
    last = list(judge(model, tokenizer, task, data, quick, tmp_path / "run", should_stop=no))[-1]
    assert isinstance(last, Judged)
    report = Report.read(Path(last.file))
    assert [way.key for way in report.ways] == ["always", "keywords", "tuned"]
    assert all(figure.untouched is None for figure in report.figures)
    assert any("no other way to compare with" in limit for limit in report.limits)


def test_the_simpler_ways_learn_from_training_rows_alone(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data)
    comparison = Comparison.of(Subject(model, tokenizer, task, data, config, no), always="Always", quick="quick fit")
    training, test = list(data.rows("training")), list(data.rows("test"))
    given: dict[str, tuple[object, ...]] = {}

    def truth(rows: Sequence[Row]) -> list[float]:
        return [row.value or 0 for row in rows]

    def vectors(_: Subject, rows: Sequence[Row]) -> Generator[Event, None, Vectors | None]:
        yield from ()
        return [[float(row.number)] for row in rows]

    def recorded(key: str) -> Callable[..., str]:
        def way(*told: object) -> str:
            given[key] = told
            return key

        return way

    ways = comparison.simpler_ways(
        test, truth, vectors=vectors,
        always=recorded("always"), keywords=recorded("keywords"), quick=recorded("quick"),
    )  # fmt: skip
    assert returned(ways) == {"always": "always", "keywords": "keywords", "untouched": "quick"}
    known, asked = [row.input for row in training], [row.input for row in test]
    assert len(training) > 10 < len(test)
    assert not {*known} & {*asked}
    assert given == {
        "always": (truth(training), len(test)),
        "keywords": (known, truth(training), asked),
        "quick": ([[float(row.number)] for row in training], truth(training), [[float(row.number)] for row in test]),
    }


def returned(work: Generator[Event, None, Returned]) -> Returned:
    """What long work gives in the end."""
    while True:
        try:
            next(work)
        except StopIteration as ended:
            found: Returned = ended.value
            return found

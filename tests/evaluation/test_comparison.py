"""A model with a head beside simpler ways, whatever it says of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.edit import change
from studio.evaluation.judge import judge
from studio.evaluation.report import Report
from studio.events import Judged
from tests.evaluation.heads import model_for, rated_rows, rows_for, several_rows
from tests.evaluation.parts import no


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

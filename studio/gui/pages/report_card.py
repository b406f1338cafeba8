"""The report card beside the exports: what goes along with every copy.

In: a run, its history and its report. Out: pairs of words, nothing that was not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.config.automatic import Facts
from studio.config.goals import GOALS
from studio.evaluation.scores import weakest
from studio.gui import words
from studio.gui.widgets.card import Card
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.text import Text
from studio.runs.history import History
from studio.runs.run import Run

if TYPE_CHECKING:
    from studio.config.goals import GOALS
from studio.evaluation.report import Report


class ReportCard(Card):
    """Goes along with every copy."""

    def __init__(self) -> None:
        super().__init__(self.tr("Report card"))
        self.add(Text(self.tr("Goes along with every copy."), tone="soft"))
        self.body.addSpacing(6)
        self.pairs = KeyValueList()
        self.limits = Notes()
        self.add(self.pairs)
        self.body.addSpacing(6)
        self.add(self.limits)

    def show_run(self, run: Run, history: History, report: Report | None) -> None:
        """Show a run, with its report where it was judged."""
        pairs = [(self.tr("Learned from"), self._learned_from(run.facts, run))]
        if history.started is not None:
            pairs.append((self.tr("Base model"), history.started.model))
            pairs.append((self.tr("What was trained"), words.translated(run.trained)))
        pairs += self._stopped(history)
        pairs.append((self.tr("Made on"), words.day(run.created)))
        if history.seconds:
            time = self.tr("{time} on this computer").format(time=words.duration(history.worked))
            pairs.append((self.tr("Training time"), time))
        pairs += self._judged(report)
        self.pairs.set(pairs)
        self.limits.set(report.limits if report is not None else ())

    def _learned_from(self, facts: Facts, run: Run) -> str:
        rows = self.tr("{n} rows").format(n=f"{facts.rows:,}")
        if GOALS[run.config.task.kind].has_labels:
            rows += self.tr(", {n} labels").format(n=facts.labels)
        return rows

    def _stopped(self, history: History) -> list[tuple[str, str]]:
        """Of a run that was stopped before a look at what it learned, which step was kept."""
        if not history.kept_unmeasured or history.started is None:
            return []
        said = self.tr("step {step} of {total}, stopped before it was measured")
        step, total = f"{history.kept_unmeasured:,}", f"{history.started.total_steps:,}"
        return [(self.tr("As it was at"), said.format(step=step, total=total))]

    def _judged(self, report: Report | None) -> list[tuple[str, str]]:
        if report is None:
            return [(self.tr("Judged"), self.tr("not yet; the Judge page does it in a minute or two"))]
        tuned = report.tuned
        score = self.tr("{score} ({low} to {high})").format(
            score=words.score(tuned.score, report.score_unit),
            low=words.score(tuned.low, report.score_unit).removesuffix(" %"),
            high=words.score(tuned.high, report.score_unit),
        )
        pairs = [(report.score_name, score)]
        untouched = next((way for way in report.ways if way.key == "untouched"), None)
        if untouched is not None:
            pairs.append((self.tr("Untouched model"), words.score(untouched.score, report.score_unit)))
        low = weakest(report.label_scores)
        if low is not None:
            found = self.tr("{label} ({share} of its {n} test rows found)").format(
                label=low.label, share=words.whole_percent(low.recall), n=f"{low.count:,}"
            )
            pairs.append((self.tr("Weakest at"), found))
        return pairs

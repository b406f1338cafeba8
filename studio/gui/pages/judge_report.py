"""The evidence: against simpler ways, what it confuses, its surest mistakes or its least close answers.

In: a Report. Out: cards. Knows nothing of where the report comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import words
from studio.gui.widgets.bars import Bar, Bars
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chip import Chip
from studio.gui.widgets.confusion import MOST_LABELS, ConfusionTable
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.statement import Statement
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.evaluation.report import Report, Sample
    from studio.evaluation.scores import Mistake

MOST_ROWS = 40
MOST_SAMPLES = 12


class JudgeReport(QWidget):
    """A whole report on one page; long lists scroll in their card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(16)
        right.setSpacing(16)
        row.addLayout(left, 27)
        row.addLayout(right, 19)
        self.statement = Statement()
        sentence = Card(padding=24)
        sentence.add(self.statement)
        left.addWidget(sentence)
        left.addWidget(self._ways_card(), 1)
        right.addWidget(self._confusion_card())
        right.addWidget(self._figures_card(), 1)

    def _ways_card(self) -> Card:
        card = Card(self.tr("Against simpler ways"))
        self.ways = Bars(self.tr("Against simpler ways"))
        card.add(self.ways)
        card.body.addSpacing(6)
        head = QHBoxLayout()
        self.rows_title = Text(kind="card")
        self.all_rows = Button(self.tr("All mistakes"), "small", clicked=self._show_all)
        self.all_rows.hide()
        head.addWidget(self.rows_title, 1)
        head.addWidget(self.all_rows)
        card.add(head)
        self.rows = FlowScroll(spacing=0)
        self.rows.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        card.add(self.rows, 1)
        return card

    def _confusion_card(self) -> Card:
        self._axes = Text(self.tr("rows: truth · columns: answer"), tone="soft", kind="secondary")
        self.confusion_card = Card(self.tr("What it confuses"), trailing=self._axes)
        self.table = ConfusionTable(self.tr("What it confuses"))
        self.table.chosen.connect(self._show_cell)
        self.pairs = QWidget()
        self._pairs = QVBoxLayout(self.pairs)
        self._pairs.setContentsMargins(0, 0, 0, 0)
        self._pairs.setSpacing(0)
        self._hint = Text(tone="soft", kind="secondary")
        self.confusion_card.add(self.table)
        self.confusion_card.add(self.pairs)
        self.confusion_card.add(self._hint)
        return self.confusion_card

    def _figures_card(self) -> Card:
        card = Card(self.tr("In numbers"))
        scroll = FlowScroll(spacing=10)
        self.figures = KeyValueList()
        self.limits = Text(tone="soft", wrap=True)
        scroll.add(self.figures)
        scroll.add(self.limits)
        card.add(scroll, 1)
        return card

    def show_report(self, report: Report) -> None:
        """Show a report; the same one again changes nothing."""
        if report is self._report:
            return
        self._report = report
        self.statement.say(report.verdict.sentence, report.verdict.emphasis)
        self.ways.set([Bar(way.name, way.score, way.low, way.high, strong=way.is_tuned) for way in report.ways])
        self._show_confusion(report)
        self.figures.set(_figures(report))
        self.limits.setText("\n".join(report.limits))
        self._show_all()

    def _show_confusion(self, report: Report) -> None:
        labels = report.confusion.labels
        few = 0 < len(labels) <= MOST_LABELS
        self.confusion_card.setVisible(bool(labels))
        self.table.setVisible(few)
        self._axes.setVisible(few)
        self.pairs.setVisible(not few)
        if few:
            self.table.set(labels, report.confusion.counts)
            self._hint.setText(self.tr("A click on a cell shows its rows."))
            return
        _clear(self._pairs)
        for pair in report.confused[:8]:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 5, 0, 5)
            line.addWidget(Chip(pair.truth, "good"))
            line.addWidget(Text(self.tr("taken for"), tone="soft"))
            line.addWidget(Chip(pair.answer, "bad"))
            line.addStretch(1)
            show = Button(f"{pair.count:,}", "quiet", name=f"{pair.truth}, {pair.answer}: {pair.count:,}")
            show.setProperty("pair", (pair.truth, pair.answer))
            show.clicked.connect(self._show_pair)
            line.addWidget(show)
            self._pairs.addWidget(row)
        self._hint.setText(
            self.tr("The pairs mixed up most, of {n} labels. A click on the number shows the rows.").format(
                n=len(labels)
            )
        )

    def _show_pair(self) -> None:
        truth, answer = self.sender().property("pair")
        self._show_cell(truth, answer)

    def _show_cell(self, truth: str, answer: str) -> None:
        assert self._report is not None
        if truth == answer:
            count = next(score.count * score.recall for score in self._report.label_scores if score.label == truth)
            self._fill(self.tr("“{label}”: {n} rows right").format(label=truth, n=f"{round(count):,}"), [])
        else:
            found = [m for m in self._report.mistakes if (m.truth, m.answer) == (truth, answer)]
            title = self.tr("“{truth}” taken for “{answer}”").format(truth=truth, answer=answer)
            self._fill(title, [_mistake_row(mistake) for mistake in found])
        self.all_rows.show()

    def _show_all(self) -> None:
        report = self._report
        assert report is not None
        self.all_rows.hide()
        if report.kind == "classify":
            title = self.tr("Surest mistakes") if report.mistakes else self.tr("No mistakes on these rows")
            self._fill(title, [_mistake_row(mistake) for mistake in report.mistakes[:MOST_ROWS]])
        else:
            self._fill(self.tr("Least close answers"), [_sample_card(s) for s in report.samples[:MOST_SAMPLES]])

    def _fill(self, title: str, rows: list[QWidget]) -> None:
        self.rows_title.setText(title)
        self.rows.setAccessibleName(title)
        _clear(self.rows.column)
        for row in rows:
            self.rows.add(row)
        self.rows.verticalScrollBar().setValue(0)


def _figures(report: Report) -> list[tuple[str, str]]:
    shown = []
    for figure in report.figures:
        unit = f" {figure.unit}" if figure.unit else ""
        value = f"{figure.value:,.{figure.digits}f}{unit}"
        if figure.low is not None and figure.high is not None:
            value += f" ({figure.low:,.{figure.digits}f} – {figure.high:,.{figure.digits}f})"
        if figure.untouched is not None:
            value += f" · {figure.untouched:,.{figure.digits}f}{unit}"
        shown.append((figure.name, value))
    return shown


def _mistake_row(mistake: Mistake) -> QWidget:
    row = QWidget()
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    line = QHBoxLayout()
    line.setContentsMargins(0, 9, 8, 9)
    line.setSpacing(10)
    text = " ".join(mistake.text.split())
    shown = Text(text if len(text) <= 140 else text[:139] + "…", wrap=True)
    shown.setToolTip(mistake.text)
    line.addWidget(shown, 1)
    line.addWidget(Chip(mistake.truth, "good"))
    line.addWidget(Chip(mistake.answer, "bad"))
    share = Text(words.whole_percent(mistake.share), tone="soft")
    share.setFixedWidth(44)
    share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(share)
    column.addLayout(line)
    column.addWidget(HairLine())
    row.setAccessibleName(f"{text}: {mistake.truth}, {mistake.answer}, {share.text()}")
    return row


def _sample_card(sample: Sample) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 10, 8, 12)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    tr = holder.tr
    lines = [
        (tr("Asked"), sample.prompt, ""),
        (tr("Yours"), " / ".join(sample.references), "good"),
        (tr("Your model"), sample.tuned, ""),
        (tr("Untouched"), sample.untouched, "soft"),
    ]
    for number, (name, text, tone) in enumerate(lines):
        grid.addWidget(Text(name, tone="soft"), number, 0, Qt.AlignmentFlag.AlignTop)
        flat = " ".join(text.split())
        words_ = Text(flat if len(flat) <= 400 else flat[:399] + "…", tone=tone, wrap=True)
        words_.setToolTip(text)
        grid.addWidget(words_, number, 1)
    close = Text(words.whole_percent(sample.score), tone="soft")
    close.setToolTip(tr("How close the answer is to yours"))
    grid.addWidget(close, 0, 2, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(HairLine(), len(lines), 0, 1, 3)
    return holder


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()

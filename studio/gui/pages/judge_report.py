"""The evidence: against simpler ways, what it confuses, its surest mistakes or its least close answers.

In: a Report. Out: cards. Knows nothing of where the report comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from studio.config.goals import GOALS
from studio.counting import counted
from studio.evaluation.sample_words import sample_words
from studio.generation.ranges import Scale, shown
from studio.gui import words
from studio.gui.pages.judge_figures import Figures
from studio.gui.widgets.bars import Bar, Bars
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chip import Chip
from studio.gui.widgets.confusion import MOST_LABELS, ConfusionTable
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.statement import Statement
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.evaluation.report import Report, Sample
    from studio.evaluation.sample_words import SampleWords
    from studio.evaluation.scores import Miss, Mistake
    from studio.evaluation.verdict import Way

FIRST_ROWS, MOST_ROWS = 6, 60  # shown at first, and after "Show all"
FIRST_SAMPLES, MOST_SAMPLES = 3, 20
MOST_LABEL_BARS = 10
MOST_PAIRS = 8
LEAST_TEXT = 260  # pixels: with less room beside its labels, a mistake's text stands above them


class JudgeReport(QWidget):
    """A whole report on one page, which scrolls; long lists show their first rows until more are asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._later: tuple[Callable[[], QWidget], ...] = ()  # rows that are not shown yet
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._scroll = FlowScroll()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setAccessibleName(self.tr("The report"))
        whole.addWidget(self._scroll)
        inside = QWidget()
        self._scroll.add(inside)
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self._left.setSpacing(16)
        self._right.setSpacing(16)
        row.addLayout(self._left, 27)
        row.addLayout(self._right, 19)
        self.statement = Statement()
        sentence = Card(padding=24)
        sentence.add(self.statement)
        self._left.addWidget(sentence)
        self._left.addWidget(self._ways_card())
        self._right.addWidget(self._confusion_card())
        self._rows_card, self._figures_card = self._make_rows_card(), self._make_figures_card()
        self._labels_card = Card(self.tr("How often each label is found"))
        self.labels = Bars(self.tr("How often each label is found"), row=28)
        self._labels_card.add(self.labels)
        self._right.addWidget(self._labels_card)
        self._left.addStretch(1)
        self._right.addStretch(1)

    def _ways_card(self) -> Card:
        card = Card(self.tr("Against simpler ways"))
        self.ways = Bars(self.tr("Against simpler ways"))
        self.measured = Text(tone="soft", kind="secondary", wrap=True)
        card.add(self.measured)
        card.add(self.ways)
        return card

    def _make_rows_card(self) -> Card:
        card = Card()
        head = QHBoxLayout()
        self.rows_title = Text(kind="card")
        self.all_rows = Button(self.tr("All mistakes"), "small", clicked=self._show_first)
        self.all_rows.hide()
        head.addWidget(self.rows_title, 1)
        head.addWidget(self.all_rows)
        card.add(head)
        self.rows_key = Text(
            self.tr("First the right label, then what it answered, then how sure it was."),
            tone="soft", kind="secondary", wrap=True,
        )  # fmt: skip
        card.add(self.rows_key)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        card.add(self.rows)
        self.more = Button("", "small", clicked=self._show_more)
        self.more.hide()
        card.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
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
        self._hint = Text(tone="soft", kind="secondary", wrap=True)
        self.confusion_card.add(self.table)
        self.confusion_card.add(self.pairs)
        self.confusion_card.add(self._hint)
        return self.confusion_card

    def _make_figures_card(self) -> Card:
        card = Card(self.tr("In numbers"))
        self.figures = Figures()
        self.limits = Notes()
        card.add(self.figures)
        card.body.addSpacing(6)
        card.add(self.limits)
        return card

    def _place(self, *, sorts: bool) -> None:
        # What a sorting model got wrong stands below its bars; written answers need the room of a whole column.
        for column in (self._left, self._right):
            for card in (self._rows_card, self._figures_card):
                column.removeWidget(card)
        (self._left if sorts else self._right).insertWidget(2 if sorts else 0, self._rows_card)
        (self._right if sorts else self._left).insertWidget(1 if sorts else 2, self._figures_card)

    def show_report(self, report: Report) -> None:
        """Show a report; the same one again changes nothing."""
        if report is self._report:
            return
        self._report = report
        self.statement.say(report.verdict.sentence, report.verdict.emphasis)
        self.ways.set([_bar(way, report.score_unit) for way in report.ways])
        self.measured.setText(report.score_name)
        self._show_confusion(report)
        self._place(sorts=not report.samples)
        weakest = sorted(report.label_scores, key=lambda label: label.recall)[:MOST_LABEL_BARS]
        self.labels.set([Bar(label.label, label.recall) for label in weakest])
        self._labels_card.setVisible(bool(weakest))
        self.figures.show_figures(report.figures)
        self.limits.set(report.limits)
        self._show_first()
        self._scroll.verticalScrollBar().setValue(0)

    def _show_confusion(self, report: Report) -> None:
        confusion = report.confusion
        self.confusion_card.setVisible(confusion is not None)
        if confusion is None:
            return
        labels = confusion.labels
        few = len(labels) <= MOST_LABELS
        self.table.setVisible(few)
        self._axes.setVisible(few)
        self.pairs.setVisible(not few)
        if few:
            self.table.set(labels, confusion.counts)
            self._hint.setText(self.tr("A click on a cell shows its rows."))
            return
        _clear(self._pairs)
        shown = report.confused[:MOST_PAIRS]
        for pair in shown:
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
        others = report.wrong - sum(pair.count for pair in shown)
        if others > 0:
            more = counted(others, self.tr("and {count} more mistake"), self.tr("and {count} more mistakes"))
            self._pairs.addWidget(Text(more, tone="soft"))
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
            self._fill(title, [partial(_MistakeRow, mistake) for mistake in found])
        self.all_rows.show()
        QTimer.singleShot(0, self, self._show_rows)  # the rows have their places after this click

    def _show_rows(self) -> None:
        self._scroll.ensureWidgetVisible(self._rows_card, 0, 0)

    def _show_first(self) -> None:
        report = self._report
        assert report is not None
        self.all_rows.hide()
        self._rows_card.setVisible(bool(report.samples) or not GOALS[report.kind].whole_text)
        if report.misses:
            scale = Scale(*report.scale) if report.scale else None
            self._fill(self.tr("Furthest off"), [partial(_MissRow, miss, scale) for miss in report.misses[:MOST_ROWS]])
        elif not report.samples:
            title = self.tr("Surest mistakes") if report.mistakes else self.tr("No mistakes on these rows")
            self._fill(title, [partial(_MistakeRow, mistake) for mistake in report.mistakes[:MOST_ROWS]])
        else:
            told = sample_words(report.kind, report.score_name)
            rows = [partial(_sample_card, sample, told) for sample in report.samples[:MOST_SAMPLES]]
            self._fill(words.translated(told.title), rows, first=FIRST_SAMPLES)

    def _fill(self, title: str, rows: Sequence[Callable[[], QWidget]], *, first: int = FIRST_ROWS) -> None:
        """Show the first of these rows; the others are made when they are asked for."""
        self.rows_title.setText(title)
        assert self._report is not None
        self.rows_key.setVisible(bool(rows) and not (self._report.samples or self._report.misses))
        _clear(self.rows)
        for make in rows[:first]:
            self.rows.addWidget(make())
        self._later = tuple(rows[first:])
        self.more.setText(self.tr("Show {n} more").format(n=len(self._later)))
        self.more.setVisible(bool(self._later))

    def _show_more(self) -> None:
        for make in self._later:
            self.rows.addWidget(make())
        self.more.hide()


def _bar(way: Way, unit: str) -> Bar:
    """A way as a bar; an order that is the wrong way round has none."""
    score, low, high = (max(0.0, value) for value in (way.score, way.low, way.high))
    bar = Bar(way.name, score, low, high, strong=way.is_tuned, said=words.short_score(way.score, unit))
    return bar if way.has_range else bar._replace(low=None, high=None)


class _MissRow(QWidget):
    """A text, its number and the one that was given, each named."""

    def __init__(self, miss: Miss, scale: Scale | None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(0, 9, 8, 9)
        line.setSpacing(10)
        text = " ".join(miss.text.split())
        read = Text(text if len(text) <= 140 else text[:139] + "…", wrap=True)
        read.setToolTip(miss.text)
        line.addWidget(read, 1)
        truth, given = f"{miss.truth:g}", shown(miss.given, scale)
        line.addWidget(Chip(self.tr("yours {number}").format(number=truth), "good"))
        line.addWidget(Chip(self.tr("model {number}").format(number=given), "bad"))
        column.addLayout(line)
        column.addWidget(HairLine())
        told = self.tr("{text}: it is {truth}, it was given {given}")
        self.setAccessibleName(told.format(text=text, truth=truth, given=given))


class _MistakeRow(QWidget):
    """A text, its right label, what was answered and how sure: in one line, or in two where there is little room."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.line.setContentsMargins(0, 9, 8, 9)
        self.line.setSpacing(10)
        text = " ".join(mistake.text.split())
        shown = Text(text if len(text) <= 140 else text[:139] + "…", wrap=True)
        shown.setToolTip(mistake.text)
        self.line.addWidget(shown, 1)
        labels = QHBoxLayout()
        labels.setSpacing(10)
        labels.addWidget(Chip(mistake.truth, "good"))
        labels.addWidget(Chip(mistake.answer, "bad"))
        labels.addStretch(1)
        share = Text(words.whole_percent(mistake.share), tone="soft")
        share.setFixedWidth(44)
        share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        labels.addWidget(share)
        self.line.addLayout(labels)
        self._labels = labels
        column.addLayout(self.line)
        column.addWidget(HairLine())
        self.setAccessibleName(f"{text}: {mistake.truth}, {mistake.answer}, {share.text()}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() - self._labels.sizeHint().width() < LEAST_TEXT
        self.line.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.line.setSpacing(6 if narrow else 10)


def _sample_card(sample: Sample, told: SampleWords) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 10, 8, 12)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    lines = [
        (told.asked, sample.prompt, ""),
        (told.known, " / ".join(sample.references), "good"),
        (told.tuned, sample.tuned, ""),
        (told.untouched, sample.untouched, "soft"),
    ]
    for number, (name, text, tone) in enumerate(lines):
        grid.addWidget(Text(words.translated(name), tone="soft"), number, 0, Qt.AlignmentFlag.AlignTop)
        flat = " ".join(text.split())
        words_ = Text(flat if len(flat) <= 400 else flat[:399] + "…", tone=tone, wrap=True)
        words_.setToolTip(text)
        grid.addWidget(words_, number, 1)
    close = Text(told.short(sample.score), tone="soft")
    close.setToolTip(words.translated(told.told(sample.score)))
    grid.addWidget(close, 0, 2, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(HairLine(), len(lines), 0, 1, 3)
    return holder


def _clear(layout: QLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()

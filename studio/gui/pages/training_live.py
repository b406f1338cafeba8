"""A run as it learns, or as it learned: curves, figures, examples and what happened.

In: a History, live or replayed. Out: the same picture for both. Knows nothing of how the run came about.
"""

from __future__ import annotations

import math
from itertools import groupby, pairwise

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio.events import Finished
from studio.gui import words
from studio.gui.pages.training_ready import ReadyCard
from studio.gui.training_words import about_best, about_first_fit, about_look
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chart import CurveChart, Style
from studio.gui.widgets.film_strip import FilmStrip
from studio.gui.widgets.legend import Legend
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.text import Text
from studio.runs.history import History, Line

SIDE = 356
LOW = 640  # pixels: below this height the log needs some of the score's room …
LEAST = 530  # … and below this one all of the curve's, and that of the figures, which fold in
LOG_LINES = 200
FEW_SECONDS = 5.0
FAR = 3.0  # times the highest of all but the rarest losses: what lies above is cut off, or it would flatten the rest
RAW_POINTS = 240  # more would be a blot


class LossCard(Card):
    """The loss of training, smoothed over its raw values, and of the watching rows; both with their last value."""

    def __init__(self) -> None:
        self.legend = Legend()
        super().__init__(self.tr("Loss"), trailing=self.legend)
        self.chart = CurveChart(
            self.tr("Loss over the steps"),
            {
                "raw": Style("accent", 1, 0.3, most=RAW_POINTS),
                "training": Style("accent", 2),
                "watching": Style("second", 2, dots=True),
            },
        )
        self.chart.setMinimumHeight(150)
        self.add(Text(self.tr("How surprised the model is; lower is better."), tone="soft", kind="secondary"))
        self.add(self.chart, 1)

    def show_history(self, history: History) -> None:
        """Redraw."""
        looks = history.looks
        self.chart.set_curve("raw", history.steps, history.losses)
        self.chart.set_curve("training", history.steps, history.smoothed)
        self.chart.set_curve("watching", [look.step for look in looks], [look.loss for look in looks])
        training = f" {history.smoothed[-1]:.3g}" if history.smoothed else ""
        watching = f" {looks[-1].loss:.3g}" if looks else ""
        low, high = _loss_range(history)
        peak = max((loss for loss in history.losses if math.isfinite(loss)), default=high)
        if peak > high:  # it would flatten everything else
            training += self.tr(" (peaks up to {loss} cut off)").format(loss=f"{peak:.3g}")
        entries = [("accent", self.tr("training") + training, False)] if history.steps else []
        self.legend.set_entries([*entries, ("second", self.tr("watching rows") + watching, True)])
        self.chart.set_range(last_step=_last_step(history), low=low, high=high)
        if history.steps:
            said = self.tr("training {loss} at step {step}").format(
                loss=f"{history.smoothed[-1]:.3g}", step=f"{history.step:,}"
            )
            self.chart.setAccessibleDescription(said)


class OneFitCard(Card):
    """In the place of the curves of a run without steps: why there are none."""

    def __init__(self) -> None:
        super().__init__(self.tr("Fitted at once"))
        self.words = Text(tone="soft", wrap=True)
        self.add(self.words)

    def show_history(self, history: History) -> None:
        """Say what was fitted."""
        there_are = self.tr("There are no steps, and so no curve; other presets train the whole model in steps.")
        self.words.setText(f"{about_first_fit(history)} {there_are}")


class ScoreCard(Card):
    """The one big number, and how it grew."""

    def __init__(self) -> None:
        super().__init__(padding=20)
        self.body.setSpacing(2)
        self.name, self.value = Text(tone="soft", wrap=True), Text("–", kind="big")
        self.when = Text(tone="soft", kind="secondary", wrap=True)
        self.chart = CurveChart(
            self.tr("Score over the steps"), {"score": Style("good", 2)}, label=words.whole_percent, small=True
        )
        self.add(self.name)
        self.add(self.value)
        self.add(self.when)
        self.body.addSpacing(8)
        self.add(self.chart)

    def show_history(self, history: History, reference: tuple[float, str] | None) -> None:
        """Redraw; `reference` is the score of a simpler way, where it is known."""
        started, best = history.started, history.best
        self.name.setText(self._name_of(started.score_name) if started is not None else self.tr("Score"))
        shown = best or (history.looks[-1] if history.looks else None)
        unit = history.score_unit
        self.value.setText(words.score(shown.score, unit) if shown is not None else "–")
        self.value.setAccessibleName(f"{self.name.text()}: {self.value.text()}")
        self.when.setText(about_look(history, shown) if shown is not None else "")
        is_first = shown is not None and shown.step == 0
        self.when.setToolTip(about_first_fit(history) if is_first else "")
        scores = [look.score for look in history.looks]
        self.chart.set_curve("score", [look.step for look in history.looks], scores)
        known = [*scores, *([reference[0]] if reference is not None else [])]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        margin = max(0.02, (high - low) * 0.12)
        self.chart.set_label(lambda value: words.short_score(value, unit))
        least = 0.0 if unit == "%" else -1.0
        self.chart.set_range(last_step=_last_step(history), low=max(least, low - margin), high=high + margin)
        self.chart.set_reference(reference[0] if reference else None, reference[1] if reference else "")

    def _name_of(self, score: str) -> str:
        if score == "accuracy":
            return self.tr("Right on watching rows")
        return self.tr("{score} on watching rows").format(score=score[:1].upper() + score[1:])


class ProgressCard(Card):
    """How far, how long still, how fast; the learning rate folds out."""

    def __init__(self) -> None:
        super().__init__(padding=20)
        self.body.setSpacing(10)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("Progress of training"))
        self.left, self.steps = Text(kind="strong"), Text(tone="soft")
        row = QHBoxLayout()
        row.addWidget(self.left, 1)
        row.addWidget(self.steps)
        self.pairs = KeyValueList()
        self.is_open = self._is_folded = False
        self.rate = CurveChart(self.tr("Learning rate over the steps"), {"rate": Style("accent", 1.5)}, small=True)
        self.rate.setFixedHeight(56)
        self.rate.hide()
        self.numbers = Text(tone="soft", kind="secondary", wrap=True)  # what few ask for
        self.numbers.hide()
        self.more = Button(self.tr("More"), "quiet", icon="chevron-right", clicked=self._unfold)
        self.add(self.bar)
        self.add(row)
        self.add(self.pairs)
        self.add(self.more)
        self.body.setAlignment(self.more, Qt.AlignmentFlag.AlignLeft)
        self.add(self.rate)
        self.add(self.numbers)

    def fold(self, is_folded: bool) -> None:
        """Whether the figures as well are shown only where they are asked for."""
        self._is_folded = is_folded
        self._arrange()

    def _unfold(self) -> None:
        self.is_open = not self.is_open
        self._arrange()

    def _arrange(self) -> None:
        self.rate.setVisible(self.is_open)
        self.numbers.setVisible(self.is_open and bool(self.numbers.text()))
        self.pairs.setVisible(self.is_open or not self._is_folded or self.more.isHidden())

    def show_history(self, history: History, *, memory: int, standing: str) -> None:
        """Redraw; `memory` is the machine's, in bytes; `standing` says how the run stands where no time is left."""
        total = int(_last_step(history))
        self.bar.setRange(0, total)
        self.bar.setValue(total if history.is_one_fit and history.ended is not None else history.step)
        self.left.setText(standing or self._how_long(history))
        steps = self.tr("{step} of {total} steps").format(step=f"{history.step:,}", total=f"{total:,}")
        if isinstance(history.ended, Finished) and history.step < total:
            steps = self.tr("after {step} of {total} steps").format(step=f"{history.step:,}", total=f"{total:,}")
        self.steps.setText(steps if history.started is not None and not history.is_one_fit else "")
        self.pairs.set(self._figures(history, memory))
        rates = history.learning_rates
        self.more.setVisible(bool(rates))
        self.more.setText(self.tr("More"))
        if rates and history.ended is None:
            self.more.setText(self.tr("Learning rate {rate}").format(rate=f"{rates[-1]:.2g}"))
        self.numbers.setText(history.number_format)
        self._arrange()
        self.rate.set_curve("rate", history.steps, rates)
        self.rate.set_range(last_step=total, low=0.0, high=max(rates, default=1.0) * 1.05)

    def _how_long(self, history: History) -> str:
        if not math.isfinite(history.eta) or not history.steps:
            return self.tr("The first step")
        if history.eta < FEW_SECONDS:
            return self.tr("A few seconds left")
        return self.tr("About {time} left").format(time=words.duration(history.eta))

    def _figures(self, history: History, memory: int) -> list[tuple[str, str]]:
        figures = []
        if history.steps:
            speed = self.tr("{n} tokens/s").format(n=f"{history.speed():,.0f}")
            figures.append((self.tr("Speed"), speed))
            figures.append((self.tr("Memory"), words.memory(history.memory[-1], memory)))
            figures.append((self.tr("Time so far"), words.duration(history.worked)))
        if history.saved:
            step = f"{history.saved[-1].step:,}"
            when = words.clock(history.saved[-1].time)
            said = when if history.is_one_fit else self.tr("step {step}, {when}").format(step=step, when=when)
            figures.append((self.tr("Last saved"), said))
        return figures


class LogCard(Card):
    """What happened, in plain language, the newest first."""

    def __init__(self) -> None:
        super().__init__(self.tr("What happened"))
        self._scroll = FlowScroll(spacing=0)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setAccessibleName(self.tr("What happened"))
        self.add(self._scroll, 1)
        self._shown: list[Line] = []

    def show_history(self, history: History) -> None:
        """Add what is new; start anew where the record is another one."""
        notes = self._lines_of(history)
        if notes[: len(self._shown)] != self._shown:
            self._clear()
        for line in notes[len(self._shown) :]:
            self._scroll.column.insertWidget(0, _log_row(line))
        self._shown = notes
        while self._scroll.column.count() > LOG_LINES:
            self._take(self._scroll.column.count() - 1)

    def _lines_of(self, history: History) -> list[Line]:
        kept = [look for look in history.looks if look.is_best]
        best = [Line(look.time, "note", about_best(history, look, former)) for former, look in pairwise(kept)]
        return _folded(sorted([*history.notes, *best], key=lambda line: line.time))

    def lines(self) -> list[str]:
        """The words on show, the newest first."""
        return [line.text for line in reversed(self._shown)]

    def _clear(self) -> None:
        while self._scroll.column.count():
            self._take(0)
        self._shown = []

    def _take(self, index: int) -> None:
        item = self._scroll.column.takeAt(index)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()  # until it is deleted it would stand under the others
            widget.deleteLater()


def _folded(lines: list[Line]) -> list[Line]:
    """What is said several times in a row stands once, with how often, at the time of the last."""
    folded = []
    for _, same in groupby(lines, key=lambda line: (line.severity, line.text)):
        *earlier, last = same
        times = QCoreApplication.translate("LogCard", "{said} ({n} times)").format(said=last.text, n=len(earlier) + 1)
        folded.append(last._replace(text=times) if earlier else last)
    return folded


def _log_row(line: Line) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    row = QHBoxLayout()
    row.setContentsMargins(0, 8, 4, 8)
    row.setSpacing(12)
    when = Text(words.clock(line.time), tone="soft")
    tone = {"note": "", "warning": "warn", "problem": "bad"}[line.severity]
    row.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(line.text, tone=tone, wrap=True), 1)
    column.addLayout(row)
    column.addWidget(HairLine())
    holder.setAccessibleName(f"{words.clock(line.time)} {line.text}")
    return holder


class TrainingLive(QWidget):
    """The whole picture of one run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_one_fit = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        left = QVBoxLayout()
        left.setSpacing(16)
        self.ready, self.loss, self.one_fit, self.strip = ReadyCard(), LossCard(), OneFitCard(), FilmStrip()
        left.addWidget(self.ready, 1)
        left.addWidget(self.loss, 1)
        left.addWidget(self.one_fit)
        left.addWidget(self.strip)
        self._below = QWidget()  # takes the room that is left where nothing grows
        left.addWidget(self._below, 1)
        row.addLayout(left, 1)
        side = QWidget()
        side.setFixedWidth(SIDE)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        self.score, self.progress, self.log = ScoreCard(), ProgressCard(), LogCard()
        right.addWidget(self.score)
        right.addWidget(self.progress)
        right.addWidget(self.log, 1)
        right.addStretch()
        self.progress.more.clicked.connect(self._make_room)
        row.addWidget(side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.score.chart.setFixedHeight(60 if self.height() < LOW else 92)
        self._make_room()

    def _make_room(self) -> None:
        is_least = self.height() < LEAST
        self.score.chart.setVisible(not is_least and not self._is_one_fit)
        self.progress.fold(is_least)
        self.log.setVisible(not (is_least and self.progress.is_open))

    def show_history(
        self,
        history: History,
        *,
        memory: int,
        reference: tuple[float, str] | None = None,
        standing: str = "",
        coming: str = "",
        is_on: bool = False,
    ) -> None:
        """Redraw everything from a history; without a step or a look there is nothing yet to draw. `standing` as for
        the ProgressCard, `coming` as for the ReadyCard; `is_on` while something works on the run."""
        is_drawn = bool(history.steps or history.looks)
        self.ready.setVisible(not is_drawn)
        is_one_fit = is_drawn and history.is_one_fit
        for card in (self.score, self.progress):
            card.setVisible(is_drawn)
        self.loss.setVisible(is_drawn and not is_one_fit)
        for part in (self.one_fit, self._below):
            part.setVisible(is_one_fit)
        self._is_one_fit = is_one_fit
        self._make_room()
        self.one_fit.show_history(history)
        self.ready.show_history(history, standing, is_on=is_on, coming=coming)
        self.loss.show_history(history)
        self.strip.show_history(history, is_on=is_on)
        self.score.show_history(history, reference)
        self.progress.show_history(history, memory=memory, standing=standing)
        self.log.show_history(history)


def _last_step(history: History) -> float:
    planned = history.started.total_steps if history.started is not None else 1
    return max(1, planned, history.step)


def _loss_range(history: History) -> tuple[float, float]:
    """From zero or a little below the lowest, to a little above the highest but for outliers far above the rest."""
    known = [*history.smoothed, *(look.loss for look in history.looks)]
    known += sorted(history.losses)[: max(1, int(len(history.losses) * 0.98))]
    finite = [loss for loss in known if math.isfinite(loss)]
    if not finite:
        return 0.0, 1.0
    finite += [loss for loss in history.losses if loss <= FAR * max(finite)]
    low, high = min(finite), max(finite)
    if low < 0.6 * high or high - low < 0.02 * high:
        return 0.0, high * 1.06
    return low - (high - low) * 0.15, high + (high - low) * 0.1

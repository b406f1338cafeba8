"""Before there is anything to draw: what is done before the first step, one line for each stage.

In: a History. Out: a calm list with ticks, and the share of the present stage where it is known. Knows nothing of how
the stages come about.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio.events import Progressed
from studio.gui.widgets.card import Card
from studio.gui.widgets.mark import MarkState, paint_mark
from studio.gui.widgets.text import Text
from studio.runs.history import History

MARK = 16  # pixels


class ReadyCard(Card):
    """The stages of getting ready; at rest one sentence in their place."""

    def __init__(self) -> None:
        super().__init__(self.tr("Before the first step"))
        self.rest = Text(tone="soft", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(14)
        self.stages: list[StageRow] = []
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.share = Text(tone="soft")
        self.add(self.rest)
        self.body.addSpacing(6)
        self.add(self._rows)
        self.body.addSpacing(6)
        self.add(self.bar)
        self.add(self.share)
        self.body.addStretch(1)

    def show_history(self, history: History, standing: str, *, is_on: bool, coming: str) -> None:
        """Show what is done and, while the run `is_on`, what goes on; `standing` says it where no stage does, and
        `coming` when there will be something to draw."""
        self.rest.setText(coming)
        # What an earlier attempt went through is over; this one begins anew.
        is_over = history.ended is not None and not history.is_preparing
        names = [] if is_over else [stage.what.rstrip("…") for stage in history.stages]
        if not history.is_preparing and standing:
            names.append(standing)
        self._show_names(names if is_on else [])
        now = history.stages[-1] if history.is_preparing and is_on else Progressed("")
        is_measuring = is_on and not history.is_preparing and bool(standing) and not is_over
        self.bar.setVisible(now.total > 0 or is_measuring)
        self.share.setVisible(now.total > 0)
        self.bar.setRange(0, 0 if is_measuring else max(1, now.total))  # 0: it moves, how far is not known
        self.bar.setValue(now.done)
        self.bar.setAccessibleName(now.what)
        self.share.setText(self.tr("{done} of {total} rows").format(done=f"{now.done:,}", total=f"{now.total:,}"))

    def _show_names(self, names: list[str]) -> None:
        while len(self.stages) < len(names):
            row = StageRow()
            self.stages.append(row)
            self._rows.addWidget(row)
        for number, row in enumerate(self.stages):
            row.setVisible(number < len(names))
            if number < len(names):
                row.show_stage(names[number], is_done=number < len(names) - 1)


class StageRow(QWidget):
    """A mark and what is done."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.mark, self.words = _Mark(), Text()
        row.addWidget(self.mark)
        row.addWidget(self.words, 1)

    def show_stage(self, name: str, *, is_done: bool) -> None:
        """Show a stage as done, or as what goes on now."""
        self.words.setText(name if is_done else f"{name}…")
        self.words.set_tone("soft" if is_done else "")
        self.mark.show_state("done" if is_done else "here")
        self.setAccessibleName(f"{name}: {self.tr('done') if is_done else self.tr('now')}")


class _Mark(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._state: MarkState = "here"
        self.setFixedSize(QSize(MARK, MARK))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_state(self, state: MarkState) -> None:
        self._state = state
        self.update()

    def paintEvent(self, _event: object) -> None:
        paint_mark(QPainter(self), QRectF(self.rect()), self._state)

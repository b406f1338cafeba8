"""How the labels are spread over the values of a column: one bar a value, parts in the labels' colours.

In: a Distribution. Out: rows of a value, its bar and its number of rows; pointing at a bar says its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget
from superqt import QFlowLayout

from studio.gui.widgets.elided import Elided
from studio.gui.widgets.legend import Legend
from studio.gui.widgets.share_bar import ShareBar
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.data.checkup.bias import Distribution

_MOST_VALUES = 6
_COLORS = ("accent", "second", "good", "warn", "bad")  # of the most frequent labels; the others share one


class LabelShares(QWidget):
    """The most frequent values only; the sentence beside it is about all of them."""

    def __init__(self, found: Distribution) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        named = found.labels[: len(_COLORS)]
        for row, value in enumerate(found.values[:_MOST_VALUES]):
            place = found.values.index(value)
            counts = [found.counts[label][place] for label in range(len(found.labels))]
            total = sum(counts)
            parts = list(zip(counts, _COLORS, strict=False))
            rest = sum(counts[len(_COLORS) :])
            told = [
                f"{label} {count / max(1, total):.0%}" for label, count in zip(named, counts, strict=False) if count
            ]
            told += [self.tr("others {share}").format(share=f"{rest / max(1, total):.0%}")] if rest else []
            bar = ShareBar(height=12)
            bar.set([*parts, (rest, "faint")], name=f"{value}: {', '.join(told)}")
            bar.setToolTip(bar.accessibleName())
            name = Elided(value, kind="secondary")
            name.setFixedWidth(96)
            grid.addWidget(name, row, 0)
            grid.addWidget(bar, row, 1)
            grid.addWidget(Text(f"{total:,}", kind="secondary", tone="soft"), row, 2)
        meanings = QWidget()
        flow = QFlowLayout(meanings)
        flow.setContentsMargins(0, 2, 0, 0)
        for label, color in zip(named, _COLORS, strict=False):
            flow.addWidget(Legend([(color, label if len(label) < 18 else f"{label[:16]}…", True)]))
        grid.addWidget(meanings, grid.rowCount(), 0, 1, 3)

"""The Data page before there is a table: a place to drop a file, and examples that ship with the program.

In: resources/samples/*.json, and a card for what was interrupted. Out: the wish to choose a file, or to open an
example.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.config import paths
from studio.gui.pages.data_interrupted import InterruptedCard
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.drop_zone import DropZone
from studio.gui.widgets.text import Text


@dataclass(frozen=True)
class Sample:
    """A finished example: its `file` in resources/samples, and its words."""

    title: str
    file: str
    rows_text: str
    time_text: str


def samples() -> tuple[Sample, ...]:
    """The examples that ship with the program, in the order of their file names."""
    found = []
    for path in sorted((paths.resources() / "samples").glob("*.json")):
        values = json.loads(path.read_text(encoding="utf-8"))
        found.append(Sample(*(str(values[name]) for name in ("title", "file", "rows_text", "time_text"))))
    return tuple(found)


class StartPanel(QWidget):
    """`button` asks for a file; `interrupted` stands above all where there is such a run."""

    def __init__(
        self, choose: Callable[[], object], open_sample: Callable[[str], object], interrupted: InterruptedCard
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        zone = DropZone(choose)
        self.button = zone.button
        interrupted.offered.connect(lambda offers: zone.button.set_kind("secondary" if offers else "primary"))
        column.addWidget(interrupted)
        column.addWidget(zone, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        for sample in samples():
            row.addWidget(SampleCard(sample, partial(open_sample, sample.file)), 1)
        column.addLayout(row)


class SampleCard(Card):
    """An example with its size, how long it takes, and a button."""

    def __init__(self, sample: Sample, opened: Callable[[], object]) -> None:
        super().__init__(sample.title)
        self.body.setSpacing(4)
        self.add(Text(sample.rows_text, tone="soft"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(10)
        name = self.tr("Open the example {title}").format(title=sample.title)
        row.addWidget(Button(self.tr("Open the example"), "small", clicked=opened, name=name))
        row.addWidget(Text(sample.time_text, tone="soft"))
        row.addStretch(1)
        self.add(row)

"""What the rows of a finding have in common, above them: its title, what follows from it, and the ways of mending it.

In: a Finding. Out: `mended` with it and a fix, `left` when all rows are wanted again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from studio.counting import counted
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.data.checkup.finding import Finding, Fix

_WIDEST = 320.0  # pixels of words on a button


class FindingBanner(QWidget):
    """Hidden where the rows of no finding are shown."""

    mended = Signal(object, object)  # Finding, Fix
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.finding: Finding | None = None
        self.title = Text(kind="strong", wrap=True)
        self._meaning = Text(kind="secondary", tone="soft", wrap=True)
        self._fix = Button("", "small", clicked=self._mend_first)
        self._more = IconButton("more", self.tr("Other ways of mending"), clicked=self._offer)
        self._cross = IconButton("close", self.tr("Show all rows"), clicked=self.left.emit)
        self._buttons = QWidget()
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 6, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self._fix)
        buttons.addWidget(self._more)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        for part in (self.title, self._meaning, self._buttons):
            words.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 12)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self._cross, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_finding(self, finding: Finding | None) -> None:
        """Say what a finding is about; None takes the words away."""
        self.finding = finding
        self.setVisible(finding is not None)
        if finding is None:
            return
        self.title.setText(finding.title)
        meaning = [finding.meaning] if finding.meaning else []
        if finding.count > len(finding.rows):
            shown = counted(len(finding.rows), self.tr("The first row is shown."), self.tr("{count} rows are shown."))
            meaning.append(shown)
        self._meaning.setText(" ".join(meaning))
        self._meaning.setVisible(bool(meaning))
        fixes = finding.fixes
        self._buttons.setVisible(bool(fixes))
        self._more.setVisible(len(fixes) > 1)
        if fixes:
            metrics = QFontMetricsF(self._fix.font())
            short = metrics.elidedText(fixes[0].title, Qt.TextElideMode.ElideRight, _WIDEST)
            self._fix.setText(short)
            self._fix.setAccessibleName(f"{fixes[0].title}: {finding.title}")

    def block(self, reason: str) -> None:
        """Why nothing can be mended right now; "" where it can."""
        self._fix.set_blocked(reason)
        self._more.setEnabled(not reason)

    def _mend_first(self) -> None:
        if self.finding is not None and self.finding.fixes:
            self.mended.emit(self.finding, self.finding.fixes[0])

    def _offer(self) -> None:
        finding = self.finding
        if finding is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for fix in finding.fixes[1:]:
            menu.addAction(fix.title.replace("&", "&&"), partial(self._mend, finding, fix))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _mend(self, finding: Finding, fix: Fix) -> None:
        self.mended.emit(finding, fix)

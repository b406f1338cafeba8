"""What a goal is for, what its table looks like and what can go wrong: a window beside the page.

In: a TaskKind; resources/help/goal.<kind>.md. Out: a window that stays open while the page is used.
"""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.config import paths
from studio.config.goals import GOALS, TaskKind
from studio.gui import words
from studio.gui.widgets.button import Button
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.prose import Prose

WIDTH, HEIGHT = 680, 660


def help_of(kind: TaskKind) -> str:
    """The help of a goal as Markdown; "" where there is none."""
    file = paths.resources() / "help" / f"goal.{kind}.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


class GoalHelp(QDialog):
    """Call `show_goal` each time; one window serves all goals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModal(False)
        self.prose = Prose()
        self.close_button = Button(self.tr("Close"), clicked=self.close)
        self.close_button.setDefault(True)
        self._scroll = scroll = FlowScroll()
        scroll.column.setContentsMargins(32, 26, 32, 12)
        scroll.add(self.prose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll, 1)
        row = QHBoxLayout()
        row.setContentsMargins(32, 8, 32, 20)
        row.addStretch(1)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self.resize(WIDTH, HEIGHT)

    def show_goal(self, kind: TaskKind) -> None:
        """Show the help of this goal, from its beginning."""
        title = words.translated(GOALS[kind].title)
        self.setWindowTitle(self.tr("How it works: {title}").format(title=title))
        self.setAccessibleName(self.windowTitle())
        self.prose.set(help_of(kind))
        self._scroll.verticalScrollBar().setValue(0)
        self.show()
        self.raise_()
        self.activateWindow()

"""The Data page before there is a table: a place to drop a file, and examples that ship with the program.

In: resources/samples/*.json, the folders of recent projects, and a card for what was interrupted. Out: the wish to
choose a file, to go on with a project, or to open an example.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.config.samples import samples
from studio.gui import theme, words
from studio.gui.pages.data.examples import Examples
from studio.gui.pages.data.interrupted import InterruptedCard
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.drop_zone import DropZone
from studio.gui.widgets.fade import Fade
from studio.gui.widgets.text import Text
from studio.gui.work import running
from studio.runs.project import PROJECT_FILE

MOST_RECENT = 4
RECENT_COLUMNS = 2


class StartPanel(QScrollArea):
    """Scrolls where the window is too low for all of it. `button` asks for a file; `interrupted` stands above all
    where there is such a run; `recent` is the card of the projects to go on with."""

    def __init__(
        self,
        choose_files: Callable[[], object],
        choose_folder: Callable[[], object],
        open_sample: Callable[[str], object],
        open_project: Callable[[Path], object],
        interrupted: InterruptedCard,
    ) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("kind", "flow")
        self.setWidget(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        zone = DropZone(choose_files, choose_folder)
        self.button = zone.button
        interrupted.offered.connect(lambda offers: zone.button.set_kind("secondary" if offers else "primary"))
        column.addWidget(interrupted)
        self.recent = RecentCard(open_project)
        interrupted.halfway.connect(self.recent.note)
        column.addWidget(zone, 1)
        column.addWidget(self.recent)
        self.examples = Examples(samples(), open_sample)
        column.addWidget(self.examples)
        self._fade = Fade(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fade.place()


class RecentCard(Card):
    """The projects that were open lately, the latest first; away where there is none."""

    def __init__(self, opened: Callable[[Path], object]) -> None:
        super().__init__(self.tr("Go on with a project"))
        self._opened = opened
        self._halfway: dict[Path, str] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        for column in range(RECENT_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.add(self._grid)
        self.hide()

    def show_projects(self, folders: Sequence[Path]) -> None:
        """Replace the list; more than four are found in the project menu."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for place, folder in enumerate(folders[:MOST_RECENT]):
            button = ProjectButton(folder, partial(self._opened, folder))
            if folder in self._halfway:
                button.say(self._halfway[folder])
            self._grid.addWidget(button, place // RECENT_COLUMNS, place % RECENT_COLUMNS)
        self.setVisible(bool(folders))

    def note(self, found: running.Halfway) -> None:
        """Tell of a project that its newest run was stopped halfway."""
        said = self.tr("stopped at step {step} of {total}").format(step=f"{found.step:,}", total=f"{found.total:,}")
        self._halfway[found.folder] = said
        for button in self.findChildren(ProjectButton):
            if button.folder == found.folder:
                button.say(said)

    def forget(self, folder: Path) -> None:
        """This project was opened: what was noted of it may be over."""
        self._halfway.pop(folder, None)


class ProjectButton(Button):
    """A project's name, shortened in its middle to the room there is, and when it was last changed."""

    def __init__(self, folder: Path, opened: Callable[[], object]) -> None:
        super().__init__("", clicked=opened)
        try:
            when = words.day((folder / PROJECT_FILE).stat().st_mtime)
        except OSError:  # it went away a moment ago; opening it says so
            when = ""
        self._title, self.folder = folder.name, folder
        self.setFont(theme.font("body"))
        self.setAccessibleName(self.tr("Open the project {name}").format(name=folder.name))
        self.setAccessibleDescription(when)
        self.setToolTip(str(folder))
        self.setMinimumWidth(160)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(12)
        self.name, self._when = Text(folder.name), Text(when, kind="secondary", tone="soft")
        for text in (self.name, self._when):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(self.name, 1)
        row.addWidget(self._when)

    def say(self, text: str) -> None:
        """Say how it stands in place of when it was changed."""
        self._when.setText(text)
        self.setAccessibleDescription(text)
        self._fit(self.width())

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 34)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        room = width - 40 - self._when.sizeHint().width()
        metrics = QFontMetricsF(theme.font("body"))
        self.name.setText(metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, room))

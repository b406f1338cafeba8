"""A file of the table that is not there any more: told above the table, with the way to find it.

In: which file is missing. Out: a band with “Find the file…”, which asks for it through `find`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.gui.widgets.band import Band
from studio.gui.widgets.button import Button


class MissingBand(Band):
    """The table itself is kept with the project, so that nothing has to be done at once."""

    def __init__(self, find: Callable[[], object]) -> None:
        self.find_it = Button(self.tr("Find the file…"), "small", clicked=find)
        super().__init__(self.find_it, kind="warn")

    def show_missing(self, file: Path | None) -> None:
        """Say which file is missing; None: all are there."""
        if file is not None:
            told = self.tr("{name} is not in {folder} any more. The table and your changes are kept.")
            folder = self.tr("the folder “{name}”").format(name=file.parent.name or str(file.parent))
            self.say(told.format(name=file.name, folder=folder))
            self.words.setToolTip(str(file))
        self.want(file is not None)

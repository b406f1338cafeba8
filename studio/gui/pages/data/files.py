"""What is done with the files of the Data page: chosen, read otherwise, read again, replaced by newer ones, saved.

In: the session, the questions that open dialogs, the page that they stand over. Out: files to read, through the
session; `told` with words about what was saved.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio.data.reading.options import ReadOptions
from studio.data.table.table import Reading
from studio.gui.ask import Ask
from studio.gui.session import Session
from studio.problems import Problem, explain

if TYPE_CHECKING:
    from studio.gui.pages.data.reading import ReadingDialog


class FileActions(QObject):
    """Belongs to a page."""

    told = Signal(str)

    def __init__(self, session: Session, ask: Ask, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._ask, self._page = session, ask, page

    def choose(self) -> None:
        """Ask for files that are a table, and read them."""
        files = self._ask.open_files(self._page, self.tr("Choose a file"))
        if files:
            self._session.import_files(files)

    def choose_folder(self) -> None:
        """Ask for a folder that holds a table, and read it."""
        folder = self._ask.choose_folder(self._page, self.tr("Choose a folder"))
        if folder is not None:
            self._session.import_file(folder)

    def take_newer(self) -> None:
        """Ask for files that take the place of the table's, and read them in the same way."""
        if self._session.table is not None:
            files = self._ask.open_files(self._page, self.tr("Choose the newer file"))
            if files:
                self._session.take_newer(files)

    def choose_test(self) -> None:
        """Ask for a file whose rows are kept for judging, and read it."""
        file = self._ask.open_file(self._page, self.tr("Choose a file to judge on"))
        if file is not None:
            self._session.import_test_file(file)

    def find_missing(self) -> None:
        """Ask where the files are that are not there any more, and read the table from them in the same way."""
        found: list[Path] = []
        folder: Path | None = None  # where the one before was found
        for file in self._session.files:
            if not os.path.exists(file) and folder is not None and (folder / file.name).exists():
                found.append(folder / file.name)
            elif not os.path.exists(file):
                chosen = self._ask.open_file(self._page, self.tr("Find {name}").replace("{name}", file.name))
                if chosen is None:
                    return
                found.append(chosen)
                folder = chosen.parent
            else:
                found.append(file)
        if found:
            self._session.take_newer(found)

    def menu(self) -> QMenu:
        """Another version of the table's file."""
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Read the file again"), self._session.read_again)
        menu.addAction(self.tr("Take a newer file…"), self.take_newer)
        return menu

    def change_reading(self) -> None:
        """Ask how the table's files are to be read."""
        from studio.flow import told_reading

        session, table = self._session, self._session.table
        if table is not None:
            files = session.files or (Path(table.reading.file),)
            dialog = self._reading(files, table.reading, told_reading(session.config))
            dialog.chosen.connect(lambda _, told: session.import_files(dialog.files, told))
            dialog.find_asked.connect(self.find_missing)

    def change_test_reading(self) -> None:
        """Ask how the file to judge on is to be read."""
        session, table = self._session, self._session.test_table
        if table is not None and session.project is not None:
            file = Path(session.config.data.test_file)
            dialog = self._reading((file,), table.reading, session.project.test_told)
            dialog.chosen.connect(lambda _, told: session.import_test_file(file, told))
            dialog.find_asked.connect(self.choose_test)

    def _reading(self, files: tuple[Path, ...], reading: Reading, told: ReadOptions) -> ReadingDialog:
        from studio.gui.pages.data.reading import ReadingDialog  # it brings in every reader

        first, *more = map(str, files)
        dialog = ReadingDialog(first, reading, told, self._page, more=more)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def save_rejected(self) -> None:
        """Ask for a file, and write the rows set aside into it."""
        from studio.data.table.write import write_rejected

        table = self._session.table
        if table is None:
            return
        kinds = self.tr("Tables (*.csv *.tsv *.jsonl *.parquet)")
        suggested = f"{Path(table.reading.file).stem}-set-aside.csv"
        file = self._ask.save_as(self._page, self.tr("Save the rows set aside"), suggested=suggested, kinds=kinds)
        if file is None:
            return
        try:
            write_rejected(table, file)
        except (Problem, OSError) as error:
            self._session.problem.emit(explain(error))
        else:
            self.told.emit(self.tr("The rows set aside were saved as {file}.").format(file=file.name))

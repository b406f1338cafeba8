"""Every question that opens a dialog, in one object that tests replace.

In: words and a parent window. Out: paths, or a yes. Knows nothing of pages or sessions.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.gui.preferences import Preferences
from studio.gui.widgets.question_dialog import QuestionDialog

TABLES = (
    "Tables and texts (*.csv *.tsv *.txt *.md *.xlsx *.xls *.xlsm *.xlsb *.ods *.json *.jsonl *.ndjson *.parquet"
    " *.arrow *.feather *.gz *.zip *.bz2 *.xz *.zst);;All files (*)"
)


class Ask:
    """Asks the person in front of the window. `None` or False is a change of mind and never an error."""

    def open_file(self, parent: QWidget | None, title: str, *, kinds: str = TABLES) -> Path | None:
        """A file to read."""
        name, _ = QFileDialog.getOpenFileName(parent, title, str(_usual_folder()), kinds)
        return _remembered(name)

    def open_files(self, parent: QWidget | None, title: str, *, kinds: str = TABLES) -> tuple[Path, ...]:
        """Files to read as one table; none is a change of mind."""
        names, _ = QFileDialog.getOpenFileNames(parent, title, str(_usual_folder()), kinds)
        return tuple(Path(name) for name in sorted(names) if _remembered(name))

    def save_as(self, parent: QWidget | None, title: str, *, suggested: str, kinds: str) -> Path | None:
        """A file to write; the dialog itself asks before an existing one is replaced."""
        name, _ = QFileDialog.getSaveFileName(parent, title, str(_usual_folder() / suggested), kinds)
        return _remembered(name)

    def choose_folder(self, parent: QWidget | None, title: str, *, start: Path | None = None) -> Path | None:
        """A folder."""
        name = QFileDialog.getExistingDirectory(parent, title, str(start or _usual_folder()))
        return Path(name) if name else None

    def confirm(
        self, parent: QWidget | None, question: str, *, explanation: str, yes: str, no: str = "", harmful: bool = False
    ) -> bool:
        """Whether to go on. `yes` names the action and `no` what happens instead; where it is `harmful`, Enter keeps
        things as they are."""
        dialog = QuestionDialog(question, explanation, yes=yes, no=no, harmful=harmful, parent=parent)
        answer = dialog.ask()
        dialog.deleteLater()
        return answer


def _usual_folder() -> Path:
    """Where the last file was, else the person's documents; never the folder that the program was started from."""
    last = Preferences().folder
    if last is not None:
        return last
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if documents and Path(documents).is_dir() else Path.home()


def _remembered(name: str) -> Path | None:
    if not name:
        return None
    Preferences().folder = Path(name).parent
    return Path(name)

"""What came of reading a file into a project that had a table: in one sentence, and where the columns are others.

In: the session's CameIn. Out: words, and a band that names the columns that are gone or new.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.counting import counted
from studio.data.checkup.finding import listed
from studio.gui.present_table import CameIn
from studio.gui.widgets.band import Band
from studio.gui.widgets.button import IconButton


def read_again_words(came: CameIn, name: str) -> str:
    """The rows as the page's head counts them, beside those that there were where it is the same file or a newer one of
    it, and what became of the changes. `name` is that of the file, or of all files; it is said where it is another."""
    now, changes = came.loaded.log.table, len(came.loaded.log.groups)
    rows = len(now.numbers)
    if came.is_same_file and came.is_same_name:
        said = counted(rows, _tr("Read again: {count} row"), _tr("Read again: {count} rows"))
    else:
        said = counted(rows, _tr("Now: {name}, {count} row"), _tr("Now: {name}, {count} rows"))
        said = said.replace("{name}", name)
    more = rows - len(came.before.numbers)
    if more and came.is_same_file:
        words = _tr("{count} more than before") if more > 0 else _tr("{count} fewer than before")
        said += ", " + words.format(count=f"{abs(more):,}")
    told = [f"{said}."]
    if changes and not came.loaded.told and came.is_same_file:
        told.append(counted(changes, _tr("Your change was made again."), _tr("Your {count} changes were made again.")))
    return " ".join(told)


def columns_words(came: CameIn) -> str:
    """Which columns are gone and which are new, and what was chosen again because of that; "" where nothing changed, or
    where the file was told to be read in another way, which shows its columns before."""
    before, now = came.before.columns, came.loaded.table.columns
    gone, new = [name for name in before if name not in now], [name for name in now if name not in before]
    if not (came.is_same_file and came.is_read_alike and (gone or new)):
        return ""
    told = [_tr("The file has other columns than before.")]
    if gone:
        told.append(_tr("Gone: {names}.").replace("{names}", listed(gone)))
    if new:
        told.append(_tr("New: {names}.").replace("{names}", listed(new)))
    if came.chosen_again:
        told.append(_tr("Text and label were chosen again; please look at them."))
    return " ".join(told)


class ColumnsBand(Band):
    """Away until a file comes with other columns; a cross takes it away."""

    def __init__(self) -> None:
        cross = IconButton("close", _tr("Close this message"), clicked=lambda: self.want(False))
        super().__init__(cross, kind="warn")

    def show_columns(self, came: CameIn | None) -> None:
        """Say what came in; None: nothing did."""
        words = columns_words(came) if came is not None else ""
        if words:
            self.say(words)
        self.want(bool(words))


def _tr(words: str) -> str:
    return QCoreApplication.translate("ReadAgain", words)

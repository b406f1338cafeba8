"""What the window remembers between two starts: appearance, recent projects, its size, the projects folder.

In: a few small choices. Out: the same ones next time, in an INI file beside the application's data. Choices about
training are not here; they belong to the project.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from studio.config import paths
from studio.gui.theme import MODES, Mode

MOST_RECENT = 8


class Preferences:
    """Reads and writes at once; a missing or odd value falls back to its default."""

    def __init__(self) -> None:
        self._file = QSettings(str(paths.home() / "settings.ini"), QSettings.Format.IniFormat)

    @property
    def appearance(self) -> Mode:
        """Light, dark, or as the desktop says."""
        found = str(self._file.value("appearance", "system"))
        return next((mode for mode in MODES if mode == found), "system")

    @appearance.setter
    def appearance(self, mode: Mode) -> None:
        self._file.setValue("appearance", mode)

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, as Qt writes it; empty at first."""
        found = self._file.value("geometry")
        return found if isinstance(found, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._file.setValue("geometry", value)

    @property
    def folder(self) -> Path | None:
        """Where a file was chosen last, if that folder is still there."""
        found = str(self._file.value("folder", ""))
        return Path(found) if found and Path(found).is_dir() else None

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._file.setValue("folder", str(folder))

    def recent(self) -> tuple[Path, ...]:
        """Project folders that were open lately and still exist, latest first."""
        found = self._file.value("recent", [])
        names = [found] if isinstance(found, str) else list(found) if isinstance(found, list) else []
        return tuple(path for path in map(Path, map(str, names)) if (path / "project.json").exists())

    def remember(self, folder: Path) -> None:
        """Put a project first among the recent ones."""
        others = [path for path in self.recent() if path != folder]
        self._file.setValue("recent", [str(path) for path in (folder, *others)][:MOST_RECENT])

    def flush(self) -> None:
        """Write to disk now."""
        self._file.sync()

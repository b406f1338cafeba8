"""A person in front of the window: drops files, presses what can be read on the screen, waits until words appear.

In: a script, a generator that yields what it waits for. Out: the exit code of the real main(), and what went wrong.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit

from studio.gui.widgets.chip import Chip
from studio.gui.window import MainWindow

Condition = Callable[[], bool]
PATIENCE = 60.0  # seconds for any single wait, on a slow machine


class Person(QObject):
    """Plays a script in the window's own event loop and closes the window at the end."""

    def __init__(self, script: Callable[[Person], Iterator[Condition]]) -> None:
        super().__init__()
        self.failure = ""
        self._steps = script(self)
        self._waiting: Condition = lambda: bool(self._windows())
        self._since = time.monotonic()
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def window(self) -> MainWindow:
        """The one window that is open; those of earlier tests may still be about, closed."""
        (window,) = self._windows()
        return window

    def _windows(self) -> list[MainWindow]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]

    def drop(self, file: Path) -> None:
        """Drop a file onto the middle of the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        copy, button, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        with warnings.catch_warnings():  # PySide calls every way to make this event deprecated
            warnings.simplefilter("ignore", DeprecationWarning)
            entering = QDragEnterEvent(QPoint(600, 400), copy, data, button, key)
        QApplication.sendEvent(self.window, entering)
        if not entering.isAccepted():
            raise LookupError(f"{file.name} may not be dropped here")
        QApplication.sendEvent(self.window, QDropEvent(QPointF(600, 400), copy, data, button, key))

    def press(self, words: str) -> None:
        """Click the visible, enabled button that says (or is named) `words`."""
        QTest.mouseClick(self._button(words), Qt.MouseButton.LeftButton)

    def can_press(self, words: str) -> Condition:
        """There is such a button, and it may be pressed."""

        def there() -> bool:
            try:
                return self._button(words).isEnabled()
            except LookupError:
                return False

        return there

    def write(self, text: str, *, where: str) -> None:
        """Type into the visible field named `where`, over what stands there."""
        kinds = (QPlainTextEdit, QLineEdit)
        fields = (field for kind in kinds for field in self.window.findChildren(kind) if field.isVisible())
        field = next((f for f in fields if where in f.accessibleName()), None)
        if field is None:
            raise LookupError(f"no field named “{where}”; there is: {self.screen()}")
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        if isinstance(field, QLineEdit):
            QTest.keyClick(field, Qt.Key.Key_Return)

    def reads(self, words: str) -> Condition:
        """These words stand somewhere on the screen."""
        return lambda: words in self.screen()

    def screen(self) -> str:
        """Everything that can be read."""
        written = [*self.window.findChildren(QLabel), *self.window.findChildren(Chip)]
        visible = [
            words.text() if isinstance(words, QLabel) else words.accessibleName()
            for words in written
            if words.isVisible()
        ]
        buttons = [f"[{button.accessibleName() or button.text()}]" for button in self._buttons()]
        return " | ".join(text for text in [*visible, *buttons] if text)

    def _buttons(self) -> list[QAbstractButton]:
        return [button for button in self.window.findChildren(QAbstractButton) if button.isVisible()]

    def _button(self, words: str) -> QAbstractButton:
        for button in self._buttons():
            if words in {button.text().replace("&", ""), button.accessibleName()}:
                return button
        raise LookupError(f"no button “{words}”")

    def _look(self) -> None:
        try:
            if self._waiting():
                self._waiting, self._since = next(self._steps), time.monotonic()
            elif time.monotonic() - self._since > PATIENCE:
                self._end(f"waited too long; the screen says: {self.screen()}")
        except StopIteration:
            self._end("")
        except Exception as error:  # whatever it is, the window must close and the test fail with it
            self._end(f"{type(error).__name__}: {error}; the screen says: {self.screen()}")

    def _end(self, failure: str) -> None:
        self.failure = failure
        self._timer.stop()
        self.window.session.shut_down()
        self.window.close()
        if failure:
            QApplication.quit()  # whatever else keeps it open

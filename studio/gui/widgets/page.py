"""How every page is laid out: a head that says the state in words, and a body of cards beside each other.

In: a title, one line of explanation, actions. Out: PageHead, Page, FlowScroll, EmptyState.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from studio.gui import theme, words
from studio.gui.widgets.button import Button
from studio.gui.widgets.fade import Fade
from studio.gui.widgets.text import Text
from studio.gui.widgets.unfolding import Unfolding


class PageHead(QWidget):
    """The title of a page, one line under it, and at the right its actions, the primary one last. What is said under
    the title wraps; with `is_short` it stays on its line and unfolds on a click."""

    def __init__(
        self,
        title: str = "",
        explanation: str = "",
        actions: Sequence[QWidget] = (),
        *,
        is_short: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        said = QVBoxLayout()
        said.setSpacing(4)
        self.title = Text(title, kind="title", wrap=True)
        self.explanation: Text | Unfolding = (
            Unfolding(explanation, tone="soft") if is_short else Text(explanation, tone="soft", wrap=True)
        )
        said.addWidget(self.title)
        said.addWidget(self.explanation)
        row.addLayout(said, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(12)
        row.addLayout(self._actions)
        row.setAlignment(self._actions, Qt.AlignmentFlag.AlignBottom)
        for action in actions:
            self._actions.addWidget(action)
        self.setMinimumHeight(50)

    def say(self, title: str, explanation: str = "") -> None:
        """Put the state of the page into words."""
        self.title.setText(words.unbroken(title))
        self.title.setAccessibleName(title)
        self.explanation.setText(explanation)


class _Inside(QWidget):
    def event(self, event: QEvent) -> bool:
        # Let the area grow as soon as the cards ask for more: left to itself it does so only with the next event, and
        # until then the cards are pressed together and their words overlap.
        done, viewport = super().event(event), self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if event.type() == QEvent.Type.LayoutRequest and area is not None:
            QCoreApplication.sendEvent(area, QEvent(QEvent.Type.LayoutRequest))
        return done

    def minimumSizeHint(self) -> QSize:
        # Where texts wrap, Qt's own is as tall as they would be in the narrowest column, and would scroll for nothing;
        # the height for the real width is asked for instead. Without such texts it is what keeps widgets from being
        # pressed together.
        hint = super().minimumSizeHint()
        return QSize(hint.width(), 0) if self.hasHeightForWidth() else hint


class _Ring(QWidget):
    """Around a column that has the keyboard, above everything in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        theme.theme().theme_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 2))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)


class FlowScroll(QScrollArea):
    """A column of cards that scrolls when it is too long, and fades out where it goes on; nothing scrolls sideways. Add
    with `add`. Where there is room to spare, the cards keep their height and stand at the top, or with `at_foot` at the
    bottom."""

    def __init__(
        self, *, spacing: int = 16, width: int = 0, at_foot: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = _Inside()
        inside.setProperty("kind", "flow")
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.column = QVBoxLayout()
        self.column.setSpacing(spacing)
        whole.addLayout(self.column)
        whole.insertStretch(0 if at_foot else 1, 1)
        self.setWidget(inside)
        self._cards_width = width
        if width:
            self.setFixedWidth(width)
            self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._fade, self._ring = Fade(self), _Ring(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def set_width(self, width: int) -> None:
        """Give the cards another width; only for a column that was made with one."""
        if width != self._cards_width:
            self._cards_width = width
            self._make_room(0, self.verticalScrollBar().maximum())

    def _make_room(self, _least: int, most: int) -> None:
        """The bar stands beside the cards and takes nothing of their width."""
        self.setFixedWidth(self._cards_width + (self.verticalScrollBar().sizeHint().width() if most else 0))

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what Tab reached from outside, which Qt does only for what is reached from within."""
        if now is not None and now is not self and self.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fade.place()
        self._ring.resize(self.size())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.show()
        self._ring.raise_()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    def go_to_top(self) -> None:
        """Show the column from its beginning."""
        self.verticalScrollBar().setValue(0)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Append a card."""
        self.column.addWidget(widget, stretch)


class _Held(QWidget):
    """Gives the pages all of its room and asks nothing for them: a scroll area would make room for the height that
    they would like best."""

    def __init__(self, pages: QWidget) -> None:
        super().__init__()
        self._pages = pages
        pages.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pages.setGeometry(self.rect())


class PageFrame(QScrollArea):
    """Around the pages. A page is never laid out in less than `least` pixels of height: where a message above takes
    some of them, the page keeps its layout and scrolls. The bar stands in the pages' margin and takes no width."""

    def __init__(self, pages: QWidget, *, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        held = _Held(pages)
        held.setMinimumHeight(least)
        held.setProperty("kind", "flow")
        self.setWidget(held)
        inner = self.verticalScrollBar()
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.valueChanged.connect(inner.setValue)
        inner.valueChanged.connect(self.bar.setValue)
        inner.rangeChanged.connect(self._show_bar)
        self.bar.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)

    def _show_bar(self, _low: int, high: int) -> None:
        self.bar.setRange(0, high)
        self.bar.setPageStep(self.viewport().height())
        self.bar.setVisible(high > 0)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.verticalScrollBar().maximum() and self.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.bar.sizeHint().width()
        self.bar.setGeometry(self.width() - wide - 4, 4, wide, self.height() - 8)
        self.bar.raise_()


class Page(QWidget):
    """A page with the house's margins: `head` on top, `body` (a horizontal layout) takes the rest."""

    station = ""

    def __init__(
        self, parent: QWidget | None = None, *, actions: Sequence[QWidget] = (), is_short: bool = False
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 28)
        column.setSpacing(16)
        self.head = PageHead(actions=actions, is_short=is_short)
        self.body = QHBoxLayout()
        self.body.setSpacing(20)
        column.addWidget(self.head)
        column.addLayout(self.body, 1)


class EmptyState(QWidget):
    """What a page shows when there is nothing yet: a title, a sentence, and one button."""

    def __init__(
        self, title: str, text: str, button: str = "", clicked: Callable[[], object] | None = None,
        *, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        self.title = Text(title, kind="heading")
        self.words = Text(text, tone="soft", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words.setMaximumWidth(460)
        self.words.setMinimumWidth(320)
        column.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        # Between stretches and not aligned: an aligned item gets its size hint, which is one line too low for a width
        # that its words have to be wrapped to.
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.words, 100)
        line.addStretch(1)
        column.addLayout(line)
        self.button = Button(button, "primary", clicked=clicked)
        column.addSpacing(12)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.setVisible(bool(button))
        column.addStretch(1)
        self.setAccessibleName(title)

    def say(self, title: str, text: str, button: str = "") -> None:
        """Put another state into words; without `button` there is nothing to press."""
        self.title.setText(title)
        self.words.setText(text)
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(title)

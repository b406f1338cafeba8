"""The look, once: colours, type, spacing, icons, and the style sheet made from them.

In: the user's choice (system, light, dark) and what the desktop says. Out: `color`, `font`, `icon`, and
one `theme_changed` signal. Knows nothing of pages; everything that paints asks here, so a switch needs no
restart. What is hidden meanwhile, such as the other pages, is restyled when it is shown: Qt takes a millisecond for
each widget, and several times as much through the application's own style sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from string import Template
from typing import Literal, get_args
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from studio.config import paths

Mode = Literal["system", "light", "dark"]
FontKind = Literal[
    "body", "secondary", "caption", "small", "strong", "card", "lead", "brand", "heading", "title", "big", "mono"
]

MODES: tuple[Mode, ...] = get_args(Mode)
CARD_RADIUS = 12
CONTROL_RADIUS = 8

_LIGHT = {
    "window": "#F6F5F2", "surface": "#FFFFFF", "raised": "#FBFAF8", "line": "#E5E2DB",
    "text": "#1E1D1A", "soft": "#6C6860", "faint": "#9B978D",
    "accent": "#3655C9", "accent_wash": "#E8ECFA", "on_accent": "#FFFFFF", "accent_hover": "#2C48B0",
    "good": "#1F7A4D", "good_wash": "#DDF1E4", "warn": "#8F5B00", "warn_wash": "#FBEFD6",
    "bad": "#B23A2E", "bad_wash": "#F9E0DC", "second": "#D07A2D",
    "plum": "#8A3A86", "plum_wash": "#F5E4F4", "teal": "#0E6E7C", "teal_wash": "#D9EFF2",
}  # fmt: skip
_DARK = {
    "window": "#161614", "surface": "#1F1F1C", "raised": "#262622", "line": "#35342F",
    "text": "#ECEAE3", "soft": "#A5A197", "faint": "#77746B",
    "accent": "#8CA0F5", "accent_wash": "#2A3050", "on_accent": "#12131A", "accent_hover": "#A3B3F8",
    "good": "#6CCB95", "good_wash": "#1D3A2A", "warn": "#E2B35A", "warn_wash": "#3C3018",
    "bad": "#EE8577", "bad_wash": "#452520", "second": "#E29A57",
    "plum": "#DC9BD8", "plum_wash": "#412641", "teal": "#6CC5D3", "teal_wash": "#18373D",
}  # fmt: skip

# pixels at 100 %, weight (css), letter spacing in percent
_TYPE: dict[FontKind, tuple[float, int, float]] = {
    "body": (13, 400, 100), "secondary": (12, 400, 100),
    "caption": (11.5, 400, 100), "small": (11, 500, 100),
    "strong": (13, 600, 100), "card": (13.5, 600, 100), "lead": (16.5, 400, 100),
    "brand": (14.5, 700, 99.5), "heading": (17, 600, 99.5),
    "title": (22, 700, 98.5), "big": (30, 700, 98.5), "mono": (12, 400, 100),
}  # fmt: skip


class Theme(QObject):
    """The one theme of the running window. `theme_changed` fires after everything in sight has been restyled."""

    theme_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode: Mode = "system"
        self.is_dark = False
        self._applied = False
        self._parts = WeakKeyDictionary[QWidget, bool]()  # and whether each wears the dark colours
        self._whole_is_dark = False  # what the application's own style sheet wears

    def apply(self, mode: Mode) -> None:
        """Style the application for `mode` now; "system" follows the desktop from here on."""
        hints = QGuiApplication.styleHints()
        wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        if not self._applied:
            QApplication.setStyle("Fusion")
            QApplication.setFont(font("body"))
            hints.colorSchemeChanged.connect(self._desktop_changed)
        self.mode = mode
        hints.setColorScheme(wanted.get(mode, Qt.ColorScheme.Unknown))
        self._restyle()

    def dress(self, part: QWidget) -> None:
        """Restyle this part of a window by itself from now on: whenever the theme changes, at once if it is visible."""
        self._parts[part] = self._whole_is_dark
        self.put_on(part)

    def put_on(self, part: QWidget) -> None:
        """Give a part of a window that is about to be shown the colours in force; for one that wears them, or that is
        not dressed by itself, there is nothing to do."""
        if self._parts.get(part, self.is_dark) != self.is_dark:
            self._parts[part] = self.is_dark
            part.setStyleSheet(_style_sheet())

    def _desktop_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self.mode == "system":
            QTimer.singleShot(0, self, self._restyle)  # after Qt has put in its own palette

    def _restyle(self) -> None:
        dark = self.mode == "dark" or (
            self.mode == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        parts = [part for part in self._parts if isValid(part)]
        in_sight = [part for part in parts if part.isVisible() and not part.isWindow()]
        if self._applied and dark == self.is_dark and (in_sight or self._whole_is_dark == dark):
            return
        self.is_dark, self._applied = dark, True
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setPalette(_palette())
        if in_sight:
            self._restyle_parts(app, parts)
        else:  # there is no window yet, and little to restyle
            self._whole_is_dark = dark
            app.setStyleSheet(_style_sheet())
            for part in parts:
                self._parts[part] = dark if not part.styleSheet() else self._parts[part]
                self.put_on(part)
        self.theme_changed.emit()

    def _restyle_parts(self, app: QApplication, parts: Sequence[QWidget]) -> None:
        for window in app.topLevelWidgets():  # such as a dialog that stands open while the desktop turns dark
            if window.isVisible() and not any(part.window() is window for part in parts):
                window.setStyleSheet(_style_sheet())
        for part in parts:
            if part.isVisible():
                self.put_on(part)


@cache
def theme() -> Theme:
    """The one Theme; made at first use."""
    return Theme()


def tokens() -> dict[str, str]:
    """The colours in force, by name, as #RRGGBB."""
    return _DARK if theme().is_dark else _LIGHT


def color(name: str, alpha: float = 1.0) -> QColor:
    """A colour token ("accent", "line", "good_wash" ...) of the theme in force."""
    found = QColor(tokens()[name])
    found.setAlphaF(alpha)
    return found


@cache
def font(kind: FontKind = "body") -> QFont:
    """A step of the type scale, with tabular figures. Inter where it is installed, else the system's font."""
    pixels, weight, spacing = _TYPE[kind]
    if kind == "mono":
        found = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    else:
        found = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        if "Inter" in QFontDatabase.families():
            found = QFont("Inter")
    found.setPointSizeF(pixels * 72 / _logical_dpi())  # points, because pixel sizes are whole numbers only
    found.setWeight(QFont.Weight(weight))
    found.setLetterSpacing(QFont.SpacingType.PercentageSpacing, spacing)
    found.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    found.setFeature(QFont.Tag("tnum"), 1)
    return found


def _logical_dpi() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.logicalDotsPerInch() if screen is not None else 96.0


def pixmap(name: str, tone: str = "soft", size: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon from resources/icons, in a colour of the theme, sharp at the screen's pixel ratio."""
    return _pixmap(name, tokens()[tone], size, ratio)


@cache
def _pixmap(name: str, hex_color: str, size: int, ratio: float) -> QPixmap:
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(_svg(name).replace("currentColor", hex_color).encode())).render(
        painter, QRectF(0, 0, size, size)
    )
    painter.end()
    return image


@cache
def _svg(name: str) -> str:
    return (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def icon(name: str, tone: str = "soft", size: int = 16) -> QIcon:
    """The same as a QIcon with a faint variant for disabled controls; ask again on `theme_changed`."""
    found = QIcon()
    for ratio in (1.0, 2.0):
        found.addPixmap(pixmap(name, tone, size, ratio))
        found.addPixmap(pixmap(name, "faint", size, ratio), QIcon.Mode.Disabled)
    return found


def _style_sheet() -> str:
    """resources/theme.qss with the colours filled in. It sets no fonts: they would beat the type scale."""
    template = Template((paths.resources() / "theme.qss").read_text(encoding="utf-8"))
    icons = (paths.resources() / "icons").as_posix()
    return template.substitute(tokens(), icons=icons, mode="dark" if theme().is_dark else "light")


def _palette() -> QPalette:
    role = QPalette.ColorRole
    found = QPalette()
    for which, name in {
        role.Window: "window", role.WindowText: "text", role.Base: "surface", role.AlternateBase: "raised",
        role.Text: "text", role.Button: "surface", role.ButtonText: "text", role.BrightText: "bad",
        role.Highlight: "accent", role.HighlightedText: "on_accent", role.Accent: "accent",
        role.Link: "accent", role.LinkVisited: "accent", role.ToolTipBase: "raised", role.ToolTipText: "text",
        role.PlaceholderText: "soft", role.Mid: "line", role.Midlight: "raised", role.Dark: "line",
        role.Light: "surface", role.Shadow: "line",
    }.items():  # fmt: skip
        found.setColor(which, color(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        found.setColor(QPalette.ColorGroup.Disabled, which, color("faint"))
    return found

"""Numbers as people read them: durations, sizes, shares and times of day, each with its unit.

In: plain numbers. Out: short words. Knows nothing of widgets.
"""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)


def duration(seconds: float) -> str:
    """1 min 20 s; coarser the longer it is."""
    if not math.isfinite(seconds):
        return ""
    whole = max(0, round(seconds))
    if whole < 60:
        return _tr("{s} s").format(s=whole)
    if whole < 600:
        # a number that jumps with every step is read less than one that is a little rough
        minutes, rest = whole // 60, whole % 60 // 10 * 10
        return _tr("{m} min {s} s").format(m=minutes, s=rest) if rest else _tr("{m} min").format(m=minutes)
    if whole < 3600:
        return _tr("{m} min").format(m=round(whole / 60))
    return _tr("{h} h {m} min").format(h=whole // 3600, m=whole % 3600 // 60)


def size(number: float) -> str:
    """1.4 GB, 269 MB."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= factor:
            shown = number / factor
            return f"{shown:.1f} {unit}" if shown < 10 and unit == "GB" else f"{shown:,.0f} {unit}"
    return _tr("{n} bytes").format(n=round(number))


def memory(used: float, of: float) -> str:
    """1.4 of 16 GB, in the units in which memory is sold."""
    return _tr("{used} of {all} GB").format(used=f"{used / 2**30:.1f}", all=f"{of / 2**30:.0f}")


def percent(share: float, digits: int = 1) -> str:
    """93.4 %."""
    return f"{share * 100:.{digits}f} %"


def unbroken(said: str) -> str:
    """The same words, in which no line ends between a number and its %."""
    return said.replace(" %", "\u00a0%")


def whole_percent(share: float) -> str:
    """93 %, and never 100 % or 0 % for what only comes close."""
    shown = round(share * 100)
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 < share < 1:
        return "> 99.9 %"
    if (shown == 100 and share < 1) or (shown == 0 and share > 0):
        return percent(share)
    return f"{shown} %"


def score(value: float, unit: str) -> str:
    """93.4 % where the `unit` of a score is "%"; 0.79 where it is a number of its own, such as a rank agreement."""
    return percent(value) if unit == "%" else f"{value:.2f}"


def short_score(value: float, unit: str) -> str:
    """93 %, or 0.79."""
    return whole_percent(value) if unit == "%" else f"{value:.2f}"


def translated(said: str) -> str:
    """Words that stand in the product's data, such as a goal's title, in the language of the window."""
    return QCoreApplication.translate("Words", said)


def clock(seconds: float) -> str:
    """14:02, the time of day on this computer."""
    return time.strftime("%H:%M", time.localtime(seconds))


def day(seconds: float) -> str:
    """12 Nov, 14:02; with the year where it is another one."""
    moment = time.localtime(seconds)
    year = "" if moment.tm_year == time.localtime().tm_year else f" {moment.tm_year}"
    return f"{moment.tm_mday} {time.strftime('%b', moment)}{year}, {time.strftime('%H:%M', moment)}"


def number(value: float) -> str:
    """A setting's value, as short as it is exact: 0.0001, 5, 2e-05."""
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"

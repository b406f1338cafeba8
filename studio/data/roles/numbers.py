"""Numbers as people write them in a column: with a decimal comma, a unit, a scale or words behind them.

In: the cells of one column. Out: the NumberForm that most of them have, and the number in each cell, or None where a
cell holds no single number in that form. Nothing is guessed cell by cell: “1,234” is read as the whole column says.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Decimal = Literal[".", ","]

_SPACES = " \u00a0\u2009\u202f'’"  # what sets thousands apart, whatever the decimal sign
_SIGNED = re.compile(r"[-+−–]?\s?(?=[\d.,])")
_STARS = re.compile(r"★+☆*|\*+")
_OF = re.compile(r"(?:/|out of|of|von|sur|de|su|av|z)\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE)
_WORDS = re.compile(r"[-–:=.)(,;]*\s*(\(?[^\d/]*)")  # “5 = excellent”, “4 (good)”, “12 kg”
_SIGN_BEFORE = re.compile(r"(?:[^\w\s.,+(−–-]{1,3}|[A-Z]{2,3})\s?(?=[-+−–]?[\d.,])")  # “€ 5”, “EUR 5”
_LOOKED_AT = 5_000  # cells


@dataclass(frozen=True)
class NumberForm:
    """How the numbers of a column are written: the `decimal` sign, the end of the scale in “4/5” (`of`, "" where there
    is none), and the `unit` or sign beside them in lower case, "" where there is none or where words follow that say
    what each number means."""

    decimal: Decimal = "."
    of: str = ""
    unit: str = ""

    @property
    def written(self) -> str:
        """The form in one line, as `form_called` reads it again."""
        return json.dumps([self.decimal, self.of, self.unit], ensure_ascii=False)


def form_called(written: str) -> NumberForm:
    """The form that was `written`; the usual one for ""."""
    if not written:
        return NumberForm()
    decimal, of, unit = json.loads(written)
    return NumberForm("," if decimal == "," else ".", str(of), str(unit))


@dataclass(frozen=True)
class _Read:
    value: float
    of: str
    unit: str
    is_named: bool  # words that explain the number, as in “5 = excellent”


def form_of(cells: Sequence[str]) -> NumberForm:
    """The form of most of these cells."""
    some = [cell.strip() for cell in cells[:: max(1, len(cells) // _LOOKED_AT)] if cell.strip()]
    decimal = _decimal(some)
    found = [read for cell in some if (read := _read(cell, decimal)) is not None]
    scales = Counter(read.of for read in found if read.of)
    units = Counter(read.unit for read in found if read.unit and not read.is_named)
    of = max(scales, key=lambda scale: (scales[scale], scale), default="")
    unit = max(units, key=lambda word: (units[word], word), default="")
    return NumberForm(decimal, of, unit)


def number_in(cell: str, form: NumberForm) -> float | None:
    """The number in a cell; None where it holds none, several (a range, a date), or one in another unit or on another
    scale than the column's."""
    text = cell.strip()
    if _STARS.fullmatch(text):
        return float(text.count("★") or text.count("*"))
    read = _read(text, form.decimal)
    if read is None or (read.of and read.of != form.of) or not math.isfinite(read.value):
        return None
    if read.unit and not read.is_named and not _same_unit(read.unit, form.unit):
        return None
    return read.value


def _read(text: str, decimal: Decimal) -> _Read | None:
    """A cell taken apart, or None."""
    before = _SIGN_BEFORE.match(text)
    unit = before[0].strip().casefold() if before else ""
    rest = text[before.end() :] if before else text
    sign = _SIGNED.match(rest)
    if sign is None:
        return None
    digits = _digits(decimal).match(rest, sign.end())
    if digits is None:
        return None
    value = float(re.sub(rf"[{_SPACES}{',' if decimal == '.' else '.'}]", "", digits[0]).replace(",", "."))
    value = -value if sign[0].strip() in {"-", "−", "–"} else value
    behind = rest[digits.end() :].strip()
    scale = _OF.fullmatch(behind)
    if scale:
        return _Read(value, scale[1].replace(",", "."), unit, False)
    words = _WORDS.fullmatch(behind)
    if words is None:
        return None
    told = words[1].strip("() ").casefold()
    is_named = bool(told) and (len(told.split()) > 1 or not behind[0].isalpha()) and behind[0] not in "%°€$£¥"
    return _Read(value, "", unit or told, is_named)


def _digits(decimal: Decimal) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape("," if decimal == "." else ".")
    whole = rf"(?:\d{{1,3}}(?:[{_SPACES}{group}]\d{{3}})+(?!\d)|\d+)"
    return re.compile(rf"(?:{whole}(?:{point}\d+)?|{point}\d+)(?:[eE][-+]?\d+(?!\w))?(?![\d.,]*\d)")


def _decimal(cells: Sequence[str]) -> Decimal:
    """The sign that begins the fractions: the one that more cells can only mean so. One to two digits, or more than
    three, are never a thousand; neither are three behind a nought."""
    signs: Counter[str] = Counter()
    for cell in cells:
        for sign, other in ((",", "."), (".", ",")):
            one, two = re.escape(sign), re.escape(other)
            only = re.search(
                rf"(?<![\d{sign}{other}])(?:\d+{one}(?:\d{{1,2}}|\d{{4,}})|0{one}\d+)(?![\d{sign}{other}])", cell
            )
            both = re.search(rf"\d{two}\d{{3}}{one}\d", cell)
            signs[sign] += bool(only or both)
    return "," if signs[","] > signs["."] else "."


def _same_unit(one: str, other: str) -> bool:
    """“star” and “stars”, “Punkt” and “Punkte” are the same."""
    short, long = sorted((one.rstrip("."), other.rstrip(".")), key=len)
    return bool(short) and long.startswith(short) and len(long) - len(short) <= 2 and len(short) >= min(3, len(long))

"""What numbers, dates and times look like in a cell, in the forms of many countries.

In: cells as they stand. Out: what a number, a day and a moment are, and what the numbers of a column say. Where the
rows of a file are still to be found, blanks between digits may set cells apart: `AMOUNT` has none, `NUMBER` has them.
`COMPUTED` is the form that has one meaning everywhere: rows are sorted and summed up by such numbers alone, because
“1.234” is one thousand and more in one country and little more than one in another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

_CURRENCY = (
    r"(?:[$€£¥₹₩₽₺₴₪฿]|USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|RUB|UAH|BRL|MXN|ZAR|KRW|SGD|"
    r"HKD|ILS|AED|SAR|THB|zł|kr|Kč|Ft|лв|руб)"
)
AMOUNT = (
    rf"[-+(−]?\s?{_CURRENCY}?\s?[-+−]?(?:\d[\d.,'’\u00a0\u202f]*|[.,]\d+)(?:[eE][-+]?\d+)?"
    rf"\s?(?:[%‰)]|{_CURRENCY})?"
)
_GROUPED = rf"[-+(−]?\s?{_CURRENCY}?\s?[-+−]?\d{{1,3}}(?: \d{{3}})+(?:[.,]\d+)?\s?(?:[%‰)]|{_CURRENCY})?"
DAY = (
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}(?:\. |[- /.])[^\W\d]{3,9}\.?[-, /.]{1,2}\d{2,4}|"
    r"(?:[^\W\d]{3,9}\.?,? )?[^\W\d]{3,9}\.? \d{1,2},? \d{4}|\d{4}[年/-]\d{1,2}(?:[月/-](?:\d{1,2}日?)?)?"
)
TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp]\.?[Mm]\.?)?(?:\s?(?:Z|UTC|GMT|[-+]\d{2}:?\d{2}))?"
MOMENT = rf"(?:{DAY})(?:[T ,]\s?{TIME})?|{TIME}"
COMPUTED = r"^[ \t]*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[ \t]*$"  # what RE2 and Python understand alike
NUMBER = re.compile(rf"\s*(?:{AMOUNT}|{_GROUPED})\s*")
DAYS = re.compile(rf"\s*(?:{DAY})\s*")


def is_number(cell: str) -> bool:
    """Whether a cell is a number: “1,234.5”, “1.234,5”, “1 234,5”, “-5 %”, “€ 3”."""
    return NUMBER.fullmatch(cell) is not None


def amounts(cells: Sequence[str]) -> list[float]:
    """What the numbers of one column say; cells that are none are left out. Commas begin the fractions where a cell
    has one or two digits behind its comma, or a point and three digits before it."""
    bare = [re.sub(r"[^\d.,eE+()−-]", "", cell).replace("−", "-") for cell in cells]
    comma = any(re.search(r",\d{1,2}$|\.\d{3},", cell) for cell in bare)
    found = []
    for cell in bare:
        text = cell.replace(".", "").replace(",", ".") if comma else cell.replace(",", "")
        sign, text = (-1, text.strip("()")) if text.startswith("(") else (1, text)
        with suppress(ValueError):
            found.append(sign * float(text))
    return found

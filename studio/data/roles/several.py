"""Several labels of one text in one cell: what stands between them, and which they are.

In: the cells of a column. Out: the sign that joins labels (";", "|", ",", a line break, or "[]" for lists), and the
labels in a cell. A sign is only taken for a joint where the parts come again in other company: “Terms, conditions” that
always stand together are one label.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

LIST = "[]"
SIGNS = (LIST, "|", ";", "\n", "、", ",")  # in the order in which they are tried: the rarer in a label, the sooner
_LOOKED_AT = 5_000  # cells
_FEWEST = 3  # cells with several labels …
_LEAST_SHARE = 0.02  # … and this share of all
_LONGEST = 60  # characters of a label
_MOST = 30  # labels of one text
_ITEM = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^,\[\]'\"]+)")


def labels_in(cell: str, sign: str) -> tuple[str, ...]:
    """The labels in a cell, each once, in their order; without a sign the cell is one label, blanks and all."""
    if not sign:
        return (cell,)
    parts = _listed(cell) if sign == LIST else cell.split(sign)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def joined(labels: Sequence[str], sign: str) -> str:
    """Labels as a cell that `labels_in` takes apart again."""
    if sign == LIST:
        return json.dumps(list(labels), ensure_ascii=False)
    return (f"{sign} " if sign in ";,|" else sign).join(labels)


def sign_of(cells: Sequence[str]) -> str:
    """What joins several labels in these cells; "" where each cell looks like one label."""
    some = [cell.strip() for cell in cells[:: max(1, len(cells) // _LOOKED_AT)] if cell.strip()]
    if some and all(_is_list(cell) for cell in some):
        return LIST if any(len(labels_in(cell, LIST)) != 1 for cell in some) else ""
    return next((sign for sign in SIGNS[1:] if _joins(some, sign)), "")


def _joins(cells: Sequence[str], sign: str) -> bool:
    """Whether the parts of most cells with this sign are labels: short, and seen in other company as well."""
    parted = [labels_in(cell, sign) for cell in cells if sign in cell]
    several = [parts for parts in parted if len(parts) > 1]
    if len(several) < max(_FEWEST, _LEAST_SHARE * len(cells)):
        return False
    company: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for cell in cells:
        parts = labels_in(cell, sign)
        counts.update(parts)
        for part in parts:
            company[part].add(tuple(sorted(parts)))
    met = [part for parts in several for part in parts]
    if max(map(len, met)) > _LONGEST or max(map(len, several)) > _MOST:
        return False
    again = sum(counts[part] >= _FEWEST and len(company[part]) > 1 for part in met)
    return again >= 0.8 * len(met) and len(counts) <= max(3, len(cells) // 3)


def _is_list(cell: str) -> bool:
    return cell.startswith("[") and cell.endswith("]")


def _listed(cell: str) -> list[str]:
    """The items of a list as JSON or Python write it; a cell that is no list is one label."""
    text = cell.strip()
    if not _is_list(text):
        return [text]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = ["".join(item) for item in _ITEM.findall(text[1:-1])]
    return [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in found]

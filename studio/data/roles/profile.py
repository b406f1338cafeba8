"""The profile of a column: what its name says, and what is in its cells.

In: a column's name and some of its cells. Out: a ColumnProfile: lengths, different values, numbers, dates, codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.data.reading.given_parts import part_of
from studio.data.reading.names import Meaning, Role, is_whole_name, meaning_of, role_of
from studio.data.roles.several import LIST, sign_of
from studio.data.roles.verdict import verdict_of
from studio.data.table.values import DAYS, is_number

# Digits of any script with the signs that stand between them: numbers, and telephone numbers, ranges and codes as well,
# which are no text to learn from either.
_DIGITS = re.compile(r"\s*[-+]?[\d٠-٩۰-۹０-９][\d٠-٩۰-۹０-９.,:/\- ]*(?:[eE][-+]?\d+)?\s*%?\s*")
_DAY_AND_MORE = re.compile(
    r"(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[T ]\d{1,2}:\d{2}|\d{4}年\d+月|\w+,? \d{1,2},? \d{4}\b).*"
)
_LINK = re.compile(r"(?:https?://|www\.|ftp://|s3://|[\w.+-]+@[\w-]+\.)\S*")
_CODE = re.compile(r"[\w.:/+=-]{1,64}")  # one word; with a digit or a line in it, hardly one of a language
_QUERY = re.compile(r"\s*(?:select|with|insert|update|delete|create|def|import|function|class|#include)\b.*[()=;{*]",
                    re.IGNORECASE | re.DOTALL)  # fmt: skip
_LONGEST_DATE = 40  # characters
_LONGEST_LABEL = 60  # characters
_LONGEST_SET = 120  # characters on average of several labels together
_MOST_LABELS = 300
_MOST_NUMBERS = 20  # of a label written as a number; more are a measurement
_MOST_PARTS = 12
_BITS = frozenset({"0", "1", "0.0", "1.0"})
_INSIDE = frozenset('"[{]}-0123456789')  # what JSON may go on with after its bracket


@dataclass(frozen=True)
class ColumnProfile:
    """A column among `rows` rows. `filled` is the share of cells that are not blank; of these, `numeric`, `dates`,
    `links`, `codes` and `nested` (JSON) are the shares that are nothing else; `length` is their mean in characters.
    `joint` stands between several labels of a cell, "" where each has one."""

    name: str
    place: int
    meaning: Meaning | None
    said: Role | None
    is_whole: bool
    rows: int
    filled: float
    distinct: int
    length: float
    longest: int
    numeric: float
    dates: float
    links: float
    codes: float
    nested: float
    is_code: bool
    is_bit: bool
    is_verdict: bool
    ones: float
    fractions: float
    names_parts: bool
    joint: str = ""

    @property
    def some(self) -> bool:
        """Whether more than a few cells are filled."""
        return self.filled >= 0.01

    @property
    def is_mark(self) -> bool:
        """Whether it tells rows apart or says when and where: running codes, dates, links."""
        unique = self.distinct >= 0.95 * self.rows * self.filled and self.rows > 5
        return self.dates > 0.8 or self.links > 0.8 or (unique and self.codes > 0.95)

    @property
    def may_label(self) -> bool:
        """Few different short values, each seen several times; one named a label may still be empty in most rows."""
        most = _MOST_NUMBERS if self.numeric > 0.9 else _MOST_LABELS
        least = 1 if self.said == "label" else 2
        few = least <= self.distinct <= min(most, max(2, self.rows // 3))
        is_other = (
            (self.nested > 0.5 and self.said != "label" and not self.joint)
            or self.said in {"other", "part", "system", "earlier"}
            or self.dates > 0.5
            or self.links > 0.5
        )
        is_short = self.longest <= _LONGEST_LABEL or bool(self.joint)
        return (few or bool(self.joint)) and is_short and (self.filled >= 0.5 or self._is_begun) and not is_other

    @property
    def _is_begun(self) -> bool:
        """Named a label, and filled in for some of the rows so far, each value for several."""
        return self.said == "label" and self.some and self.distinct <= self.rows * self.filled / 3

    @property
    def may_score(self) -> bool:
        """Numbers that measure something: several of them, and named so or with fractions."""
        measures = self.numeric > 0.95 and self.distinct > 2 and self.dates < 0.5 and self.filled >= 0.5
        named = self.said in {"score", "label"}
        return measures and self.said not in {"other", "group"} and (named or self.fractions > 0.2)

    @property
    def may_be_read(self) -> bool:
        """Words, not numbers, codes or lists, and not always the same."""
        are_words = self.filled >= 0.5 and self.numeric < 0.5 and self.distinct > 1
        return are_words and not self.is_mark and self.nested < 0.5

    @property
    def weight(self) -> float:
        """How much there is to learn: different and long."""
        return self.distinct / max(1, self.rows) * self.length


def profile_of(name: str, place: int, cells: Sequence[str]) -> ColumnProfile:
    """The profile of a column with these cells."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    lengths = [len(cell) for cell in filled]
    values = set(filled)
    return ColumnProfile(
        name=name,
        place=place,
        meaning=meaning_of(name),
        said=role_of(name),
        is_whole=is_whole_name(name),
        rows=max(1, len(cells)),
        filled=len(filled) / max(1, len(cells)),
        distinct=len(values),
        length=sum(lengths) / max(1, len(lengths)),
        longest=max(lengths, default=0),
        numeric=_share(filled, _is_numeric),
        dates=_share(filled, _is_date),
        links=_share(filled, lambda cell: _LINK.fullmatch(cell) is not None),
        codes=_share(filled, _is_code),
        nested=_share(filled, lambda cell: cell[0] + cell[-1] in {"[]", "{}"} and cell[1:2] in _INSIDE),
        is_code=_share(filled[:500], lambda cell: _QUERY.match(cell) is not None) > 0.8,
        is_bit=len(values) == 2 and values <= _BITS,
        is_verdict=bool(values) and all(verdict_of(value) is not None for value in values),
        ones=_share(filled, lambda cell: cell in {"1", "1.0"}),
        fractions=_share(filled, lambda cell: "." in cell or "," in cell),
        names_parts=_names_parts(name, values),
        joint=_joint(name, filled),
    )


def _joint(name: str, cells: Sequence[str]) -> str:
    """What stands between several labels of a cell; a comma, or a list, only where the name says that these are
    labels, because words of a text may come again between commas, and lists hold anything."""
    if not cells or sum(map(len, cells)) > _LONGEST_SET * len(cells):
        return ""
    sign = sign_of(cells)
    return sign if sign not in {",", LIST} or role_of(name) == "label" else ""


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / max(1, len(cells))


def _is_numeric(cell: str) -> bool:
    return _DIGITS.fullmatch(cell) is not None or (len(cell) < _LONGEST_DATE and is_number(cell))


def _is_date(cell: str) -> bool:
    """A day, with or without a time and more words behind it; a time alone is none."""
    if len(cell) >= _LONGEST_DATE:
        return False
    return DAYS.fullmatch(cell) is not None or _DAY_AND_MORE.fullmatch(cell) is not None


def _is_code(cell: str) -> bool:
    """One word with a digit or a sign in it: a running number, a file's name, a hash."""
    return _CODE.fullmatch(cell) is not None and re.search(r"[\d_:/=]", cell) is not None


def _names_parts(name: str, values: set[str]) -> bool:
    """Whether all cells name a part, more than one of them, or the column is called so."""
    if not 1 <= len(values) <= _MOST_PARTS:
        return False
    parts = {part_of(value.replace("_", " ")) for value in values}
    return None not in parts and (len(parts) > 1 or (role_of(name) == "part" and len(values) > 1))

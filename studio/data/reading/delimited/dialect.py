"""How the cells of a file are set apart, found by trying.

In: the first lines of a file. Out: the Dialect under which most rows have the same number of cells and the cells look
like something. Every candidate is tried with the reader that will read the file, so that the judgement and the reading
cannot disagree. Not found: letters, digits, points, hyphens and slashes as delimiters, and columns of fixed width
without a blank between them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from studio.data.reading.delimited.drawn import Drawing, drawing_of
from studio.data.reading.delimited.looks import look_of
from studio.data.reading.delimited.records import placed
from studio.data.reading.delimited.signs import BLANKS, Dialect, Signs
from studio.data.reading.delimited.trial import (
    ENOUGH,
    ONE_COLUMN,
    TRUST,
    Head,
    Tried,
    cells_of,
    trust,
    try_out,
)

_TITLES = {
    ",": "comma-separated",
    ";": "semicolon-separated",
    "\t": "tab-separated",
    "|": "separated by vertical bars",
    "\x01": "separated by control characters",
    "\x1e": "separated by control characters",
    "\x1f": "separated by control characters",
    " ": "separated by blanks",
    ", ": "separated by commas and blanks",
    BLANKS: "separated by two or more blanks",
    "": "one column",
}
_CHARACTERS = 64_000  # of the head that are judged, if they hold a few lines
_FEW = 12
_DECLARED = re.compile(r'\ufeff?"?sep=(.{1,2}?)"?[\r\n]+', re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """The `dialect`, the number of columns under it, and how `certain` (0..1) it is. `second` is the delimiter that
    fits almost as well, if there is one. `skip` is 1 where the first line only names the delimiter; lines in `ruled`
    are only drawn."""

    dialect: Dialect
    width: int
    certain: float
    second: str | None = None
    skip: int = 0
    ruled: frozenset[str] = frozenset()


def title_of(delimiter: str) -> str:
    """A delimiter in words: "semicolon-separated"."""
    return _TITLES.get(delimiter, f"separated by “{delimiter}”")


def find_dialect(
    lines: Sequence[str],
    *,
    is_all: bool = True,
    delimiter: str | None = None,
    quote: str | None = None,
    begins: bool = False,
) -> Found:
    """The likeliest dialect of these first lines (`is_all`: there are no more); `delimiter` and `quote` are kept
    where they are given. `begins`: the first line is known to be the table's, so that it is no remark."""
    skip = 0
    if not begins and lines and (declared := _DECLARED.fullmatch(lines[0])):
        lines, skip = lines[1:], 1
        delimiter = declared.group(1) if delimiter is None else delimiter
    comment = "" if begins else _comment(lines)
    if comment:
        lines = [line for line in lines if not line.startswith(comment)]
    drawing = drawing_of(lines) if delimiter != "" else Drawing()
    lines = drawing.without_rules(lines)
    head = _head(lines, is_all, drawing.ruled)
    rows = len(cells_of(head, Dialect(delimiter or ",", quote or '"')))
    if rows < _FEW and len(head.lines) < len(lines):  # a few long cells
        head = Head(lines, "".join(lines), is_all, drawing.ruled)
        rows = len(cells_of(head, Dialect(delimiter or ",", quote or '"')))
    found = _framed(head, drawing) if drawing.bar and delimiter in {None, drawing.bar} else None
    found = found or _find(head, rows, delimiter, quote)
    sign = found.dialect.delimiter
    return replace(
        found,
        skip=skip,
        ruled=drawing.ruled,
        dialect=replace(found.dialect, comment=comment if sign != comment else ""),
    )


def _framed(head: Head, drawing: Drawing) -> Found | None:
    """The reading between bars; None where rows have too different numbers of cells."""
    tried = try_out(head, Dialect(drawing.bar, "", frame=drawing.frame))
    certain = min(1.0, tried.fit + 0.05) * (1.0 if drawing.ruled else 0.9)
    return Found(tried.dialect, tried.width, round(certain, 3)) if tried.fit > 0.5 else None


def _find(head: Head, rows: int, delimiter: str | None, quote: str | None) -> Found:
    if delimiter == "":
        return _one_column(head, quote, 1.0)
    tried: list[Tried] = []
    for sign in [delimiter] if delimiter is not None else _signs(head, rows):
        if not tried or tried[0].score < 1.1 * trust(sign):  # else it cannot win
            tried = sorted([*tried, _best_variant(head, sign, quote)], key=lambda t: -t.score)
    if delimiter is not None:
        return Found(tried[0].dialect, max(1, tried[0].width), 1.0)
    alone = _as_one_column(head)
    if not tried or tried[0].width < 2 or tried[0].score <= alone:
        rival = tried[0] if tried else None
        return _one_column(head, quote, _certain_alone(alone, rival), rival)
    if tried[0].first == 1:  # another sign may set the names apart as well
        tried.sort(key=lambda t: t.score <= alone or t.fit < 1.0 or t.first != t.width)
    best = tried[0]
    second = next((other for other in tried[1:] if not _is_the_same(other.dialect, best.dialect)), None)
    margin = best.score / max(alone, second.score if second else 0.0)
    close = second.dialect.delimiter if second and second.score > 0.9 * best.score else ("" if margin < 1.1 else None)
    best = _longer(head, best)
    return Found(best.dialect, best.width, _certain(head, best, margin), close)


def _comment(lines: Sequence[str]) -> str:
    """“#” where remarks that begin with it stand above the table, and rows do not begin with it."""
    filled = [line for line in lines[: 2 * ENOUGH] if not line.isspace()]
    marked = [line for line in filled if line.startswith("#")]
    above = len(list(takewhile(lambda line: line.startswith("#"), filled)))
    if not above or len(marked) > 0.7 * len(filled) or len(filled) - len(marked) < 2:
        return ""
    if len(marked) == 1 and any(marked[0].count(sign) == filled[1].count(sign) > 0 for sign in ",;\t|"):
        return ""  # the line that names the columns
    return "#"


def _certain(head: Head, best: Tried, margin: float) -> float:
    """From the share of regular rows, the lead over the next best, and the number of rows."""
    is_clear = best.dialect.quote or best.dialect.gaps or '"' not in head.text
    lead = min(1.0 if is_clear else 0.85, 0.5 + (margin - 1.0) * 1.5)
    return round(min(1.0, best.fit + 0.05) * lead * (1.0 if best.rows > 2 else 0.9 if best.rows == 2 else 0.7), 3)


def _is_the_same(other: Dialect, best: Dialect) -> bool:
    """Whether a reading is only a poorer one with the same signs: single blanks in columns, half of a double sign."""
    return best.delimiter == 2 * other.delimiter or (bool(best.gaps) and other.delimiter == " ")


def _certain_alone(alone: float, rival: Tried | None) -> float:
    return round(min(1.0, 0.5 + (alone - (rival.score if rival else 0.2))), 3)


def _head(lines: Sequence[str], is_all: bool, ruled: frozenset[str]) -> Head:
    """As many lines as are judged."""
    size = count = 0
    for count, line in enumerate(lines, start=1):
        size += len(line)
        if count >= 4 * ENOUGH or (size > _CHARACTERS and count >= _FEW):
            break
    kept = lines[:count]
    return Head(kept, "".join(kept), is_all and count == len(lines), ruled)


def _signs(head: Head, rows: int) -> list[str]:
    """The signs that stand in enough of about so many rows, the most trusted first."""
    filled = [line for line in head.lines[:200] if not line.isspace()]
    least = max(1, 0.15 * min(rows, len(head.lines)))
    found = [sign for sign in TRUST if sign != BLANKS and head.text.count(sign) >= least]
    found += [2 * sign for sign in found if sign != " " and 2.2 * head.text.count(2 * sign) >= head.text.count(sign)]
    if sum(bool(re.search(r"\S {2,}\S", line)) for line in filled[:100]) > 0.6 * len(filled[:100]) or head.gaps:
        found.append(BLANKS)
    return sorted(found, key=lambda sign: -trust(sign))


def _best_variant(head: Head, sign: str, quote: str | None) -> Tried:
    """The best reading with this delimiter: with the usual quotes, single ones, none, or escaped ones."""
    if sign == BLANKS:
        loose = try_out(head, Dialect(BLANKS, ""))
        fixed = try_out(head, Dialect(BLANKS, "", gaps=head.gaps)) if head.gaps else loose
        return loose if loose.score > 1.05 * fixed.score else fixed
    marks = [quote] if quote is not None else ['"', *(["'"] if _quoted_by(head, sign, "'") else [])]
    tried = [try_out(head, Dialect(sign, mark)) for mark in marks]
    if len(marks) > 1 and '"' not in head.text:
        tried = tried[::-1]
    for first in list(tried):
        mark = first.dialect.quote
        if mark and f"\\{mark}" in head.text and (first.fit < 1.0 or quote is None):
            escaped = try_out(head, replace(first.dialect, escape="\\"))
            if escaped.fit >= first.fit:  # else it breaks rows that are whole
                tried.append(escaped)
        if sign == " " and "  " in head.text:
            tried.append(try_out(head, replace(first.dialect, skip_blanks=True)))
        if f"\\{sign}" in head.text and first.fit < 1.0:
            tried.append(try_out(head, replace(first.dialect, escape="\\")))
        if sign != " " and mark and _has_blank_quotes(head, first.dialect):
            tried.append(try_out(head, replace(first.dialect, skip_blanks=True)))
    best = max(tried, key=lambda t: t.score)
    if best.dialect.quote and best.undoubled > 1:
        tried.append(try_out(head, replace(best.dialect, loose=True), width=_widest(head, best.dialect)))
    if quote is None and '"' in head.text and all(t.is_torn for t in tried) and not head.is_quoted_column:
        plain = try_out(head, Dialect(sign, ""))
        if plain.fit == 1.0 and not _quotes_of(head, sign, '"'):  # no quote in the file is ever closed
            return plain
        tried.append(plain)
    return max(tried, key=lambda t: t.score)


def _widest(head: Head, dialect: Dialect) -> int:
    """The commonest number of cells among all rows and those read loosely."""
    signs = Signs(replace(dialect, loose=True))
    lines = islice((line for line in head.lines if not line.isspace()), ENOUGH)
    return Counter(len(signs.loose(signs.marked(line))) for line in lines).most_common(1)[0][0]


def _has_blank_quotes(head: Head, dialect: Dialect) -> bool:
    """Whether every tenth row has a cell that begins with a blank and then a quote."""
    opening = f" {dialect.quote}"
    if f"{dialect.delimiter}{opening}" not in head.text:
        return False
    rows = [row.cells for row in islice(placed(head.lines, dialect), 100) if row.cells]
    return sum(any(cell.startswith(opening) for cell in row) for row in rows) > 0.1 * len(rows)


def _quoted_by(head: Head, sign: str, mark: str) -> bool:
    """Whether most of these marks stand around whole cells."""
    if mark not in head.text:
        return False
    whole = _quotes_of(head, sign, mark)
    return whole > 0.3 * len(head.lines) and 2 * whole > 0.6 * head.text.count(mark)


def _quotes_of(head: Head, sign: str, mark: str) -> int:
    """How many cells, each in one line, stand in these marks."""
    between = re.escape(sign)
    cell = rf"(?:^|[\r\n]|{between}) ?{mark}(?:[^{mark}\r\n]|{mark}{mark})*{mark}(?=$|[\r\n]|{between})"
    return len(re.findall(cell, head.text))


def _as_one_column(head: Head) -> float:
    """The score of one column: higher where most lines as a whole are numbers, dates, addresses or words."""
    rows = cells_of(head, Dialect("", '"'))
    lines = [row[0].strip() for row in rows if row]
    whole = sum(look_of(line) in {"number", "date", "address", "word"} and "," not in line for line in lines)
    return ONE_COLUMN + max(0.0, whole / max(1, len(rows)) - 0.5)


def _one_column(head: Head, quote: str | None, certain: float, rival: Tried | None = None) -> Found:
    quotes = [quote] if quote is not None else ['"'] if head.is_quoted_column else ['"', ""]
    best = max((try_out(head, Dialect("", mark)) for mark in quotes), key=lambda t: t.fit)
    close = rival.dialect.delimiter if rival and rival.width > 1 and certain < 0.7 else None
    return Found(best.dialect, 1, certain, close)


def _longer(head: Head, best: Tried) -> Tried:
    """The same reading with a delimiter of several characters, where every delimiter stands in the same company."""
    sign = best.dialect.delimiter
    if sign == BLANKS or len(sign) != 1 or best.fit < 0.8 or best.dialect.frame:
        return best
    between = {cell for row in cells_of(head, best.dialect) if len(row) == best.width for cell in row[1:-1:2]}
    only = between.pop() if len(between) == 1 else "x"
    if only and sign != "\t" and not any(map(str.isalnum, only)) and len(only) < 4 and best.width % 2:
        grown = sign + only + sign
    else:
        grown = _grown(list(_outside(head, best.dialect)), sign)
    if grown == sign or grown.isspace():
        return best
    longer = try_out(head, replace(best.dialect, delimiter=grown, skip_blanks=False))
    return longer if longer.width > 1 and longer.fit >= best.fit - 0.02 else best


def _outside(head: Head, dialect: Dialect) -> Iterator[str]:
    """Lines without their quoted cells."""
    quoted = re.compile(rf"{dialect.quote}[^{dialect.quote}]*{dialect.quote}") if dialect.quote else None
    for line in head.lines[:100]:
        if dialect.delimiter in line:
            yield (quoted.sub("x", line) if quoted else line).rstrip("\r\n")


def _grown(lines: Sequence[str], sign: str) -> str:
    """The longest string of signs and blanks that the sign is always part of; it may be cut off at a line's end."""
    while len(sign) < 5 and len(lines) > 1:
        pieces = [line.split(sign) for line in lines]
        after = {piece[:1] for row in pieces for piece in row[1:] if piece or piece is not row[-1]}
        before = {piece[-1:] for row in pieces for piece in row[:-1]}
        if len(after) == 1 and (right := after.pop()) and not right.isalnum() and right not in "\"'-+.$(\\\t":
            sign += right
        elif len(before) == 1 and (left := before.pop()) and not left.isalnum() and left not in "\"'.%)\\\t":
            sign = left + sign
        else:
            break
    return sign

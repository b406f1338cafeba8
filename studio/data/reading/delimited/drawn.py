"""Tables that were drawn for the eye: ruled lines, cells between bars, and columns that stand at fixed places.

In: the first lines of a file. Out: which of them are only drawn, what the bars are, and where no row has a cell.
Markdown and what databases print are of this kind, and files in columns of fixed width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Frame = Literal["", "open", "closed"]  # no bars; bars between cells; bars around rows as well
Gap = tuple[int, int]  # from this place in a line to before that one

BARS = "|│┃║"
_RULED = re.compile(r"[-=─━═┄]")
_DRAWN = re.compile(r"[-=+|:,;\s─━═┄┼╪╫╬┬╤╥╦┴╧╨╩├╞╟╠┤╡╢╣┌╒╓╔┐╕╖╗└╘╙╚┘╛╜╝╭╮╰╯│┃║]+")
_GROUPS = re.compile(r"[-=─━═┄]{3,}")
_ONE_BLOCK = re.compile(r"[^ ]* +[^ ]*")
_MOST_ABOVE = 5  # lines before the first that is only drawn, or before the columns begin
_FEWEST = 3  # lines that show where columns stand
_MOSTLY = 0.7  # of the lines that have bars
_NEARLY_ALL = 0.9
_ALIGNED = 0.75  # of the cells of a column, which end or begin at one place
_FILLED = 0.3  # of the cells
_TOGETHER = 0.07  # of the cells that look like two; where there are more, not all columns are set apart
_MANY = 8  # lines
_SHOWN = 0.1  # of the lines in which a gap is wider than one blank
_LOOKED_AT = 300
_WIDEST = 5_000  # characters of a line in columns; each place of it is looked at in all lines


@dataclass(frozen=True)
class Drawing:
    """Which lines (without their ends) are `ruled`, the sign of the bars, and how they frame the rows."""

    ruled: frozenset[str] = frozenset()
    bar: str = ""
    frame: Frame = ""

    def without_rules(self, lines: Sequence[str]) -> Sequence[str]:
        """The lines that hold something."""
        return [line for line in lines if line.rstrip("\r\n") not in self.ruled] if self.ruled else lines


def drawing_of(lines: Sequence[str]) -> Drawing:
    """What is drawn among these lines; nothing where no line near the first is ruled and rows are not framed."""
    texts = [line.rstrip("\r\n") for line in lines[:_LOOKED_AT] if not line.isspace()]
    ruled = [text for text in texts if _is_rule(text)]
    if ruled and ruled[0] not in texts[: _MOST_ABOVE + 1]:
        ruled = []
    full = [text.strip() for text in texts if text not in ruled]
    bar = next((sign for sign in BARS if sum(sign in text for text in full) > _MOSTLY * len(full)), "")
    begun = sum(text[:1] == bar and text[-1:] == bar and len(text) > 1 for text in full) if bar else 0
    if ruled and bar and any(_has_bars(text, bar) for text in ruled):
        inside = [text for text in full if bar in text]
        return Drawing(frozenset(ruled), bar, "closed" if begun > _MOSTLY * len(inside) else "open")
    if len(full) > 1 and begun == len(full) and all(f"{bar} " in text for text in full):
        return Drawing(frozenset(ruled), bar, "closed")
    return Drawing(frozenset(ruled)) if not bar else Drawing()


def _is_rule(text: str) -> bool:
    """Whether a line is only drawn, for two columns or more."""
    if not _DRAWN.fullmatch(text) or not _RULED.search(text):
        return False
    if any(sign in text for sign in BARS):
        pieces = [piece.strip(" :") for piece in text.strip().strip("|│┃║").split("|")]
        return all(piece and not piece.strip("-=─━═┄+┼ ") for piece in pieces)
    return len(_GROUPS.findall(text)) > 1


def _has_bars(ruled: str, bar: str) -> bool:
    """Whether a ruled line belongs to rows with bars: it is crossed where they stand."""
    return bar in ruled or any(sign in ruled for sign in "+┼╪╫╬├╞╟╠┬╤╥╦┴╧╨╩") or bar != "|"


def gaps_of(lines: Sequence[str], ruled: Iterable[str] = ()) -> tuple[Gap, ...]:
    """Where no line has anything, between the columns of a table whose cells stand at fixed places; none where there is
    no such table. The first lines may be a title; a `ruled` line says where columns are."""
    texts = list(dict.fromkeys(line.rstrip("\r\n").rstrip(" ") for line in lines[:_LOOKED_AT] if not line.isspace()))
    if any("\t" in text or len(text) > _WIDEST for text in texts):
        return ()
    for line in ruled:
        gaps = tuple((one.end(), two.start()) for one, two in pairwise(re.finditer(r"\S+", line)))
        if gaps and sum(at_gaps(text, gaps) is not None for text in texts) > _NEARLY_ALL * len(texts):
            return gaps
    best: tuple[Gap, ...] = ()
    for above in range(min(_MOST_ABOVE, len(texts) - _FEWEST) + 1):
        found = _gaps(texts[above:])
        cells = [cell for text in texts[above:] for cell in at_gaps(text, found) or []]
        is_whole = sum("  " in cell for cell in cells) <= _TOGETHER * len(cells)
        if (
            found
            and is_whole
            and sum(map(bool, cells)) >= _FILLED * len(cells)
            and len(found) > len(best)
            and all(_is_title(text, found) for text in texts[:above])
        ):
            best = found
    return best


def _is_title(text: str, gaps: Sequence[Gap]) -> bool:
    """Whether a line does not stand in columns, or fills few of them."""
    cells = at_gaps(text, gaps)
    return cells is None or sum(map(bool, cells)) <= 0.5 * len(cells)


def _gaps(texts: Sequence[str]) -> tuple[Gap, ...]:
    """The places that are blank in all lines, those left out that are so by chance."""
    if len(texts) < _FEWEST:
        return ()
    width = max(map(len, texts))
    padded = [text.ljust(width) for text in texts]
    columns = "".join("x" if any(text[place] != " " for text in padded) else " " for place in range(width))
    runs = [found.span() for found in re.finditer(r"(?<=x) +(?=x)", columns)]
    edges = [0, *(end for _, end in runs)], [*(start for start, _ in runs), width]
    wide = [_is_wide(texts, gap) for gap in runs]
    return tuple(
        gap
        for number, gap in enumerate(runs)
        if any(wide) and _is_gap(padded, gap, edges[0][number], edges[1][number + 1], is_wide=wide[number])
    )


def _is_wide(texts: Sequence[str], gap: Gap) -> bool:
    """Whether more than one blank stands here behind a cell, in some lines."""
    start, end = gap
    found = sum("  " in text[max(0, start - 1) : end + 1] for text in texts if len(text) > end and text[:start].strip())
    return found >= max(2, _SHOWN * len(texts))


def _is_gap(texts: Sequence[str], gap: Gap, begin: int, stop: int, *, is_wide: bool) -> bool:
    """Whether columns are set apart here (they reach from `begin` and up to `stop`): cells end before the gap or begin
    behind it in nearly all lines that have them. A gap that is not wide has both, in many lines."""
    start, end = gap
    before = [text[start - 1] != " " for text in texts if text[begin:start].strip()]
    behind = [text[end] != " " for text in texts if text[end:stop].strip()]
    last = [text[stop - 1] != " " for text in texts if text[end:stop].strip()]
    aligned = [len(side) > 1 and sum(side) >= _ALIGNED * len(side) for side in (before, behind, last)]
    if is_wide:
        return aligned[0] or aligned[1] or (aligned[2] and end - start > 1)
    return aligned[0] and aligned[1] and len(texts) >= _MANY


def at_gaps(text: str, gaps: Sequence[Gap]) -> list[str] | None:
    """A line's cells, blanks around them taken off; None where something stands in the middle of a gap."""
    cells, begin = [], 0
    for start, end in gaps:
        between = text[start:end]
        if len(text) > start and not _ONE_BLOCK.fullmatch(between):
            return None
        cut = start + max(0, between.find(" ")) if len(text) > start else len(text)
        cells.append(text[begin:cut].strip(" "))
        begin = cut
    return [*cells, text[begin:].strip(" ")]


def between_bars(text: str, bar: str, frame: Frame, escaped: str) -> list[str]:
    """A line's cells, with `escaped` for bars that a backslash makes plain characters."""
    text = text.strip(" ").replace(f"\\{bar}", escaped)
    if frame == "closed":
        text = text.removeprefix(bar).removesuffix(bar)
    return [cell.strip(" ") for cell in text.split(bar)]

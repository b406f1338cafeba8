"""Columns that hold what points to a person and that the model neither reads nor learns.

In: Rows. Out: one Finding of good news that names them, from a sample of their cells; none where nothing was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import Finding
from studio.data.checkup.masking import MASKS, WORDS, WORTH_A_LOOK, Kind, find_personal
from studio.data.checkup.privacy import regions_of
from studio.data.checkup.rows import Rows
from studio.data.checkup.scan import matching, text_columns
from studio.data.table.pages import PageReader

_COLUMNS = 200  # columns at most that are looked into
_STRETCHES, _LENGTH = 5, 60  # of rows, evenly over the table: few enough row groups to be read at once
_SEARCHED = 20  # cells of a column at most that are searched closely
_SURE: tuple[Kind, ...] = ("email", "iban")  # one of them tells; other numbers look like these by chance
_LEAST_SHARE = 0.2  # of the filled cells, for the others: one in ten long numbers passes a check digit
_NAMED = 3  # columns


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """What is in the columns that do not reach the model."""
    read = text_columns(rows)
    names = [name for name in rows.table.columns if name not in read][:_COLUMNS]
    if not read or not names or not rows.numbers:
        return
    cells = zip(*PageReader(rows.table, names).at(_sample(rows.numbers)), strict=True)
    regions = regions_of(rows)
    holding: list[tuple[str, list[Kind]]] = []
    for name, column in zip(names, cells, strict=True):
        if should_stop():
            return
        if kinds := _kinds(column, regions, should_stop):
            holding.append((name, kinds))
    if holding:
        beside = {rows.columns.part, rows.columns.group}
        yield _finding(holding, are_unused=not any(name in beside for name, _ in holding))


def _sample(numbers: Sequence[int]) -> list[int]:
    if len(numbers) <= _STRETCHES * _LENGTH:
        return list(numbers)
    starts = [place * (len(numbers) - _LENGTH) // (_STRETCHES - 1) for place in range(_STRETCHES)]
    return sorted({numbers[start + place] for start in starts for place in range(_LENGTH)})


def _kinds(cells: Sequence[str], regions: Sequence[str], should_stop: Callable[[], bool]) -> list[Kind]:
    """What these cells hold, the surest first."""
    filled = {place: cell for place, cell in enumerate(cells) if cell and not cell.isspace()}
    worth = matching(filled, WORTH_A_LOOK, should_stop)
    some = worth[:: max(1, -(-len(worth) // _SEARCHED))]
    found = [{span.kind for span in find_personal(filled[place], regions, should_stop)} for place in some]
    share = len(worth) / max(1, len(filled) * len(some))  # of the filled cells, that one of the searched stands for
    seen = {kind: sum(kind in kinds for kinds in found) for kind in MASKS}
    return [kind for kind, count in seen.items() if count and (kind in _SURE or count * share >= _LEAST_SHARE)]


def _finding(holding: Sequence[tuple[str, Sequence[Kind]]], *, are_unused: bool) -> Finding:
    told = [
        f"“{with_blanks(name)}” holds {' and '.join(WORDS[kind][1] for kind in kinds)}"
        for name, kinds in holding[:_NAMED]
    ]
    if len(holding) > _NAMED:
        told.append(f"and so on in {len(holding) - _NAMED:,} more")
    they, do = ("it is", "does") if len(holding) == 1 else ("they are", "do")
    tail = f"{they} not used and {do} not reach the model" if are_unused else "the model does not read this"
    return Finding("privacy_unused", 0, (), "good", f"{', '.join(told)}; {tail}", "", holding[0][0])

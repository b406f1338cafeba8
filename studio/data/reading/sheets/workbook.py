"""Workbooks: one sheet of an Excel or OpenDocument file becomes a table.

In: the bytes of a workbook. Out: a Source, with each cell as a person sees it there. The workbook is opened by another
process (sheets.py), and grid.py finds the table in the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.container import BETWEEN
from studio.data.reading.packed.packed import Stopped
from studio.data.reading.sheets.grid import Place, filled_cells, find_place, table_rows
from studio.data.reading.sheets.sheets import Sheet, Sheets, read_sheets, zipped_names
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.table.table import Reading
from studio.problems import Problem, Where

_BATCH = 20_000  # rows
_RIVAL = 0.5  # a second sheet with at least this share of the first one's cells might have been meant
_AS_LARGE = 0.75  # from this share of the largest sheet's cells on, the order of the sheets says more
_UNSURE = 0.7
_ANOTHER = "Choose the workbook that holds the table."


def open_workbook(
    given: Given, options: ReadOptions, *, only_head: bool = False, should_stop: Callable[[], bool] = lambda: False
) -> Workbook:
    """Choose a sheet (`options.member`, else the one with the largest table) and find the table in it. Raises a Problem
    for what cannot be opened or holds no rows, and Stopped."""
    title = _title(given.path)
    wanted = _wanted(given, options)
    sheets = read_sheets(given, wanted, only_head=only_head, should_stop=should_stop, title=title)
    if wanted is not None and wanted not in sheets.known:
        raise _no_such_sheet(given, wanted, sheets)
    places = {sheet.name: found for sheet in sheets.written if (found := _place(sheet, options))}
    filled = [sheet for sheet in sheets.written if sheet.name in places]
    if not filled:
        raise _no_rows(given, wanted, sheets)
    chosen = _likeliest(filled, sheets)
    doubts = _doubts(chosen, filled, sheets) if wanted is None else ()
    place = places[chosen.name]
    doubts = (*doubts, *place.doubts)
    if doubts:
        place = replace(place, certain=min(place.certain, _UNSURE))
    if not only_head and len(sheets.written) > 1:
        sheets = read_sheets(given, chosen.name, only_head=False, should_stop=should_stop, title=title)
        [chosen] = sheets.written
    doubts = (*doubts, *_merged(chosen, place), *_unsolved(chosen), *_rows_said(chosen))
    return Workbook(given, title, sheets, chosen, place, doubts, should_stop)


class Workbook:
    """A Source: one sheet, whose rows lie in a temporary file."""

    def __init__(
        self,
        given: Given,
        title: str,
        sheets: Sheets,
        sheet: Sheet,
        place: Place,
        doubts: Sequence[str],
        should_stop: Callable[[], bool],
    ) -> None:
        self._given = given
        self._title = title
        self._sheets = sheets
        self._sheet = sheet
        self._place = place
        self._doubts = doubts
        self._should_stop = should_stop
        self._below = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names."""
        return self._place.names

    def head(self, rows: int) -> Portion:
        """The first rows; what stands below the table is only told apart where the whole sheet was looked at."""
        sheet = self._sheet
        taken = table_rows(sheet.head, sheet.top, self._place, is_all=sheet.is_all, unsolved=sheet.unsolved)
        return next(self._portioned(taken, rows), Portion(()))

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        rows = (row for chunk in self._sheets.rows(self._sheet) for row in self._unless_stopped(chunk))
        taken = table_rows(rows, self._sheet.top, self._place, unsolved=self._sheet.unsolved)
        yield from self._portioned(taken, _BATCH)

    def reading(self, rejected: int) -> Reading:
        """How the sheet was read."""
        place, name = self._place, self._sheet.name
        lines = "1 line" if place.above == 1 else f"{place.above:,} lines"
        words = [
            f"sheet “{name}” of {self._title}",
            _header(place),
            *([f"{lines} above the table"] if place.above else []),
            *_others(len(self._sheets.known) - 1),
        ]
        member, members = self._members()
        return Reading(
            file=str(self._given.original),
            delimiter="",
            quote="",
            has_header=place.has_header,
            rejected=rejected,
            certain=round(place.certain, 3),
            sentence=", ".join(words),
            kind="workbook",
            skip=place.skip,
            member=member,
            members=members,
            doubts=tuple(self._doubts),
        )

    def _unless_stopped(self, chunk: list[list[str]]) -> list[list[str]]:
        if self._should_stop():
            raise Stopped
        return chunk

    def _portioned(self, taken: Iterator[list[str] | Rejected], size: int) -> Iterator[Portion]:
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        for row in taken:
            if isinstance(row, Rejected):
                rejected.append(row)
            else:
                kept.append(row)
            if len(kept) == size or len(rejected) == _BATCH:
                yield Portion(kept, rejected)
                kept, rejected = [], []
        if kept or rejected:
            yield Portion(kept, rejected)

    def _members(self) -> tuple[str, tuple[str, ...]]:
        """The sheet among the sheets; in an archive of several files, this file's sheets among those files."""
        given, name = self._given, self._sheet.name
        if not given.members:
            return name, self._sheets.known
        inside = tuple(f"{given.member}{BETWEEN}{sheet}" for sheet in self._sheets.known)
        at = given.members.index(given.member)
        return f"{given.member}{BETWEEN}{name}", (*given.members[:at], *inside, *given.members[at + 1 :])


def _header(place: Place) -> str:
    if not place.has_header:
        return "without a header"
    return f"with a header of {place.header} rows" if place.header > 1 else "with a header"


def _others(count: int) -> list[str]:
    """What is said of the sheets that were left out."""
    if count < 1:
        return []
    return ["1 other sheet not read" if count == 1 else f"{count:,} other sheets not read"]


def _wanted(given: Given, options: ReadOptions) -> str | None:
    if not options.member or options.member == given.member:
        return None
    return options.member.removeprefix(f"{given.member}{BETWEEN}") if given.member else options.member


def _place(sheet: Sheet, options: ReadOptions) -> Place | None:
    return find_place(sheet.head, sheet.top, options, merged=sheet.merged, is_all=sheet.is_all)


def _likeliest(filled: Sequence[Sheet], sheets: Sheets) -> Sheet:
    """The first one that is seen and about as large as the largest."""
    seen = [sheet for sheet in filled if sheet.name not in sheets.hidden] or filled
    most = max(map(_cells, seen))
    return next(sheet for sheet in seen if _cells(sheet) >= _AS_LARGE * most)


def _cells(sheet: Sheet) -> float:
    """About how many cells are filled. One column makes no table that anything could be learned from, and one row is
    no more than names."""
    usual, rows = filled_cells(sheet.head), sum(any(row) for row in sheet.head)
    filled = usual * rows / max(1, len(sheet.head)) * sheet.height
    return filled * (0.3 if usual < 2 else 1.0) * (0.01 if rows < 2 else 1.0)


def _doubts(chosen: Sheet, filled: Sequence[Sheet], sheets: Sheets) -> tuple[str, ...]:
    enough = _RIVAL * _cells(chosen)
    rivals = [s for s in filled if s is not chosen and s.name not in sheets.hidden and _cells(s) >= enough]
    told = []
    if rivals:
        names = ", ".join(f"“{sheet.name}”" for sheet in rivals[:5]) + (" and others" if len(rivals) > 5 else "")
        told.append(f"The sheet “{chosen.name}” was taken; {names} might be meant as well.")
    if chosen.name in sheets.hidden:
        told.append(f"The sheet “{chosen.name}” is hidden in the workbook; no other one holds rows.")
    return tuple(told)


def _merged(sheet: Sheet, place: Place) -> tuple[str, ...]:
    """What is said of tall cells below the names: those of the names only tell how deep the header is."""
    heads = [bottom for top, _, bottom, _ in sheet.merged if top == place.skip] if place.header > 1 else []
    tall = sum(bottom > top and bottom > max(heads, default=-1) for top, _, bottom, _ in sheet.merged)
    if not tall:
        return ()
    which = "1 cell spans" if tall == 1 else f"{tall:,} cells span"
    return (f"{which} several rows; the text stands in the first of them, and the others are empty.",)


def _unsolved(sheet: Sheet) -> tuple[str, ...]:
    cells = sum(sheet.unsolved.values())
    if not cells:
        return ()
    which = "1 cell holds a formula whose result" if cells == 1 else f"{cells:,} cells hold formulas whose results"
    return (f"{which} the file does not contain: open it in Excel, save it, and read it again.",)


def _rows_said(sheet: Sheet) -> tuple[str, ...]:
    """What is told of rows that share a number, and of hidden ones."""
    told = []
    if sheet.twice:
        numbers = ", ".join(map(str, sheet.twice[:5])) + (" and others" if len(sheet.twice) > 5 else "")
        told.append(
            f"The file has several rows with the same number ({numbers}); of these, only the last one is read: save it "
            "anew in the program that made it."
        )
    if sheet.hidden:
        which = "1 row is" if sheet.hidden == 1 else f"{sheet.hidden:,} rows are"
        told.append(f"{which} hidden in the workbook, and read like the others.")
    return tuple(told)


def _title(file: Path) -> str:
    return "an OpenDocument workbook" if "content.xml" in zipped_names(file) else "an Excel workbook"


def _no_such_sheet(given: Given, wanted: str, sheets: Sheets) -> Problem:
    names = ", ".join(f"“{name}”" for name in sheets.known[:8]) + (" and more" if len(sheets.known) > 8 else "")
    return Problem(
        f"There is no sheet “{wanted}” in “{given.name}”.",
        f"Its sheets are {names}." if names else "It has no sheets with rows.",
        "Choose one of these sheets.",
        Where(str(given.original)),
    )


def _no_rows(given: Given, wanted: str | None, sheets: Sheets) -> Problem:
    if any(sheet.unsolved for sheet in sheets.written):
        what = f"“{given.name}” is empty." if wanted is None else f"The sheet “{wanted}” is empty."
        why = "Its cells hold formulas alone, and the file does not contain their results."
        fix = "Open it in Excel, save it, and choose it again."
    elif wanted is not None:
        what, why, fix = f"The sheet “{wanted}” is empty.", "No cell in it holds anything.", "Choose another sheet."
    elif not sheets.known and sheets.charts:
        what, why, fix = f"“{given.name}” holds charts alone.", "None of its sheets has rows.", _ANOTHER
    else:
        what, why, fix = f"“{given.name}” is empty.", "No cell of its sheets holds anything.", _ANOTHER
    return Problem(what, why, fix, Where(str(given.original)))

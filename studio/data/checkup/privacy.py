"""What points to a person in the texts that a model reads or learns.

In: Rows. Out: one Finding for each kind of it, with the masked texts as the fix. What was found is never shown: neither
in titles nor in notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from studio.counting import counted
from studio.data.checkup import language
from studio.data.checkup.finding import MOST_ROWS, Finding, Fix, Severity, finding
from studio.data.checkup.masking import MASKS, WORDS, WORTH_A_LOOK, Kind, Span, find_personal, in_words, masked
from studio.data.checkup.phones import REGIONS
from studio.data.checkup.rows import Rows
from studio.data.checkup.scan import matching, text_columns
from studio.data.table.edits import Edit, SetCells

_WRONG: tuple[Kind, ...] = ("iban", "card", "identity")
_TEXTS = 300  # texts that tell the language, and so the regions whose phone numbers to think of
_MASKED = "Writes a word in brackets in place of each of them; everything else in the cells stays."
_MEANING = (
    "A model can repeat what it has learned, to anybody. Masking writes {mask} and the like in its place and leaves "
    "the rest as it is. Names of people are not looked for."
)


@dataclass
class _Seen:
    """By row, what was found in all its cells, and the masked cells by column."""

    spans: dict[int, list[Span]] = field(default_factory=dict)
    cells: dict[str, dict[int, str]] = field(default_factory=dict)


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """E-mail addresses, phone numbers, bank account, card and identity numbers, addresses on the internet; good news
    where there are none."""
    columns = {name: rows.cells(name) for name in text_columns(rows)}
    seen = _look(columns, rows, should_stop)
    if should_stop() or not columns:
        return
    found = [kind for kind in MASKS if any(span.kind == kind for spans in seen.spans.values() for span in spans)]
    for kind in found:
        yield _of_kind(kind, seen)
    if not found:
        yield Finding(
            "privacy", 0, (), "good",
            "No e-mail addresses, phone, account or card numbers were found in what the model reads; "
            "names were not looked for",
        )  # fmt: skip


def _look(columns: Mapping[str, Mapping[int, str]], rows: Rows, should_stop: Callable[[], bool]) -> _Seen:
    seen = _Seen()
    regions: tuple[str, ...] | None = None
    for column, cells in columns.items():
        is_label = column == rows.columns.target and rows.goal.has_labels
        for row in matching(cells, WORTH_A_LOOK, should_stop):
            if should_stop():
                return seen
            if regions is None:
                regions = regions_of(rows)
            spans = find_personal(cells[row], regions, should_stop)
            if spans:
                seen.spans.setdefault(row, []).extend(spans)
                if not is_label:  # a masked label would be another label
                    seen.cells.setdefault(column, {})[row] = masked(cells[row], spans)
    return seen


def _of_kind(kind: Kind, seen: _Seen) -> Finding:
    of_kind = [row for row, spans in seen.spans.items() if any(span.kind == kind for span in spans)]
    one, many = WORDS[kind]
    article = "an" if one[0] in "aei" else "a"
    severity: Severity = "wrong" if kind in _WRONG else "look"
    columns = [column for column, cells in seen.cells.items() if any(row in cells for row in of_kind)]
    return finding(
        f"privacy_{kind}", of_kind, severity,
        lambda n: counted(n, f"1 row holds {article} {one}", f"{{}} rows hold {many}"), "",
        _MEANING.format(mask=MASKS[kind]), fix=lambda numbers: _mask(numbers, seen),
        notes={row: in_words(seen.spans[row]) for row in sorted(of_kind)[:MOST_ROWS]},
        column=columns[0] if len(columns) == 1 else "",
    )  # fmt: skip


def _mask(numbers: list[int], seen: _Seen) -> tuple[Fix, ...]:
    """Everything that was found in these rows is masked, of whatever kind: a cell that is set again for each kind by
    itself would bring back what another kind had masked."""
    edits: list[Edit] = []
    for column, cells in seen.cells.items():
        changed = tuple((row, cells[row]) for row in numbers if row in cells)
        if changed:
            edits.append(SetCells(column, changed))
    return (Fix("Mask them", tuple(edits), _MASKED),) if edits else ()


def regions_of(rows: Rows) -> tuple[str, ...]:
    """Those of the languages that the texts are in, the most frequent first."""
    cells = rows.texts or rows.targets
    long = sum(len(text) >= language.LETTERS for text in cells.values())
    some = islice((text for text in cells.values() if len(text) >= language.LETTERS), 0, None, max(1, long // _TEXTS))
    shares = language.language_of(some, most=_TEXTS)
    codes = [code for code, share in shares if share >= language.LEAST_SHARE][:3]
    return tuple(dict.fromkeys(region for code in codes for region in REGIONS.get(code, ())))

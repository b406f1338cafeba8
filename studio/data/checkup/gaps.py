"""Rows without a text, a label or an answer, and columns in which hardly anything stands.

In: Rows. Out: one Finding for the texts, one for what is to be learned, and one for the columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from studio.counting import counted
from studio.data.checkup.finding import Finding, delete_rows, finding, listed
from studio.data.checkup.rows import Rows
from studio.data.checkup.scan import clip

EMPTY_SHARE = 0.95  # of a column's cells: with as many empty ones the column holds next to nothing
_MEANING = "Harmless where the cells are meant to be empty: the other rows are used."
_MEANING_OF_LABELS = f"{_MEANING} Where most rows have no label yet, the model still reads their texts."
_LONGEST = 16  # characters: a cell that says that there is nothing is short
# What programs and people write where there is nothing, without words that are an answer of their own (“none”, “no”).
# Blanks are left out.
_NOTHING = frozenset({
    "n/a", "n.a.", "n.a", "na", "#n/a", "#na", "nan", "<na>", "null", "<null>", "nil", "#value!", "#ref!", "#name?",
    "#div/0!", "k.a.", "k.a", "k/a", "keineangabe", "s/d", "s.d.", "n/d", "n.d.", "n/c", "nonrenseigné", "sindatos",
    "tbd", "tbc", "undefined", "[objectobject]",
})  # fmt: skip
# Marks, blanks and characters that show nothing; other signs, such as an emoji or “:-)”, say something and are a text.
_MARKS = re.compile(
    r"[\s!\"#&'()*,\-./:;?@\[\\\]^_`{|}~\u00a0\u00a1\u00ab\u00b7\u00bb\u00bf\u2000-\u206f\u3000-\u3003\uff01\uff0c\uff1f\ufeff]+"
)
_FACE = re.compile(r"[:;8]['’]?-?[()\[\]/\\|*]|[()]-?[:;]|-_+-|\^_*\^|\(\^|[(\[]\s?\.\s?[)\]]")


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Empty texts and empty labels or answers, those that are all but empty, and columns that are."""
    if rows.texts:
        yield finding(
            "no_text", (row for row, text in rows.texts.items() if not text or text.isspace()), "look",
            lambda n: counted(n, "1 row has no text and is left out", "{} rows have no text and are left out"),
            "Every row has a text", _MEANING, fix=delete_rows,
        )  # fmt: skip
        yield from _hollow("hollow_text", "text", rows.texts)
    if rows.targets:
        noun = rows.goal.noun
        one = f"an {noun}" if noun == "answer" else f"a {noun}"
        empty = (row for row, cell in rows.targets.items() if not cell or cell.isspace())
        if rows.contexts:
            yield finding(
                "unanswered", empty, "look",
                lambda n: counted(n, "1 question has no answer", "{} questions have no answer")
                + ": learned as not answered by the text",
                "Every question has an answer",
                "Right where the text does not say; fill in those that were forgotten. Where no question is without an "
                "answer, the model learns to answer everything.",
                fix=delete_rows,
            )  # fmt: skip
        else:
            yield finding(
                "no_target", empty, "look",
                lambda n: counted(
                    n, f"1 row has no {noun} and is left out", f"{{}} rows have no {noun} and are left out"
                ),
                f"Every row has {one}", _MEANING_OF_LABELS if rows.goal.has_labels else _MEANING, fix=delete_rows,
            )  # fmt: skip
        if rows.goal.has_texts:
            yield from _hollow("hollow_answer", "answer", rows.targets)
    yield from _empty_columns(rows, should_stop)


def says_nothing(text: str) -> bool:
    """Whether a text that is not blank holds no word, number or sign, only marks such as “-” or “n/a”."""
    if len(text) > _LONGEST:
        return False
    bare = text.strip()
    if bare.casefold().replace(" ", "") in _NOTHING:
        return True
    return bool(bare) and _MARKS.fullmatch(bare) is not None and not _FACE.search(bare)


def _hollow(kind: str, noun: str, cells: Mapping[int, str]) -> Iterator[Finding]:
    """Cells such as “-”, “n/a” or “?” in place of a text; told only where there are some."""
    found = {row: f"“{clip(cell)}”" for row, cell in cells.items() if says_nothing(cell)}
    if found:
        title = f"only a mark such as “-” or “n/a” as its {noun}"
        yield finding(
            kind, found, "look",
            lambda n: counted(n, f"1 row has {title}", f"{{}} rows have {title.replace('its', 'their')}"),
            "", "Such rows are used as they stand, and teach nothing. Delete them, or fill them in.",
            fix=delete_rows, notes=found,
        )  # fmt: skip


def _empty_columns(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Columns with at least 95 % empty cells, of the whole table; their number is the Finding's count."""
    if not rows.numbers:
        return
    counts = _filled(rows, should_stop)
    if should_stop():
        return
    empty = [name for name, count in counts.items() if count <= (1 - EMPTY_SHARE) * len(rows.numbers)]
    if empty:
        yield Finding(
            "empty_columns", len(empty), (), "look",
            counted(len(empty), "1 column is empty or nearly so", "{} columns are empty or nearly so")
            + f": {listed(empty)}",
            "They do not matter unless you choose them for something.",
            column=empty[0] if len(empty) == 1 else "",
        )  # fmt: skip


def _filled(rows: Rows, should_stop: Callable[[], bool]) -> dict[str, int]:
    """How many cells of each column hold more than blanks; one way through the table, however wide it is."""
    import pyarrow.compute as pc

    counts = dict.fromkeys(rows.table.columns, 0)
    for cells in rows.batches(rows.table.columns):
        if should_stop():
            break
        for name, column in zip(counts, cells.columns, strict=True):
            blank = pc.equal(pc.utf8_trim_whitespace(column), "")
            counts[name] += len(column) - int(pc.sum(blank).as_py() or 0)
    return counts

"""Labels that are spelled in several ways, or with blanks around them.

In: Rows with labels. Out: Findings with the rows of the rarer spellings, and the renaming as their fix.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import Finding, Fix, Severity, finding, listed
from studio.data.checkup.rows import Rows
from studio.data.table.edits import ReplaceValue

FEWEST_LETTERS = 5  # of a label: "new" and "news", "A" and "B" are different words, "refund" and "refunds" hardly
RARE = 0.05  # a label with one other letter is a slip only where it has so small a share of the usual one's rows
MOST_LABELS = 500  # that are compared letter by letter

ByLabel = Mapping[str, Sequence[int]]


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Labels that differ by capitals or blanks; then, told only where there are some, those that differ by accents,
    punctuation, a plural or one letter, and labels with blanks around them."""
    if rows.by_label:
        column = rows.columns.target if not rows.columns.sign else ""  # a cell with several is mended by hand
        same = _by_key(rows.by_label, lambda label: " ".join(label.casefold().split()))
        yield _finding("similar_labels", "wrong", rows.by_label, same, column, "only by capitals or spaces")
        settled = {label for pair in same for label in pair}
        rest = {label: of for label, of in rows.by_label.items() if label not in settled}
        alike = _by_key(rest, _bare) + _slips(rest)
        if alike:
            yield _finding("alike_labels", "look", rows.by_label, alike, column, "hardly")
        yield from _padded(rest, column)


def _by_key(by_label: ByLabel, key: Callable[[str], str]) -> list[tuple[str, str]]:
    """Pairs of a rarer spelling and the usual one; labels without a key ("") are let be."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for label in by_label:
        if spelled := key(label):
            spellings[spelled].append(label)
    pairs = []
    for same in spellings.values():
        usual, *rarer = sorted(same, key=lambda one: (-len(by_label[one]), one))
        pairs += [(one, usual) for one in rarer]
    return pairs


def _bare(label: str) -> str:
    """A label's letters without accents, capitals, punctuation and a plural's s; "" where it is too short or holds
    digits, which tell apart ("level 1", "level -1")."""
    plain = unicodedata.normalize("NFKD", label.casefold())
    letters = "".join(sign for sign in plain if sign.isalpha())
    others = {unicodedata.category(sign)[0] for sign in plain} - {"L", "M", "P", "Z"}
    if others or len(letters.removesuffix("s")) < FEWEST_LETTERS:
        return ""
    return letters.removesuffix("s")


def _slips(by_label: ByLabel) -> list[tuple[str, str]]:
    """Rare labels that are a frequent one with one letter more, fewer or other, or with two swapped."""
    frequent = [label for label in by_label if _bare(label)]
    if len(frequent) > MOST_LABELS:
        return []
    frequent.sort(key=lambda one: (-len(by_label[one]), one))
    pairs = []
    for label in reversed(frequent):
        most = len(by_label[label]) / RARE
        usual = next((one for one in frequent if len(by_label[one]) >= most and _is_slip(_bare(label), _bare(one))), "")
        if usual:
            pairs.append((label, usual))
    return pairs


def _is_slip(one: str, other: str) -> bool:
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


def _finding(
    kind: str, bad: Severity, by_label: ByLabel, pairs: Sequence[tuple[str, str]], column: str, how: str
) -> Finding:
    names = listed(sorted(rarer for rarer, _ in pairs))
    merged = tuple(ReplaceValue(column, rarer, usual) for rarer, usual in pairs)
    return finding(
        kind, (row for rarer, _ in pairs for row in by_label[rarer]), bad,
        lambda n: counted(n, "1 row has a label", "{} rows have a label")
        + f" that differs from another {how}: {names}",
        "No label is spelled in two ways",
        "They are learned as different labels. Spell them the same way"
        + ("." if bad == "wrong" else ", if they mean the same."),
        fix=lambda _: (Fix("Spell them the same way", merged),) if column else (),
        notes={row: f"like “{with_blanks(usual)}”" for rarer, usual in pairs for row in by_label[rarer]},
    )  # fmt: skip


def _padded(by_label: ByLabel, column: str) -> Iterator[Finding]:
    """Labels with blanks at their ends, of which there is no other spelling."""
    padded = sorted(label for label in by_label if label != label.strip())
    if padded:
        yield finding(
            "padded_labels", (row for label in padded for row in by_label[label]), "look",
            lambda _: counted(len(padded), "1 label begins or ends", "{} labels begin or end")
            + f" with blanks: {listed(padded)}",
            "", "Harmless while every row has them. A label typed by hand later may lack them.",
            fix=lambda _: (
                Fix("Take the blanks away", tuple(ReplaceValue(column, one, one.strip()) for one in padded)),
            ),
        )  # fmt: skip

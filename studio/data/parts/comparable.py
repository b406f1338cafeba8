"""Which rows teach what is better: those with a worse answer that is another one, or with a verdict.

In: a goal and its Columns. Out: the columns to look at, and why a row is left out, in words. Knows nothing of how rows
are parted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.config.goals import GOALS, TaskKind
from studio.data.roles.columns import Columns
from studio.data.roles.verdict import verdict_of

NO_WORSE = "no worse answer"
SAME = "both answers are the same"
NO_VERDICT = "the verdict says neither good nor bad"


@dataclass(frozen=True)
class Comparable:
    """Looks at rows of a table that have a text and an answer."""

    columns: Columns

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are looked at, beside the answer."""
        return (self.columns.rejected or self.columns.score,)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why rows can be left out; `codes` counts from 1."""
        return (NO_WORSE, SAME) if self.columns.rejected else (NO_VERDICT,)

    def codes(self, cells: Mapping[str, Sequence[str]]) -> list[int]:
        """For each row 0 where it can be learned, else the number of the reason."""
        if not self.columns.rejected:
            return [int(verdict_of(cell) is None) for cell in cells[self.columns.score]]
        pairs = zip(cells[self.columns.target], cells[self.columns.rejected], strict=True)
        return [1 if not worse.strip() else 2 * (better.strip() == worse.strip()) for better, worse in pairs]

    def verdicts(self, cells: Mapping[str, Sequence[str]]) -> list[str]:
        """What each row is spread over the parts by: its verdict, as a label is; nothing for pairs."""
        if self.columns.rejected:
            return [""] * len(cells[self.columns.target])
        return [str(verdict_of(cell)) for cell in cells[self.columns.score]]


def comparable(columns: Columns, kind: TaskKind) -> Comparable | None:
    """What looks at the rows of a goal that compares answers; None for other goals, or where nothing is chosen yet."""
    return Comparable(columns) if GOALS[kind].compares and (columns.rejected or columns.score) else None

"""Why a line is no row at all, in words: it stands around the table, or belongs to another one.

In: the reason why something was set aside. Out: whether it is such a line, and not a row that does not fit. The readers
that set lines aside take their reasons from here.
"""

from __future__ import annotations

ABOVE = "It stands above the table."
BELOW = "It stands below the table."
AGAIN = "It names the columns once more."
RULED = "It is a ruled line."
REMARK = "It is a remark."
OTHER_BELOW = "It belongs to another table, which stands below this one."
OTHER_BESIDE = "These cells of the row belong to another table, which stands beside this one."
_APART = (ABOVE, BELOW, AGAIN, RULED, REMARK, OTHER_BELOW, OTHER_BESIDE)


def is_apart(reason: str) -> bool:
    """Whether what was set aside is no row of the table; of several files, a name stands before the reason."""
    return reason.endswith(_APART)

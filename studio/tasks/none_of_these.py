"""The label that stands for texts of no other label, by its name.

In: label names. Out: the one that means "none of these". What is answered with it stands in generation/naming.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMES = frozenset(
    ("oos", "ood", "out of scope", "out of domain", "none", "none of these", "none of the above", "no label",
     "keine", "keines davon", "aucun", "aucune", "ninguno", "ninguna", "nessuno",
     "nenhum", "以上都不是", "无", "該当なし", "해당 없음")
)  # fmt: skip


def none_label(labels: Sequence[str]) -> str:
    """The label that means "none of these" by its name ("oos", "out_of_scope"); "" where no label does."""
    return next((label for label in labels if re.sub(r"[\W_]+", " ", label).strip().casefold() in _NAMES), "")

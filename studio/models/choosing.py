"""Which models are a good start for a goal, the best first.

In: a goal, entries of the catalog, the language of the rows. Out: the entries that fit, in order, and the one to
propose. Knows nothing of whether a model fits on this computer (`fit.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.config.goals import GOALS, TaskKind
from studio.models import languages
from studio.models.catalog import CatalogEntry

_BY_MEANING = "search"  # what sentence encoders suit; they are the better start for sorting and rating, too
_POINTS = "find"  # pointing at the words of an answer takes every token, which sentence encoders have unlearned


def fitting(goal: TaskKind, entries: Sequence[CatalogEntry], code: str = "") -> list[CatalogEntry]:
    """The entries that `goal` can start from, the usual kind of model first. Within a kind: made for the rows' language
    `code` ("" = not known) before not known before made for others, those that suit the goal before the rest, and the
    smaller before the larger."""
    kinds = GOALS[goal].models
    can = [entry for entry in entries if entry.kind in kinds]
    return sorted(can, key=lambda entry: (kinds.index(entry.kind), *_rank(entry, goal, code)))


def proposed(goal: TaskKind, entries: Sequence[CatalogEntry], code: str) -> CatalogEntry | None:
    """The model to propose for rows in the language `code`: surely made for it and good for the goal; one that is on
    this computer before one that has to come. None where there is no such model."""
    able = [
        entry
        for entry in fitting(goal, entries, code)
        if languages.speaks(entry.languages, code) and not (entry.gated and entry.folder is None)
    ]
    return next((entry for entry in able if entry.folder is not None), next(iter(able), None))


def _rank(entry: CatalogEntry, goal: TaskKind, code: str) -> tuple[int, bool, bool, int]:
    language = {True: 0, None: 1, False: 2}[languages.speaks(entry.languages, code) if code else True]
    sentence = entry.kind == "encoder" and goal != _POINTS and _BY_MEANING not in entry.suits
    return language, goal not in entry.suits, sentence, entry.bytes

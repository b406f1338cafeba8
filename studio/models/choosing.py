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
_NEAR = 4  # languages at most of a model that was made for one, such as Norwegian with Swedish and Danish
_POINTS = "find"  # pointing at the words of an answer takes every token, which sentence encoders have unlearned


def fitting(goal: TaskKind, entries: Sequence[CatalogEntry], code: str = "") -> list[CatalogEntry]:
    """The entries that `goal` can start from, the usual kind of model first. Within a kind: made for the rows' language
    `code` ("" = not known) before not known before made for others, those that suit the goal before the rest, starters
    first, those made for this goal before those made for others too, and the smaller before the larger."""
    kinds = GOALS[goal].models if not GOALS[goal].from_nothing else ()
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


def reads_more(
    goal: TaskKind, entries: Sequence[CatalogEntry], context: int, spoken: Sequence[str]
) -> CatalogEntry | None:
    """The best start for `goal` among those that read more than `context` tokens at once and know the languages of the
    one that does not; None where there is none."""
    code = spoken[0] if 0 < len(spoken) <= _NEAR else ""
    for entry in fitting(goal, entries, code):
        knows = languages.speaks(entry.languages, code) if code else len(entry.languages) > _NEAR or not spoken
        if entry.context > context and goal in entry.suits and knows and not entry.gated:
            return entry
    return None


def is_for_another(entry: CatalogEntry, code: str) -> bool:
    """Whether a model was made for one language, or its nearest ones, and that is neither the rows' language `code` nor
    English: it is worth a place in a list only where somebody asks for that language."""
    told = entry.languages
    is_narrow = 0 < len(told) <= _NEAR and languages.MANY not in told
    return is_narrow and code not in told and told[0] != "en"


def _rank(entry: CatalogEntry, goal: TaskKind, code: str) -> tuple[int, bool, bool, bool, int, int]:
    sentence = entry.kind == "encoder" and goal != _POINTS and _BY_MEANING not in entry.suits
    made_for = entry.suits.index(goal) if goal in entry.suits else len(entry.suits)
    return _language(entry, code), goal not in entry.suits, not entry.starter, sentence, made_for, entry.bytes


def _language(entry: CatalogEntry, code: str) -> int:
    """0 for what was made for the language, 1 where that is not known, 2 for the rest, 3 where it was made for another
    one alone. Where the language is not known, English and many languages are as good as any."""
    if is_for_another(entry, code):
        return 3
    return {True: 0, None: 1, False: 2}[languages.speaks(entry.languages, code)] if code else 0

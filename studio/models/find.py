"""Looking for models on the hub by name, when somebody asks for it.

In: words, or an id. Out: a Found each, and CatalogEntries of those that can be used. The work is done by another
process (`hub_search.py`), which fetches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.config.goals import ModelKind
from studio.events import Event, Found
from studio.models import hub_process, languages
from studio.models.catalog import CatalogEntry
from studio.problems import Problem

FEWEST_LETTERS = 2


def find(words: str, *, should_stop: Callable[[], bool]) -> Iterator[Event]:
    """What the hub has under these words; the words and the hub's log-in, where there is one, are all that is sent.
    Raises a Problem where the hub cannot be asked."""
    words = " ".join(words.split())
    if len(words) < FEWEST_LETTERS or words.startswith("-"):
        raise Problem(
            "There is nothing to look for.",
            "A name has at least two letters, and the first is no dash.",
            "Write a part of the model's name, such as “bert german”.",
        )
    yield from hub_process.ask_hub(
        "studio.models.hub_search",
        [words],
        unforeseen="The search ended in a way that nobody foresaw.",
        should_stop=should_stop,
    )


def entry_of(found: Found) -> CatalogEntry:
    """The entry of a model that was found. Raises a Problem for one that is refused."""
    if found.refused:
        raise Problem(f"{found.hub} cannot be used here.", found.refused, "Choose another model.")
    kind: ModelKind = "causal" if found.kind == "causal" else "encoder"
    spoken = languages.in_words(found.languages)
    return CatalogEntry(
        name=found.hub,
        title=found.hub,
        hub=found.hub,
        kind=kind,
        type=found.type,
        parameters=found.parameters,
        bytes=found.bytes,
        license=found.license,
        languages=tuple(found.languages),
        context=0,
        note=f"Found on the hub; made for {spoken}." if spoken else "Found on the hub.",
        gated=found.gated,
    )


def entry_on_hub(hub: str, *, should_stop: Callable[[], bool]) -> CatalogEntry:
    """The entry of the model with exactly this id. Raises a Problem where it is not there, or is refused."""
    found = [event for event in find(hub, should_stop=should_stop) if isinstance(event, Found)]
    if not found:
        raise Problem(f"The hub does not have {hub}.", "Nothing was found.", "Look for a part of its name.")
    return entry_of(found[0])

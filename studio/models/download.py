"""Downloading a model, while a person waits; with `find.py` the only thing that ever uses the network.

In: a CatalogEntry that somebody asked for. Out: events; afterwards the model lies in the hub's own cache. The work is
done by another process (`hub.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.events import Event, Noted, Progressed
from studio.models import catalog, hub_process
from studio.models.catalog import CatalogEntry
from studio.models.hub_cache import cache_folder


def download(entry: CatalogEntry, *, should_stop: Callable[[], bool]) -> Iterator[Event]:
    """Bring `entry` into the hub's cache, going on from what an earlier try left. Raises a Problem where it cannot be
    had; nothing counts as being here then. Stopping keeps what came."""
    yield Progressed(f"Downloading {entry.title}", 0, entry.bytes, "bytes")
    yield from hub_process.ask_hub(
        "studio.models.hub",
        [entry.hub, entry.title, str(entry.bytes), str(cache_folder())],
        unforeseen="The download ended in a way that nobody foresaw.",
        should_stop=should_stop,
    )
    if should_stop():
        yield Noted(f"Stopped. What came of {entry.title} is kept; the next download goes on from there.")
        return
    catalog.remember(entry)
    yield Noted(f"{entry.title} is on this computer.")

"""A model looked at both ways: of two states the one stays of which the watching rows are surer. (torch)

In: a Model in one state with what was measured of it, and the other state. Out: the same Model in the surer state, what
was measured of that one, and a line for the user. Knows nothing of steps and checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from studio.events import Event, Noted
from studio.models.load import Model, load_weights
from studio.training.head_start import Layer, layer_of, put_layer
from studio.training.interpolation import Weights, interpolate
from studio.training.surer import Look

Chosen = tuple[Look | None, Noted | None]  # no Look where it was stopped meanwhile


@dataclass(frozen=True)
class BothWays:
    """`score` measures a model on the watching rows, None where it was stopped; `is_surer` compares a look with an
    older one."""

    model: Model
    score: Callable[[Model], Look | None]
    is_surer: Callable[[Look, Look], bool]

    def with_guesses(self, plain: Layer, guessed: Look, *, rows: int) -> Chosen:
        """Keep the last layer that was also fitted to so many `rows` without a label where the watching rows are surer
        with it (`guessed`) than with the `plain` one."""
        layer = layer_of(self.model)
        put_layer(self.model, plain)
        found = self.score(self.model)
        if found is None:
            return None, None
        is_kept = self.is_surer(guessed, found)
        if is_kept:
            put_layer(self.model, layer)
        losses = f"the loss on the watching rows is {guessed[0]:.3g} with them, {found[0]:.3g} without"
        said = "are learned from as well" if is_kept else "do not help and are left aside"
        return (guessed if is_kept else found), Noted(f"{rows:,} rows without a label {said}: {losses}.")

    def set_back(
        self,
        start: Weights,
        learned: Weights,
        whole: Look,
        *,
        kept: float,
        fit_again: Callable[[], Iterator[Event]],
        should_stop: Callable[[], bool],
    ) -> Generator[Event, None, Chosen]:
        """Keep the share `kept` of the change from `start` to `learned` where the watching rows are surer with it than
        with the `whole` of it. The last layer of the start is fitted again, which gives the same one up to rounding."""
        load_weights(self.model, start)
        yield from fit_again()
        if should_stop():
            return None, None
        interpolate(self.model, learned, kept)
        self.model.net.eval()
        part = self.score(self.model)
        if part is None:
            return None, None
        if self.is_surer(part, whole):
            why = f"the loss on the watching rows is {part[0]:.3g}, with all of it {whole[0]:.3g}"
            return part, Noted(f"{kept:g} of what it learned is kept: {why}.")
        load_weights(self.model, learned)
        return whole, None

"""One step's gradients: many small batches that add up to one big one. (torch)

In: a Model, its training rows, the rows of a step, how many tokens fit at once. Out: the step's mean loss, with its
gradients left in the parameters. Knows nothing of optimizers, schedules or checkpoints.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import torch
from torch import Tensor

from studio.events import Continued, Event, Paused, Warned
from studio.models.load import Model
from studio.problems import Problem
from studio.tokens import batches
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import NO_SPAN, Encoded
from studio.training.loss import number_format
from studio.training.objectives.objective import Loss

Found = TypeVar("Found")
_TRIAL_TOKENS = 64  # without instructions for it, 16-bit takes half a minute for 256
_FEW_TOKENS = 16  # of a trial that only asks whether another one is worth its time
_MOST_PARTS = 4096  # micro-batches of a step, each with dice of its own
_BLINK = 0.05  # seconds between two questions whether a pause is over


@dataclass
class Gradients:
    """Computes gradients. `lengths` are those of `rows`, in tokens; `token_budget` shrinks when memory runs out,
    with the same result; `paused` counts seconds."""

    model: Model
    rows: Sequence[Encoded]
    lengths: Sequence[int]
    loss: Loss
    pad_id: int
    token_budget: int
    seed: int
    should_stop: Callable[[], bool]
    should_pause: Callable[[], bool]
    paused: float = 0.0

    def of(self, step: int, places: Sequence[int]) -> Generator[Event, None, Tensor | None]:
        """Leave the gradients of the 0-based `step` over the rows at `places` in the parameters. Returns (through
        `yield from`) the mean loss as a tensor, or None when asked to stop."""
        while True:
            try:
                return (yield from self._accumulated(step, places))
            except (RuntimeError, MemoryError) as error:
                if not _is_out_of_memory(error):
                    raise
            # Outside the except block, whose traceback would keep the tensors of the failed batch alive.
            yield self._less_at_once(places)

    def with_less_if_needed(self, places: Sequence[int], compute: Callable[[], Found]) -> Generator[Event, None, Found]:
        """What `compute` gives for the rows at `places`; again with fewer tokens at once where memory is short."""
        while True:
            try:
                return compute()
            except (RuntimeError, MemoryError) as error:
                if not _is_out_of_memory(error):
                    raise
            yield self._less_at_once(places)

    def try_once(self, places: Sequence[int], few: bool = False) -> Tensor:
        """The loss of some of these rows after a forward and backward pass, in the number format set from outside.
        So few tokens on a processor that several trials take seconds, and still fewer where `few` says so; a graphics
        card shows its speed only when full."""
        rows = [self.rows[place] for place in self._micro_batches(places)[0]]
        if self.model.device.type == "cpu":
            most = _FEW_TOKENS if few else _TRIAL_TOKENS
            rows = [_shortened(row, most) for row in rows]
            rows = rows[: max(1, most // max(row.size for row in rows))]
        batch = collate(rows, pad_id=self.pad_id, device=self.model.device)
        self.loss.begin(lambda: iter([batch]))
        loss = self.loss.summed(batch)
        torch.autograd.backward(loss)
        self.model.net.zero_grad(set_to_none=True)
        return loss.detach()

    def tokens(self, places: Sequence[int]) -> int:
        """How many tokens these rows have."""
        return sum(self.lengths[place] for place in places)

    def _accumulated(self, step: int, places: Sequence[int]) -> Generator[Event, None, Tensor | None]:
        self.model.net.zero_grad(set_to_none=True)
        weight = sum(self.loss.weight(self.rows[place]) for place in places)
        total = torch.zeros((), device=self.model.device)
        parts = self._micro_batches(places)
        with number_format(self.model):
            self.loss.begin(lambda: (self._batch(step, number, some) for number, some in enumerate(parts)))
        for number, some in enumerate(parts):
            yield from self._wait(step)
            if self.should_stop():
                return None
            total += self._backward(self._batch(step, number, some), weight)
        return total

    def _batch(self, step: int, number: int, places: Sequence[int]) -> Batch:
        """The `number`-th micro-batch of a step, just before the network reads it. Dropout depends on the seed, the
        step and the token budget alone: a run that goes on throws the same dice, whatever was sampled or measured in
        between, and so does a second pass over the same batch."""
        torch.manual_seed((self.seed * 1_000_003 + step) * _MOST_PARTS + number)
        rows = [self.rows[place] for place in places]
        return collate(rows, pad_id=self.pad_id, device=self.model.device)

    def _backward(self, batch: Batch, weight: float) -> Tensor:
        with number_format(self.model):
            share = self.loss.summed(batch) / weight
        torch.autograd.backward(share)
        return share.detach()

    def _micro_batches(self, places: Sequence[int]) -> list[list[int]]:
        return batches.micro_batches(places, self.lengths, token_budget=self.token_budget)

    def _wait(self, step: int) -> Iterator[Event]:
        if not self.should_pause():
            return
        begun = time.monotonic()
        yield Paused(step)
        while self.should_pause() and not self.should_stop():
            time.sleep(_BLINK)
        self.paused += time.monotonic() - begun
        yield Continued(step)

    def _less_at_once(self, places: Sequence[int]) -> Warned:
        if max(len(some) for some in self._micro_batches(places)) == 1:
            raise Problem(
                "There is not enough memory for even one text at a time.",
                "The longest texts and the model do not fit beside the other open programs.",
                "Close other programs or lower the length limit, then continue the run.",
            )
        self.token_budget = min(self.token_budget, self.tokens(places)) // 2
        self.model.net.zero_grad(set_to_none=True)
        if self.model.device.type == "cuda":
            torch.cuda.empty_cache()
        return Warned(
            f"Memory ran short: from here on {self.token_budget:,} tokens are computed at once. "
            "Every step still learns from the same rows.",
            "Closing other programs makes training faster again.",
        )


def _shortened(row: Encoded, most: int) -> Encoded:
    """At most so many tokens of a row, up to the last one that is learned: a long chat alone would take minutes."""
    if row.beside:
        return row  # what is compared stays whole
    learned = [place for place, is_learned in enumerate(row.learned) if is_learned]
    end = learned[-1] + 1 if learned else min(len(row.ids), most)
    begin = max(0, end - most)
    cut = slice(begin, end)
    return replace(row, ids=row.ids[cut], learned=row.learned[cut], types=row.types[cut], span=NO_SPAN)


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error).lower()
    return (
        "alloc_failed" in text
        or "out of memory" in text
        or "can't allocate memory" in text
        or "not enough memory" in text
    )

"""The loop. (torch)

In: a Model, encoded rows, a resolved Config and a folder. Out: a stream of events, and checkpoints in the folder.
It goes on by itself from the folder's latest checkpoint, and then makes the same steps that it would have made.
Knows nothing of tasks, prompts and windows: what it asks the model in between comes in as probes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from studio.checkpoints import read, write
from studio.checkpoints.state import TrainingState
from studio.config.config import Config
from studio.config.goals import GOALS
from studio.config.passes import fits_last_layer, readings, sets_back
from studio.config.training import Precision
from studio.data.reading.given_parts import Part
from studio.events import (
    Event,
    Finished,
    Progressed,
    Resolved,
    Sampled,
    Saved,
    Started,
    Stepped,
    Stopped,
    Validated,
    Warned,
)
from studio.models import device as devices
from studio.models.hub_cache import base_name
from studio.models.load import Model, load_weights, use_precision
from studio.problems import Problem
from studio.tokens.encoded import Encoded
from studio.training.both_ways import BothWays
from studio.training.head_start import Layer, fit_head
from studio.training.interpolation import Weights, copied
from studio.training.loss import loss_for
from studio.training.optimizer import make_optimizer, set_rates
from studio.training.pace import Pace
from studio.training.probes import Probes
from studio.training.schedule import plan_for, rate_share
from studio.training.step import Gradients
from studio.training.surer import Look, is_surer

_BAD_IN_A_ROW = 3
_FIT_AGAIN = "Fitting the last layer again"


def train(
    model: Model,
    rows: Mapping[Part, Sequence[Encoded]],
    config: Config,
    folder: Path,
    *,
    pad_id: int,
    probes: Probes,
    should_stop: Callable[[], bool],
    should_pause: Callable[[], bool],
    unlabelled: Sequence[Encoded] = (),
) -> Iterator[Event]:
    """Train `model` on `rows["training"]` as `config` (nothing left open but the precision) says. From `unlabelled`
    rows the last layer learns as well where it is fitted to the body, and the watching rows say that this is better.

    Stops within one micro-batch when `should_stop` says so, and can then go on later. Raises a Problem where nothing
    can be learned, where the numbers run off, or where memory does not hold a single row.
    """
    run = _Training(model, rows, config, folder, pad_id, probes, should_stop, should_pause, unlabelled)
    yield from run.begin()
    while not run.ending:
        if run.look_is_due():
            yield from run.look()
        else:
            yield from run.step()
    yield from run.end()


class _Training:
    """What changes while a run goes on. `ending` holds the last event as soon as it is known."""

    def __init__(
        self,
        model: Model,
        parts: Mapping[Part, Sequence[Encoded]],
        config: Config,
        folder: Path,
        pad_id: int,
        probes: Probes,
        should_stop: Callable[[], bool],
        should_pause: Callable[[], bool],
        unlabelled: Sequence[Encoded],
    ) -> None:
        self.model, self.config, self.folder, self.probes = model, config, folder, probes
        self.should_stop, self.pad_id = should_stop, pad_id
        rows, self.watching = parts["training"], len(parts["watching"])
        self.fits_head = fits_last_layer(config)
        self.unlabelled = unlabelled
        self.both_ways = BothWays(model, probes.score, self._is_surer)
        self.plain: Layer | None = None  # the last layer without what the unlabelled rows tell, until one is chosen
        self.loss = loss_for(model, rows)
        self.rows = [row for row in rows if self.loss.weight(row) > 0]
        if not self.rows:
            raise Problem(
                "Nothing would be learned.",
                "No row has an answer that fits within the length limit.",
                "Raise the length limit, or choose another column to learn.",
            )
        lengths = [row.size for row in self.rows]
        self.plan = plan_for(lengths, config, [row.labels[0] if row.labels else row.label for row in self.rows])
        self.optimizer = make_optimizer(model, config)
        self.peaks = [float(group["lr"]) for group in self.optimizer.param_groups]
        self.state = TrainingState()
        self.start = copied(model) if sets_back(config) else {}
        self.fit_seconds = 0.0
        self.found = read.survey(folder)
        if self.found.latest is not None:
            self.state = read.restore(self.found.latest, model=model, optimizer=self.optimizer)
        budget = self.state.token_budget or config.training.token_budget
        assert budget is not None
        self.gradients = Gradients(
            model, self.rows, lengths, self.loss, pad_id, budget, config.training.seed, should_stop, should_pause
        )
        self.ending: Stopped | Finished | None = None
        self.has_begun = False
        self.bad = 0
        self.saved_step = self.state.step if self.found.latest is not None else -1
        self.pace = Pace()

    def begin(self) -> Iterator[Event]:
        """Settle the number format, then say what will happen; asked to stop in between, nothing has begun."""
        self._point_at_best()  # a run may have been killed between the checkpoint and the pointer
        for name in self.found.damaged:
            yield Warned(
                f"The saved state “{name}” is damaged and is passed over.",
                "The steps after the last whole one are made again; check the disk if this happens again.",
            )
        if self.config.training.precision is None:
            yield from self._settle_precision()
        precision = self.model.config.training.precision
        if precision is None:
            self.ending = Stopped(self.state.step, self.state.best_step)
            return
        if self.fits_head and self.state.step == 0 and self.state.last_look < 0:
            begun = time.monotonic()
            yield from self._fit_head()
            self.fit_seconds = time.monotonic() - begun
        if self.should_stop():
            self.ending = Stopped(self.state.step, self.state.best_step)
            return
        self.has_begun = True
        yield Started(
            run=self.folder.name,
            step=self.state.step,
            total_steps=self.plan.total,
            rows=len(self.rows),
            epochs=self.plan.total / self.plan.per_epoch,
            device=str(self.model.device),
            precision=precision,
            model=base_name(self.model.base),
            method=self.model.method,
            parameters=self.model.parameters,
            trainable=self.model.trainable,
            score_name=self.config.task.score_name,
            threads=torch.get_num_threads(),
            score_unit=GOALS[self.config.task.kind].score_unit,
            best_by=GOALS[self.config.task.kind].best_by,
            watching=self.watching,
        )
        self.ending = self._finished()

    def look_is_due(self) -> bool:
        """Whether the watching rows are to be measured now."""
        return self.state.step in self.plan.looks and self.state.last_look < self.state.step

    def look(self) -> Iterator[Event]:
        """Measure, sample, save; decide whether this is the best and whether to go on."""
        begun = time.monotonic()
        measured, told, learned = (yield from self._measured()), None, Weights()
        if measured is not None and self.plain is not None:
            measured, told = self.both_ways.with_guesses(self.plain, measured, rows=len(self.unlabelled))
            self.plain = None
        if measured is not None and self.start and self.state.step >= self.plan.total:
            learned = copied(self.model)
            measured, told = yield from self.both_ways.set_back(
                self.start,
                learned,
                measured,
                kept=self.config.training.kept_change or 1.0,
                fit_again=self._fit_again,
                should_stop=self.should_stop,
            )
        samples = [] if measured is None or self.should_stop() else self.probes.sample(self.model)
        self.model.net.train()
        if measured is None or self.should_stop():
            if learned:
                load_weights(self.model, learned)
            self.ending = Stopped(self.state.step, self.state.best_step)  # a look cut short is made again
            return
        loss, score = measured
        is_best = self._take_in(loss, score)
        if told is not None:
            yield told
        yield Validated(self.state.step, loss, score, is_best)
        for path, chosen in self.probes.settled().items() if is_best else ():
            yield Resolved(path, chosen.value, chosen.reason)
        for prompt, answer, confidence in samples:
            yield Sampled(self.state.step, prompt, answer, confidence)
        seconds = time.monotonic() - begun
        self.pace.looks.append(seconds)
        self.state = replace(self.state, seconds=self.state.seconds + seconds)
        yield self._save()
        self.ending = self._finished()

    def _measured(self) -> Generator[Event, None, Look | None]:
        """Error and score on the watching rows; None where it was stopped. Leaves the model in evaluation mode."""
        if self.config.training.approach == "contrastive" and self.state.step > 0:
            yield from self._fit_again()  # pairs moved the encoder, and nothing has named its labels since
            if self.should_stop():
                return None
        self.model.net.eval()
        return self.probes.score(self.model)

    def step(self) -> Iterator[Event]:
        """Make one step, unless asked to stop in its midst or its numbers are not usable."""
        begun, paused = time.monotonic(), self.gradients.paused
        number, places = self.state.step, self.plan.rows(self.state.step)
        total = yield from self.gradients.of(number, places)
        if total is None:
            self.ending = Stopped(number, self.state.best_step)
            return
        share = rate_share(number, total=self.plan.total, warmup_share=self.config.training.warmup_share)
        set_rates(self.optimizer, self.peaks, share)
        norm = torch.nn.utils.clip_grad_norm_(
            [p for group in self.optimizer.param_groups for p in group["params"]],
            self.config.training.clip_norm,
        )
        loss, norm = torch.stack([total, norm.to(total.dtype)]).tolist()  # one wait for the device a step
        usable = math.isfinite(loss) and math.isfinite(norm)
        if usable:
            self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        seconds = time.monotonic() - begun - (self.gradients.paused - paused)
        self.pace.steps.append(seconds)
        tokens = self.gradients.tokens(places) * readings(self.config)
        self.state = replace(
            self.state,
            step=number + 1,
            seconds=self.state.seconds + seconds,
            tokens=self.state.tokens + tokens,
            token_budget=self.gradients.token_budget,
        )
        yield self._stepped(loss, norm, tokens, seconds) if usable else self._skipped()
        if self.pace.save_is_due() and not self.look_is_due():
            yield self._save()

    def end(self) -> Iterator[Event]:
        """Keep what is needed to go on, and say how it ended."""
        assert self.ending is not None
        if self.has_begun and self.saved_step != self.state.step:
            yield self._save()
        untouched_is_best = self.state.last_look == 0 < self.state.step and not self.fits_head
        if isinstance(self.ending, Stopped) and untouched_is_best:
            # Nothing was measured since the untouched model: what was learned is kept, not what was there before. A
            # classifier's step 0 is the fitted head, which is measured; the first steps may undo it.
            write.mark_best(self.folder, self.state.step)
            self.ending = replace(self.ending, best_step=self.state.step)
        if isinstance(self.ending, Finished) and self.state.best_step == 0 < self.plan.total:
            yield Warned(
                "No look at the watching rows was surely better than the very first one; the model of then is kept.",
                "Try a lower learning rate or more rows, and look at the check-up of the data.",
            )
        yield self.ending

    def _fit_head(self) -> Iterator[Progressed]:
        self.plain = yield from fit_head(
            self.model,
            self.rows,
            pad_id=self.pad_id,
            token_budget=self.gradients.token_budget,
            should_stop=self.should_stop,
            unlabelled=self.unlabelled,
        )

    def _fit_again(self) -> Iterator[Event]:
        """As `_fit_head`, in words of its own: what the first fit says of itself begins a run."""
        yield Progressed(_FIT_AGAIN, is_midway=True)
        yield from (replace(told, what=_FIT_AGAIN, is_midway=True) for told in self._fit_head() if told.total)

    def _settle_precision(self) -> Iterator[Event]:
        """Try a typical micro-batch in both formats, forward and backward as in training. A stop in between leaves the
        format undecided."""
        yield Progressed("Finding the faster number format")
        places = self.plan.rows(0)
        chosen = yield from self.gradients.with_less_if_needed(places, lambda: self._choose_precision(places))
        if chosen is not None:
            use_precision(self.model, chosen[0])
            yield Resolved("training.precision", *chosen)

    def _choose_precision(self, places: Sequence[int]) -> tuple[Precision, str] | None:
        return devices.choose_precision(
            lambda few: self.gradients.try_once(places, few), self.model.device, should_stop=self.should_stop
        )

    def _take_in(self, loss: float, score: float) -> bool:
        """Whether this look is the best so far, and remember it where it is."""
        if not math.isfinite(loss):
            raise Problem(
                "The model gives no usable numbers on the watching rows.",
                "Its weights are damaged, or the number format does not suit it.",
                "Choose another model, or set the number format to 32-bit.",
            )
        is_best = self._is_best(loss, score)
        state = replace(self.state, top_score=max(score, self.state.top_score or 0.0))
        if is_best:
            state = replace(state, best_step=state.step, best_score=score, best_loss=loss)
        # The first steps at the full rate may undo a head start before they make up for it.
        is_early = state.best_step == 0 and state.step < self.plan.total / 2
        without = 0 if is_best or is_early else state.looks_without_better + 1
        self.state = replace(state, looks_without_better=without, last_look=state.step)
        return is_best

    def _is_best(self, loss: float, score: float) -> bool:
        state = self.state
        if state.best_loss is None or state.best_score is None:
            return True
        return self._is_surer((loss, score), (state.best_loss, state.best_score), state.top_score)

    def _is_surer(self, new: Look, old: Look, top_score: float | None = None) -> bool:
        by_loss = GOALS[self.config.task.kind].best_by == "loss"
        return is_surer(new, old, by_loss=by_loss, watching=self.watching, top_score=top_score)

    def _finished(self) -> Finished | None:
        state, patience = self.state, self.config.training.patience
        if patience and state.looks_without_better >= patience:
            by_loss = GOALS[self.config.task.kind].best_by == "loss"
            reason = f"No lower loss in {patience} looks" if by_loss else f"None of {patience} looks was surely better"
            if patience == 1:
                reason = f"The latest look was {'at no lower loss' if by_loss else 'not surely better'}"
        elif state.step >= self.plan.total and not self.look_is_due():
            reason = self._all_done()
        else:
            return None
        return Finished(state.step, state.best_step, reason)

    def _all_done(self) -> str:
        rounds = self.plan.total / self.plan.per_epoch
        if not self.plan.total:
            return "The last layer is fitted"
        if self.plan.total == self.config.training.max_steps:
            return f"The limit of {self.plan.total:,} steps is reached"
        return "The one round is done" if rounds == 1 else f"All {rounds:.3g} rounds are done"

    def _stepped(self, loss: float, norm: float, tokens: int, seconds: float) -> Stepped:
        self.bad = 0
        step = self.state.step
        looks = sum(look >= step for look in self.plan.looks) + bool(self.start)
        return Stepped(
            step=step,
            epoch=step / self.plan.per_epoch,
            loss=loss,
            learning_rate=float(self.optimizer.param_groups[0]["lr"]),
            grad_norm=norm,
            tokens=tokens,
            seconds=seconds,
            memory=devices.memory_in_use(self.model.device),
            eta=self.pace.left(steps=self.plan.total - step, looks=looks) + (self.fit_seconds if self.start else 0.0),
        )

    def _skipped(self) -> Warned:
        self.bad += 1
        if self.bad >= _BAD_IN_A_ROW:
            raise Problem(
                f"Training ran off: {self.bad} steps in a row gave no usable numbers.",
                "Most often the learning rate is too high for this model.",
                f"Train again with a third of the learning rate. The model of step {self.state.best_step:,} is kept.",
            )
        return Warned(
            f"Step {self.state.step:,} gave no usable numbers and was left out.",
            "If this happens often, lower the learning rate.",
        )

    def _point_at_best(self) -> None:
        if self.state.last_look >= 0:
            write.mark_best(self.folder, self.state.best_step)

    def _save(self) -> Saved:
        begun = time.monotonic()
        state = self.state
        folder = write.write_checkpoint(
            self.folder,
            model=self.model,
            optimizer=self.optimizer,
            state=state,
            keep=frozenset({state.best_step, state.step}),
        )
        self._point_at_best()
        self.saved_step = state.step
        self.pace.saved(time.monotonic() - begun)
        return Saved(state.step, folder.name, state.best_step == state.step and state.last_look >= 0)

"""Where to compute, in which number format, and how much memory that takes. (torch)

In: the machine as torch sees it. Out: a device, a measured choice of format with its reason, bytes in use.
Knows nothing of models: the trial run is handed in.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import torch

from studio.config.training import Precision

WORTH_IT = 1.15  # 16-bit has to be this much faster, or its lost digits buy nothing
_ON_A_CARD = 16  # times the tokens that keep a processor busy keep a graphics card busy
_TRIES = 3
_HOPELESS = 2.0  # this much slower in one try is no chance …
_HOPELESS_COLD = 8.0, 1.0  # … nor is this much, and so many seconds, in the first try, which also prepares
_SLOW = 0.5  # seconds of a few tokens in 32-bit, after which they alone decide
_LONG = 4.0  # seconds of tries of one format, after which it is known well enough


def pick_device() -> torch.device:
    """The graphics card where there is one, else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def at_once(count: int, device: torch.device, *, times: int = _ON_A_CARD) -> int:
    """How many tokens to read at once without learning from them, where `count` are right for a processor; a graphics
    card takes so many `times` as many. Rows that are written side by side are counted in the same way."""
    return count * times if device.type == "cuda" else count


def memory_in_use(device: torch.device) -> int:
    """Bytes in use: of the card's own memory, else of this program on the processor."""
    if device.type == "cuda":
        return int(torch.cuda.memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    return int(psutil.Process().memory_info().rss)


def choose_precision(
    run_once: Callable[[bool], object], device: torch.device, *, should_stop: Callable[[], bool] = lambda: False
) -> tuple[Precision, str] | None:
    """Time `run_once` (a forward and backward call of a typical batch, of a few tokens where its argument says so) in
    both formats and choose, with the reason; None where `should_stop`, which is asked before every run, says so.

    `run_once` may return a scalar; where it is not finite in 16-bit, 32-bit is kept. Takes at most fifteen runs, and
    no more once a format has taken a few seconds.
    """
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return "fp32", "this graphics card has no 16-bit numbers of the needed kind (bfloat16)"
    try:
        return _compared(_Trial(run_once, device, should_stop))
    except _StopAskedError:
        return None


class _StopAskedError(Exception):
    pass


def _compared(trial: _Trial) -> tuple[Precision, str]:
    full, half = trial.with_few_tokens() if trial.device.type == "cpu" else (math.inf, math.inf)
    if math.isinf(half):
        full = trial.fastest(half=False)
        half = trial.fastest(half=True, full=full)
        if full / half >= WORTH_IT and trial.device.type == "cpu":  # other programs may have slowed 32-bit down
            full = min(full, trial.fastest(half=False))
    if math.isnan(half):
        return "fp32", "16-bit numbers overflow with this model"
    gain = full / half
    if gain >= WORTH_IT:
        return "bf16", f"16-bit is {gain:.1f} times as fast here"
    if gain >= 1 / WORTH_IT:
        return "fp32", "16-bit is no faster here"
    return "fp32", f"16-bit is {1 / gain:.1f} times as slow here"


@dataclass(frozen=True)
class _Trial:
    run_once: Callable[[bool], object]
    device: torch.device
    should_stop: Callable[[], bool]

    def run(self, *, half: bool, few: bool = False) -> float:
        """The seconds of one run; nan when its result is not finite in 16-bit."""
        if self.should_stop():
            raise _StopAskedError
        begun = time.perf_counter()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            result = self.run_once(few)
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        if half and isinstance(result, torch.Tensor | float) and not torch.isfinite(torch.as_tensor(result)).all():
            return math.nan
        return time.perf_counter() - begun

    def with_few_tokens(self) -> tuple[float, float]:
        """The seconds of both formats where a few tokens decide: a processor without instructions for 16-bit takes many
        times as long, and on a slow one more tokens would take minutes. Elsewhere the seconds of 16-bit are inf."""
        full = self.run(half=False, few=True)
        if full < _SLOW:
            full = min(full, self.run(half=False, few=True))
        half = self.run(half=True, few=True)
        if math.isnan(half) or half >= max(_HOPELESS_COLD[0] * full, _HOPELESS_COLD[1]):
            return full, half
        if full < _SLOW:
            return full, math.inf
        if half < _HOPELESS * full:  # the first run also prepared, which makes 32-bit look slower than it is
            full = min(full, self.run(half=False, few=True))
        return full, half if half >= _HOPELESS * full else min(half, self.run(half=True, few=True))

    def fastest(self, *, half: bool, full: float = math.inf) -> float:
        """The fastest of a few runs after one to warm up, or of fewer where that cannot come near `full` seconds or
        they take too long; nan when a result is not finite."""
        best, spent = math.inf, 0.0
        for attempt in range(_TRIES + 1):
            took = self.run(half=half)
            if math.isnan(took):
                return took
            spent += took
            if attempt == 0 and self._may_only_prepare(took, full, spent):
                continue
            best = min(best, took)
            if best >= _HOPELESS * full or spent >= _LONG:
                break
        return best

    def _may_only_prepare(self, took: float, full: float, spent: float) -> bool:
        """Whether a first run tells nothing: on a graphics card it loads all its programs, which takes seconds."""
        if self.device.type == "cuda":
            return True
        return took < max(_HOPELESS_COLD[0] * full, _HOPELESS_COLD[1]) and spent < _LONG

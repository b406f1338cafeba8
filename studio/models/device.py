"""Where to compute, in which number format, and how much memory that takes. (torch)

In: the machine as torch sees it. Out: a device, a measured choice of format with its reason, bytes in use.
Knows nothing of models: the trial run is handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil
import torch

from studio.config.config import Precision

WORTH_IT = 1.15  # 16-bit has to be this much faster, or its lost digits buy nothing
_TRIES = 3
_HOPELESS = 2.0  # this much slower in one try is no chance …
_HOPELESS_COLD = 8.0, 1.0  # … nor is this much, and so many seconds, in the first try, which also prepares


def pick_device() -> torch.device:
    """The graphics card where there is one, else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def memory_in_use(device: torch.device) -> int:
    """Bytes in use: of the card's own memory, else of this program on the processor."""
    if device.type == "cuda":
        return int(torch.cuda.memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    return int(psutil.Process().memory_info().rss)


def choose_precision(run_once: Callable[[], object], device: torch.device) -> tuple[Precision, str]:
    """Time `run_once` (a forward and backward call of a typical batch) in both formats and choose, with the reason.

    `run_once` may return a scalar; where it is not finite in 16-bit, 32-bit is kept. Takes at most eight runs.
    """
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return "fp32", "this graphics card has no 16-bit numbers of the needed kind (bfloat16)"
    full = _seconds(run_once, device, half=False)
    assert full is not None
    half = _seconds(run_once, device, half=True, full=full)
    if half is None:
        return "fp32", "16-bit numbers overflow with this model"
    gain = full / half
    if gain >= WORTH_IT:
        return "bf16", f"16-bit is {gain:.1f} times as fast here"
    if gain >= 1 / WORTH_IT:
        return "fp32", "16-bit is no faster here"
    return "fp32", f"16-bit is {1 / gain:.1f} times as slow here"


def _seconds(
    run_once: Callable[[], object], device: torch.device, *, half: bool, full: float = float("inf")
) -> float | None:
    """The fastest of a few runs after one to warm up, or of fewer where that cannot come near `full` seconds; None when
    a result is not finite."""
    best = float("inf")
    for attempt in range(_TRIES + 1):
        begun = time.perf_counter()
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            result = run_once()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if half and isinstance(result, torch.Tensor | float) and not torch.isfinite(torch.as_tensor(result)).all():
            return None
        took = time.perf_counter() - begun
        if attempt == 0 and took < max(_HOPELESS_COLD[0] * full, _HOPELESS_COLD[1]):
            continue
        best = min(best, took)
        if best >= _HOPELESS * full:
            break
    return best

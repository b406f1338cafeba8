"""A network from a model folder, whole or not at all. (torch)

In: a folder that gate.py let through, and which of its parts are new. Out: the network, or a Problem where weights are
missing, of another shape, or not numbers: transformers would fill such gaps with random ones and only log it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from torch import nn

from studio.problems import Problem, Where

# Always 32-bit at first: an adapter takes its first numbers from the format of what it is attached to.
_SAFE: dict[str, Any] = {
    "dtype": torch.float32,
    "local_files_only": True,
    "trust_remote_code": False,
    "use_safetensors": True,
}
# What the library raises for settings and weights that do not go together; a lack of memory is no damage.
_FAULTS = (AttributeError, LookupError, RuntimeError, StrictDataclassError, TypeError, ValueError)


def read_network(
    loader: Any, folder: Path, *, is_new: Callable[[str], bool] = lambda name: False, **settings: Any
) -> nn.Module:
    """What `loader` (a class of transformers with `from_pretrained`) makes of the folder, in 32-bit. `is_new` tells
    which parameters need not be there, because they start from nothing."""
    try:
        net, told = loader.from_pretrained(folder, output_loading_info=True, **_SAFE, **settings)
    except torch.OutOfMemoryError:
        raise
    except _FAULTS as error:
        if "memory" in str(error).lower():
            raise
        raise _damaged(folder, f"Its settings and its weights do not go together ({_first_line(error)}).") from error
    wrong_shape = {str(key if isinstance(key, str) else key[0]) for key in told.get("mismatched_keys", ())}
    gone = sorted(name for name in {*told["missing_keys"], *wrong_shape} if not is_new(name))
    if gone:
        more = f" and {len(gone) - 1:,} more" if len(gone) > 1 else ""
        raise _damaged(folder, f"Weights are missing or have another shape: {gone[0]}{more}.")
    assert isinstance(net, nn.Module)
    bad = next((name for name, p in net.named_parameters() if not is_new(name) and not p.isfinite().all()), None)
    if bad is not None:
        raise _damaged(folder, f"{bad} holds values that are not numbers.")
    return net


def _damaged(folder: Path, why: str) -> Problem:
    return Problem(
        "This model folder is damaged.", why, "Get the model again, or choose another one.", Where(str(folder))
    )


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0][:200] if text else type(error).__name__

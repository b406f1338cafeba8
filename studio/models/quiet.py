"""Keeps transformers from writing to the terminal; what the user should know comes as events. (torch)

In: nothing. Out: nothing.
"""

from __future__ import annotations

import warnings
from typing import Any

import transformers


def hush() -> None:
    """No progress bars and no advice; errors still come as exceptions."""
    # On a graphics card the thread that goes backwards begins with a product where states are computed again.
    warnings.filterwarnings("ignore", message="Attempting to run cuBLAS, but there was no current CUDA context")
    logging: Any = transformers.logging
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    # peft 0.21 asks transformers 5.23 by a name that is only deprecated.
    warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)

"""Keeps transformers from writing to the terminal; what the user should know comes as events. (torch)

In: nothing. Out: nothing.
"""

from __future__ import annotations

from typing import Any

import transformers


def hush() -> None:
    """No progress bars and no advice; errors still come as exceptions."""
    logging: Any = transformers.logging
    logging.set_verbosity_error()
    logging.disable_progress_bar()

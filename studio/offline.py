"""Nothing leaves this computer: what the libraries would fetch or report by themselves is switched off.

In: nothing. Out: environment variables, which these libraries read once, when they are imported; so this comes first.
"""

from __future__ import annotations

import os

SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "true",  # threads for many texts; the library warns where this is left open
}


def stay_offline() -> None:
    """Set the switches, for this process and those that it starts."""
    os.environ.update(SWITCHES)

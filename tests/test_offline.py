"""Nothing reports or fetches by itself, whichever way the program is entered."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from studio.offline import SWITCHES


@pytest.mark.parametrize("entry", ["import studio.flow", "import studio.cli.main"])
def test_the_libraries_are_told_before_they_are_loaded(entry: str) -> None:
    code = (
        f"{entry}\nimport studio.models.load\nfrom huggingface_hub import constants\n"
        "print(constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY)"
    )
    clean = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    told = subprocess.run([sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "True True"

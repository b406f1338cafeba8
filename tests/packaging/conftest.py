"""Lets the tests import the set-up's modules, which stand beside the product and not in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SETTING_UP = ("launch", "environment", "steps", "system", "places")


@pytest.fixture(autouse=True)
def set_up_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test imports them anew, as the command does."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "packaging"))
    yield
    for name in SETTING_UP:
        sys.modules.pop(name, None)

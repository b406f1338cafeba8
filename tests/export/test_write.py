"""What the files of an export are called by others."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.export.write import public_name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("cache/models--org--name/snapshots/abc", "org/name"),
        ("cache/models--gpt2/snapshots/abc", "gpt2"),
        ("home/models/SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct"),
    ],
)
def test_a_hub_model_is_named_by_its_id_and_a_folder_by_its_own(folder: str, name: str) -> None:
    assert public_name(Path("/somewhere") / folder) == name

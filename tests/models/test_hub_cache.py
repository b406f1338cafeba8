"""The cache is found where the hub keeps it, and a folder in it is called by its id and not by its commit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.models import catalog, hub_cache
from studio.models.gate import check_folder
from studio.problems import Problem
from tests.models.test_catalog import in_hub_cache


def test_the_hub_cache_is_where_the_hub_keeps_it(tmp_path: Path) -> None:
    """Asked of the hub's own library, for every variable that moves it."""
    code = "from huggingface_hub.constants import HF_HUB_CACHE\nfrom studio.models.hub_cache import cache_folder\n"
    code += "print(HF_HUB_CACHE, cache_folder(), sep='\\n')"
    names = ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME")
    clean = {name: value for name, value in os.environ.items() if name not in names}
    for name in (*names, ""):
        moved = {name: str(tmp_path / name)} if name else {}
        told = subprocess.run(
            [sys.executable, "-c", code], env=clean | moved, capture_output=True, text=True, check=True
        ).stdout.split()
        assert told[0] == told[1], name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("cache/models--org--name/snapshots/abc", "org/name"),
        ("cache/models--gpt2/snapshots/abc", "gpt2"),
        ("home/models/SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct"),
        ("models--of-mine/tiny", "tiny"),
        ("snapshots/tiny", "tiny"),
    ],
)
def test_a_hub_model_is_named_by_its_id_and_a_folder_by_its_own(folder: str, name: str) -> None:
    assert hub_cache.base_name(Path("/somewhere") / folder) == name


def test_a_folder_named_from_within_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert hub_cache.base_name(Path()) == tmp_path.name


def test_the_id_leads_to_the_folder_and_back(tmp_path: Path) -> None:
    place = hub_cache.place("org/name", tmp_path)
    assert hub_cache.place_of(hub_cache.snapshot(place, "abc")) == place
    assert hub_cache.base_name(hub_cache.snapshot(place, "abc")) == "org/name"
    assert hub_cache.place_of(tmp_path) is hub_cache.place_of(Path("/")) is None


@pytest.mark.parametrize(
    ("address", "host"), [("", "huggingface.co"), ("https://mirror.example:8443/hub", "mirror.example")]
)
def test_the_host_is_named_as_a_person_would(address: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    assert hub_cache.host() == host


def test_what_is_said_of_a_downloaded_model_names_its_id(tmp_path: Path) -> None:
    folder = in_hub_cache(tmp_path, "org/name", model_type="bert")
    entry = catalog.own_model(folder)
    assert (entry.name, entry.title) == ("org/name", "org/name")
    with pytest.raises(Problem, match="“org/name” cannot be used for this goal"):
        catalog.find_model(str(folder), ("causal",))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(Problem, match="“org/name” has no tokenizer"):
        check_folder(folder)

"""The catalog knows what is here; asking for what is not gets a way on."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from studio.config import paths
from studio.config.goals import GOALS
from studio.models import catalog, gate, starters
from studio.models.catalog import find_model
from studio.problems import Problem
from tests.models.test_gate import CONFIG, weights


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache."""
    place = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(place))
    return place


def model_at(folder: Path, **values: object) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({**CONFIG, **values}))
    (folder / "tokenizer.json").write_text("{}")
    weights(folder / "model.safetensors")
    return folder


def ready(home: Path, name: str, **values: object) -> Path:
    folder = model_at(home / "models" / name, **values)
    (folder / starters.MARK_FILE).write_text(json.dumps(asdict(starters.starter(name))))
    return folder


def test_the_starters_come_first_and_say_what_they_are() -> None:
    entries = catalog.catalog()
    assert [entry.name for entry in entries[:2]] == [starter.name for starter in starters.STARTERS]
    assert "4-bit copy, converted" in entries[1].note
    assert all(entry.folder is None for entry in entries)
    assert len({entry.name for entry in entries}) == len(entries)


SHAPE = {"hidden", "layers", "vocabulary", "context", "parameters", "bytes"}
LISTED = set(GOALS) - {"pretrain"}  # which starts from nothing


def listed() -> list[dict[str, Any]]:
    """The models as they stand in the file."""
    return list(json.loads((paths.resources() / "models.json").read_text(encoding="utf-8"))["models"])


@pytest.mark.parametrize("entry", listed(), ids=lambda entry: entry["name"])
def test_every_entry_has_its_facts(entry: dict[str, Any]) -> None:
    names = {"name", "title", "hub", "kind", "type", "license", "languages", "suits", "note", *SHAPE}
    assert names <= entry.keys() <= names | {"starter", "gated"}
    assert all(isinstance(entry[name], int) and entry[name] > 0 for name in SHAPE)
    assert all(isinstance(entry[name], str) and entry[name] for name in ("name", "title", "license", "note"))
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", entry["hub"])
    assert entry["note"].endswith(".")
    assert entry["suits"]
    assert set(entry["suits"]) <= LISTED
    assert ("terms have to be accepted" in entry["note"]) == entry.get("gated", False)


@pytest.mark.parametrize("entry", listed(), ids=lambda entry: entry["name"])
def test_every_entry_could_pass_the_gate(entry: dict[str, Any]) -> None:
    types = {"encoder": gate.ENCODER_TYPES, "causal": gate.CAUSAL_TYPES}
    assert entry["type"] in types[entry["kind"]]


@pytest.mark.parametrize("entry", listed(), ids=lambda entry: entry["name"])
def test_sizes_go_together(entry: dict[str, Any]) -> None:
    """Weights take 2 or 4 bytes each; files hold a little more than the network where they keep an output layer too."""
    table = entry["vocabulary"] * entry["hidden"]
    least, most = (width * entry["parameters"] for width in (1.98, 4.01))
    assert least <= entry["bytes"] <= most + 4 * table
    body = entry["layers"] * entry["hidden"] ** 2
    assert table < entry["parameters"]
    assert 4 * body < entry["parameters"] < 2 * table + 25 * body + 10e6
    assert 512 <= entry["context"] <= 131072


FAMILIES = {"bert", "distilbert", "roberta", "xlm-roberta", "deberta-v2", "modernbert",
            "gpt2", "llama", "smollm3", "qwen2", "qwen3", "gemma3_text", "phi3", "mistral"}  # fmt: skip


def test_the_families_that_people_know_are_all_there() -> None:
    """An update of the file that loses one would be seen by nobody but whoever looks for it."""
    entries = listed()
    assert {entry["type"] for entry in entries} >= FAMILIES
    searching = [entry["name"].casefold() for entry in entries if "search" in entry["suits"]]
    for family in ("minilm", "e5", "bge"):
        assert any(family in re.split(r"[-_]", name) for name in searching), family


def test_names_and_files_are_told_apart() -> None:
    entries = listed()
    for name in ("name", "title"):
        assert len({entry[name].casefold() for entry in entries}) == len(entries)
    hubs = Counter(entry["hub"] for entry in entries)
    converted = {entry["hub"] for entry in entries if entry.get("starter") and "converted" in entry["note"]}
    assert {hub for hub, count in hubs.items() if count > 1} == converted


def test_every_language_is_a_code_and_every_list_is_used() -> None:
    file = json.loads((paths.resources() / "models.json").read_text(encoding="utf-8"))
    used = {entry["languages"] for entry in file["models"] if isinstance(entry["languages"], str)}
    assert used == file["languages"].keys()
    for entry in catalog.catalog():
        assert entry.languages
        assert len(set(entry.languages)) == len(entry.languages)
        assert all(re.fullmatch(r"[a-z]{2}|mul", code) for code in entry.languages)


def test_every_goal_has_models_of_several_sizes_and_in_many_languages() -> None:
    for goal in LISTED:
        fitting = [entry for entry in catalog.catalog() if goal in entry.suits]
        assert len(fitting) >= 3, goal
        assert any(len(entry.languages) > 5 for entry in fitting), goal
        assert min(entry.bytes for entry in fitting) < 400e6, goal


def test_the_languages_of_a_folder_are_the_catalogs_else_its_cards(home: Path, hub: Path, tmp_path: Path) -> None:
    assert catalog.languages_of(ready(home, "all-MiniLM-L6-v2", model_type="bert")) == ("en",)
    assert "de" in catalog.languages_of(in_hub_cache(hub, "FacebookAI/xlm-roberta-base", model_type="xlm-roberta"))
    own = model_at(tmp_path / "ours")
    assert catalog.languages_of(own) == ()
    (own / "README.md").write_text("---\nlanguage:\n- de\n- fr\n---\n")
    assert catalog.languages_of(own) == catalog.own_model(own).languages == ("de", "fr")


@pytest.mark.parametrize("kind", ["encoder", "causal"])
def test_an_empty_name_is_the_starter_of_the_kind(home: Path, kind: str) -> None:
    encoder = ready(home, "all-MiniLM-L6-v2", model_type="bert")
    causal = ready(home, "SmolLM2-135M-Instruct")
    assert find_model("", (kind,)) == (encoder if kind == "encoder" else causal)  # type: ignore[arg-type]


def test_a_starter_that_is_not_ready_names_the_set_up() -> None:
    with pytest.raises(Problem, match="not set up") as caught:
        find_model("", ("causal",))
    assert "launch.py" in caught.value.fix


def test_an_older_starter_is_not_ready(home: Path) -> None:
    folder = ready(home, "SmolLM2-135M-Instruct")
    assert starters.is_ready("SmolLM2-135M-Instruct")
    mark = json.loads((folder / starters.MARK_FILE).read_text()) | {"version": "0.0.1"}
    (folder / starters.MARK_FILE).write_text(json.dumps(mark))
    assert not starters.is_ready("SmolLM2-135M-Instruct")


def test_a_model_of_the_catalog_that_is_not_here_says_how_large_it_is() -> None:
    with pytest.raises(Problem, match="not on this computer") as caught:
        find_model("Qwen3-0.6B", ("causal",))
    assert "about 1.5 GB" in caught.value.why


def in_hub_cache(hub: Path, name: str, **values: object) -> Path:
    place = hub / f"models--{name.replace('/', '--')}"
    snapshot = model_at(place / "snapshots" / "abc", **values)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text("abc")
    return snapshot


def test_the_original_of_a_converted_starter_is_an_entry_of_its_own(home: Path, hub: Path) -> None:
    starter = ready(home, "SmolLM2-135M-Instruct")
    with pytest.raises(Problem, match="the original is not on this computer"):
        find_model("HuggingFaceTB/SmolLM2-135M-Instruct", ("causal",))
    original = in_hub_cache(hub, "HuggingFaceTB/SmolLM2-135M-Instruct")
    assert find_model("SmolLM2-135M-Instruct-original", ("causal",)) == original
    assert find_model("HuggingFaceTB/SmolLM2-135M-Instruct", ("causal",)) == original
    assert find_model("SmolLM2-135M-Instruct", "causal") == find_model("", ("causal",)) == starter


def test_a_chosen_folder_has_an_entry_and_is_known_by_it(tmp_path: Path) -> None:
    folder = model_at(tmp_path / "elsewhere" / "ours")
    entry = catalog.own_model(folder)
    assert (entry.title, entry.kind, entry.folder) == ("ours", "causal", folder)
    assert catalog.named(str(folder), [*catalog.catalog(), entry]) is entry
    (folder / "modeling.py").write_text("")
    with pytest.raises(Problem, match="program code"):
        catalog.own_model(folder)


def test_an_unknown_name_is_a_problem() -> None:
    with pytest.raises(Problem, match="no model “nonsense”"):
        find_model("nonsense", ("causal",))


def test_the_hub_cache_is_found_by_name(hub: Path) -> None:
    snapshot = in_hub_cache(hub, "openai-community/gpt2", model_type="gpt2")
    assert find_model("gpt2", ("causal",)) == snapshot
    assert find_model("openai-community/GPT2", ("causal",)) == snapshot
    (snapshot / "model.safetensors").unlink()
    with pytest.raises(Problem, match="not on this computer"):
        find_model("gpt2", ("causal",))


def test_own_folders_are_listed_when_they_are_safe(home: Path) -> None:
    own = model_at(home / "models" / "my-model")
    unsafe = model_at(home / "models" / "unsafe")
    (unsafe / "modeling.py").write_text("")
    names = {entry.name: entry.folder for entry in catalog.catalog()}
    assert names["my-model"] == own
    assert "unsafe" not in names
    assert find_model("my-model", ("causal",)) == own
    with pytest.raises(Problem, match="program code"):
        find_model(str(unsafe), ("causal",))


def test_a_model_of_the_other_kind_names_fitting_ones(home: Path, tmp_path: Path) -> None:
    ready(home, "all-MiniLM-L6-v2", model_type="bert")
    other = model_at(tmp_path / "writer")
    assert find_model(str(other), ("causal",)) == other
    with pytest.raises(Problem, match="cannot be used") as caught:
        find_model(str(other), ("encoder",))
    assert "all-MiniLM-L6-v2" in caught.value.fix


def test_sizes_are_told_in_round_words() -> None:
    sizes = (29_319_000_000, 1_347_000_000, 999_800_000, 440_473_133)
    assert [catalog.about(size) for size in sizes] == ["about 29 GB", "about 1.3 GB", "about 1.0 GB", "about 440 MB"]

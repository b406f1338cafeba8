"""Whatever would run, or would lead out of the folder, is refused before a library sees it; ordinary models pass."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from studio.models.gate import check_before_weights, check_folder
from studio.problems import Problem
from tests.models.test_gate import CONFIG, weights


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model folder that passes."""
    place = tmp_path / "model"
    place.mkdir()
    (place / "config.json").write_text(json.dumps(CONFIG))
    (place / "tokenizer.json").write_text("{}")
    weights(place / "model.safetensors")
    return place


def refused(folder: Path) -> Problem:
    """Both looks refuse it, the one before the weights come too."""
    with pytest.raises(Problem):
        check_before_weights(folder)
    with pytest.raises(Problem) as caught:
        check_folder(folder)
    assert caught.value.fix
    return caught.value


def edit(path: Path, **more: Any) -> None:
    values = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**values, **more}), encoding="utf-8")


@pytest.mark.parametrize(
    "asked",
    [
        {"auto_map": {"AutoModel": "modeling.Model"}},
        {"auto_map": ["modeling.Model", None]},
        {"auto_map": "modeling.Model"},
        {"AUTO_MAP": {"AutoModel": "modeling.Model"}},
        {"text_config": {"auto_map": {"AutoConfig": "owner/name--configuration.Config"}}},
        {"a": [[{"b": {"auto_map": {"AutoTokenizer": ["x.Slow", "x.Fast"]}}}]]},
        {"trust_remote_code": True},
        {"custom_code": True},
        {"custom_pipelines": {"mine": {"impl": "pipeline.Mine"}}},
        {"custom_generate": "owner/decoding"},
        {"auto_mapping": {"base_model_class": "Evil", "parent_library": "evil"}},
    ],
)
@pytest.mark.parametrize(
    "name",
    ["config.json", "tokenizer_config.json", "generation_config.json", "processor_config.json", "deep/er/any.JSON"],
)
def test_what_asks_for_code_is_refused_in_every_json_at_every_depth(
    model: Path, name: str, asked: dict[str, Any]
) -> None:
    edit(model / name, **asked)
    problem = refused(model)
    assert "program code" in problem.what
    assert next(iter(asked)) in problem.why or "auto_map" in problem.why


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("processor_class", "owner/name--processing.Processor"),
        ("tokenizer_class", "tokenization_mine.MyTokenizer"),
        ("tokenizer_class", ["MyTokenizer", "../elsewhere"]),
        ("image_processor_class", "C:\\code"),
        ("architectures", ["owner/name--modeling.Model"]),
        ("anything", "owner/name--modeling.Model"),
    ],
)
def test_a_class_that_lies_in_another_place_is_refused(model: Path, key: str, value: object) -> None:
    edit(model / "tokenizer_config.json", inner={key: value})
    problem = refused(model)
    assert "program code" in problem.what
    assert key in problem.why


def test_the_parts_of_a_sentence_encoder_are_its_librarys_own(model: Path) -> None:
    parts = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]
    edit(model / "1_Pooling" / "config.json", word_embedding_dimension=4, pooling_mode_mean_tokens=True)
    (model / "modules.json").write_text(json.dumps(parts))
    assert check_folder(model).parameters == 48
    parts[1]["type"] = "custom_pooling.Mine"
    (model / "modules.json").write_text(json.dumps(parts))
    assert "custom_pooling.Mine" in refused(model).why


def test_an_ordinary_model_has_all_these_entries_and_passes(model: Path) -> None:
    edit(model / "config.json", architectures=["LlamaForCausalLM"], _name_or_path="owner/name", label2id={"class": 0})
    edit(
        model / "tokenizer_config.json",
        tokenizer_class="PreTrainedTokenizerFast",
        processor_class=None,
        added_tokens_decoder={"0": {"content": "a/b--c", "special": True}},
    )
    edit(model / "vocab.json", auto_map=17, custom_code=18, trust_remote_code=19)
    edit(model / "generation_config.json", trust_remote_code=False, auto_map=None, custom_generate="")
    assert check_folder(model).parameters == 48


@pytest.mark.parametrize(
    "name", ["modeling.py", "deep/Setup.PY", "lib.so.PYD", "tool.sh", "start.BAT", ".hidden/x.pyc", "pack.whl"]
)
def test_files_that_can_be_run_are_refused(model: Path, name: str) -> None:
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).write_bytes(b"")
    assert "program code" in refused(model).what


def test_an_adapter_beside_whole_weights_is_refused(model: Path, tmp_path: Path) -> None:
    """The library would load what this file names, which nobody looked through, and not the folder."""
    edit(model / "adapter_config.json", base_model_name_or_path=str(tmp_path / "elsewhere"), peft_type="LORA")
    assert "adapter" in refused(model).what


@pytest.mark.parametrize("name", ["adapter_model.bin", "../elsewhere/model.safetensors", "other.safetensors"])
def test_weights_under_a_name_of_its_own_choice_are_refused(model: Path, name: str) -> None:
    edit(model / "config.json", transformers_weights=name)
    assert "another file for its weights" in refused(model).what


@pytest.mark.parametrize("place", ["evil.bin", "../model.safetensors", "/etc/passwd", "sub/model.safetensors"])
def test_a_list_of_parts_may_name_only_the_safe_files_beside_it(model: Path, place: str) -> None:
    (model / "model.safetensors").rename(model / "model-00001-of-00001.safetensors")
    edit(model / "model.safetensors.index.json", weight_map={"a": "model-00001-of-00001.safetensors", "b": place})
    with pytest.raises(Problem, match=r"part of the model is missing") as caught:
        check_folder(model)
    assert place in caught.value.why


def test_a_list_of_parts_that_names_its_parts_passes(model: Path) -> None:
    (model / "model.safetensors").unlink()
    parts = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    for name, file in parts.items():
        weights(model / file, names=(name,))
    edit(model / "model.safetensors.index.json", weight_map=parts)
    assert check_folder(model).parameters == 48


def test_weights_that_the_library_would_not_find_are_told(model: Path) -> None:
    (model / "model.safetensors").rename(model / "weights.safetensors")
    with pytest.raises(Problem, match="under a name that is known") as caught:
        check_folder(model)
    assert "weights.safetensors" in caught.value.why


@pytest.mark.parametrize("key", ["quantization_config", "compression_config"])
def test_compressed_weights_are_refused(model: Path, key: str) -> None:
    edit(model / "config.json", **{key: {"quant_method": "gptq"}})
    assert "compressed" in refused(model).what


def test_a_link_that_leads_nowhere_or_to_itself_is_told(model: Path) -> None:
    (model / "added_tokens.json").symlink_to(model / "gone.json")
    assert "leads nowhere" in refused(model).what
    (model / "added_tokens.json").unlink()
    (model / "loop.json").symlink_to("loop.json")
    assert "leads nowhere" in refused(model).what


@pytest.mark.parametrize("name", ["README.md", "deep/vocab.txt", "model-extra.safetensors"])
def test_a_link_out_of_the_folder_is_refused_whatever_its_name(model: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret")
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).symlink_to(tmp_path / "secret")
    assert "outside" in refused(model).what


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes of that kind")
def test_a_pipe_is_refused_and_not_waited_for(model: Path) -> None:
    os.mkfifo(model / "generation_config.json")
    assert "no ordinary file" in refused(model).what


@pytest.mark.parametrize("content", ["[" * 100_000, "{", "\x00\x01", '"' + "9" * 10])
def test_damaged_json_is_named(model: Path, content: str) -> None:
    (model / "tokenizer_config.json").write_text(content)
    assert "tokenizer_config.json" in refused(model).what


def test_the_config_has_to_be_an_object(model: Path) -> None:
    (model / "config.json").write_text(json.dumps([CONFIG]))
    assert "damaged" in refused(model).what

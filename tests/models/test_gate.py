"""Only whole and safe model folders pass; every other one gets words."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.models.gate import check_folder
from studio.models.weights import read_header
from studio.problems import Problem

CONFIG = {
    "model_type": "llama",
    "hidden_size": 4,
    "num_hidden_layers": 1,
    "vocab_size": 8,
    "max_position_embeddings": 64,
}


def weights(path: Path, *, names: tuple[str, ...] = ("a", "b"), rows: int = 6) -> None:
    """A safetensors file of 32-bit matrices, each `rows` by 4."""
    size = rows * 4 * 4
    header = {
        name: {"dtype": "F32", "shape": [rows, 4], "data_offsets": [n * size, (n + 1) * size]}
        for n, name in enumerate(names)
    }
    raw = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(raw)) + raw + bytes(size * len(names)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model folder that passes."""
    place = tmp_path / "model"
    place.mkdir()
    (place / "config.json").write_text(json.dumps(CONFIG))
    (place / "tokenizer.json").write_text("{}")
    weights(place / "model.safetensors")
    return place


def edit_config(folder: Path, **values: object) -> None:
    (folder / "config.json").write_text(json.dumps({**CONFIG, **values}))


def refused(folder: Path) -> str:
    with pytest.raises(Problem) as caught:
        check_folder(folder)
    assert caught.value.fix
    return str(caught.value)


def test_a_whole_folder_passes_with_its_facts(folder: Path) -> None:
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\n")
    facts = check_folder(folder)
    assert (facts.kind, facts.model_type, facts.license, facts.dtype) == ("causal", "llama", "apache-2.0", "f32")
    assert (facts.parameters, facts.context, facts.hidden, facts.layers, facts.vocabulary) == (48, 64, 4, 1, 8)
    assert facts.bytes == (folder / "model.safetensors").stat().st_size


def test_weights_that_end_early_say_where(folder: Path) -> None:
    path = folder / "model.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 61 // 100])
    assert "ends at 6" in refused(folder)


@pytest.mark.parametrize("left", [0, 5, 8, 20])
def test_weights_that_end_in_their_header_are_damaged(folder: Path, left: int) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:left])
    assert "is damaged" in refused(folder)


def test_anything_behind_the_weights_is_refused(folder: Path) -> None:
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"extra")
    assert "does not belong" in refused(folder)


def _overlap(header: dict[str, dict[str, object]]) -> None:
    header["b"]["data_offsets"] = [0, 96]


def _wrong_size(header: dict[str, dict[str, object]]) -> None:
    header["b"]["shape"] = [60, 4]


def _negative(header: dict[str, dict[str, object]]) -> None:
    header["b"]["shape"] = [-6, -4]


def _unknown_type(header: dict[str, dict[str, object]]) -> None:
    header["b"]["dtype"] = "PICKLE"


@pytest.mark.parametrize("spoil", [_overlap, _wrong_size, _negative, _unknown_type])
def test_a_header_that_does_not_add_up_is_refused(
    folder: Path, spoil: Callable[[dict[str, dict[str, object]]], None]
) -> None:
    path = folder / "model.safetensors"
    header = read_header(path)
    spoil(header)
    raw = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(raw)) + raw + bytes(192))
    assert "list of contents" in refused(folder)


def test_a_header_as_large_as_the_file_claims_is_not_read(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
    assert "beginning" in refused(folder)


def test_a_missing_shard_is_named(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "c": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "model-00002-of-00002.safetensors" in refused(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.CKPT", "model.pkl"])
def test_pickled_weights_alone_are_unsafe(folder: Path, name: str) -> None:
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(b"\x80\x04.")
    assert "unsafe format" in refused(folder)


def test_pickled_weights_beside_safe_ones_are_left_alone(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    assert check_folder(folder).parameters == 48


@pytest.mark.parametrize("name", ["modeling_llama.py", "deeper/tool.py", "library.so"])
def test_code_in_the_folder_is_refused(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("print('never run')")
    assert "program code" in refused(folder)


@pytest.mark.parametrize(
    "extra",
    [
        {"auto_map": {"AutoModel": "modeling.Model"}},
        {"deep": [{"deeper": {"auto_map": {"AutoConfig": "x.Y"}}}]},
        {"trust_remote_code": True},
        {"custom_pipelines": {"x": {"impl": "x.Y"}}},
    ],
)
@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_a_request_for_code_is_refused_at_any_depth(folder: Path, extra: dict[str, object], name: str) -> None:
    (folder / name).write_text(json.dumps({**CONFIG, **extra}))
    assert "program code" in refused(folder)


def test_a_vocabulary_may_hold_the_word(folder: Path) -> None:
    (folder / "vocab.json").write_text(json.dumps({"auto_map": 17}))
    assert check_folder(folder).parameters == 48


def test_an_unknown_kind_lists_the_known_ones(folder: Path) -> None:
    edit_config(folder, model_type="mamba9")
    words = refused(folder)
    assert "mamba9" in words
    assert "smollm3" in words


def test_compressed_weights_are_refused(folder: Path) -> None:
    edit_config(folder, quantization_config={"quant_method": "gptq"})
    assert "compressed" in refused(folder)


@pytest.mark.parametrize(
    ("name", "words"),
    [("config.json", "config.json"), ("tokenizer.json", "tokenizer"), ("model.safetensors", "no weights")],
)
def test_what_is_missing_is_named(folder: Path, name: str, words: str) -> None:
    (folder / name).unlink()
    assert words in refused(folder)


def test_damaged_json_is_named(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"a": ')
    assert "tokenizer_config.json" in refused(folder)


def test_an_adapter_alone_is_not_a_model(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text("{}")
    assert "adapter" in refused(folder)


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (folder / "added_tokens.json").symlink_to(tmp_path / "secret.json")
    assert "outside" in refused(folder)


def test_a_linked_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (folder / "more").symlink_to(tmp_path / "other")
    assert "outside" in refused(folder)


def test_the_hub_cache_may_link_to_its_own_blobs_only(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "hub" / "models--org--name"
    snapshot = place / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (place / "blobs").mkdir()
    for number, path in enumerate(sorted(folder.iterdir())):
        path.rename(place / "blobs" / str(number))
        (snapshot / path.name).symlink_to(Path("../../blobs") / str(number))
    assert check_folder(snapshot).parameters == 48
    (tmp_path / "secret.json").write_text("{}")
    (snapshot / "added_tokens.json").symlink_to(tmp_path / "secret.json")
    assert "outside" in refused(snapshot)


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    assert "no model folder" in refused(tmp_path / "nowhere")


@pytest.mark.parametrize(("model_type", "context"), [("bert", 64), ("roberta", 62), ("xlm-roberta", 62)])
def test_positions_that_are_never_used_do_not_count(folder: Path, model_type: str, context: int) -> None:
    (folder / "config.json").write_text(json.dumps({**CONFIG, "model_type": model_type}))
    assert check_folder(folder).context == context


def test_an_encoder_that_was_made_to_write_is_refused(folder: Path) -> None:
    edit_config(folder, model_type="bert")
    assert check_folder(folder).kind == "encoder"
    edit_config(folder, model_type="bert", is_decoder=True)
    assert "Models of the kind “bert” are not supported" in refused(folder)

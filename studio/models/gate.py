"""Which model folders may be loaded at all.

In: a folder. Out: ModelFacts, or a Problem for anything unsafe or broken. Reads names, JSON and safetensors headers
only; knows nothing of torch and runs nothing from the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.config.goals import ModelKind
from studio.models import foreign, hub_cache, languages, model_card
from studio.models.weights import WeightFacts, weight_facts
from studio.problems import Problem, Where

CAUSAL_TYPES = frozenset(
    {
        "gpt2", "llama", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text",
        "phi", "phi3", "mistral", "smollm3", "gpt_neox", "opt",
    }
)  # fmt: skip
ENCODER_TYPES = frozenset(
    {
        "bert", "distilbert", "roberta", "xlm-roberta", "deberta-v2",
        "modernbert", "mpnet", "electra", "albert", "camembert",
    }
)  # fmt: skip
UNSAFE_WEIGHTS = frozenset(
    {
        ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle",
        ".joblib", ".npy", ".npz", ".h5", ".msgpack", ".dill",
    }
)  # fmt: skip
WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")


@dataclass(frozen=True)
class ModelFacts:
    """What a folder holds, read without loading it: `parameters` counted in the weights' headers and `bytes` of the
    weight files; `context` in tokens; `hidden` the width, `layers`, `vocabulary` in words; `license` as its card
    states it, else ""; `dtype` of most weights ("bf16", "f32" ...); `languages` as codes, as its card states them."""

    folder: Path
    model_type: str
    kind: ModelKind
    parameters: int
    bytes: int
    context: int
    hidden: int
    layers: int
    vocabulary: int
    license: str
    dtype: str
    languages: tuple[str, ...] = ()

    @property
    def reads_mean(self) -> bool:
        """Whether a classifier on it reads the mean of its vectors (head.py) instead of what its family reads."""
        return self.model_type == "bert"


def check_folder(folder: Path) -> ModelFacts:
    """The facts of a folder that is safe and whole; a Problem says what is wrong with any other."""
    if not folder.is_dir():
        raise Problem(
            f"There is no model folder “{folder.name}”.",
            "It was moved, renamed or deleted, or its name is mistyped.",
            "Choose the folder again.",
            Where(file=str(folder)),
        )
    files = foreign.files_of(folder)
    foreign.refuse_foreign(folder, files)
    _refuse_adapter(folder)
    config = _config(folder)
    model_type, kind = type_of(config, folder)
    weights, card = _weights(folder, files), model_card.read_card(folder)
    _need_tokenizer(folder)
    return ModelFacts(
        folder=folder,
        model_type=model_type,
        kind=kind,
        parameters=weights.parameters,
        bytes=weights.bytes,
        context=_context(config, model_type),
        hidden=_number(config, "hidden_size", "n_embd", "dim", fallback=0),
        layers=_number(config, "num_hidden_layers", "n_layer", "n_layers", fallback=0),
        vocabulary=_number(config, "vocab_size", fallback=0),
        license=card.license,
        dtype=weights.dtype,
        languages=languages.codes(card.languages),
    )


def check_before_weights(folder: Path) -> None:
    """Raises a Problem for what can be told of a folder to which the weights have yet to come."""
    files = foreign.files_of(folder)
    foreign.refuse_foreign(folder, files)
    _refuse_adapter(folder)
    type_of(_config(folder), folder)
    _need_tokenizer(folder)


def _context(config: dict[str, Any], model_type: str) -> int:
    positions = _number(config, "max_position_embeddings", "n_positions", "n_ctx", fallback=512)
    # These count positions from behind the padding token's number, so that the first two are never used.
    return positions - 2 if model_type in {"roberta", "xlm-roberta", "camembert", "mpnet"} else positions


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.exists():
        raise Problem(
            f"“{hub_cache.base_name(folder)}” is not a model folder.",
            "Its config.json is missing.",
            "Choose the folder that holds config.json and the .safetensors file.",
            Where(file=str(folder)),
        )
    config = foreign.read_json(path)
    if not isinstance(config, dict):
        raise foreign.unreadable(path)
    return config


def type_of(config: Mapping[str, Any], folder: Path) -> tuple[str, ModelKind]:
    """The type of a model by its config.json, which lies in `folder`, and its kind. Raises a Problem for one that is
    not known, or whose weights are compressed or lie under another name."""
    model_type = str(config.get("model_type", ""))
    if config.get("transformers_weights"):
        raise Problem(
            "The model's config.json names another file for its weights.",
            "Only model.safetensors and its parts are read, because they were looked through.",
            "Choose the same model in its original form.",
            Where(file=str(folder / "config.json")),
        )
    if config.get("quantization_config") or config.get("compression_config"):
        raise Problem(
            "The model's weights are compressed (quantized).",
            "Compressed weights cannot be trained further here.",
            "Choose the same model in its original, uncompressed form.",
            Where(file=str(folder)),
        )
    if model_type in CAUSAL_TYPES:
        return model_type, "causal"
    if model_type in ENCODER_TYPES and not config.get("is_decoder"):
        return model_type, "encoder"
    known = ", ".join(sorted(CAUSAL_TYPES | ENCODER_TYPES))
    raise Problem(
        f"Models of the kind “{model_type or 'not stated'}” are not supported.",
        f"Known kinds are {known}.",
        "Choose a model of one of these kinds, or a starter.",
        Where(file=str(folder / "config.json")),
    )


def _weights(folder: Path, files: list[Path]) -> WeightFacts:
    # Only files at the top are ever loaded; what lies deeper (an ONNX copy, say) stays untouched.
    top = [path for path in files if path.parent == folder]
    found = [path for path in top if path.suffix == ".safetensors"]
    if found and not any((folder / name).exists() for name in WEIGHTS):
        raise Problem(
            f"“{hub_cache.base_name(folder)}” holds no weights under a name that is known.",
            f"There is “{found[0].name}”, and nothing called {WEIGHTS[0]}.",
            "Download the model again, or give its weights file that name.",
            Where(file=str(folder)),
        )
    if found:
        return weight_facts(folder, found)
    unsafe = next((path for path in top if path.suffix.lower() in UNSAFE_WEIGHTS), None)
    if unsafe is not None:
        raise Problem(
            "The model's weights are stored in an unsafe format.",
            f"Opening “{unsafe.name}” could run any program hidden in it, so it is not opened.",
            "Choose a copy of this model with .safetensors files; nearly every well-known model has one.",
            Where(file=str(unsafe)),
        )
    raise Problem(
        f"“{hub_cache.base_name(folder)}” holds no weights.",
        "There is no .safetensors file in it; perhaps the download did not finish.",
        "Download the model again, or choose another folder.",
        Where(file=str(folder)),
    )


def _refuse_adapter(folder: Path) -> None:
    # Also beside whole weights: the library would load the model from the place that this file names.
    if (folder / "adapter_config.json").exists():
        raise Problem(
            "This is an adapter, not a whole model.",
            "It only holds what was learned on top of another model.",
            "Choose the model it was made for, or an export that contains both.",
            Where(file=str(folder)),
        )


def _need_tokenizer(folder: Path) -> None:
    if not any((folder / name).exists() for name in TOKENIZERS):
        raise Problem(
            f"“{hub_cache.base_name(folder)}” has no tokenizer.",
            "Without tokenizer.json the model cannot read text.",
            "Copy the tokenizer files of the same model into the folder.",
            Where(file=str(folder)),
        )


def _number(config: dict[str, Any], *names: str, fallback: int) -> int:
    found = (config[name] for name in names if isinstance(config.get(name), int))
    return int(next(found, fallback))

"""Which model folders may be loaded at all.

In: a folder. Out: ModelFacts, or a Problem for anything unsafe or broken. Reads names, JSON and safetensors headers
only; knows nothing of torch and runs nothing from the folder.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.config.goals import ModelKind
from studio.models import hub_cache
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
CODE = frozenset({".py", ".pyc", ".pyd", ".pyw", ".so", ".dll", ".dylib"})
CODE_KEYS = frozenset({"auto_map", "trust_remote_code", "custom_pipelines"})
TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")
_LARGEST_JSON = 64 << 20


@dataclass(frozen=True)
class ModelFacts:
    """What a folder holds, read without loading it: `parameters` counted in the weights' headers and `bytes` of the
    weight files; `context` in tokens; `hidden` the width, `layers`, `vocabulary` in words; `license` as its card
    states it, else ""; `dtype` of most weights ("bf16", "f32" ...)."""

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


def check_folder(folder: Path) -> ModelFacts:
    """The facts of a folder that is safe and whole; a Problem says what is wrong with any other."""
    if not folder.is_dir():
        raise Problem(
            f"There is no model folder “{folder.name}”.",
            "It was moved, renamed or deleted, or its name is mistyped.",
            "Choose the folder again.",
            Where(file=str(folder)),
        )
    files = _files(folder)
    _refuse_links(folder, files)
    _refuse_code(files)
    config = _config(folder)
    model_type, kind = _type_of(config, folder)
    weights = _weights(folder, files)
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
        license=_license(folder),
        dtype=weights.dtype,
    )


def check_before_weights(folder: Path) -> None:
    """Raises a Problem for what can be told of a folder to which the weights have yet to come."""
    files = _files(folder)
    _refuse_links(folder, files)
    _refuse_code(files)
    _type_of(_config(folder), folder)
    _need_tokenizer(folder)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _context(config: dict[str, Any], model_type: str) -> int:
    positions = _number(config, "max_position_embeddings", "n_positions", "n_ctx", fallback=512)
    # These count positions from behind the padding token's number, so that the first two are never used.
    return positions - 2 if model_type in {"roberta", "xlm-roberta", "camembert", "mpnet"} else positions


def _refuse_links(folder: Path, files: list[Path]) -> None:
    # The hub's cache is itself made of links, from a snapshot to the blobs beside it.
    here = folder.resolve()
    place = hub_cache.place_of(here)
    allowed = (here, hub_cache.blobs(place)) if place is not None else (here,)
    for path in files:
        if path.is_symlink() and not any(path.resolve().is_relative_to(root) for root in allowed):
            raise Problem(
                f"“{path.name}” in the model folder points to a place outside of it.",
                "A link could make the program read any file of this computer, so such folders are not loaded.",
                "Copy the model's real files into one folder and choose that.",
                Where(file=str(path)),
            )


def _refuse_code(files: list[Path]) -> None:
    for path in files:
        if path.suffix.lower() in CODE:
            raise _has_code(path, "It would have to be run on this computer; nothing of it was run.")
        if path.suffix.lower() == ".json" and (key := _code_key(_read_json(path))):
            raise _has_code(path, f"It asks for that with the entry “{key}”; nothing was run.")


def _has_code(path: Path, why: str) -> Problem:
    return Problem(
        "The model comes with program code of its own.",
        why,
        "Choose a model that works without code of its own; the starters do.",
        Where(file=str(path)),
    )


def _code_key(value: Any) -> str:
    """The first entry, at any depth, that asks for code; "" if there is none."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            # A number would be a word of a vocabulary that happens to be called so.
            found = next((k for k in CODE_KEYS & current.keys() if current[k] and _asks(current[k])), "")
            if found:
                return found
            waiting.extend(value for value in current.values() if isinstance(value, dict | list))
        elif isinstance(current, list):
            waiting.extend(value for value in current if isinstance(value, dict | list))
    return ""


def _asks(value: Any) -> bool:
    return value is True or isinstance(value, dict | list | str)


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.exists():
        raise Problem(
            f"“{hub_cache.base_name(folder)}” is not a model folder.",
            "Its config.json is missing.",
            "Choose the folder that holds config.json and the .safetensors file.",
            Where(file=str(folder)),
        )
    config = _read_json(path)
    if not isinstance(config, dict):
        raise _unreadable(path)
    return config


def _type_of(config: dict[str, Any], folder: Path) -> tuple[str, ModelKind]:
    model_type = str(config.get("model_type", ""))
    if config.get("quantization_config"):
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
    if (folder / "adapter_config.json").exists() and not (folder / "model.safetensors").exists():
        raise Problem(
            "This is an adapter, not a whole model.",
            "It only holds what was learned on top of another model.",
            "Choose the model it was made for, or an export that contains both.",
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


def _license(folder: Path) -> str:
    """The licence in the model card's front matter."""
    try:
        text = (folder / "README.md").read_text(encoding="utf-8", errors="replace")[:4000]
    except OSError:
        return ""
    found = re.search(r"^license:\s*([\w.+-]+)\s*$", text, re.MULTILINE)
    return found[1] if found and text.startswith("---") else ""


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise ValueError("too large")
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> Problem:
    return Problem(
        f"“{path.name}” in the model folder is damaged.",
        "It is not the JSON text that it should be.",
        "Download or copy the model again.",
        Where(file=str(path)),
    )

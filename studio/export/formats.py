"""What a tuned model can be written as, and where to.

In: a kind of task and a training method; a place. Out: the formats that fit; a Problem where the place is taken or too
small. Knows no torch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from studio.config.goals import GOALS, Head, TaskKind
from studio.config.model import Method
from studio.problems import Problem, Where

Format = Literal["merged", "adapter", "classifier", "encoder", "reader"]
FACTS_FILE = "studio.json"  # in every export: what marks a folder as one of ours
MAKER = "Finetune Studio"
_BESIDES = 40 * 2**20  # tokenizer, card and rounding


_FITTING: dict[Format, tuple[tuple[Head, ...], tuple[Method, ...]]] = {
    "classifier": (("labels", "number"), ("full", "lora")),
    "encoder": (("vector",), ("full", "lora")),
    "reader": (("span",), ("full", "lora")),
    "merged": (("words",), ("full", "lora")),
    "adapter": (("words",), ("lora",)),
}


def formats_for(task: TaskKind, method: Method) -> tuple[Format, ...]:
    """The formats that this task and method can be written as, the usual one first."""
    return tuple(to for to, (heads, methods) in _FITTING.items() if GOALS[task].head in heads and method in methods)


def classifier_lines(
    folder: str,
    *,
    thresholds: Mapping[str, float] | None = None,
    least: float = 0.0,
    below: str = "",
    is_number: bool = False,
    is_pair: bool = False,
) -> str:
    """The few lines of Python that sort a text with the exported classifier in `folder`; where a text can have several
    labels, with the `thresholds` from which on each is named; where one counts from the share `least` on, with what is
    said `below`. Or that rate a text with a number."""
    name, where = "rate" if is_number else "sort", json.dumps(folder, ensure_ascii=False)
    opened = (
        f'from transformers import pipeline\n{name} = pipeline("text-classification", model={where}, truncation=True)\n'
    )
    text = '{"text": "A text", "text_pair": "Another text"}' if is_pair else f'"A text to {name}"'
    if is_number:
        return f'{opened}print({name}({text}, top_k=1)[0]["score"])  # the number itself'
    if least:
        return (
            f"{opened}LEAST = {least:.6g}  # from this share on the answer counts\n"
            f"likeliest = {name}({text}, top_k=1)[0]\n"
            f'print(likeliest["label"] if likeliest["score"] >= LEAST else {json.dumps(below, ensure_ascii=False)})'
        )
    if not thresholds:
        return f"{opened}print({name}({text}))"
    limits = json.dumps({label: round(limit, 6) for label, limit in thresholds.items()}, ensure_ascii=False)
    named = '[one["label"] for one in found if one["score"] >= THRESHOLDS[one["label"]]]'
    return f"{opened}THRESHOLDS = {limits}\nfound = {name}({text}, top_k=None)\nprint({named})"


def reader_lines(folder: str, *, max_tokens: int, longest: int, bar: float | None) -> str:
    """The Python that finds an answer with the exported reader in `folder`, in windows of `max_tokens` that share
    `longest` tokens, with the `bar` for “no answer”."""
    none = "math.inf  # it never learned to say that there is no answer" if bar is None else f"{bar:.6g}"
    return f'''import math
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained({json.dumps(folder, ensure_ascii=False)})
model = AutoModelForQuestionAnswering.from_pretrained({json.dumps(folder, ensure_ascii=False)}).eval()
BAR = {none}


def find(question, text, window={max_tokens}, longest={longest}):
    """The answer and the character at which it begins; ("", -1) where the text holds none."""
    if window - len(tokenizer(question, "")["input_ids"]) <= longest:
        raise ValueError("The question is too long to be read with a text.")
    windows = tokenizer(question, text, truncation="only_second", max_length=window, stride=longest,
                        return_overflowing_tokens=True, return_offsets_mapping=True)
    best, answer, none = -math.inf, ("", -1), math.inf
    for n, places in enumerate(windows["offset_mapping"]):
        with torch.no_grad():
            out = model(**{{name: torch.tensor([windows[name][n]]) for name in tokenizer.model_input_names}})
        starts, ends = out.start_logits[0], out.end_logits[0]
        none = min(none, float(starts[0] + ends[0]))  # the first token stands for "no answer"
        own = [place for place, part in enumerate(windows.sequence_ids(n)) if part == 1]
        for start in own:
            end = start + int(ends[start : min(start + longest, own[-1] + 1)].argmax())
            piece = text[places[start][0] : places[end][1]]
            if piece.strip() and float(starts[start] + ends[end]) > best:
                best = float(starts[start] + ends[end])
                answer = (piece.strip(), places[start][0] + len(piece) - len(piece.lstrip()))
    return ("", -1) if none - best > BAR else answer


print(find("Your question", "The text in which the answer stands"))'''


def check_format(to: str, task: TaskKind, method: Method) -> Format:
    """The format named `to`; a Problem names the ones that fit."""
    fitting = formats_for(task, method)
    for known in fitting:
        if known == to:
            return known
    why = "An adapter exists only where one was trained." if to == "adapter" else "It does not fit what was trained."
    raise Problem(f"This model cannot be written as “{to}”.", why, f"Choose {' or '.join(fitting)}.")


def check_target(out: Path, needed: int) -> None:
    """Raises a Problem where `out` holds something that is not an export of ours, or where `needed` bytes do not fit
    on its disk. An earlier export stays until the new one is whole."""
    if out.exists() and not is_export(out) and (not out.is_dir() or any(out.iterdir())):
        raise Problem(
            "There is something else at this place.",
            f"“{out.name}” is not an earlier export, so it is not replaced.",
            "Choose another name, or an empty folder.",
            Where(str(out)),
        )
    standing = next(parent for parent in (out, *out.parents) if parent.exists())
    free = shutil.disk_usage(standing).free
    if free < needed:
        raise Problem(
            "There is not enough space on the disk.",
            f"The export takes about {_megabytes(needed)}, and {_megabytes(free)} are free.",
            "Free some space, or choose a folder on another disk.",
            Where(str(out)),
        )


def is_export(folder: Path) -> bool:
    """Whether a folder was written by an export."""
    file = folder / FACTS_FILE
    return file.is_file() and f'"{MAKER}"' in file.read_text(encoding="utf-8", errors="replace")


def room_for(weights: int) -> int:
    """Bytes that an export with `weights` bytes of weights takes, with room to spare."""
    return int(1.05 * weights) + _BESIDES


def folder_size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / 1e6)):,} MB"

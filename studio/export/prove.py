"""The proof that an export works elsewhere: another program opens it and answers what the live model did. (torch)

In: a live Model, questions, an exported folder. Out: progress, and a Proof. The live side answers first, with its
adapter on and unmerged; then a clean process without the studio, and without a network, answers from the words on.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from studio.config.edit import change
from studio.config.goals import GOALS
from studio.data.parts.dataset import Dataset
from studio.events import Event, Progressed
from studio.export import proof_script
from studio.export.compare import Proof, compare
from studio.export.formats import Format
from studio.generation.forward import asking, context_limit
from studio.models.load import Model, number_scale
from studio.problems import Problem
from studio.tasks.example import Example, Turn
from studio.tasks.task import Task
from studio.tokens.rows import encode_rows
from studio.tokens.texts import texts_of
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import fits, stride, windows

MOST_QUESTIONS = 50
TOKENS = 24  # of each answer
_BEGINNING = 120  # characters of a text that the proof goes on with
_PATIENCE = 0.2  # seconds between two looks at the other program


def held_out(
    dataset: Dataset, task: Task, model: Model, tokenizer: Tokenizer, *, max_tokens: int, seed: int
) -> list[Example]:
    """Up to MOST_QUESTIONS different questions, put as the model was taught: of rows that were not trained on (test
    rows, or watching rows where none were set apart), with what was said before them and the rows' own instructions.
    Of texts that are to be gone on with only the beginning. What leaves no room for an answer, or for the text in
    which it is to be found, is not asked."""
    rows = list(dataset.rows("test")) or list(dataset.rows("watching"))
    if GOALS[task.kind].whole_text:
        rows = [row._replace(input=row.input[:_BEGINNING]) for row in rows]
    found: dict[tuple[Turn, ...], Example] = {}
    for place in random.Random(seed).sample(range(len(rows)), len(rows)):
        asked = tokenizer.fitted(task.asked(rows[place]), max_tokens)
        if _leaves_room(model, tokenizer, asked, max_tokens):
            found.setdefault(asked.turns, asked)
        if len(found) == MOST_QUESTIONS:
            break
    return list(found.values())


def _leaves_room(model: Model, tokenizer: Tokenizer, asked: Example, max_tokens: int) -> bool:
    if GOALS[model.config.task.kind].head == "span":
        return fits(tokenizer, asked.turns[0].text, max_tokens=max_tokens)
    return not GOALS[model.config.task.kind].writes or len(
        tokenizer.encode_prompt(asked.turns)
    ) + TOKENS <= context_limit(model)


def ask_live(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    questions: Sequence[Example],
    *,
    max_tokens: int,
    bar: float | None = None,
    should_stop: Callable[[], bool],
) -> Generator[Event, None, list[dict[str, Any]] | None]:
    """What the live model says to each of the `held_out` questions, in proof_script's form; None when stopped. `bar` is
    that of “no answer”, where answers are found."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(questions), proof_script.AT_ONCE):
        if should_stop():
            return None
        yield Progressed("Asking your model", start, len(questions))
        prompts = questions[start : start + proof_script.AT_ONCE]
        with asking(model), torch.autocast(model.device.type, enabled=False):
            if GOALS[task.kind].head == "vector":
                rows = list(encode_rows(tokenizer, prompts, model.config, max_tokens=max_tokens))
                found += [proof_script.vector(model.net, list(row.ids), model.pooling) for row in rows]
            elif GOALS[task.kind].head == "span":
                found += [_found_live(model, tokenizer, prompt, max_tokens, bar) for prompt in prompts]
            elif not GOALS[task.kind].writes:
                alone = change(model.config, "task.windows", False)  # other programs cut; they read nothing in parts
                rows = list(encode_rows(tokenizer, prompts, alone))
                found += [
                    proof_script.classify(model.net, list(row.ids), list(row.types), scale=number_scale(model))
                    for row in rows
                ]
            else:
                ids, ends = tokenizer.encode_prompts([p.turns for p in prompts]), sorted(tokenizer.end_ids)
                found += proof_script.answers(model.net, list(map(list, ids)), count=TOKENS, ends=ends, pad=ends[0])
    return found


def _found_live(
    model: Model, tokenizer: Tokenizer, prompt: Example, max_tokens: int, bar: float | None
) -> dict[str, Any]:
    question, text = (turn.text for turn in prompt.turns)
    pieces = [
        {
            "inputs": {"input_ids": list(one.ids), **({"token_type_ids": list(one.types)} if one.types else {})},
            "first": one.reach[0],
            "places": one.offsets,
        }
        for one in windows(tokenizer, question, text, max_tokens=max_tokens)
    ]
    return proof_script.find(model.net, text, pieces, longest=stride(max_tokens), bar=bar)


def prove(
    folder: Path,
    expected: Sequence[dict[str, Any]],
    *,
    tokenizer: Tokenizer,
    task: Task,
    questions: Sequence[Example],
    to: Format,
    base: Path,
    dtype: str,
    max_tokens: int,
    bar: float | None = None,
    unit: float = 1.0,
    should_stop: Callable[[], bool],
) -> Generator[Event, None, Proof | None]:
    """Ask the export in `folder` the same `questions` in a clean process and compare; None when stopped. Raises a
    Problem where the other program cannot open it."""
    work = {
        "format": to,
        "base": str(base),
        "dtype": dtype,
        "count": TOKENS,
        "max_tokens": max_tokens,
        "stride": stride(max_tokens),
        "bar": bar,
        "threads": torch.get_num_threads(),
        "questions": [_question(tokenizer, task, asked) for asked in questions],
    }
    with TemporaryDirectory(prefix="proof-") as scratch:
        file = Path(scratch) / "questions.json"
        file.write_text(json.dumps(work), encoding="utf-8")
        lines = yield from _run(folder, file, total=len(questions), should_stop=should_stop)
    if lines is None:
        return None
    return compare(expected, [json.loads(line) for line in lines], dtype=dtype, unit=unit)


def _question(tokenizer: Tokenizer, task: Task, asked: Example) -> Any:
    if GOALS[task.kind].whole_text:
        return tokenizer.opening_text + asked.turns[0].text
    if GOALS[task.kind].head == "span":
        return [turn.text for turn in asked.turns]
    if not GOALS[task.kind].writes:
        return texts_of(tokenizer, asked)
    return [{"role": turn.role, "content": turn.text} for turn in asked.turns]


def _run(
    folder: Path, file: Path, *, total: int, should_stop: Callable[[], bool]
) -> Generator[Event, None, list[str] | None]:
    out, errors = file.with_name("answers.jsonl"), file.with_name("errors.txt")
    environment = _clean_environment()
    command = [sys.executable, "-I", proof_script.__file__, str(folder.resolve()), str(file)]
    with out.open("wb") as answers, errors.open("wb") as complaints:
        process = subprocess.Popen(command, stdout=answers, stderr=complaints, env=environment, cwd=file.parent)
        try:
            while process.poll() is None:
                if should_stop():
                    return None
                yield Progressed("Another program answers the same questions", _lines(out), total)
                _wait(process)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode != 0:
        raise _did_not_open(errors.read_text(encoding="utf-8", errors="replace"))
    return out.read_text(encoding="utf-8").splitlines()


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def _clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HF_", "STUDIO_"))}
    return {
        **kept,
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


def _did_not_open(complaint: str) -> Problem:
    last = next((line for line in reversed(complaint.splitlines()) if line.strip()), "It ended without a word.")
    return Problem(
        "The export could not be opened by another program.",
        "It was written and tried, and taken away again, because a copy that does not open is of no use.",
        "Copy the details and report them.",
        details=last[:500],
    )

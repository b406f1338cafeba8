"""A tuned model as something that others can open, with its card and the proof that it opens. (torch)

In: a Run with its live Model. Out: a folder that is whole and tried or not there, Exported and Verified. Knows
nothing of the window.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from studio.atomic import atomic_folder
from studio.evaluation.report import Report
from studio.events import Event, Exported, Noted, Progressed, Verified
from studio.export.card import Base, Passport, card, facts
from studio.export.formats import FACTS_FILE, check_format, check_target, folder_size, is_export, room_for
from studio.export.prove import ask_live, held_out, prove
from studio.export.write import (
    fingerprint,
    number_format,
    weight_bytes,
    write_sentence_files,
    write_tokenizer,
    write_weights,
)
from studio.generation.calibration import calibrated
from studio.models.gate import check_folder
from studio.models.hub_cache import base_name
from studio.models.load import Model, number_scale
from studio.runs.run import Run
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer


class _StoppedError(Exception):
    """Leaves the unfinished folder, so that it is removed."""


def export(
    run: Run,
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    *,
    to: str,
    out: Path,
    should_stop: Callable[[], bool],
) -> Iterator[Event]:
    """Write `out` in the format `to` and prove it. An earlier export there is replaced when the new one is whole; when
    stopped or failed, nothing changes. Raises a Problem for a format that does not fit, a place that holds something
    else, too little space, or an export that does not open."""
    form = check_format(to, task.kind, model.method)
    check_target(out, room_for(weight_bytes(model, form)))
    if is_export(out):
        yield Noted(f"The earlier export “{out.name}” is replaced when the new one is whole.")
    dtype, report = number_format(model), Report.of_run(run.folder)  # now: the run may be trained further meanwhile
    yield Progressed("Asking your model about the watching rows")
    told = calibrated(run.folder, model, tokenizer, task, run.dataset())
    if should_stop():
        return
    limit = run.resolved.task.max_tokens
    assert limit is not None
    questions = held_out(run.dataset(), task, model, tokenizer, max_tokens=limit, seed=run.resolved.training.seed)
    bar = run.resolved.task.no_answer_bar
    expected = yield from ask_live(
        model, tokenizer, task, questions, max_tokens=limit, bar=bar, should_stop=should_stop
    )
    if expected is None:
        return
    try:
        with atomic_folder(out) as folder:
            yield Progressed("Writing the weights")
            base = Base(
                base_name(run.base), check_folder(run.base).license, fingerprint(run.base) if to == "adapter" else ""
            )
            write_weights(model, tokenizer, folder, to=form, base_name=base.name)
            write_tokenizer(model, tokenizer, folder, max_tokens=limit)
            if form == "encoder":
                wants = run.resolved.task
                before = {"query": wants.query_prefix or "", "passage": wants.passage_prefix or ""}
                write_sentence_files(model, folder, **before, max_tokens=limit)
            proof = yield from prove(
                folder,
                expected,
                tokenizer=tokenizer,
                task=task,
                questions=questions,
                to=form,
                base=run.base,
                dtype=dtype,
                max_tokens=limit,
                bar=bar,
                unit=number_scale(model)[1],
                should_stop=should_stop,
            )
            if proof is None:
                raise _StoppedError
            opening = tokenizer.opening_text if tokenizer.chat else ""
            passport = Passport(run, form, base, dtype, report, proof, opening, told)
            (folder / "README.md").write_text(card(passport), encoding="utf-8")
            (folder / FACTS_FILE).write_text(facts(passport), encoding="utf-8")
            for file in folder.glob("*.safetensors"):  # which safetensors writes for their owner alone
                shutil.copymode(folder / FACTS_FILE, file)
    except _StoppedError:
        return
    yield Noted(f"{proof.sentence}.")
    yield Exported(str(out), form, folder_size(out))
    yield Verified(str(out), proof.right, proof.total, proof.difference)

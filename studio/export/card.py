"""The model card: what travels with every copy, so that whoever opens it knows what it is and is not.

In: the Run, its Report, and how the proof went. Out: README.md for the hub and people, studio.json for machines.
Numbers, column names and labels travel; no cell of a text does, and no path of this computer.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from studio.config.edit import differences, entries
from studio.config.goals import GOALS
from studio.data.checkup.kept import kept
from studio.data.parts.split import OF_TEST_FILE
from studio.evaluation.report import Report, figures_table, scores_table
from studio.evaluation.scores import weakest
from studio.export.card_words import words_for
from studio.export.compare import Proof
from studio.export.encoder import plain_lines, search_lines
from studio.export.formats import MAKER, Format, classifier_lines, reader_lines
from studio.export.how_to_ask import how_to_ask, limits_of, thresholds_of
from studio.generation.naming import below
from studio.markdown import escaped
from studio.models import suited
from studio.models.sentence import style_of
from studio.runs.calibration import NOT_CALIBRATED, Calibration
from studio.runs.run import Run
from studio.tasks.task import task_for
from studio.tokens.cuts import cut_at
from studio.tokens.windows import stride

_MOST_LINES = 6  # of a setting; a longer one lies in the folder
_LICENSES = frozenset(  # names that the hub knows
    {"apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "openrail", "gemma"}
    | {"llama3", "llama3.1", "llama3.2", "llama3.3"}
)
_NAMES_ONLY = (
    "data.file",
    "data.more_files",
    "data.test_file",
    "model.base",
)  # settings that may hold a path of this computer


@dataclass(frozen=True)
class Base:
    """The model that was started from: its name, licence ("" where unknown), and, for an adapter, the SHA-256 of its
    weights, because an adapter fits these weights and no other copy."""

    name: str
    license: str
    sha256: str = ""


@dataclass(frozen=True)
class Passport:
    """Everything that a card tells. `dtype` is the number format of the weights; `opening` what has to be written
    before a text that the model goes on with, `calibration` how its outputs are to be read."""

    run: Run
    to: Format
    base: Base
    dtype: str
    report: Report | None
    proof: Proof
    opening: str = ""
    calibration: Calibration = NOT_CALIBRATED


def card(passport: Passport) -> str:
    """README.md: YAML that the hub understands, then the card."""
    run, report = passport.run, passport.report
    limits = [words_for(run.config.task.kind).not_for, *limits_of(run, passport.calibration), *_limits(run, report)]
    blocks = [
        f"---\n{_front_matter(passport)}\n---",
        f"# {escaped(_title(run))}",
        _summary(passport),
        "## How to open it",
        _opening(passport),
        "## What it learned from",
        _data(run),
        "## How good it is",
        *(_scores(report) if report else ["It was not judged before it was exported."]),
        "## Limits",
        "\n".join(f"- {escaped(it)}" for it in limits),
        "## Was this copy tried?",
        _tried(passport.proof),
        "## How it was trained",
        _settings(run),
        f"Made with {MAKER}; " + ", ".join(f"{name} {version}" for name, version in sorted(run.versions.items())) + ".",
    ]
    return "\n\n".join(blocks) + "\n"


def facts(passport: Passport) -> str:
    """studio.json: the same facts for machines."""
    run, report = passport.run, passport.report
    values: dict[str, Any] = {
        "made_by": MAKER,
        "schema": 1,
        "format": passport.to,
        "task": run.config.task.kind,
        "number_format": passport.dtype,
        "base": asdict(passport.base),
        "labels": run.labels,
        "created": _date(run.created),
        "exported": _date(time.time()),
        "settings": _plain(differences(run.config)),
        "automatic": _plain({path: chosen.value for path, chosen in run.reasons.items()}),
        "versions": run.versions,
        "proof": asdict(passport.proof),
        **_calibration(run, passport.calibration),
        "counts": asdict(report.counts) if report else None,
        "scores": [asdict(way) for way in report.ways] if report else [],
        "figures": [asdict(figure) for figure in report.figures] if report else [],
        "verdict": report.sentence if report else "",
        "limits": [*limits_of(run, passport.calibration), *_limits(run, report)],
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _calibration(run: Run, told: Calibration) -> dict[str, Any]:
    if told == NOT_CALIBRATED:
        return {}
    found = {"thresholds": thresholds_of(run, told), "range": told.reach, "calibrated_on_rows": told.rows}
    return {**found, "least": told.least, "below_least": below(run.labels)} if told.least else found


def _front_matter(passport: Passport) -> str:
    from huggingface_hub import EvalResult, ModelCardData

    run, report = passport.run, passport.report
    pipeline = words_for(run.config.task.kind).pipeline
    licence = passport.base.license.lower()
    results = None
    if report:
        words = words_for(report.kind)
        value = round(words.scale * report.tuned.score, 4)
        results = [
            EvalResult(
                task_type=pipeline,
                dataset_type="private",
                dataset_name="own test rows",
                metric_type=words.metric,
                metric_name=words.metric_name,
                metric_value=value,
            )
        ]
    data = ModelCardData(
        base_model=passport.base.name if "/" in passport.base.name else None,
        library_name={"adapter": "peft", "encoder": "sentence-transformers"}.get(passport.to, "transformers"),
        license=licence if licence in _LICENSES else "other",
        license_name=_license_name(passport, licence),
        pipeline_tag=pipeline,
        tags=["finetune-studio", *(["lora"] if run.resolved.model.method == "lora" else [])],
        model_name=_title(run),
        eval_results=results,
    )
    return str(data.to_yaml()).strip()


def _license_name(passport: Passport, licence: str) -> str | None:
    if GOALS[passport.run.config.task.kind].from_nothing:
        return "its-makers-own"
    return None if licence in _LICENSES else "see-base-model"


def _title(run: Run) -> str:
    stem = PurePath(run.config.data.file).stem or "own rows"
    return f"{stem}: {words_for(run.config.task.kind).title}"


def _summary(passport: Passport) -> str:
    run, base = passport.run, passport.base
    does = words_for(run.config.task.kind).does
    licence = escaped(base.license) or "not stated; ask its maker"
    if GOALS[run.config.task.kind].from_nothing:
        told = f"It {does}. It was made from nothing, in the form {escaped(base.name)}; no other model is in it"
    else:
        told = f"It {does}. It was made from {escaped(base.name)} (licence: {licence})"
    how = f"{run.trained} {'were' if run.trained == 'all layers' else 'was'} trained"
    report = f"\n\n{escaped(passport.report.sentence)}" if passport.report else ""
    return f"{told}; {how}, and the weights here are {passport.dtype} numbers in safetensors.{report}"


def _ask(passport: Passport) -> str:
    """The lines that ask the opened model."""
    goal = GOALS[passport.run.config.task.kind]
    if goal.whole_text:
        return (
            f"text = {passport.opening + 'Once'!r}\n"
            'ids = tokenizer(text, return_tensors="pt")\n'
            "more = model.generate(**ids, max_new_tokens=200, do_sample=True, eos_token_id=ends)\n"
            'print(tokenizer.decode(more[0, ids["input_ids"].shape[1]:], skip_special_tokens=True))'
        )
    asked = "Your question\nYour text" if "context" in goal.roles else "Your message"
    turns = [{"role": turn.role, "content": turn.text} for turn in task_for(passport.run.resolved).prompt(asked).turns]
    return (
        f"ids = tokenizer.apply_chat_template({turns!r}, add_generation_prompt=True, "
        'return_tensors="pt", return_dict=True)\n'
        "answer = model.generate(**ids, max_new_tokens=200, do_sample=False, eos_token_id=ends)\n"
        'print(tokenizer.decode(answer[0, ids["input_ids"].shape[1]:], skip_special_tokens=True))'
    )


def _opening(passport: Passport) -> str:
    ask = _ask(passport)
    ends = 'ends = GenerationConfig.from_pretrained("THIS_FOLDER").eos_token_id\n'
    match passport.to:
        case "classifier":
            lines = classifier_lines("THIS_FOLDER", **how_to_ask(passport.run, passport.calibration))
            return f"```python\n{lines}\n```"
        case "encoder":
            task, pooling = passport.run.resolved.task, style_of(passport.run.base).pooling
            before = {"query": task.query_prefix or "", "passage": task.passage_prefix or ""}
            short, plain = search_lines("THIS_FOLDER", **before), plain_lines("THIS_FOLDER", pooling=pooling, **before)
            return f"```python\n{short}\n```\n\nWith transformers alone:\n\n```python\n{plain}\n```"
        case "reader":
            task = passport.run.resolved.task
            assert task.max_tokens is not None
            longest, bar = stride(task.max_tokens), task.no_answer_bar
            lines = reader_lines("THIS_FOLDER", max_tokens=task.max_tokens, longest=longest, bar=bar)
            return (
                f"```python\n{lines}\n```\n\n"
                f"A text longer than {task.max_tokens:,} tokens with its question is read in windows that share "
                f"{longest:,} tokens, so nothing of it is left out; an answer has at most as many. " + _bar_words(bar)
            )
        case "merged":
            code = (
                "from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig\n\n"
                'tokenizer = AutoTokenizer.from_pretrained("THIS_FOLDER")\n'
                f'model = AutoModelForCausalLM.from_pretrained("THIS_FOLDER", dtype="auto")\n{ends}{ask}'
            )
            return f"```python\n{code}\n```"
        case "adapter":
            code = (
                "from peft import PeftModel\n"
                "from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig\n\n"
                'tokenizer = AutoTokenizer.from_pretrained("THIS_FOLDER")\n'
                f'base = AutoModelForCausalLM.from_pretrained("FOLDER_OF_THE_BASE_MODEL", dtype="{passport.dtype}")\n'
                f'model = PeftModel.from_pretrained(base, "THIS_FOLDER")\n{ends}{ask}'
            )
            copy = f"{escaped(passport.base.name)} (SHA-256 of the weights `{passport.base.sha256}`)"
            fits = f"It fits this copy of {copy} and no other."
            return f"```python\n{code}\n```\n\n{fits}"


def _bar_words(bar: float | None) -> str:
    if bar is None:
        return "It was never taught to say that there is no answer, and always marks something."
    return (
        f"“No answer” is given where it is ahead of the best piece by more than {bar:.3g}; that suited the watching "
        "rows best."
    )


def _data(run: Run) -> str:
    dataset = run.dataset()
    parts = {part: len(rows) for part, rows in dataset.parts.items()}
    columns = dataset.columns
    read = ", ".join(f"“{escaped(name)}”" for name in (columns.context, *columns.read) if name)
    learned = ", ".join(f"“{escaped(name)}”" for name in columns.learned) or "every word of it"
    lines = [
        f"- Read: {read}; learned: {learned}; made {_date(run.created)}",
        f"- {parts['training']:,} training rows, {parts['watching']:,} watching rows (to choose the best moment), "
        f"{parts['test']:,} test rows (never seen in training)",
    ]
    lines += [_left_out(reason, len(rows)) for reason, rows in dataset.left_out.items() if rows]
    if run.labels:
        lines.append(f"- {len(run.labels):,} labels: {', '.join(map(escaped, run.labels))}")
    at = cut_at(run.base, run.resolved.task.max_tokens) if run.resolved.task.max_tokens else ""
    found = [
        f"- {escaped(one.title)}"
        for one in kept(dataset.table, dataset.columns, test_table=dataset.test_table, cut_at=at)
        if one.count
    ]
    if found:
        lines += ["", "What the check-up found in the table before training:", "", *found]
    return "\n".join(lines)


def _left_out(reason: str, rows: int) -> str:
    where = " of the test file" if reason.endswith(OF_TEST_FILE) else ""
    count = "1 row" if rows == 1 else f"{rows:,} rows"
    return f"- Left out: {count}{where} ({reason.removesuffix(OF_TEST_FILE)})"


def _scores(report: Report) -> list[str]:
    blocks = [scores_table(report), figures_table(report)]
    low = weakest(report.label_scores)
    if low is not None:
        blocks.append(f"Weakest: {escaped(low.label)} ({100 * low.recall:.0f} % of its {low.count:,} test rows found).")
    if report.confused:
        first = report.confused[0]
        blocks.append(
            f"Most often confused: {escaped(first.truth)} taken for {escaped(first.answer)} ({first.count:,} rows)."
        )
    return [block for block in blocks if block]


def _limits(run: Run, report: Report | None) -> tuple[str, ...]:
    if report is not None:
        return report.limits
    foreign = suited.limit(run.dataset(), run.base, kind=run.config.task.kind)
    return (foreign,) if foreign else ()


def _tried(proof: Proof) -> str:
    told = (
        f"{proof.sentence} (allowed: {proof.tolerance.apart:g}). A program of its own, which knows only transformers "
        f"and peft, opened this folder and was asked {proof.total} questions from rows that were not trained on."
    )
    return f"{told}\n\nFirst difference: {escaped(proof.difference)}" if proof.difference else told


def _settings(run: Run) -> str:
    chosen, titles = _plain(differences(run.config)), {entry.path: entry.words.title for entry in entries()}
    lines = ["| Setting | Value | Why |", "|---|---|---|"]
    lines += [f"| {titles[path]} | {_cell(value)} | chosen |" for path, value in chosen.items()]
    lines += [
        f"| {titles[path]} | {_cell(automatic.value)} | {_cell(automatic.reason)} |"
        for path, automatic in run.reasons.items()
    ]
    return "\n".join(lines)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {path: _name(value) if path in _NAMES_ONLY else value for path, value in values.items()}


def _name(value: str | tuple[str, ...]) -> str:
    """File names without the folders that they lie in, which are nobody's business."""
    return ", ".join(PurePath(one).name for one in ((value,) if isinstance(value, str) else value))


def _cell(value: object) -> str:
    lines = str(value).splitlines()
    if len(lines) > _MOST_LINES:  # a chat template: it lies in the folder
        return f"{len(lines)} lines of its own"
    return escaped(" ⏎ ".join(lines))


def _date(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))

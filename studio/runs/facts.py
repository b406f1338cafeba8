"""The facts that automatic values depend on, gathered before a run exists.

In: a Config and its Dataset. Out: Facts, the rows' lengths, and the folder of the model to start from. Loads no model.
"""

from __future__ import annotations

from pathlib import Path

from studio.config.automatic import Facts
from studio.config.config import Config
from studio.data.dataset import Dataset
from studio.models import catalog, fit, gate
from studio.tasks.task import task_for
from studio.tokens.lengths import Lengths, measure
from studio.tokens.tokenizer import Tokenizer

MEASURED_ROWS = 20_000  # lengths of this many rows say enough about all of them


def gather(config: Config, dataset: Dataset) -> tuple[Facts, Lengths, Path]:
    """What automatic values depend on, the rows' lengths in tokens, and the folder of the model to start from."""
    base = catalog.find_model(config.model.base, gate.KIND_FOR[config.task.kind])
    model = gate.check_folder(base)
    task, tokenizer = task_for(config), Tokenizer.load(base, model.kind)
    rows = list(dataset.rows("training"))
    lengths = measure(tokenizer, [task.example(row) for row in rows[:MEASURED_ROWS]], dataset.labels)
    machine = fit.machine()
    facts = Facts(
        rows=len(rows),
        median_tokens=lengths.median,
        longest_tokens=lengths.longest,
        tokens_95=lengths.percentile_95,
        labels=len(dataset.labels),
        parameters=model.parameters,
        model_limit=model.context,
        memory=machine.gpu_memory or machine.memory,
        has_gpu=bool(machine.gpu),
    )
    return facts, lengths, base

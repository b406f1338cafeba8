"""Is our loss of preferences the one that TRL computes? The same rows, weights and tokens; 32-bit; both ways to learn.

In: a table with a prompt, a better and a worse answer, and a causal model folder. Out: both losses and both lengths of
the gradient, for pairs (plain, by the token, with the better answer's own error) and for verdicts; the exit code is 1
where any differs by more than 1e-4. TRL is needed for this script alone (an environment with `trl` beside the program).

    python tests/benchmarks/dpo_beside_trl.py --data pairs.json --prompt instruction --better chosen --worse rejected \
        --base MODEL_FOLDER
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer
from trl.trainer.dpo_trainer import DataCollatorForPreference
from trl.trainer.kto_trainer import DataCollatorForUnpairedPreference

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import rows_at
from studio.data.reading.read import read_table
from studio.data.roles.columns import Columns
from studio.data.table.table import open_table
from studio.models.load import Model, load_model, trained_weights
from studio.stopping import never
from studio.tasks.prefer import Prefer
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.tokens.tokenizer import Tokenizer
from studio.training.objectives.preference import preference_loss

TOLERANCE = 1e-4
BETA = 0.1


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description="Our loss of preferences beside TRL's.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--better", required=True)
    parser.add_argument("--worse", required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=8)
    wants = parser.parse_args(argv)
    tokenizer = Tokenizer.load(wants.base, "causal")
    rows = _rows(wants, tokenizer)
    verdicts = [_marked(row, place % 3 != 0) for place, row in enumerate(rows)]
    worst = 0.0
    print(f"{'':34}{'ours':>12}{'TRL':>12}{'gradient':>12}{'TRL':>12}")
    for name, some, changes, settings in (
        ("pairs", rows, {}, {}),
        ("pairs, by the token", rows, {"length_normalised": True, "beta": 5.0},
         {"loss_type": ["sigmoid_norm"], "beta": 5.0}),
        # TRL takes the mean over all tokens of a batch, the paper over those of each answer: the same for one pair.
        ("one pair and its better answer", rows[:1], {"sft_weight": 1.0},
         {"loss_type": ["sigmoid", "sft"], "loss_weights": [1.0, 1.0]}),
        ("verdicts", verdicts, {}, None),
    ):  # fmt: skip
        model = _ours(wants.base, changes)
        ours = _our_loss(model, some, tokenizer.pad_id)
        theirs = _their_loss(model, wants.base, some, tokenizer.pad_id, settings)
        print(f"{name:34}{ours[0]:12.6f}{theirs[0]:12.6f}{ours[1]:12.6f}{theirs[1]:12.6f}", flush=True)
        worst = max(worst, *(abs(a - b) / max(1.0, abs(b)) for a, b in zip(ours, theirs, strict=True)))
    print(f"largest difference {worst:.2e}")
    return int(worst > TOLERANCE)


def _rows(wants: argparse.Namespace, tokenizer: Tokenizer) -> list[Encoded]:
    with tempfile.TemporaryDirectory() as folder:
        list(read_table(wants.data, Path(folder) / "table", should_stop=never))
        table = open_table(Path(folder) / "table")
        columns = Columns(wants.prompt, wants.better, rejected=wants.worse)
        found = [
            row for row in rows_at(table, columns, range(table.rows)) if row.target.strip() != row.rejected.strip()
        ]
    return list(tokenizer.encode_many(map(Prefer().example, found[: wants.rows]), max_tokens=512))


def _marked(pair: Encoded, is_good: bool) -> Encoded:
    """One of the two answers, with its verdict."""
    return replace(pair if is_good else pair.beside[0], beside=(), number=float(is_good))


def _ours(base: Path, changes: dict[str, Any]) -> Model:
    """The model as after some training."""
    config = Config()
    values = {"task.kind": "prefer", "task.max_tokens": 512, "model.method": "lora", "training.precision": "fp32"}
    for path, value in {**values, **{f"task.{n}": v for n, v in {"beta": BETA, **changes}.items()}}.items():
        config = change(config, path, value)
    model = load_model(base, config=config, device=torch.device("cpu"))
    torch.manual_seed(7)
    with torch.no_grad():
        for weight in trained_weights(model).values():
            weight.add_(torch.randn_like(weight), alpha=0.02)
    return model


def _our_loss(model: Model, rows: Sequence[Encoded], pad_id: int) -> tuple[float, float]:
    loss, batch = preference_loss(model, rows), collate(rows, pad_id=pad_id, device=model.device)
    if rows[0].number is not None:
        loss.balance = (1.0, 1.0)  # type: ignore[attr-defined]  # TRL's own weights are 1
    loss.begin(lambda: iter([batch]))
    total = loss.summed(batch) / sum(map(loss.weight, rows))
    torch.autograd.backward(total)
    return float(total.detach()), _gradient(model.net)


def _their_loss(
    model: Model, base: Path, rows: Sequence[Encoded], pad_id: int, settings: dict[str, Any] | None
) -> tuple[float, float]:
    """What TRL's trainer computes of the same tokens with the same adapter."""
    with tempfile.TemporaryDirectory() as folder:
        trainer = _trainer(model, base, settings, folder)
        with torch.no_grad():
            weights = {n.replace(".default", ""): p for n, p in trained_weights(model).items()}
            for name, parameter in trainer.model.named_parameters():
                if parameter.requires_grad:
                    parameter.copy_(weights[name.replace(".default", "")])
        if settings is None:
            answers = [_answer(row) for row in rows]
            strangers = [answers[-1], *answers[:-1]]
            inputs = DataCollatorForUnpairedPreference(pad_token_id=pad_id)(
                [
                    {"prompt_ids": _before(r), "completion_ids": a, "KL_completion_ids": s, "label": bool(r.number)}
                    for r, a, s in zip(rows, answers, strangers, strict=True)
                ]
            )
        else:
            inputs = DataCollatorForPreference(pad_token_id=pad_id)(
                [
                    {"prompt_ids": _before(row), "chosen_ids": _answer(row), "rejected_ids": _answer(row.beside[0])}
                    for row in rows
                ]
            )
        trainer.model.train()
        total = trainer._compute_loss(trainer.model, inputs, False)
        torch.autograd.backward(total)
        return float(total.detach()), _gradient(trainer.model)


def _trainer(model: Model, base: Path, settings: dict[str, Any] | None, folder: str) -> Any:
    common: dict[str, Any] = {
        "output_dir": folder, "use_cpu": True, "bf16": False, "report_to": [], "beta": BETA,
        "gradient_checkpointing": False, "per_device_train_batch_size": 2,
    }  # fmt: skip
    net = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    reader = AutoTokenizer.from_pretrained(base)
    wants = model.config.model
    adapter = LoraConfig(
        r=wants.lora_rank,
        lora_alpha=wants.lora_alpha,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        fan_in_fan_out=net.config.model_type == "gpt2",
    )
    if settings is None:
        some = {"prompt": ["a", "b"], "completion": ["c", "d"], "label": [True, False]}
        return KTOTrainer(net, args=KTOConfig(**common), train_dataset=Dataset.from_dict(some),
                          processing_class=reader, peft_config=adapter)  # fmt: skip
    some = {"prompt": ["a", "b"], "chosen": ["c", "d"], "rejected": ["e", "f"]}
    return DPOTrainer(net, args=DPOConfig(**{**common, **settings}), train_dataset=Dataset.from_dict(some),
                      processing_class=reader, peft_config=adapter)  # fmt: skip


def _before(row: Encoded) -> list[int]:
    return list(row.ids[: row.learned.index(True)])


def _answer(row: Encoded) -> list[int]:
    return [number for number, is_learned in zip(row.ids, row.learned, strict=True) if is_learned]


def _gradient(net: torch.nn.Module) -> float:
    """The length of the whole gradient."""
    parts = [p.grad.norm() for p in net.parameters() if p.requires_grad and p.grad is not None]
    return float(torch.stack(parts).norm())


if __name__ == "__main__":
    sys.exit(main())

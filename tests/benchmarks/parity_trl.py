"""Do our loop and TRL's SFTTrainer learn the same? Twenty steps, 32-bit, the same rows in the same order.

In: a table with a prompt and an answer column, a causal model folder. Out: a table of both losses per step; the exit
code is 1 where any differs by more than 1e-3 relative. TRL is needed for this script alone (an environment with
`trl` beside the program); the texts are given to it as text, so that its own tokens are compared with ours, too.

    python tests/benchmarks/parity_trl.py --data train.csv --input mr --target ref --base MODEL_FOLDER
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import TrainerCallback

from studio.config.config import Config
from studio.events import Stepped
from studio.models.load import Model, load_model, trained_weights
from studio.tasks.example import Example, Turn
from studio.tokens.encoded import Encoded
from studio.tokens.tokenizer import Tokenizer
from studio.training.loop import train
from studio.training.probes import Probes
from studio.training.schedule import plan_for, rate_share
from tests.benchmarks.rows import answer_config, read_pairs

TOLERANCE = 1e-3


def main(argv: Sequence[str] | None = None) -> int:
    """Run both and compare."""
    parser = argparse.ArgumentParser(description="Our loop beside TRL's SFTTrainer.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=80)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rows-per-step", type=int, default=4)
    wants = parser.parse_args(argv)
    pairs = read_pairs(wants.data, wants.input, wants.target, wants.rows)
    config = answer_config(max_steps=wants.steps, rows_per_step=wants.rows_per_step)
    tokenizer = Tokenizer.load(wants.base, "causal")
    examples = [
        Example(n, (Turn("user", prompt), Turn("assistant", answer, learned=True)))
        for n, (prompt, answer) in enumerate(pairs)
    ]
    rows = list(tokenizer.encode_many(examples, max_tokens=1024))
    plan = plan_for([len(row.ids) for row in rows], config)
    order = [place for step in range(plan.total) for place in plan.rows(step)]
    ours = our_losses(wants.base, rows, config, tokenizer.pad_id)
    print(f"our {len(ours)} steps are done", flush=True)
    texts = [
        {
            "prompt": tokenizer.template.render(examples[place].turns[:1], for_answer=True),
            "completion": pairs[place][1],
        }
        for place in order
    ]
    theirs = trl_losses(wants.base, texts, [rows[place] for place in order], config, plan.total)
    return compare(ours, theirs)


def compare(ours: list[float], theirs: list[float]) -> int:
    """Print the table; 0 if every step agrees."""
    print(f"{'step':>4} {'ours':>10} {'TRL':>10} {'relative difference':>20}")
    worst = 0.0
    for step, (mine, other) in enumerate(zip(ours, theirs, strict=True), 1):
        difference = abs(mine - other) / abs(other)
        worst = max(worst, difference)
        print(f"{step:>4} {mine:>10.6f} {other:>10.6f} {difference:>20.2e}")
    print(f"largest relative difference {worst:.2e} (allowed {TOLERANCE:.0e})")
    return int(worst > TOLERANCE)


def fresh_model(base: Path, config: Config) -> Model:
    """The base model with the adapter's first weights; its up-projections are not zero, so that the first step
    already tells two adapters apart."""
    model = load_model(base, config=config, device=torch.device("cpu"))
    torch.manual_seed(7)
    with torch.no_grad():
        for name, weight in trained_weights(model).items():
            if "lora_B" in name:
                weight.normal_(0, 1e-3)
    return model


def our_losses(base: Path, rows: Sequence[Encoded], config: Config, pad_id: int) -> list[float]:
    """The loss of each step of our loop."""
    probes = Probes(score=lambda _: (1.0, 0.0), sample=lambda _: [])
    with tempfile.TemporaryDirectory() as folder:
        events = train(
            fresh_model(base, config),
            {"training": rows, "watching": rows},
            config,
            Path(folder),
            pad_id=pad_id,
            probes=probes,
            should_stop=lambda: False,
            should_pause=lambda: False,
        )
        return [event.loss for event in events if isinstance(event, Stepped)]


class Losses(TrainerCallback):  # type: ignore[misc]
    """Keeps what the trainer logs each step."""

    def __init__(self) -> None:
        self.found: list[float] = []

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float], **_: Any) -> None:
        """One entry a step."""
        if "loss" in logs:
            self.found.append(float(logs["loss"]))


def trl_losses(
    base: Path, texts: list[dict[str, str]], rows: Sequence[Encoded], config: Config, steps: int
) -> list[float]:
    """The loss of each step of SFTTrainer on the same texts, adapter weights, optimizer and schedule; raises
    ValueError where its tokens or what it learns of them differ from ours."""
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    wants = config.training
    start = {name: tensor.clone() for name, tensor in trained_weights(fresh_model(base, config)).items()}
    with tempfile.TemporaryDirectory() as folder:
        trainer = SFTTrainer(
            model=AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32),
            processing_class=AutoTokenizer.from_pretrained(base),
            train_dataset=Dataset.from_list(texts),
            peft_config=LoraConfig(
                r=config.model.lora_rank,
                lora_alpha=config.model.lora_alpha,
                lora_dropout=config.model.lora_dropout,
                target_modules="all-linear",
                task_type="CAUSAL_LM",
            ),
            callbacks=[losses := Losses()],
            args=SFTConfig(
                output_dir=folder,
                max_steps=steps,
                per_device_train_batch_size=(wants.rows_per_step or 2) // 2,
                gradient_accumulation_steps=2,
                train_sampling_strategy="sequential",
                completion_only_loss=True,
                max_length=1024,
                max_grad_norm=wants.clip_norm,
                gradient_checkpointing=False,
                bf16=False,
                use_cpu=True,
                logging_steps=1,
                save_strategy="no",
                report_to="none",
                disable_tqdm=True,
            ),
        )
        _same_tokens(trainer.train_dataset, rows)
        _copy(start, trainer.model)
        trained = [p for p in trainer.model.parameters() if p.requires_grad]
        trainer.optimizer = torch.optim.AdamW(trained, lr=wants.learning_rate, weight_decay=wants.weight_decay)
        trainer.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
            trainer.optimizer,
            lambda step: rate_share(step, total=steps, warmup_share=wants.warmup_share),
        )
        trainer.train()
    return losses.found


def _same_tokens(theirs: Any, ours: Sequence[Encoded]) -> None:
    for place, row in enumerate(ours):
        same = tuple(theirs[place]["input_ids"]) == row.ids
        mask = [label != -100 for label in theirs[place]["labels"]]
        if not same or mask != list(row.learned):
            raise ValueError(f"row {row.row} is read differently: {theirs[place]} / {row}")
    print(f"{len(ours)} rows have the same tokens and the same learned mask")


def _copy(weights: dict[str, torch.Tensor], net: Any) -> None:
    named = {name: p for name, p in net.named_parameters() if p.requires_grad}
    if named.keys() != weights.keys():
        raise ValueError(f"the adapters sit on different layers: {sorted(named.keys() ^ weights.keys())[:5]}")
    with torch.no_grad():
        for name, parameter in named.items():
            parameter.copy_(weights[name])


if __name__ == "__main__":
    sys.exit(main())

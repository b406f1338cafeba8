"""How fast is our loop beside transformers.Trainer with PEFT? The same rows, steps and adapter, taken in turns.

In: a table with a prompt and an answer column, a causal model folder. Out: seconds of each round and the median ratio
(above 1: ours is faster). The Trainer gets the same rows a step in the same order, as its own defaults would compute
them: padded to the longest, full logits.

    python tests/benchmarks/training_speed.py --data train.csv --input mr --target ref --base MODEL_FOLDER
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset

from studio.config.config import Config
from studio.events import Stepped
from studio.models.load import load_model
from studio.tasks.example import Example, Turn
from studio.tokens.encoded import Encoded
from studio.tokens.tokenizer import Tokenizer
from studio.training.loop import train
from studio.training.probes import Probes
from tests.benchmarks.rows import answer_config, read_pairs


def main(argv: Sequence[str] | None = None) -> int:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description="Our loop beside transformers.Trainer.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows-per-step", type=int, default=16)
    wants = parser.parse_args(argv)
    config = answer_config(max_steps=wants.steps, rows_per_step=wants.rows_per_step, warmup_share=0.0)
    tokenizer = Tokenizer.load(wants.base, "causal")
    pairs = read_pairs(wants.data, wants.input, wants.target, wants.steps * wants.rows_per_step)
    rows = list(
        tokenizer.encode_many(
            [
                Example(n, (Turn("user", prompt), Turn("assistant", answer, learned=True)))
                for n, (prompt, answer) in enumerate(pairs)
            ],
            max_tokens=1024,
        )
    )
    tokens, learned = sum(len(row.ids) for row in rows), sum(sum(row.learned) for row in rows)
    print(f"{len(rows)} rows, {tokens} tokens of which {learned} learned, {torch.get_num_threads()} threads")
    ratios = []
    for number in range(1, wants.rounds + 1):
        ours = our_seconds(wants.base, rows, config, tokenizer.pad_id)
        theirs = trainer_seconds(wants.base, rows, config, tokenizer.pad_id)
        ratios.append(theirs / ours)
        print(f"round {number}: ours {ours:.1f} s ({tokens / ours:.0f} tokens/s), Trainer {theirs:.1f} s "
              f"({tokens / theirs:.0f} tokens/s), ratio {ratios[-1]:.2f}", flush=True)  # fmt: skip
    print(f"median ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return 0


def our_seconds(base: Path, rows: Sequence[Encoded], config: Config, pad_id: int) -> float:
    """Seconds in the steps of our loop."""
    model = load_model(base, config=config, device=torch.device("cpu"))
    with tempfile.TemporaryDirectory() as folder:
        events = train(
            model,
            {"training": rows, "watching": rows},
            config,
            Path(folder),
            pad_id=pad_id,
            probes=Probes(score=lambda _: (1.0, 0.0), sample=lambda _: []),
            should_stop=lambda: False,
            should_pause=lambda: False,
        )
        return sum(event.seconds for event in events if isinstance(event, Stepped))


def trainer_seconds(base: Path, rows: Sequence[Encoded], config: Config, pad_id: int) -> float:
    """Seconds in Trainer.train on the same rows, in micro-batches of four rows."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

    wants = config.training
    net = get_peft_model(
        AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32),
        LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM"),
    )
    entries = [
        {
            "input_ids": list(row.ids),
            "labels": [n if on else -100 for n, on in zip(row.ids, row.learned, strict=True)],
        }
        for row in rows
    ]

    def collate(some: list[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
        longest = max(len(row["input_ids"]) for row in some)

        def filled(name: str, filling: int) -> torch.Tensor:
            return torch.tensor([row[name] + [filling] * (longest - len(row[name])) for row in some])

        ids, labels = filled("input_ids", pad_id), filled("labels", -100)
        attention = torch.tensor([[n < len(row["input_ids"]) for n in range(longest)] for row in some]).long()
        return {"input_ids": ids, "labels": labels, "attention_mask": attention}

    with tempfile.TemporaryDirectory() as folder:
        arguments: dict[str, Any] = {
            "output_dir": folder,
            "max_steps": wants.max_steps,
            "per_device_train_batch_size": 4,
            "gradient_accumulation_steps": (wants.rows_per_step or 4) // 4,
            "learning_rate": wants.learning_rate,
            "bf16": False,
            "use_cpu": True,
            "logging_steps": 1,
            "save_strategy": "no",
            "report_to": "none",
            "disable_tqdm": True,
        }
        trainer = Trainer(
            model=net,
            args=TrainingArguments(**arguments),
            train_dataset=Dataset.from_list(entries),
            data_collator=collate,
        )
        begun = time.perf_counter()
        trainer.train()
        return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())

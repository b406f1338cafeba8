"""A model from nothing on tinyshakespeare, with the split and the size of nanoGPT's small CPU configuration.

Run: python tests/benchmarks/tinyshakespeare.py FOLDER [--steps 2000] [--out RUN]. FOLDER holds input.txt. The first
90 % of its characters are learned, the last 10 % watch; one character is one token; four layers, four heads, 128 wide.
Out: the validation loss in nats for each character (nanoGPT's README gives 1.88 for its configuration), from the run's
own looks and from judging, with the processor's seconds. Everything goes through the product's command line.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PUBLISHED = 1.88


def main() -> None:
    """Split, train, judge, tell."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("folder", type=Path)
    made.add_argument("--steps", type=int, default=2000)
    made.add_argument("--out", type=Path, help="keep the run here")
    options = made.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = options.out or Path(scratch) / "run"
        data = Path(scratch) / "split"
        data.mkdir()
        text = (options.folder / "input.txt").read_text(encoding="utf-8")
        cut = int(0.9 * len(text))
        (data / "train.txt").write_text(text[:cut], encoding="utf-8")
        (data / "val.txt").write_text(text[cut:], encoding="utf-8")
        print(f"{cut:,} characters to learn, {len(text) - cut:,} to watch; load {os.getloadavg()[0]:.1f}", flush=True)
        begun = time.monotonic()
        settings = {
            "data.test_share": 0, "model.size": "tiny", "model.units": "characters", "task.max_tokens": 128,
            "training.rows_per_step": 8, "training.max_steps": options.steps, "training.learning_rate": 0.002,
            "training.weight_decay": 0.1, "training.validations": 4, "training.precision": "fp32",
        }  # fmt: skip
        assignments = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
        studio("train", "--data", str(data), "--task", "pretrain", *assignments, "--out", str(out))
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = used.ru_utime + used.ru_stime
        print(f"trained in {time.monotonic() - begun:.0f} s, {seconds:.0f} s of processor time; load {os.getloadavg()}")
        lines = map(json.loads, (out / "events.jsonl").read_text(encoding="utf-8").splitlines())
        losses = [line["loss"] for line in lines if line["event"] == "Validated"]
        print(f"watching loss: {', '.join(f'{loss:.4f}' for loss in losses)} nats a character, the end mark included")
        studio("evaluate", str(out), "--data", str(data / "val.txt"))
        report = json.loads((out / "report" / "report.json").read_text(encoding="utf-8"))
        bits = next(figure for figure in report["figures"] if figure["key"] == "bits")
        nats = bits["value"] * math.log(2)
        verdict = "at or below" if nats <= PUBLISHED else "ABOVE"
        print(f"validation loss {nats:.4f} nats a character, {verdict} the published {PUBLISHED}")


def studio(*arguments: str) -> None:
    """One command of the product, as anybody would type it."""
    subprocess.run([sys.executable, "-m", "studio", *arguments], check=True)


if __name__ == "__main__":
    main()

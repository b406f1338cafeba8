"""How well does a small model learn to write texts from facts? BLEU with several references on the E2E data's devset.

In: a folder with `train_rebuilt.csv` and `devset.csv` (columns mr, ref). Out: BLEU, and how it compares with what
GPT-2 M is published with. Everything goes through the command line: train, resume as often as it takes, predict. One
sitting trains for at most `--minutes`; call it again with the same `--out` until the run has ended.

    python tests/benchmarks/e2e.py FOLDER --out WORK --rows 4862 --minutes 7.5

One row a set of facts is learned from, drawn by chance, and with more `--rows` than the 4,862 sets further texts for
the same facts as well, 42,061 in all: sets of facts of the devset do not stand in the training rows.
The answers are written greedily (the likeliest word each time, no beams).
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sacrebleu.metrics.bleu import BLEU

from studio.evaluation.closeness import bleu
from studio.evaluation.intervals import mean
from studio.evaluation.rouge import rouge_l
from studio.events import Finished
from studio.runs.history import replay
from studio.runs.run import last_event

STUDIO = [sys.executable, "-m", "studio"]
NOT_YET = 3
PUBLISHED = (  # Hu et al. 2021, "LoRA", table 3: GPT-2 Medium on the test set, beam search of 10
    ("GPT-2 M, all weights (354M trained)", 68.2),
    ("GPT-2 M, prefix (0.35M trained)", 69.7),
    ("GPT-2 M, LoRA (0.35M trained)", 70.4),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Train for one sitting, and once the run has ended, write and score."""
    parser = argparse.ArgumentParser(description="BLEU on the E2E devset.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=4862, help="training rows: first one a set of facts")
    parser.add_argument("--minutes", type=float, default=7.5, help="of training in this sitting")
    parser.add_argument("--base", default="SmolLM2-135M-Instruct")
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE")
    wants = parser.parse_args(argv)
    wants.out.mkdir(parents=True, exist_ok=True)
    run = wants.out / "run"
    if not train(wants, run):
        print("not at its end yet: call it again", flush=True)
        return NOT_YET
    references = known(wants.folder / "devset.csv")
    return report(run, references, written(run, references, wants.out))


def train(wants: argparse.Namespace, run: Path) -> bool:
    """One sitting of training; whether the run has ended."""
    if isinstance(last_event(run), Finished):
        return True
    command = [*STUDIO, "resume", str(run)]
    if not run.exists():
        file = wants.out / "train.csv"
        print(f"{chosen(wants.folder / 'train_rebuilt.csv', file, wants.rows):,} training rows", flush=True)
        settings = ["training.epochs=1", "training.validations=2", "data.test_share=0", "data.watching_share=0.02"]
        flags = [word for value in (*settings, *wants.set) for word in ("--set", value)]
        command = [*STUDIO, "train", "--data", str(file), "--task", "answer", "--input", "mr", "--target", "ref",
                   "--base", wants.base, *flags, "--out", str(run)]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=60 * wants.minutes)
    except subprocess.TimeoutExpired:
        process.send_signal(2)  # as Ctrl+C: it goes on from here at the next sitting
        process.wait()
    return isinstance(last_event(run), Finished)


def chosen(file: Path, out: Path, count: int) -> int:
    """One text for each set of facts, then further ones, at most `count`, drawn by chance with a fixed seed; how many
    were written."""
    dice = random.Random(0)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    dice.shuffle(rows)
    first = list({row["mr"]: row for row in reversed(rows)}.values())
    seen = {id(row) for row in first}
    further = [row for row in rows if id(row) not in seen]
    dice.shuffle(first)
    drawn = [*first, *further][:count]
    with out.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, ["mr", "ref"])
        table.writeheader()
        table.writerows(drawn)
    return len(drawn)


def known(file: Path) -> dict[str, list[str]]:
    """Each set of facts with all of its texts."""
    found: dict[str, list[str]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["mr"], []).append(row["ref"])
    return found


def written(run: Path, references: dict[str, list[str]], work: Path) -> list[str]:
    """What the model writes to each set of facts."""
    asked, answers = work / "asked.csv", work / "answers.csv"
    if not answers.exists():
        with asked.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([["mr"], *([mr] for mr in references)])
        started = time.monotonic()
        command = [*STUDIO, "predict", str(run), str(asked), "--out", str(answers)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print(f"{len(references)} texts written in {time.monotonic() - started:.0f} s", flush=True)
    with answers.open(encoding="utf-8-sig", newline="") as lines:
        found = {row["mr"]: row["ref (written)"] for row in csv.DictReader(lines)}
    return [found[mr] for mr in references]


def report(run: Path, references: dict[str, list[str]], answers: Sequence[str]) -> int:
    """Print the scores; 0 where BLEU is what the product itself finds."""
    several = list(references.values())
    longest = max(map(len, several))
    streams = [[texts[n] if n < len(texts) else None for texts in several] for n in range(longest)]
    official = BLEU(tokenize="13a").corpus_score(answers, streams)
    ours = bleu(answers, several)
    lowered = BLEU(tokenize="13a", lowercase=True).corpus_score(answers, streams)
    rouge = mean([rouge_l(answer, texts) for answer, texts in zip(answers, several, strict=True)])
    best = replay(run).best
    step = best.step if best is not None else "?"
    print(f"{len(answers)} sets of facts, {sum(map(len, several)):,} references; best step {step}")
    print(f"BLEU (sacrebleu 13a, several references) {official.score:.1f}   range {ours.low:.1f} to {ours.high:.1f}")
    print(f"     without difference in case          {lowered.score:.1f}")
    print(f"ROUGE-L (best reference, F)              {100 * rouge.value:.1f}")
    print("published, on the test set and with beams; ours is greedy, on the devset:")
    for name, score in PUBLISHED:
        print(f"     {name:40} {score:.1f}")
    return int(abs(official.score - ours.value) > 0.05)


if __name__ == "__main__":
    sys.exit(main())

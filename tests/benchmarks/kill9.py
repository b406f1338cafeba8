"""Does a run that is killed ten times end as one that never was? On a processor, with the same number of threads.

In: a table and a model. Out: a line per kill and the comparison of every step's loss; the exit code is 1 where any
differs in the last bit. Each sitting is a real `python -m studio`, ended with SIGKILL at a random moment: whenever the
record shows a randomly drawn step, plus up to half a second.

    python tests/benchmarks/kill9.py --data train.csv --task classify --input text --target category --base MODEL
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from studio.runs.history import History, replay

STUDIO = [sys.executable, "-m", "studio"]


def main(argv: Sequence[str] | None = None) -> int:
    """Train once in peace and once under fire, and compare."""
    parser = argparse.ArgumentParser(description="Kill a run at random moments and continue it.")
    for name in ("data", "task", "input", "target", "base"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--dice", type=int, default=0)
    wants = parser.parse_args(argv)
    described = [word for name in ("data", "task", "input", "target", "base")
                 for word in (f"--{name}", getattr(wants, name))]  # fmt: skip
    settings = ["training.precision=fp32", *wants.set]  # left open, a timed trial could choose otherwise in each run
    described += [word for setting in settings for word in ("--set", setting)]
    with tempfile.TemporaryDirectory() as folder:
        peaceful, killed = Path(folder, "peaceful"), Path(folder, "killed")
        begun = time.monotonic()
        subprocess.run([*STUDIO, "train", *described, "--out", str(peaceful)], check=True, stdout=subprocess.DEVNULL)
        wanted = replay(peaceful)
        print(f"uninterrupted: {wanted.step} steps in {time.monotonic() - begun:.0f} s", flush=True)
        dice = random.Random(wants.dice)
        moments = sorted(dice.sample(range(1, wanted.step), wants.kills))
        command = [*STUDIO, "train", *described, "--out", str(killed)]
        for number, moment in enumerate(moments, 1):
            shot(command, killed, moment, dice.uniform(0, 0.5), number)
            command = [*STUDIO, "resume", str(killed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return compare(wanted, replay(killed))


def shot(command: list[str], run: Path, moment: int, delay: float, number: int) -> None:
    """Work on the run until its record shows a step of this sitting at or beyond `moment`, then kill it."""
    seen = (run / "events.jsonl").stat().st_size if (run / "events.jsonl").exists() else 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None and not (changed(run, seen) and replay(run).step >= moment):
        time.sleep(0.05)
    time.sleep(delay)
    process.kill()
    process.wait()
    kept = sorted(int(path.name[5:]) for path in (run / "checkpoints").glob("step-*"))
    print(f"kill {number}: after step {replay(run).step}, checkpoints of steps {kept}", flush=True)


def changed(run: Path, seen: int) -> bool:
    """Whether the record is another than before the sitting."""
    file = run / "events.jsonl"
    return file.exists() and file.stat().st_size != seen


def compare(wanted: History, found: History) -> int:
    """0 if both made the same steps with the same losses, gradients and looks, to the last bit."""
    looks = [[(x.step, x.loss, x.score, x.is_best) for x in history.looks] for history in (wanted, found)]
    same = {
        "steps": wanted.steps == found.steps,
        "losses": wanted.losses == found.losses,
        "gradients": wanted.grad_norms == found.grad_norms,
        "looks": looks[0] == looks[1],
        "ending": found.state == wanted.state == "finished",
    }
    for name, is_same in same.items():
        print(f"{name}: {'equal' if is_same else 'DIFFERENT'}")
    if not same["looks"]:
        print("looks of the peaceful run:", *looks[0], "of the killed run:", *looks[1], sep="\n  ")
    print(f"last losses {wanted.losses[-1]!r} and {found.losses[-1]!r} after {len(found.steps)} steps")
    return int(not all(same.values()))


if __name__ == "__main__":
    sys.exit(main())

"""How well are texts sorted? Test accuracy on data sets of the field, with the starter and default settings.

In: a folder that holds the data sets (banking77, sst2, trec, clinc150) in folders of their own. Out: a line for each:
rows, how it was learned, the share of right labels on its own test rows with its 95 % range, seconds. Everything goes
through studio.flow. One sitting trains for at most `--minutes`; call it again with the same `--out` until each run has
ended. Test rows choose nothing: no setting, no step, no threshold.

    python tests/benchmarks/sorting.py FOLDER --out WORK [--only banking77] [--preset quick] [--minutes 7]
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio import flow
from studio.config import edit
from studio.config.config import Config
from studio.data.table.table import Table, open_table
from studio.evaluation.intervals import share
from studio.events import Finished
from studio.runs.run import last_event, open_run

NOT_YET = 3
Pairs = list[tuple[str, str]]
COLUMNS = "text", "label", "part"


@dataclass(frozen=True)
class Texts:
    """Pairs of a text and its label; without `watching` rows the program sets some of the training rows apart.
    `unlabelled` texts stand in the table without a label."""

    training: Pairs
    watching: Pairs
    test: Pairs
    unlabelled: tuple[str, ...] = ()


def main(argv: Sequence[str] | None = None) -> int:
    """One sitting."""
    parser = argparse.ArgumentParser(description="Accuracy of sorting texts.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", choices=tuple(READERS), action="append")
    parser.add_argument("--preset", default="balanced")
    parser.add_argument("--minutes", type=float, default=7.0)
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE")
    wants = parser.parse_args(argv)
    until = time.monotonic() + 60 * wants.minutes
    for name in wants.only or READERS:
        texts = READERS[name](wants.folder / name)
        run = wants.out / f"{name}-{wants.preset}"
        if not trained(run, texts, [f"training.preset={wants.preset}", *wants.set], until):
            print(f"{name}: not at its end yet, call it again", flush=True)
            return NOT_YET
        print(f"{name}, {wants.preset}: {told(run, texts)}", flush=True)
    return 0


def trained(run: Path, texts: Texts, settings: Sequence[str], until: float) -> bool:
    """Train until then, from where the run stands; whether it has ended."""
    if run.exists() and isinstance(last_event(run), Finished):
        return True

    def is_late() -> bool:
        return time.monotonic() > until

    if run.exists():
        events = flow.resume(run, should_stop=is_late)
    else:
        table = table_of(run.with_name(f"{run.name}-rows"), texts)
        config = Config()
        for assignment in (*_settings(texts), *settings):
            config = edit.parse(config, assignment)
        events = flow.fine_tune(config, run, table=table, should_stop=is_late)
    for event in events:
        print(f"  {type(event).__name__} {event}"[:160], file=sys.stderr, flush=True)
    return run.exists() and isinstance(last_event(run), Finished)


def _settings(texts: Texts) -> Iterator[str]:
    yield from ("task.kind=classify", "data.input=text", "data.target=label", "data.test_share=0")
    if texts.watching:
        yield "data.part_column=part"


def table_of(place: Path, texts: Texts) -> Table:
    """The training and watching rows as the program reads them from a file."""
    place.mkdir(parents=True, exist_ok=True)
    file = place / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines)
        out.writerow(COLUMNS)
        out.writerows((*pair, "train") for pair in texts.training)
        out.writerows((*pair, "validation") for pair in texts.watching)
        out.writerows((text, "", "train") for text in texts.unlabelled)
    for _ in flow.import_table(file, place / "table"):
        pass
    return open_table(place / "table")


def told(run: Path, texts: Texts) -> str:
    """The accuracy on the test rows, in words."""
    opened, resolved = flow.open_tuned(run), open_run(run).resolved
    begun = time.monotonic()
    answers = [next(iter(found)) for found in flow.sort_texts(opened, [text for text, _ in texts.test])]
    right = [answer == label for answer, (_, label) in zip(answers, texts.test, strict=True)]
    found, training = share(right), resolved.training
    scored = (
        f"{100 * found.value:.2f} % right of {len(right):,} test rows ({100 * found.low:.1f} to {100 * found.high:.1f})"
    )
    learned = (
        f"{len(texts.training):,} rows, {training.approach}, {training.epochs:g} rounds at {training.learning_rate:g}"
    )
    return f"{scored}; {learned}; asked in {time.monotonic() - begun:.0f} s"


def _banking77(folder: Path) -> Texts:
    return Texts(_csv(folder / "train.csv", "text", "category"), [], _csv(folder / "test.csv", "text", "category"))


def _trec(folder: Path) -> Texts:
    return Texts(
        _csv(folder / "trec_train.csv", "text", "coarse"), [], _csv(folder / "trec_test.csv", "text", "coarse")
    )


def _sst2(folder: Path) -> Texts:
    parts = [_tabs(folder / f"{part}.tsv") for part in ("train", "dev", "test")]
    return Texts(*parts)


def _clinc150(folder: Path) -> Texts:
    """With the texts that belong to no intent, under the label that the data gives them: oos."""
    whole = json.loads((folder / "data_small.json").read_text(encoding="utf-8"))
    return Texts(*([(text, label) for text, label in whole[part] + whole[f"oos_{part}"]] for part in
                   ("train", "val", "test")))  # fmt: skip


def _csv(file: Path, text: str, label: str) -> Pairs:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row[text], row[label]) for row in csv.DictReader(lines)]


def _tabs(file: Path) -> Pairs:
    lines = file.read_text(encoding="utf-8").splitlines()
    words = {"0": "negative", "1": "positive"}
    return [(text, words[label]) for text, label in (line.rsplit("\t", 1) for line in lines)]


READERS: dict[str, Callable[[Path], Texts]] = {
    "banking77": _banking77,
    "sst2": _sst2,
    "trec": _trec,
    "clinc150": _clinc150,
}


if __name__ == "__main__":
    sys.exit(main())

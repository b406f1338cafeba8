"""Does training make a starter search better? TREC QA (Wang et al. 2007) and the STS benchmark, from file to report.

In: a folder that holds trecqa_wang/{train,dev}.csv and stsb_multi/stsb-en-{train,dev}.csv. Out: a table of MAP and MRR,
and of rank correlations, for BM25, the untouched starter and the tuned one, on rows that it did not see. Nothing of the
folder is kept, unless the runs are kept with --out; one that is there is gone on with.

    python tests/benchmarks/retrieval.py FOLDER [--only trecqa|stsb] [--set SETTING=VALUE ...] [--out RUNS]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from statistics import fmean

from studio import flow
from studio.config import edit
from studio.config.config import Config
from studio.data.reading.options import ReadOptions
from studio.data.table.table import Table, open_table
from studio.evaluation.bm25 import BM25
from studio.evaluation.ranking import average_precision, reciprocal_rank
from studio.evaluation.report import Report
from studio.evaluation.searching import exam
from studio.events import Finished, Judged, Resolved, Validated, Warned
from studio.runs.run import RUN_FILE

TRECQA = {"data.input": "qtext", "data.target": "atext", "data.score": "label"}
STSB = {"data.input": "column 1", "data.target": "column 2", "data.score": "column 3"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description="Search, trained and judged on real rows.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=("trecqa", "stsb"))
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--out", type=Path)
    wants = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        out = wants.out or Path(scratch)
        if wants.only != "stsb":
            files = [wants.folder / "trecqa_wang" / name for name in ("train.csv", "dev.csv")]
            trained(files, TRECQA, wants.set, out / "trecqa")
        if wants.only != "trecqa":
            files = [wants.folder / "stsb_multi" / f"stsb-en-{name}.csv" for name in ("train", "dev")]
            trained(files, STSB, wants.set, out / "stsb")
    return 0


def trained(files: Sequence[Path], columns: dict[str, str], assignments: Sequence[str], run: Path) -> None:
    """Train on the first file, judge on the second, and print both."""
    config = edit.change(Config(), "task.kind", "search")
    for path, name in columns.items():
        config = edit.change(config, path, name)
    config = reduce(edit.parse, assignments, config)
    with tempfile.TemporaryDirectory() as scratch:
        tables = [read(file, Path(scratch) / file.stem) for file in files]
        begun = time.monotonic()
        is_there = (run / RUN_FILE).exists()
        learning = flow.resume(run) if is_there else flow.fine_tune(config, run, table=tables[0], test_table=tables[1])
        for event in learning:
            match event:
                case Validated():
                    best = " best" if event.is_best else ""
                    print(f"step {event.step:>4}  loss {event.loss:.4f}  score {event.score:.4f}{best}", flush=True)
                case Warned() | Resolved() | Finished():
                    print(event, flush=True)
        print(f"trained in {time.monotonic() - begun:.0f} s", flush=True)
        report = None
        for event in flow.judge(run):
            if isinstance(event, Judged):
                report = Report.read(Path(event.file))
        assert report is not None
        show(report)
        if columns is TRECQA:
            words(tables[1], config)


def read(file: Path, folder: Path) -> Table:
    """A file as a table; STS has no header."""
    options = ReadOptions(has_header=False) if file.name.startswith("stsb") else ReadOptions()
    for _ in flow.import_table(file, folder, options):
        pass
    return open_table(folder)


def show(report: Report) -> None:
    """Every way and figure."""
    print(report.headline, report.sentence)
    for way in report.ways:
        print(f"  {way.name:<28} {way.score:.4f}  ({way.low:.4f} to {way.high:.4f})  {report.score_name}")
    for figure in report.figures:
        print(f"  {figure.name:<56} {figure.value:8.4f}  untouched {figure.untouched:8.4f}")
    for limit in report.limits:
        print(f"  - {limit}")


def words(table: Table, config: Config) -> None:
    """MAP and MRR over whole lists for BM25, which the report gives for the two models alone."""
    from studio.data.parts.dataset import rows_at
    from studio.data.roles.columns import columns_of

    asked = exam(rows_at(table, columns_of(config.data), table.numbers), "candidates", at_most=2**31)
    scores = BM25(asked.passages).scores([question.query for question in asked.questions])
    ranks = [asked.ranks(number, row) for number, row in enumerate(scores)]
    mrr = fmean(reciprocal_rank(one, depth=None) for one in ranks)
    print(f"  BM25: MAP {fmean(map(average_precision, ranks)):.4f}  MRR {mrr:.4f} over {len(ranks)} queries")


if __name__ == "__main__":
    sys.exit(main())

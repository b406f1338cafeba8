"""A disk that takes no more weights: the run says so, nothing is lost, and it goes on when there is room again."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio import flow
from studio.checkpoints import layout
from studio.checkpoints.layout import check
from studio.events import Event, Failed, Finished, Imported, Saved
from studio.runs import project, run
from tests.test_flow import chosen, losses, messages, write_csv
from tests.tiny import tiny_encoder_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process's largest file is a setting of Unix")


@contextmanager
def no_room_for_weights() -> Iterator[None]:
    """Inside, the system itself refuses files above 32 KiB: the record fits, weights do not."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (32 * 1024, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_full_disk_costs_no_more_than_the_last_steps(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "messages.csv", ["text", "topic"], messages(80))
    *_, read = flow.import_snapshot(file, tmp_path / "Messages" / project.DATA_FOLDER)
    assert isinstance(read, Imported)
    made = project.create_project(tmp_path / "Messages", "Messages", snapshot=Path(read.folder).name)
    table = made.table()
    assert table is not None
    config = chosen(
        task__kind="classify",
        data__input="text",
        data__target="topic",
        model__base=str(tiny_encoder_folder(tmp_path)),
        training__epochs=3,
        training__validations=3,
        training__precision="fp32",  # else a timed trial decides, once for each of the two runs
    )
    whole = losses(list(flow.fine_tune(config, tmp_path / "whole", table=table)))
    before = everything(made.folder)

    folder = made.next_run_folder()
    seen: list[Event] = []
    learning = flow.fine_tune(config, folder, table=table)
    for event in learning:
        seen.append(event)
        if isinstance(event, Saved) and event.step > 0:
            break
    best = layout.best_step(folder)
    assert best is not None
    with no_room_for_weights(), pytest.raises(OSError, match="too large") as caught:
        seen.extend(learning)
    assert caught.value.errno == errno.EFBIG

    last = run.last_event(folder)
    assert isinstance(last, Failed)
    assert last.what == "A file became larger than this disk takes."
    assert run.open_run(folder).status() == "failed"
    assert layout.best_step(folder) == best
    check(layout.folder_of(folder, best))
    assert not list((folder / layout.CHECKPOINTS).glob(".*"))
    assert {name: data for name, data in everything(made.folder).items() if not name.startswith("runs")} == before
    assert flow.open_tuned(folder).model.net

    rest = list(flow.resume(folder))
    assert isinstance(rest[-1], Finished)
    assert losses(list(seen)) | losses(rest) == whole
    assert run.open_run(folder).status() == "finished"

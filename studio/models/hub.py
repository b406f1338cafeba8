"""Brings one model from the model hub into the hub's own cache: `python -m studio.models.hub`, a process of its own.

In: the model's id and title, the cache's folder, and the size that the person was told. Out: events as lines of JSON;
a Failed says what ended it. The one place that speaks to a network: the libraries read once, when they are imported,
whether they may, and in the program itself they may not. Files are fetched here and not by the hub's own library,
because that begins a file anew whenever it was interrupted.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import httpx2
from huggingface_hub import HfApi, ModelInfo, constants, get_session, hf_hub_url, set_client_factory
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented there, though not listed
    WeakFileLock,
    build_hf_headers,
    hf_raise_for_status,
)

from studio.atomic import atomic_file
from studio.events import Event, Failed, Progressed, to_json
from studio.models import gate, hub_cache
from studio.models.hub_troubles import KNOWN, in_words
from studio.models.sentence import MODULES_FILE, POOLING_FILE, PROMPTS_FILE
from studio.problems import Problem

_INDEX = "model.safetensors.index.json"
WORDS = frozenset(
    {
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt", "tokenizer.model", "spiece.model",
        "sentencepiece.bpe.model", "chat_template.jinja", "chat_template.json", _INDEX,
        MODULES_FILE, POOLING_FILE, PROMPTS_FILE,
        "README.md", "LICENSE", "LICENSE.md", "LICENSE.txt", "NOTICE", "NOTICE.md", "NOTICE.txt", "USE_POLICY.md",
    }
)  # fmt: skip
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_WHOLE = "model.safetensors"
_PIECE = 1 << 18
_PATIENCE = httpx2.Timeout(30.0, connect=10.0)
_TRIES = 4  # for a connection that breaks; getting further than ever before gives all of them back
_PAUSE = 1.0  # seconds before the next try
_MARGIN = 200_000_000  # bytes of disk that are left alone
_TELL_EVERY = 0.1  # seconds


@dataclass(frozen=True)
class Wanted:
    """The model `hub` (its id), called `title`; `told` is the size in bytes that the person agreed to."""

    hub: str
    title: str
    told: int
    cache: Path

    @property
    def place(self) -> Path:
        """The model's folder in the cache."""
        return hub_cache.place(self.hub, self.cache)


@dataclass(frozen=True)
class HubFile:
    """A file of a repository: its `size` in bytes, and the sum that its bytes must have (for a `large` one SHA-256,
    else the one by which git knows it)."""

    name: str
    size: int
    sum: str
    large: bool

    @property
    def is_weights(self) -> bool:
        """Whether this is what a model learned, and no description of it."""
        return self.name.endswith(".safetensors")

    def digest(self) -> Any:
        """What takes up the bytes, from the first one on."""
        if self.large:
            return hashlib.sha256()
        return hashlib.sha1(f"blob {self.size}\0".encode(), usedforsecurity=False)

    def is_at(self, path: Path) -> bool:
        """Whether it lies there, whole; its sum was checked before it came there."""
        return path.is_file() and path.stat().st_size == self.size


def main(arguments: Sequence[str]) -> int:
    """Fetch, and print events; 0 when the model is there, 1 after a Failed."""
    parser = argparse.ArgumentParser(prog="python -m studio.models.hub")
    parser.add_argument("hub")
    parser.add_argument("title")
    parser.add_argument("told", type=int)
    parser.add_argument("cache", type=Path)
    options = parser.parse_args(arguments)
    out = sys.stdout
    set_client_factory(client)
    with redirect_stdout(sys.stderr):  # what a library says is not taken for an event
        try:
            for event in fetch(Wanted(options.hub, options.title, options.told, options.cache)):
                print(to_json(event), file=out, flush=True)
        except KNOWN as error:
            problem = in_words(error, options.hub, options.title)
            print(to_json(Failed(problem.what, problem.why, problem.fix)), file=out, flush=True)
            return 1
    return 0


def client() -> httpx2.Client:
    """What every request of this process is sent by."""
    return httpx2.Client(event_hooks={"request": [_hold_back_log_in]}, follow_redirects=True, timeout=_PATIENCE)


def _hold_back_log_in(request: httpx2.Request) -> None:
    """Asked before each request, also one that follows a redirection: the log-in goes to the hub itself and nowhere
    else, and only where nobody on the way can read it."""
    hub, to = httpx2.URL(constants.ENDPOINT), request.url
    if to.scheme != "https" or (to.host, to.port) != (hub.host, hub.port):
        request.headers.pop("Authorization", None)


def fetch(wanted: Wanted) -> Iterator[Event]:
    """Bring what is missing, the descriptions first: a model that would be refused is refused before its weights are
    fetched. The model counts as being there from the last line on."""
    commit, files = _look_up(wanted)
    snapshot = hub_cache.snapshot(wanted.place, commit)
    missing = [file for file in files if not file.is_at(snapshot / file.name)]
    _need_room(wanted, sum(file.size for file in missing))
    total = sum(file.size for file in files)
    done, told_at = total - sum(file.size for file in missing), 0.0
    headers = build_hf_headers(library_name="finetune-studio", library_version="1")
    checked = False
    for file in missing:
        if file.is_weights and not checked:
            _let_through(gate.check_before_weights, snapshot, wanted.title)
            checked = True
        url = hf_hub_url(wanted.hub, file.name, revision=commit)
        for more in _bring(file, wanted, url, headers):
            done += more
            if more and (time.monotonic() - told_at >= _TELL_EVERY or done == total):
                told_at = time.monotonic()
                yield Progressed(f"Downloading {wanted.title}", done, total, "bytes")
        _link(hub_cache.blobs(wanted.place) / file.sum, snapshot / file.name)
    _let_through(gate.check_folder, snapshot, wanted.title)
    with atomic_file(hub_cache.reference(wanted.place)) as reference:
        reference.write_text(commit, encoding="utf-8")


def _let_through(check: Callable[[Path], object], snapshot: Path, title: str) -> None:
    try:
        check(snapshot)
    except Problem as problem:
        why = f"{problem.what} {problem.why}".replace(f"“{hub_cache.base_name(snapshot)}”", "It")
        raise Problem(f"{title} cannot be used here.", why, "Choose another model.") from problem


def _look_up(wanted: Wanted) -> tuple[str, list[HubFile]]:
    """The present commit, and which of its files are needed: those of the list above."""
    info = HfApi().model_info(wanted.hub, files_metadata=True, timeout=30)
    chosen = choose(files_of(info), wanted.title)
    total = sum(file.size for file in chosen)
    if info.sha is None or not re.fullmatch(r"[0-9a-f]{40}", info.sha):
        raise ValueError("no commit")
    if total > 1.25 * wanted.told + 64e6:
        raise Problem(
            f"{wanted.title} is larger on the hub than it was when this program was made.",
            f"It is {total / 1e6:,.0f} MB there, and {wanted.told / 1e6:,.0f} MB were named. Nothing was downloaded.",
            "Choose another model, or fetch this one yourself and choose its folder.",
        )
    return info.sha, chosen


def files_of(info: ModelInfo) -> dict[str, HubFile]:
    """The files of a repository by their names, as far as they can be checked when they come."""
    files = (_file(sibling) for sibling in info.siblings or [])
    return {file.name: file for file in files if file is not None}


def _file(sibling: Any) -> HubFile | None:
    large = sibling.lfs
    total, digest = (large.size, large.sha256) if large else (sibling.size, sibling.blob_id)
    if total is None or not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", digest or ""):
        return None  # it cannot be checked, so it is not there for us
    return HubFile(sibling.rfilename, total, digest, large is not None)


def choose(there: dict[str, HubFile], title: str) -> list[HubFile]:
    """What is fetched of these: the weights, whole or in parts, and the descriptions of the list above. Raises a
    Problem where there are no weights in a safe format."""
    whole = [there[_WHOLE]] if _WHOLE in there else []
    weights = whole or [file for name, file in sorted(there.items()) if _SHARD.fullmatch(name)]
    if not weights:
        unsafe = next((name for name in sorted(there) if Path(name).suffix.lower() in gate.UNSAFE_WEIGHTS), "")
        raise Problem(
            f"{title} has no weights in a safe format.",
            f"Opening “{unsafe}” could run any program hidden in it, so it was not downloaded."
            if unsafe
            else "The hub lists no .safetensors file for it. Nothing was downloaded.",
            "Choose another model; nearly every well-known one has .safetensors files.",
        )
    words = [
        file for name, file in sorted(there.items()) if name in WORDS and not (whole and name.endswith(".index.json"))
    ]
    return words + weights


def _need_room(wanted: Wanted, size: int) -> None:
    wanted.place.mkdir(parents=True, exist_ok=True)
    begun = sum(path.stat().st_size for path in hub_cache.blobs(wanted.place).glob("*.incomplete"))
    free = shutil.disk_usage(wanted.place).free
    need = max(0, size - begun)
    if free < need + _MARGIN:
        raise Problem(
            "There is too little room on the disk.",
            f"{wanted.title} needs {need / 1e9:,.1f} GB, and {free / 1e9:,.1f} GB are free where the hub's models lie.",
            "Free some space, then download again.",
        )


def _bring(file: HubFile, wanted: Wanted, url: str, headers: dict[str, str]) -> Generator[int, None, None]:
    """Put the file's bytes, checked, among the cache's own; yields by how many there are more (or fewer)."""
    blob = hub_cache.blobs(wanted.place) / file.sum
    blob.parent.mkdir(parents=True, exist_ok=True)
    lock = wanted.cache / ".locks" / wanted.place.name / f"{file.sum}.lock"  # as the hub's library does
    lock.parent.mkdir(parents=True, exist_ok=True)
    partial = blob.with_name(f"{file.sum}.incomplete")
    with WeakFileLock(lock, timeout=2.0):
        if file.is_at(blob):
            yield file.size
            return
        begun = partial.exists()
        for again in (False, True):
            found = yield from _receive(file, partial, url, headers)
            if found == file.sum:
                os.replace(partial, blob)
                return
            yield -partial.stat().st_size
            partial.unlink()
            if again or not begun:  # else the part that lay here may have been wrong: once more, from the beginning
                break
        raise Problem(
            f"“{file.name}” did not arrive as it is on the hub.",
            "Its checksum differs: it was damaged or changed on the way. It was thrown away.",
            "Download again. If it happens twice, try another network.",
        )


def _receive(file: HubFile, partial: Path, url: str, headers: dict[str, str]) -> Generator[int, None, str]:
    """Write the file's bytes from where `partial` ends, and give the sum of all of them."""
    with partial.open("r+b" if partial.exists() else "w+b") as sink:
        digest, position = file.digest(), 0
        while piece := sink.read(_PIECE):
            digest.update(piece)
            position += len(piece)
        yield position
        tries, furthest = _TRIES, position
        while position < file.size:
            try:
                for piece in _stream(url, headers, position):
                    if not piece:
                        yield -position
                        digest, position = _anew(file, sink)
                    if position + len(piece) > file.size:
                        raise _too_long(file)
                    sink.write(piece)
                    digest.update(piece)
                    position += len(piece)
                    if position > furthest:  # a server that always begins anew may never get there
                        tries, furthest = _TRIES, position
                    yield len(piece)
                if position < file.size:
                    raise httpx2.ReadError("it ended early")
            except httpx2.TransportError:
                tries -= 1
                if tries == 0:
                    raise
                time.sleep(_PAUSE)
        sink.flush()
        os.fsync(sink.fileno())
    return str(digest.hexdigest())


def _anew(file: HubFile, sink: BinaryIO) -> tuple[Any, int]:
    sink.seek(0)
    sink.truncate()
    return file.digest(), 0


def _too_long(file: HubFile) -> Problem:
    return Problem(
        f"“{file.name}” is not as large as the hub says.",
        f"More than the {file.size:,} bytes that were announced arrived.",
        "Download again. If it happens twice, try another network.",
    )


def _stream(url: str, headers: dict[str, str], position: int) -> Iterator[bytes]:
    """The bytes from `position` on; an empty piece comes first where the server begins at the beginning instead."""
    asked = {**headers, "Accept-Encoding": "identity"}
    if position:
        asked["Range"] = f"bytes={position}-"
    with get_session().stream("GET", url, headers=asked, timeout=_PATIENCE) as response:
        hf_raise_for_status(response)
        if position and response.status_code != httpx2.codes.PARTIAL_CONTENT:
            yield b""
        # Raw and as they come: pieces of one size are held back until they are full, and lost where it breaks off.
        yield from filter(None, response.iter_raw())


def _link(blob: Path, pointer: Path) -> None:
    """Show a blob under its name, by a link, or where Windows allows none by moving it there."""
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.unlink(missing_ok=True)
    try:
        pointer.symlink_to(os.path.relpath(blob, pointer.parent))
    except OSError:
        os.replace(blob, pointer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

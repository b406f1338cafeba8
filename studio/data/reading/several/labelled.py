"""Texts that lie in a folder for each label, as reviews in “pos” and “neg”.

In: the files' paths. Out: a Source with a row for each file: its text, the name of its folder as the label, and the
part of the data where the folders above say one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from studio.data.reading.several.file_names import part_in
from studio.data.reading.several.united import SPLIT, listed
from studio.data.reading.source import Portion, Rejected
from studio.data.reading.text.encoding import find_encoding
from studio.data.table.table import Reading
from studio.problems import Problem

_MOST_LABELS = 1_000
_FEWEST = 2  # texts that a label's folder holds, as a rule
_MOST = 0.8  # of the files have to lie in such folders
_LONGEST = 8 << 20  # bytes of one text
_PORTION = 8 << 20  # characters
_NO_LABEL = frozenset({"unsup", "unlabeled", "unlabelled", "unsupervised", "nolabel"})


@dataclass(frozen=True)
class Labels:
    """Each file's label and part, in order, and the files that lie in no label's folder."""

    files: Mapping[str, tuple[str, str]]
    astray: Sequence[str]


def find_labels(names: Sequence[str]) -> Labels | None:
    """The labels of files of texts, by their folders; None where the folders are no labels."""
    files: dict[str, tuple[str, str]] = {}
    astray: list[str] = []
    for name in names:
        folders = PurePosixPath(name).parent.parts
        parts = [part for folder in folders if (part := part_in(folder))]
        rest = [folder for folder in folders if not part_in(folder)]
        if len(rest) == 1 and len(parts) <= 1:
            files[name] = rest[0], parts[0] if parts else ""
        else:
            astray.append(name)
    counts = Counter(label for label, _ in files.values())
    is_labelled = 2 <= len(counts) <= _MOST_LABELS and len(files) >= _MOST * len(names)
    if not is_labelled or sum(count >= _FEWEST for count in counts.values()) < _MOST * len(counts):
        return None
    return Labels(files, astray)


def open_labelled(
    root: Path, labels: Labels, reading: Reading, notes: Sequence[str], should_stop: Callable[[], bool]
) -> LabelledTexts:
    """The Source of the texts in `root`."""
    return LabelledTexts(root, labels, reading, notes, should_stop)


@dataclass(frozen=True)
class LabelledTexts:
    """A row for each file; see Source."""

    root: Path
    labels: Labels
    about: Reading
    notes: Sequence[str]
    should_stop: Callable[[], bool]

    @property
    def columns(self) -> tuple[str, ...]:
        """The text, the label, and the part where folders say one."""
        return ("text", "label", SPLIT) if self._has_parts else ("text", "label")

    def head(self, rows: int) -> Portion:
        """The first `rows` texts of all labels in turn, so that a glance shows more than one."""
        turns: dict[tuple[str, str], list[str]] = {}
        for name, place in self.labels.files.items():
            turns.setdefault(place, []).append(name)
        each = max(1, -(-rows // len(turns)))
        names = [name for number in range(each) for files in turns.values() for name in files[number : number + 1]]
        found = [self._row(name) for name in names[:rows]]
        return Portion(
            [row for row in found if not isinstance(row, Rejected)],
            [row for row in found if isinstance(row, Rejected)],
        )

    def portions(self) -> Iterator[Portion]:
        """Every file once."""
        kept: list[tuple[str, ...]] = []
        rejected: list[Rejected] = []
        size = 0
        for name in self.labels.files:
            if self.should_stop():
                return
            row = self._row(name)
            if isinstance(row, Rejected):
                rejected.append(row)
            else:
                kept.append(row)
                size += len(row[0])
            if size > _PORTION or len(kept) + len(rejected) >= 10_000:
                yield Portion(kept, rejected)
                kept, rejected, size = [], [], 0
        yield Portion(kept, rejected)

    def reading(self, rejected: int) -> Reading:
        """How the folder was read."""
        counts = Counter(label for label, _ in self.labels.files.values())
        shown = ", ".join(f"“{label}” {count:,}" for label, count in counts.most_common(5))
        more = f" and {len(counts) - 5:,} more labels" if len(counts) > 5 else ""
        doubts = [f"The folders’ names are taken for labels: {shown}{more}."]
        if none := [label for label in counts if label.casefold() in _NO_LABEL]:
            doubts.append(f"The texts in {listed(none)} have no label; it is empty there.")
        if self.labels.astray:
            doubts.append(f"Not read, as they lie in no label’s folder: {listed(self.labels.astray)}.")
        return replace(
            self.about,
            delimiter="",
            quote="",
            has_header=False,
            rejected=rejected,
            certain=min(0.9, self.about.certain),
            sentence=f"{self.about.sentence}, {len(self.labels.files):,} texts, each file a row",
            doubts=(*self.about.doubts, *doubts, *self.notes),
        )

    @property
    def _has_parts(self) -> bool:
        return any(part for _, part in self.labels.files.values())

    def _row(self, name: str) -> tuple[str, ...] | Rejected:
        label, part = self.labels.files[name]
        try:
            text = text_in(self.root / name)
        except Problem as problem:
            return Rejected(1, f"{name}: {problem.why or problem.what}", "")
        known = "" if label.casefold() in _NO_LABEL else label
        return (text, known, part) if self._has_parts else (text, known)


def text_in(file: Path) -> str:
    """A whole file as text, "" where it is empty; raises a Problem for what is none."""
    if file.stat().st_size > _LONGEST:
        raise Problem("A text is too long.", f"It holds more than {_LONGEST >> 20} MB, too much for one row.")
    data = file.read_bytes()
    if b"\0" not in data and _is_utf8(data):
        return data.decode("utf-8-sig")
    try:
        return data.decode(find_encoding(file).name)
    except UnicodeError as error:
        raise Problem("A text cannot be read.", "Some of its characters cannot be read.") from error


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True

"""A folder as one table: a saved data set, files of one table, texts in a folder for each label, or texts alone.

In: a folder, and a function that opens one file of any kind. Out: a Source. What in the folder is not read is counted
and told; nothing in it is ever run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from studio.data.reading.options import ReadOptions
from studio.data.reading.several.file_names import family_of, in_order, part_in, parts_named, stem_of, suffix_of
from studio.data.reading.several.hub_card import Config, configs_of
from studio.data.reading.several.inside import files_in, keeps_changes, unwrapped
from studio.data.reading.several.labelled import find_labels, open_labelled
from studio.data.reading.several.saved import saved_parts
from studio.data.reading.several.united import (
    SPLIT,
    Piece,
    United,
    are_related,
    listed,
    part_order,
    split_notes,
)
from studio.data.reading.source import Given, Source
from studio.data.reading.text.plain import COLUMN, open_text
from studio.data.table.table import Reading
from studio.problems import Problem, Where

_ENDINGS = "csv tsv tab psv xlsx xlsm xlsb xls ods parquet pq arrow feather ipc json jsonl ndjson"
TABLES = frozenset(f".{ending}" for ending in _ENDINGS.split())
PROSE = frozenset({".txt", ".text", ".md", ".markdown", ".rst"})
_ABOUT = re.compile(
    r"(read.?me|licen[cs]e|copying|notice|change.?log|citation|authors|contributing|dataset_infos?|dataset_dict|state|"
    r"metadata|thumbs|desktop)([-_. ].*)?",
    re.IGNORECASE,
)
_PREVIEWED = 24  # files that are opened for a preview
_HIVE = re.compile(r"([^=/]+)=([^/]*)")


@dataclass
class _Found:
    """What lies in a folder: the files by their paths relative to it, in order, and what was passed over."""

    root: Path
    tables: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)  # files without an ending
    programs: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    about: int = 0  # files about the data: a read-me, a licence
    links: int = 0  # that are not followed

    def size(self, name: str) -> int:
        return self.path(name).stat().st_size

    def path(self, name: str) -> Path:
        return self.root / name


def open_folder(
    given: Given,
    options: ReadOptions = ReadOptions(),
    *,
    open_one: Callable[[Path], Source],
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Source:
    """The Source of a folder. Where it holds several tables that do not belong together, `options.member` says which,
    and the reading's `members` are their names. `only_head` opens no more files than a preview needs. Raises a Problem
    where nothing in it can be read."""
    root = unwrapped(given.path)
    work = _Work(given, root, options, open_one, only_head, should_stop)
    if saved := saved_parts(root):
        return work.saved(saved)
    found = _look(given, root)
    if found.tables:
        return work.tables(found)
    if labels := find_labels([*found.prose, *found.bare]):
        return open_labelled(root, labels, work.reading("a folder for each label"), work.notes(found), should_stop)
    if found.prose:
        return work.prose(found)
    raise _nothing(given, found)


@dataclass(frozen=True)
class _Work:
    """What stays the same while one folder is opened."""

    given: Given
    root: Path
    options: ReadOptions
    open_one: Callable[[Path], Source]
    only_head: bool
    should_stop: Callable[[], bool]

    def reading(self, sentence: str, *, member: str = "", members: Sequence[str] = (), certain: float = 1.0) -> Reading:
        return Reading(
            str(self.given.original),
            kind="folder",
            sentence=sentence,
            member=member,
            members=tuple(members),
            certain=certain,
        )

    def saved(self, saved: Mapping[str, list[Path]]) -> Source:
        """A data set as the `datasets` library saves it."""
        pieces = []
        for part, files in saved.items():
            beside = {SPLIT: _part_or_name(part)} if len(saved) > 1 else {}
            for file in files:
                pieces.append(Piece.of(file.relative_to(self.root).as_posix(), self.open_one(file), beside))
        if not pieces:
            raise _damaged(self.given)
        return United(pieces, self.reading("a saved data set"))

    def tables(self, found: _Found) -> Source:
        """Files of tables: those that belong together, or the ones that `member` names."""
        configs = configs_of(found.root, found.tables)
        wanted = next(
            (config for config in configs if config.name == self.options.member), configs[0] if configs else None
        )
        said = _card_parts(wanted) if wanted else parts_named(found.tables)
        opened, failed = self._opened(found, said)
        groups = {wanted.name: opened} if wanted else grouped(opened, said, found.size)
        names = [config.name for config in configs] or list(groups)
        chosen = wanted.name if wanted else self.options.member if self.options.member in groups else names[0]
        pieces = sorted(
            (_with_part(piece, said, groups[chosen]) for piece in groups[chosen]),
            key=lambda piece: part_order(piece.beside.get(SPLIT, "")),
        )
        _raise_if_same_kind(failed, pieces)
        notes = [*self.notes(found), *_failed(failed)]
        several = len(names) > 1
        if several:
            notes.append(f"The folder holds several tables: {listed(names)}. This is “{chosen}”.")
        reading = self.reading(
            "a folder",
            member=chosen if several else "",
            members=names if several else (),
            certain=0.6 if several else 1.0,
        )
        return United(pieces, reading, [*notes, *split_notes({p.title: p.beside.get(SPLIT, "-") for p in pieces})])

    def _opened(self, found: _Found, names: Iterable[str]) -> tuple[list[Piece], dict[str, Problem]]:
        opened: list[Piece] = []
        failed: dict[str, Problem] = {}
        for name in names:
            if self.should_stop() or (self.only_head and len(opened) >= _PREVIEWED):
                break
            beside = {key: unquote(value) for key, value in _HIVE.findall(PurePosixPath(name).parent.as_posix())}
            try:
                opened.append(Piece.of(name, self.open_one(found.path(name)), beside))
            except Problem as problem:
                failed[name] = problem
        if not opened:
            raise next(iter(failed.values()), _nothing(self.given, found))
        return opened, failed

    def prose(self, found: _Found) -> Source:
        """Texts to go on with, in passages, the file's name beside each; a single table that ends in .txt is one."""
        if len(found.prose) == 1 or self._are_tables(found):
            return self.tables(_Found(found.root, found.prose, [], [], found.programs, [*found.others, *found.bare]))
        said = parts_named(found.prose)
        pieces = [
            Piece(
                name,
                (COLUMN,),
                self._text(found.path(name), name),
                {"file": name, **({SPLIT: said[name]} if any(said.values()) else {})},
                "text",
            )
            for name in found.prose
        ]
        return United(pieces, self.reading("a folder of texts"), [*self.notes(found), *split_notes(said)])

    def _are_tables(self, found: _Found) -> bool:
        """Whether the largest of the texts are tables of several columns."""
        largest = sorted(found.prose, key=lambda name: -found.path(name).stat().st_size)[:3]
        kinds = []
        for name in largest:
            try:
                source = self.open_one(found.path(name))
            except Problem:
                continue
            kinds.append(source.reading(0).kind != "text" and len(source.columns) > 1)
        return bool(kinds) and all(kinds)

    def _text(self, path: Path, name: str) -> Callable[[], Source]:
        given = Given(path, self.given.original, name)
        options, only_head, should_stop = self.options, self.only_head, self.should_stop
        return lambda: open_text(given, options, only_head=only_head, should_stop=should_stop)

    def notes(self, found: _Found) -> list[str]:
        """What in the folder is not read."""
        unread = [*found.others, *found.bare, *(found.prose if found.tables else [])]
        notes = []
        if unread or found.about:
            about = f"{found.about:,} about the data" if found.about else ""
            notes.append(f"Not read: {' and '.join(each for each in (listed(unread), about) if each)}.")
        if found.links:
            notes.append(_unfollowed(found.links))
        if found.programs:
            notes.append(f"Programs in the folder are never run: {listed(found.programs)}.")
        if found.tables and any(map(keeps_changes, (self.root / "_delta_log", self.root / "metadata"))):
            notes.append("The folder keeps a history of changes, which is not read: deleted rows may be among these.")
        return notes


def grouped(opened: Sequence[Piece], said: Mapping[str, str], size: Callable[[str], int]) -> dict[str, list[Piece]]:
    """The tables that files make, by name, the likeliest first. Files belong together where most of their columns and
    their structure are the same, or where they are parts of one thing and share any column. Where several families of
    files each have parts of their own, each is a table. `size` gives a file's bytes."""
    groups: list[list[Piece]] = []
    for piece in sorted(opened, key=lambda piece: (not said.get(piece.title), -size(piece.title))):
        home = next((group for group in groups if _belongs(piece, group[0], said)), None)
        if home is None:
            groups.append([piece])
        else:
            home.append(piece)
    groups = [family for group in groups for family in _families(group, said)]
    groups.sort(key=lambda group: (len({said.get(p.title) for p in group}) == 1, -sum(size(p.title) for p in group)))
    place = {piece.title: number for number, piece in enumerate(opened)}
    named: dict[str, list[Piece]] = {}
    for group in groups:
        group.sort(key=lambda piece: place[piece.title])
        family = {family_of(piece.title) for piece in group}
        name = family.pop() if len(group) > 1 and len(family) == 1 else ""
        named[name if name and name not in named else _title(group, said)] = group
    return named


def _title(group: Sequence[Piece], said: Mapping[str, str]) -> str:
    first = min(group, key=lambda piece: part_order(said.get(piece.title, "")))
    return f"{first.title} and {len(group) - 1:,} more" if len(group) > 1 else first.title


def _belongs(piece: Piece, first: Piece, said: Mapping[str, str]) -> bool:
    if said.get(piece.title) and said.get(first.title):
        return are_related(first, piece)
    if piece.shape != first.shape:
        return False
    shared = {name.casefold() for name in piece.columns} & {name.casefold() for name in first.columns}
    return len(shared) > 0.5 * max(len(piece.columns), len(first.columns))


def _families(group: list[Piece], said: Mapping[str, str]) -> list[list[Piece]]:
    families: dict[str, list[Piece]] = {}
    for piece in group:
        families.setdefault(family_of(piece.title), []).append(piece)
    whole = [family for family in families.values() if len({said.get(p.title) for p in family} - {"", None}) > 1]
    if len(whole) < 2:
        return [group]
    rest = [piece for piece in group if all(piece not in family for family in whole)]
    return [*whole, *([rest] if rest else [])]


def _with_part(piece: Piece, said: Mapping[str, str], group: Sequence[Piece]) -> Piece:
    """The piece with its part beside it, where the files of its table differ in that."""
    if len({said.get(each.title, "") for each in group}) < 2:
        return piece
    return replace(piece, beside={**piece.beside, SPLIT: said.get(piece.title, "")})


def _card_parts(config: Config) -> dict[str, str]:
    parts = {part for _, part in config.files}
    return {name: _part_or_name(part) if len(parts) > 1 else "" for name, part in config.files}


def _part_or_name(name: str) -> str:
    """The part that a split's name says, or the name itself."""
    return part_in(name) or name


def _unfollowed(links: int) -> str:
    which = "1 link in the folder is" if links == 1 else f"{links:,} links in the folder are"
    return f"{which} not followed: only links to files in the folder itself are."


def _failed(failed: Mapping[str, Problem]) -> list[str]:
    return [f"Not read: “{name}”. {problem.why or problem.what}" for name, problem in failed.items()]


def _raise_if_same_kind(failed: Mapping[str, Problem], pieces: Sequence[Piece]) -> None:
    """A file that cannot be read may be left out only where it is of another kind than those that can."""
    kinds = {suffix_of(piece.title) for piece in pieces}
    for name, problem in failed.items():
        if suffix_of(name) in kinds:
            raise problem


def _look(given: Given, root: Path) -> _Found:
    """Every file in the folder and its folders, in order."""
    names, links = files_in(root, given)
    found = _Found(root, links=links)
    for name in sorted(names, key=in_order):
        path, suffix = PurePosixPath(name), suffix_of(name)
        if _ABOUT.fullmatch(stem_of(path.name)) and suffix not in TABLES - {".json"}:
            found.about += 1
        elif suffix in TABLES:
            found.tables.append(name)
        elif suffix in PROSE:
            found.prose.append(name)
        elif suffix in {".py", ".sh", ".bat", ".exe", ".js"}:
            found.programs.append(name)
        elif not suffix or suffix[1:].isdigit():
            found.bare.append(name)
        else:
            found.others.append(name)
    return found


def _nothing(given: Given, found: _Found) -> Problem:
    seen = [*found.others, *found.bare, *found.programs]
    kinds = Counter(suffix_of(name) or "no ending" for name in seen)
    inside = ", ".join(f"{count:,} with {kind}" for kind, count in kinds.most_common(5))
    return Problem(
        f"There is nothing to read in “{given.name}”.",
        (f"It holds no table and no text; its files: {inside}." if seen else "It holds no files that could be a table.")
        + (f" {_unfollowed(found.links)}" if found.links else ""),
        "Choose a folder with tables (CSV, Excel, JSON, Parquet) or texts (.txt, .md), or one file.",
        Where(str(given.original)),
    )


def _damaged(given: Given) -> Problem:
    return Problem(
        f"“{given.name}” could not be read.",
        "It is a saved data set, and its list of files is missing or damaged.",
        "Save the data set again.",
        Where(str(given.original)),
    )

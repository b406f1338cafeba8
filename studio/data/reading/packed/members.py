"""The files in an archive: their names, and which of them can be a table.

In: an open ZIP or tar archive. Out: its members under readable, different names, the likeliest first to be a table.
A member's name is only ever shown and compared; nothing is written under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

_PACKED = frozenset({".gz", ".bz2", ".xz", ".lzma", ".zst", ".zip", ".tar", ".tgz"})
# How readily a file is taken for the table that an archive was made for, by its ending; 0 is surely none.
_ENDINGS = {
    5: "csv tsv tab psv xlsx xlsm xlsb xls ods parquet pq jsonl ndjson",
    4: "arrow feather ipc json dat",
    3: "txt text data asc log",
    2: "md rst",
    0: """
        html htm xml xsd xsl css js py r ipynb yaml yml toml ini cfg sql sh bat tex bib pdf doc docx ppt pptx odt odp
        rtf epub png jpg jpeg gif bmp tif tiff svg webp ico mp3 mp4 wav avi mov exe dll so dylib class jar whl pyc pkl
        pickle joblib npy npz h5 hdf5 pt pth bin safetensors onnx gguf db sqlite sqlite3 lock md5 sha1 sha256 sig crc
        7z rar""",
}
_RANKS = {f".{ending}": rank for rank, endings in _ENDINGS.items() for ending in endings.split()}
_UNKNOWN = 1
# Files about the data, which are not the data.
_ASIDE = re.compile(
    r"(read.?me|licen[cs]e|copying|notice|changelog|citation|authors|manifest|checksums?|metadata|schema|codebook|"
    r"datapackage|package|package-lock|dataset_infos?|dataset_dict|state|config|requirements)"
)
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True)
class Member:
    """One file in an archive: its readable `name`, its size in bytes unpacked and `packed`, as the archive states
    them, and its `entry` in the archive."""

    name: str
    size: int
    packed: int
    entry: Any

    @property
    def ending(self) -> str:
        """The name's ending in small letters (".csv"; ".csv.gz" for a compressed file); "" for what is no ending."""
        endings = [part.lower() for part in PurePosixPath(self.name).suffixes[-2:]]
        if len(endings) == 2 and endings[1] not in _PACKED:
            endings = endings[1:]
        return "".join(part for part in endings if re.fullmatch(r"\.[a-z0-9]{1,8}", part))

    @property
    def rank(self) -> int:
        """How likely this is a table: 0 is surely none."""
        path = PurePosixPath(self.name)
        plain = [part.lower() for part in path.suffixes if part.lower() not in _PACKED]
        rank = _RANKS.get(plain[-1] if plain else "", _UNKNOWN)
        return min(rank, 1) if _ASIDE.fullmatch(path.name.partition(".")[0].lower()) else rank


def members(found: Iterable[Member]) -> list[Member]:
    """The files that a person put there, under names that can be shown and that differ."""
    listed: dict[str, Member] = {}
    for member in found:
        name = readable_name(member.name)
        parts = name.lower().split("/")
        if not parts[-1] or any(part in _SYSTEM or (part.startswith(".") and part != "..") for part in parts):
            continue
        unique, number = name, 2
        while unique in listed:
            path = PurePosixPath(name)
            unique, number = str(path.with_name(f"{path.stem} ({number}){path.suffix}")), number + 1
        listed[unique] = replace(member, name=unique)
    return list(listed.values())


def tables(listed: Sequence[Member]) -> list[Member]:
    """Those that can be a table, the likeliest first: by the kind that the ending names, then the biggest."""
    likely = [member for member in listed if member.rank > _UNKNOWN] or [m for m in listed if m.rank == _UNKNOWN]
    return sorted(likely, key=lambda member: (-member.rank, -member.size, member.name))


def readable_name(raw: str) -> str:
    """A name without signs that cannot be seen, its folders set apart by “/”, and none of a disk or a parent."""
    shown = "".join(c if c.isprintable() else "�" for c in raw.replace("\\", "/"))
    return "/".join(part for part in shown.split("/") if part not in {"", ".", ".."})

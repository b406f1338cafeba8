"""Where the rows are in a JSON document: which list, or lists by part, or columns, or objects by name.

In: a document (its long lists may be cut to their first elements) and the list that a person chose. Out: a Layout, and
Elements, which makes a record of every element: objects as they are, lists as rows of cells, single values as one
column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from studio.data.reading.delimited.header import has_header, unique_names
from studio.data.reading.given_parts import part_of
from studio.data.reading.records.json_text import Number, text_of
from studio.data.reading.records.shapes import recognise

_DEEPEST = 4  # lists within lists that are looked through
_LOOKED_AT = 200  # elements of a list that are looked into for more lists
_MANY = 20  # single values: a document of so many is a list of pairs, not one row
_LONGEST_LABEL = 60  # characters
_ONE = {"chat", "sharegpt", "tree", "marked", "judged"}  # structures that a document may have as one record
_ROW_LISTS = ("data", "rows", "values", "records")

Kind = Literal["objects", "rows", "values"]


@dataclass(frozen=True)
class Elements:
    """How the elements of a list become records. `columns` name the cells of rows, `skips_first` where the first row
    holds these names; `split` names a column for the list's own name, "" for none."""

    kind: Kind
    columns: tuple[str, ...] = ()
    skips_first: bool = False
    split: str = ""

    def record(self, name: str, element: Any) -> dict[str, Any] | str:
        """The record of one element of the list `name`, or the reason why there is none."""
        if type(element) is dict and self.kind == "objects" and not self.split:
            return element
        kind = _kind(element)
        if kind != self.kind:
            return f"It is {_TITLES[kind]}, where the others are {_TITLES_OF_MANY[self.kind]}."
        if kind == "objects":
            found = dict(element)
        elif kind == "rows":
            if len(element) > len(self.columns):
                return f"It has {len(element):,} cells, the table has {len(self.columns):,} columns."
            found = dict(zip(self.columns, element, strict=False))
        else:
            found = {self.columns[0]: element}
        return {**found, self.split: name} if self.split else found


_TITLES: dict[Kind, str] = {"objects": "an object", "rows": "a list", "values": "a single value"}
_TITLES_OF_MANY: dict[Kind, str] = {"objects": "objects", "rows": "lists", "values": "single values"}


@dataclass(frozen=True)
class Layout:
    """The rows of a document that is an object. Either the elements of its members `lists`, or `records` that need
    the whole document. `told` says in words what was read; `member` of `members` was chosen."""

    told: str
    lists: tuple[str, ...] = ()
    split: str = ""
    records: Iterator[dict[str, Any]] | None = None
    columns: tuple[str, ...] = ()
    member: str = ""
    members: tuple[str, ...] = field(default=())


class NoSuchMember(Exception):
    """A document has no list of this name; `members` are those that it has."""

    def __init__(self, member: str, members: Sequence[str]) -> None:
        super().__init__(member)
        self.member = member
        self.members = tuple(members)


def find_layout(document: dict[str, Any], member: str | None) -> Layout:
    """The likeliest rows of a document, or those of the `member` that is asked for; raises NoSuchMember."""
    paths = _lists(document)
    names = tuple("/".join(path) for path in sorted(paths, key=lambda path: (len(path), -paths[path])))
    if member:
        if member not in names:
            raise NoSuchMember(member, names)
        return _list_at(document, tuple(member.split("/")), names)
    known = recognise([document])
    if known is not None and known.name in _ONE and not _holds_records(document):
        return Layout("one record", records=iter([document]))
    return (
        _columns_and_rows(document)
        or _by_part(document, names)
        or _by_column(document)
        or _by_name(document)
        or _texts_by_label(document)
        or _likeliest(document, paths, names)
        or _pairs(document)
        or Layout("one record", records=iter([document]))
    )


def elements_of(
    sample: Sequence[Any], header: bool | None, *, split: str = "", columns: Sequence[str] = ()
) -> Elements:
    """How elements like these become records; `header` is whether the first row of cells names the columns, None for
    finding out."""
    kind: Kind = Counter(map(_kind, sample)).most_common(1)[0][0] if sample else "values"
    if kind == "objects":
        return Elements(kind, split=split)
    if kind == "values":
        is_text = all(isinstance(value, str) and not isinstance(value, Number) for value in sample if value is not None)
        return Elements(kind, ("text" if is_text else "value",), split=split)
    rows = [[text_of(cell) for cell in row] for row in sample if _kind(row) == "rows"]
    width = max(map(len, rows))
    if columns:
        return Elements(kind, unique_names(columns, max(width, len(columns))), split=split)
    plain = not any(isinstance(cell, (dict, list, Number, bool)) for cell in sample[0]) if sample[0] else False
    named = header if header is not None else plain and len(rows) > 1 and not split and has_header(rows)[0]
    return Elements(kind, unique_names(rows[0], width) if named else _guessed(rows, width), bool(named), split)


def _guessed(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Names for pairs that are a text and a label; numbers otherwise."""
    if width == 2 and len(rows) >= 4 and all(len(row) == 2 for row in rows):
        distinct = [len({row[place] for row in rows}) for place in (0, 1)]
        longest = [max(len(row[place]) for row in rows) for place in (0, 1)]
        label = distinct.index(min(distinct))
        if distinct[label] <= max(2, len(rows) // 2) and longest[label] <= _LONGEST_LABEL < 3 * longest[1 - label]:
            return ("label", "text") if label == 0 else ("text", "label")
    return unique_names([""] * width, width)


def _kind(element: Any) -> Kind:
    return "objects" if isinstance(element, dict) else "rows" if isinstance(element, list) else "values"


def _lists(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """The paths of all lists of objects or of rows, with how many elements they have together."""
    found: Counter[tuple[str, ...]] = Counter()
    if len(path) > _DEEPEST or not isinstance(value, dict):
        return found
    for name, inner in value.items():
        if "/" in name:
            continue
        if isinstance(inner, list):
            if inner and (not path or _kind(inner[0]) == "objects"):
                found[(*path, name)] += len(inner)
            for element in inner[:_LOOKED_AT]:
                found.update(_lists(element, (*path, name)))
        elif isinstance(inner, dict):
            found.update(_lists(inner, (*path, name)))
    return found


def _list_at(document: dict[str, Any], path: tuple[str, ...], members: tuple[str, ...]) -> Layout:
    member = "/".join(path)
    if len(path) == 1:
        return Layout(f"the list “{member}”", lists=path, member=member, members=members)
    return Layout(f"the list “{member}”", records=_walk(document, path, {}), member=member, members=members)


def records_at(element: Any, member: str) -> Iterator[dict[str, Any]]:
    """The records of the list at the path `member` inside one element; what stands above them goes along."""
    path = tuple(member.split("/"))
    return _walk(element, path, {}, in_list=True) if isinstance(element, dict) else iter(())


def _walk(
    value: dict[str, Any], path: tuple[str, ...], above: dict[str, Any], *, in_list: bool = False
) -> Iterator[dict[str, Any]]:
    """The elements at `path`, each with the single values beside the lists that it is in; what stands once above all
    lists is about the document."""
    inner = value.get(path[0])
    single = {name: cell for name, cell in value.items() if not isinstance(cell, (dict, list))}
    beside = {**above, **single} if in_list else above
    for element in inner if isinstance(inner, list) else [inner]:
        if len(path) > 1:
            if isinstance(element, dict):
                yield from _walk(element, path[1:], beside, in_list=in_list or isinstance(inner, list))
        else:
            record = element if isinstance(element, dict) else {path[0]: element}
            yield {**{(f"{name} (above)" if name in record else name): cell for name, cell in beside.items()}, **record}


def _holds_records(document: dict[str, Any]) -> bool:
    """Whether a document that looks like one record is rather a list of them (SQuAD's “data” aside)."""
    return any(isinstance(document.get(name), list) for name in _ROW_LISTS)


def _columns_and_rows(document: dict[str, Any]) -> Layout | None:
    """{"columns": ["a", "b"], "data": [[1, 2], …]}"""
    for heads in ("columns", "header", "headers", "fields", "column_names"):
        columns = document.get(heads)
        if not isinstance(columns, list) or not columns:
            continue
        names = [column.get("name") if isinstance(column, dict) else column for column in columns]
        for rows in _ROW_LISTS:
            found = document.get(rows)
            if isinstance(found, list) and found and _kind(found[0]) == "rows" and len(found[0]) == len(columns):
                return Layout(
                    f"columns in “{heads}”, rows in “{rows}”", lists=(rows,), columns=tuple(map(text_of, names))
                )
    return None


def _by_part(document: dict[str, Any], names: tuple[str, ...]) -> Layout | None:
    """{"train": […], "test": […]}"""
    lists = {name: value for name, value in document.items() if isinstance(value, list)}
    if len(lists) < 2 or any(part_of(name.replace("_", " ")) is None for name in lists):
        return None
    if any(isinstance(value, dict) and part_of(name) is not None for name, value in document.items()):
        return None
    told = "the lists " + ", ".join(f"“{name}”" for name in lists)
    return Layout(told, lists=tuple(lists), split="split", members=tuple(name for name in names if name in lists))


def _by_column(document: dict[str, Any]) -> Layout | None:
    """{"a": [1, 2], "b": [3, 4]}, or with row numbers: {"a": {"0": 1, "1": 2}, "b": {…}}"""
    columns = [list(value.values()) if isinstance(value, dict) else value for value in document.values()]
    if len(columns) < 2 or not all(isinstance(column, list) and column for column in columns):
        return None
    if len({len(column) for column in columns}) > 1:
        return None
    numbered = [list(value) for value in document.values() if isinstance(value, dict)]
    if numbered and (len(numbered) < len(columns) or any(keys != numbered[0] for keys in numbered)):
        return None
    if numbered and not all(key.isdigit() for key in numbered[0]):
        return None
    if not numbered and any(_kind(cell) == "objects" for column in columns for cell in column[:_LOOKED_AT]):
        return None
    rows = (dict(zip(document, cells, strict=True)) for cells in zip(*columns, strict=True))
    return Layout("one list for each column", records=rows)


def _by_name(document: dict[str, Any]) -> Layout | None:
    """{"id1": {…}, "id2": {…}}, where the objects are alike"""
    found = list(document.values())
    if len(found) < 2 or not all(isinstance(value, dict) for value in found):
        return None
    common = Counter(name for value in found for name in value)
    alike = sum(count for count in common.values() if count > 0.3 * len(found))
    holds_lists = any(
        isinstance(cell, list) and _kind(next(iter(cell), None)) == "objects" for cell in found[0].values()
    )
    if alike < 0.5 * sum(common.values()) or (holds_lists and len(found) < 4):
        return None
    rows = ({("name (above)" if "name" in value else "name"): name, **value} for name, value in document.items())
    return Layout("one object for each name", records=rows)


def _texts_by_label(document: dict[str, Any]) -> Layout | None:
    """{"greeting": ["hello", "hi there"], "goodbye": […]}"""
    if len(document) < 2 or not all(
        isinstance(value, list) and value and all(isinstance(text, str) for text in value)
        for value in document.values()
    ):
        return None
    rows = ({"text": text, "label": label} for label, texts in document.items() for text in texts)
    return Layout("one list of texts for each label", records=rows)


def _likeliest(document: dict[str, Any], paths: dict[tuple[str, ...], int], names: tuple[str, ...]) -> Layout | None:
    """The list that lies highest, has objects rather than anything else, and is the longest. A short list of single
    values beside others is a cell of the only record."""
    best = min(paths, key=lambda path: (not _at_first(document, path), len(path), -paths[path]), default=None)
    if best is None:
        return None
    is_table = best[0] in _ROW_LISTS or len(document) == 1 or paths[best] >= _MANY
    return _list_at(document, best, names) if is_table or _at_first(document, best) else None


def _at_first(document: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Whether the list at this path begins with an object."""
    if len(path) > 1:
        return True
    found = document[path[0]]
    return isinstance(found, list) and bool(found) and _kind(found[0]) == "objects"


def _pairs(document: dict[str, Any]) -> Layout | None:
    """Many names with one value each: a table of two columns."""
    if len(document) < _MANY or any(isinstance(value, (dict, list)) for value in document.values()):
        return None
    return Layout("names and their values", records=({"name": n, "value": v} for n, v in document.items()))

"""The values of an Arrow column as the text that a person would write for them.

In: columns of any Arrow type, and the names that a data set keeps for numbered labels. Out: columns of strings: ISO
8601 for dates and times, "true" and "false", numbers with the digits that tell them apart, JSON for lists and records.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from studio.data.reading.delimited.header import unique_names
from studio.data.reading.records.arrow_numbers import duration, floats, interval, short_fraction, timestamps
from studio.data.reading.records.label_names import holds_labels, label_names, named

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BROKEN = object()  # a text with characters that cannot be read
BASE64 = "base64:"  # what stands before bytes that are no text


@dataclass
class ColumnText:
    """One column on its way to text. `feature` is what the data set says about it ("names" of numbered labels).
    Counted while writing: cells without a value, empty texts, bytes that stand as base64, rows that bear no label, and
    numbers that stand for no label."""

    name: str
    type: pa.DataType
    feature: Any = None
    nulls: int = 0
    empties: int = 0
    in_base64: int = 0
    unlabelled: int = 0
    unknown_labels: int = 0
    _names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._names = label_names(self.feature)

    @property
    def is_named(self) -> bool:
        """Whether numbers, in the cells or inside them, are written as the labels that they stand for."""
        return holds_labels(self.feature)

    @property
    def is_nested(self) -> bool:
        """Whether cells are lists or records."""
        return is_nested(self.type)

    def write(self, array: pa.Array) -> pa.Array:
        """The cells as strings; a missing one is "". What is null in the result is text with broken characters."""
        import pyarrow as pa
        import pyarrow.compute as pc

        array = _flat(array)
        self.nulls += array.null_count
        if self._names and pa.types.is_integer(array.type):
            text = self._labels(array)
        else:
            text = self._text(array)
            if _is_text(self.type):
                self.empties += pc.sum(pc.equal(pc.binary_length(text), 0)).as_py() or 0
        if text.null_count and array.null_count:
            text = pc.if_else(pc.is_null(array), pa.scalar("", pa.string()), text)
        return text

    def values(self, array: pa.Array) -> list[Any]:
        """The cells as JSON has them: lists, records, whole numbers, truth values and None; anything else as text.
        BROKEN where a text has broken characters."""
        import pyarrow as pa

        if self.is_nested:
            try:
                return [plain_value(named(value, self.feature)) for value in array.to_pylist()]
            except (ValueError, OverflowError):
                return [self._value_or_broken(scalar) for scalar in array]
        if not self._names and (pa.types.is_integer(array.type) or pa.types.is_boolean(array.type)):
            return list(array.to_pylist())
        missing = [False] * len(array) if array.null_count == 0 else array.is_null().to_pylist()
        texts = self.write(array).to_pylist()
        return [None if gap else BROKEN if text is None else text for text, gap in zip(texts, missing, strict=True)]

    def _value_or_broken(self, scalar: pa.Scalar) -> Any:
        try:
            return self.value(scalar)
        except UnicodeDecodeError:
            return BROKEN

    def _labels(self, array: pa.Array) -> pa.Array:
        """Numbers to names. −1 is how data sets write “no label”; other numbers beyond the list stay numbers."""
        import pyarrow as pa
        import pyarrow.compute as pc

        numbers = pc.cast(array, pa.int64())
        last = len(self._names) - 1
        known = pc.and_(pc.greater_equal(numbers, 0), pc.less_equal(numbers, last))
        names = pa.array([*self._names], pa.string()).take(pc.if_else(known, numbers, None))
        none = pc.equal(numbers, -1)
        self.unlabelled += pc.sum(none).as_py() or 0
        self.unknown_labels += pc.sum(pc.invert(pc.or_(known, none))).as_py() or 0
        other = pc.if_else(none, pa.scalar("", pa.string()), pc.cast(numbers, pa.string()))
        return pc.coalesce(names, other)

    def _text(self, array: pa.Array) -> pa.Array:
        import pyarrow as pa

        kind, types = array.type, pa.types
        if isinstance(kind, pa.BaseExtensionType):
            return _extension(array) or self._text(array.storage)
        if types.is_dictionary(kind):
            return self._text(array.dictionary).take(array.indices)
        if is_bytes(kind):
            return self._bytes(array)
        if is_nested(kind) or types.is_interval(kind):
            return pa.array([self._json(scalar) for scalar in array], pa.string())
        return _plain(array)

    def _bytes(self, array: pa.Array) -> pa.Array:
        """Bytes as the UTF-8 text that they are; those that are none stand as base64, or as null in a text column."""
        import pyarrow as pa
        import pyarrow.compute as pc

        is_text = _is_text(array.type)
        if _is_view(array.type):
            array = _without_garbage(array)
        try:
            return pc.cast(as_bytes(array), pa.string())
        except pa.ArrowInvalid:
            values = as_bytes(array).to_pylist()
        broken = [value is not None and not _is_utf8(value) for value in values]
        if not is_text:
            self.in_base64 += sum(broken)
        cells = [None if bad and is_text else _decoded(value) for value, bad in zip(values, broken, strict=True)]
        return pa.array(cells, pa.string())

    def _json(self, scalar: pa.Scalar) -> str | None:
        """A list or record as compact JSON; null where a text in it has broken characters."""
        try:
            value = self.value(scalar)
        except UnicodeDecodeError:
            return None
        if value is None or isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def value(self, scalar: pa.Scalar) -> Any:
        """A cell as JSON has it: dict, list, str, int, float, bool or None, labels by their names."""
        import pyarrow as pa

        if pa.types.is_interval(scalar.type):
            return interval(scalar.as_py())
        return plain_value(named(python_value(scalar), self.feature))


def python_value(scalar: pa.Scalar) -> Any:
    """A cell as Python has it. Where pyarrow has no Python value for what lies in it (two fields of one name, a moment
    beyond the year 9999), fields get names of their own, and moments are texts."""
    import pyarrow as pa

    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        raise
    except (ValueError, OverflowError):
        kind = scalar.type
    if isinstance(scalar, pa.StructScalar):
        names = unique_names([field.name for field in kind], kind.num_fields)
        return {name: python_value(scalar[place]) for place, name in enumerate(names)}
    if isinstance(scalar, pa.MapScalar):
        pairs = [(pair[0], pair[1]) for pair in scalar.values]
        return [(python_value(key), python_value(value)) for key, value in pairs]
    if isinstance(scalar, pa.ListScalar):
        return [python_value(each) for each in scalar.values]
    if isinstance(scalar, pa.ExtensionScalar | pa.DictionaryScalar):
        return python_value(scalar.value)
    return _plain(pa.array([scalar], kind))[0].as_py()


def plain_value(value: Any) -> Any:
    """A Python value as JSON has it: dates and times as ISO 8601, bytes as text, pairs of a map as a record."""
    if isinstance(value, Mapping):
        return {str(key): plain_value(each) for key, each in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
            keys = [str(plain_value(key)) for key, _ in value]
            if len(set(keys)) == len(keys):
                return {key: plain_value(each) for key, (_, each) in zip(keys, value, strict=True)}
        return [plain_value(each) for each in value]
    if isinstance(value, tuple):
        return [plain_value(each) for each in value]
    if isinstance(value, bytes):
        return _decoded(value)
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def is_nested(kind: pa.DataType) -> bool:
    """Whether values of this type are lists or records."""
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        return is_nested(kind.storage_type)
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return is_nested(kind.value_type)
    return bool(pa.types.is_nested(kind))


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_bytes(kind: pa.DataType) -> bool:
    """Whether values of this type are texts, or bytes that may be."""
    import pyarrow as pa

    types = pa.types
    return bool(
        _is_text(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
        or types.is_fixed_size_binary(kind)
    )


def _is_view(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string_view(kind) or pa.types.is_binary_view(kind))


def _without_garbage(array: pa.Array) -> pa.Array:
    """A view array with empty texts where it is null: what stands there is never checked, and may point anywhere."""
    import pyarrow as pa

    views = _views(array)
    if array.null_count:
        views = views.copy()
        views[array.is_null().to_numpy(zero_copy_only=False)] = 0
    buffers = [None, pa.py_buffer(views.tobytes()), *array.buffers()[2:]]
    return pa.Array.from_buffers(array.type, len(array), buffers, 0)


def _views(array: pa.Array) -> np.ndarray[Any, np.dtype[np.int32]]:
    """The views themselves: four numbers for each text, the first one its length in bytes."""
    import numpy as np

    every = np.frombuffer(array.buffers()[1], np.int32)
    return every[4 * array.offset : 4 * (array.offset + len(array))].reshape(-1, 4)


def bytes_in(array: pa.Array) -> int:
    """How many bytes the texts of a column take."""
    import pyarrow.compute as pc

    if _is_view(array.type):
        lengths = _views(array)[:, 0]
        return int(lengths[array.is_valid().to_numpy(zero_copy_only=False)].sum(dtype="int64"))
    return int(pc.sum(pc.binary_length(array)).as_py() or 0)


def as_bytes(array: pa.Array) -> pa.Array:
    """Text seen as the bytes it is kept in, so that broken characters are found and not passed on."""
    import pyarrow as pa

    types, kind = pa.types, array.type
    if types.is_string(kind):
        return array.view(pa.binary())
    if types.is_large_string(kind):
        return array.view(pa.large_binary())
    return array.view(pa.binary_view()) if types.is_string_view(kind) else array


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(value: bytes | None) -> str | None:
    if value is None:
        return None
    return value.decode() if _is_utf8(value) else BASE64 + base64.b64encode(value).decode()


def _flat(array: pa.Array) -> pa.Array:
    """Without the encodings whose missing cells do not show in the array itself."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_run_end_encoded(array.type):
        return _flat(pc.run_end_decode(array))
    if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
        return _flat(array.dictionary_decode())
    return array


def _extension(array: pa.Array) -> pa.Array | None:
    """The few extension types whose storage does not read as people write it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if array.type.extension_name == "arrow.uuid":
        return pa.array([None if value is None else str(value) for value in array.to_pylist()], pa.string())
    if array.type.extension_name == "arrow.bool8":
        return pc.cast(pc.not_equal(array.storage, 0), pa.string())
    return None


def _plain(array: pa.Array) -> pa.Array:
    """Numbers, truth values, dates and times."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types, kind = pa.types, array.type
    if types.is_floating(kind):
        return floats(array)
    if types.is_duration(kind):
        return pa.array([duration(value, kind.unit) for value in array.cast(pa.int64()).to_pylist()], pa.string())
    if types.is_timestamp(kind):
        return timestamps(array)
    text = pc.cast(array, pa.string())
    if types.is_time(kind):
        return short_fraction(text, kind.unit)
    if types.is_decimal(kind):
        odd = pc.match_substring(text, "E")
        values = [format(value, "f") for value in array.filter(odd).to_pylist() if value is not None]
        return pc.replace_with_mask(text, pc.fill_null(odd, False), pa.array(values, pa.string()))
    return text

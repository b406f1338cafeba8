"""Numbers and moments of Arrow columns in text: every digit that tells them apart, and no more.

In: arrays of floating numbers, moments or durations. Out: strings, for dates and times those of ISO 8601.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_UNIT = {"s": 0, "ms": 3, "us": 6, "ns": 9}  # decimal places of a second


def floats(array: pa.Array) -> pa.Array:
    """The fewest digits that give the same number back, as Python writes them. Arrow finds the digits; it only leaves
    out ".0", and turns to exponents elsewhere."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.cast(array, pa.string())
    small = pc.and_(pc.less(pc.abs(array), 1e-4), pc.not_equal(array, 0))
    odd = pc.fill_null(pc.or_(pc.match_substring(text, "e"), small), False)
    whole = pc.and_(pc.equal(pc.floor(array), array), pc.is_finite(array))
    if pc.any(whole).as_py():
        text = pc.if_else(whole, pc.binary_join_element_wise(text, ".0", ""), text)
    if not pc.any(odd).as_py():
        return text
    values = array.filter(odd).to_numpy(zero_copy_only=False)
    return pc.replace_with_mask(text, odd, pa.array([str(value) for value in values], pa.string()))


def timestamps(array: pa.Array) -> pa.Array:
    """ISO 8601, in the column's time zone; in UTC where this computer does not know the zone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain, zone = pa.timestamp(array.type.unit), pa.scalar("", pa.string())
    if array.type.tz is None:
        local = array
    else:
        try:
            local, written = pc.local_timestamp(array), pc.cast(array, pa.string())
            zone = pc.replace_substring_regex(written, r"^.*?(?:([+-]\d\d)(\d\d)|(Z))$", r"\1:\2\3")
            zone = pc.if_else(pc.equal(zone, ":Z"), "Z", zone)
        except pa.ArrowInvalid:
            local, zone = array.cast(plain), pa.scalar("Z", pa.string())
    text = short_fraction(pc.cast(local, pa.string()), array.type.unit)
    if not pc.any(pc.starts_with(text, "<")).as_py():  # "<value out of range: …>"
        text = pc.replace_substring(text, " ", "T", max_replacements=1)
    return text if array.type.tz is None else pc.binary_join_element_wise(text, zone, "")


def short_fraction(text: pa.Array, unit: str) -> pa.Array:
    """Seconds without zeros at their end; every text ends with as many places as the unit has."""
    import pyarrow.compute as pc

    return text if unit == "s" else pc.utf8_rtrim(pc.utf8_rtrim(text, "0"), ".")


def duration(value: int | None, unit: str) -> str | None:
    """A duration in ISO 8601: PT90.5S."""
    if value is None:
        return None
    digits = format(Decimal(value).scaleb(-_UNIT[unit]), "f")
    return f"PT{digits.rstrip('0').rstrip('.') if '.' in digits else digits}S"


def interval(value: Any) -> str | None:
    """Months, days and nanoseconds in ISO 8601: P1M2DT3S."""
    if value is None:
        return None
    months, days, nanoseconds = value
    return f"P{months}M{days}DT{(duration(nanoseconds, 'ns') or '')[2:]}"

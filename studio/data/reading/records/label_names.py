"""The names that a data set keeps for its numbered labels.

In: a feature, as the `datasets` library describes a column, and values. Out: the names, and the values with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def label_names(feature: Any) -> tuple[str, ...]:
    """The names of numbered labels, by number; () where a feature is something else."""
    if isinstance(feature, Mapping) and feature.get("_type") == "ClassLabel":
        names = feature.get("names")
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return tuple(names)
    return ()


def holds_labels(feature: Any) -> bool:
    """Whether a feature, or one inside it, is a numbered label."""
    if isinstance(feature, Mapping):
        return bool(label_names(feature)) or any(holds_labels(inner) for inner in feature.values())
    return isinstance(feature, list) and any(holds_labels(inner) for inner in feature)


def named(value: Any, feature: Any) -> Any:
    """A value with the numbers of labels in it replaced by their names, as far as the feature goes."""
    if value is None or not holds_labels(feature):
        return value
    if names := label_names(feature):
        if isinstance(value, int):
            return names[value] if 0 <= value < len(names) else None if value == -1 else value
        return value
    if isinstance(feature, Mapping) and "_type" in feature:
        inner = feature.get("feature")
    else:
        inner = feature[0] if isinstance(feature, list) and feature else feature
    if isinstance(value, list):
        return [named(each, inner) for each in value]
    if isinstance(value, Mapping) and isinstance(inner, Mapping):
        lists = inner is not feature  # a list of records is kept as a record of lists
        return {
            key: [named(one, inner.get(key)) for one in each]
            if lists and isinstance(each, list)
            else named(each, inner.get(key))
            for key, each in value.items()
        }
    return value

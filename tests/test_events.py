from __future__ import annotations

import pytest

from studio.events import Saved, Stepped, Validated, from_json, to_json


def test_an_event_reads_back_from_its_line() -> None:
    for event in (Validated(3, 0.5, 0.9, True), Saved(3, "checkpoints/step-3", False)):
        line = to_json(event)
        assert "\n" not in line
        assert from_json(line) == event


def test_fields_of_a_newer_version_are_ignored() -> None:
    line = to_json(Validated(3, 0.5, 0.9, True)).replace("{", '{"colour": 1, ', 1)
    assert isinstance(from_json(line), Validated)


@pytest.mark.parametrize("line", ["{", '{"event": "Nothing"}', "{}"])
def test_a_torn_line_is_an_error(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError will do, JSON's own included
        from_json(line)


def test_events_are_frozen() -> None:
    event = Stepped(1, 0.1, 2.0, 1e-3, 1.0, 100, 0.5, 10**10, 60.0)
    with pytest.raises(AttributeError):
        event.loss = 0  # type: ignore[misc]

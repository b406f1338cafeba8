"""What a terminal says of an event."""

from __future__ import annotations

import json

import pytest

from studio.cli import terminal
from studio.events import Event, Finished, Progressed, Stopped, Validated, Warned
from studio.problems import Problem


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Validated(5, 0.4, 0.91, True), "step 5: watching rows: loss 0.400, score 0.910  (kept so far)"),
        (Validated(9, 0.5, 0.92, False), "step 9: watching rows: loss 0.500, score 0.920"),
        (Finished(9, 5, "All 2 rounds are done"), "All 2 rounds are done; the model of step 5 is kept"),
        (Stopped(9, 5), "Stopped at step 9; the model of step 5 is kept"),
    ],
)
def test_it_says_which_model_is_kept_not_which_score_is_highest(event: Event, words: str) -> None:
    assert terminal.words(event) == words


@pytest.mark.parametrize(("seconds", "words"), [(59.4, "59 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")])
def test_seconds_as_people_say_them(seconds: float, words: str) -> None:
    assert terminal.duration(seconds) == words


def test_work_of_unknown_length_is_named_once_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show([*[Progressed("Another program answers", 0, 50)] * 3, Progressed("Writing"), Progressed("Writing")])
    assert capsys.readouterr().out == "Another program answers …\nWriting …\n"


def test_nothing_from_a_file_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    odd = "a\x1b[2Jb\x9bc\u202ed\re\n"
    assert terminal.harmless(odd) == "a\\u001b[2Jb\\u009bc\\u202ed\\u000de\n"
    assert terminal.harmless(odd, is_line=True).endswith("e\\n")
    assert terminal.harmless("“größer” → 我\tx") == "“größer” → 我\tx"
    terminal.show([Warned(odd, "")])
    terminal.show([Warned(odd, "")], as_json=True)
    terminal.tell(Problem(odd, odd, odd))
    said = capsys.readouterr()
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & {*said.out, *said.err}
    assert json.loads(said.out.splitlines()[-1])["what"] == odd

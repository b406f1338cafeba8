"""A conversation in a terminal, with a run's model or with an untouched one.

In: a run's folder, a model folder or a model's name, and what is typed. Out: answers, labels with their shares, or the
closest passages, until an empty line or the end of input. Where answers come from a text, it is a file, or the first
line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING

from studio import flow
from studio.cli.conversation import Ask, converse, say
from studio.cli.searching import search
from studio.cli.terminal import harmless, line
from studio.config import edit
from studio.config.config import Config
from studio.config.goals import GOALS
from studio.generation.ranges import Scale, ends, readable
from studio.problems import Problem
from studio.runs.run import RUN_FILE, standing_instruction
from studio.tasks.example import Turn
from studio.tasks.read import Read
from studio.tasks.task import Task, task_for

if TYPE_CHECKING:
    from studio.flow import Opened
    from studio.generation.chances import Chance


_BEFORE = "before> "
HELP = "Talk to a run's model (or sort, search or ask by typed texts), or to an untouched one"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("place", metavar="RUN|MODEL", help="a run's folder, a model folder or a starter's name")
    made.add_argument("--text", type=Path, metavar="FILE", help="the text to ask about, where answers come from a text")
    made.add_argument("--compare", action="store_true", help="show the untouched model beside it")
    made.add_argument(
        "--set", action="append", default=[], metavar="SETTING=VALUE", help="for example generation.temperature=0"
    )
    made.add_argument(
        "--likely", action="store_true", help="where texts are gone on with, tell how likely each token was"
    )
    made.add_argument("--passages", type=Path, metavar="FILE", help="search in a file's passages, not in the run's own")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Talk until an empty line or the end of input."""
    talk(
        options.place,
        options.set,
        compare=options.compare,
        text=options.text,
        passages=options.passages,
        likely=options.likely,
        should_stop=should_stop,
    )


def talk(
    place: str,
    assignments: Sequence[str],
    *,
    compare: bool,
    text: Path | None = None,
    passages: Path | None = None,
    likely: bool = False,
    should_stop: Callable[[], bool],
) -> None:
    """Answer what is typed, with `assignments` like "generation.temperature=0" applied; `compare` shows the untouched
    model's answer before that of a run's. `text` is the file to ask about where answers come from a text; a search
    looks in the `passages` of a file, or in those of the run. Where texts are gone on with, `likely` tells of each
    token how likely it was, and what else could have stood there."""
    folder = Path(place)
    if (folder / RUN_FILE).exists() or (folder.is_dir() and not (folder / "config.json").exists()):
        opened = flow.open_tuned(folder)
        config = reduce(edit.parse, assignments, opened.run.resolved)
        if opened.task.kind == "search":
            search(opened, config, _typed(should_stop), passages=passages, compare=compare, should_stop=should_stop)
        else:
            _with_run(opened, config, compare=compare, text=text, likely=likely, should_stop=should_stop)
    elif compare:
        raise Problem("There is nothing to compare.", f"“{place}” is no run.", "Leave out --compare, or name a run.")
    else:
        _with_untouched(place, assignments, should_stop)


def _with_run(
    opened: flow.Opened,
    config: Config,
    *,
    compare: bool,
    text: Path | None,
    likely: bool,
    should_stop: Callable[[], bool],
) -> None:
    goal, typed = GOALS[opened.task.kind], _typed(should_stop)
    answer = partial(flow.chat, opened, generation=config.generation, should_stop=should_stop)
    sides: list[tuple[str, Ask]] = [("model> ", answer)]
    if compare:
        sides.insert(0, (_BEFORE, partial(answer, untouched=True)))
    if goal.head == "span":
        _find(opened, text, typed)
    elif goal.head in ("labels", "number"):
        for message in typed:
            for notice in flow.notices(opened, message):
                line(notice)
            print(_label_line(opened, message) if opened.model.labels else _number_line(opened, message))
    elif goal.whole_text:
        for message in typed:
            _go_on(opened, opened.task.prompt(message).turns, sides, likely=likely)
    else:
        task = _instructed(opened, config)
        if isinstance(task, Read):
            _read(opened, task, text, typed, sides)
        else:
            converse(typed, task.prompt, sides)


def _instructed(opened: Opened, config: Config) -> Task:
    """The task with the standing instruction that was given, or with that of a row where each has its own."""
    instruction = config.task.instruction or standing_instruction(opened.run)
    if instruction != opened.run.config.task.instruction:
        print(f"Instruction: {harmless(instruction)}")
    return task_for(edit.change(config, "task.instruction", instruction))


def _go_on(opened: Opened, turns: Sequence[Turn], sides: Sequence[tuple[str, Ask]], *, likely: bool) -> None:
    """Let a text be gone on with, by itself."""
    for who, answer in sides:
        _, tokens = say(who, answer(turns))
        if likely:
            for one in flow.weigh(opened, turns, tokens, untouched=who == _BEFORE):
                print(_token_line(one))


def _read(
    opened: Opened, task: Read, file: Path | None, typed: Iterable[str], sides: Sequence[tuple[str, Ask]]
) -> None:
    """Each question is asked by itself, about the text; without a file the first line is the text."""
    text = "" if file is None else file.read_text(encoding="utf-8")
    for message in typed:
        if not text:
            text = message
            continue
        example = flow.asked(opened, replace(task, text=text).prompt(message))
        if example.source is not None and example.source.is_shortened:
            print("(The text is too long to be read whole: the passages nearest to the question are read.)")
        for who, answer in sides:
            say(who, answer(example.turns))


def _token_line(one: Chance) -> str:
    """A token with its share and the likeliest others."""
    others = ", ".join(f"{other!r} {share:.0%}" for other, share in one.others)
    return harmless(f"  {one.share:6.1%}  {one.text!r}  ({others})")


def _find(opened: Opened, file: Path | None, typed: Iterable[str]) -> None:
    """Without a file the first line is the text, every further one a question about it."""
    text = file.read_text(encoding="utf-8") if file is not None else ""
    for message in typed:
        if not text:
            text = message
            continue
        found = flow.find_answer(opened, message, text)
        if found.is_none:
            print(f"(no answer)  {found.none_share:.0%}")
        for one in found.candidates[:3]:
            print(f"{harmless(one.text)}  {one.share:.0%}, at character {one.start + 1:,}")


def _with_untouched(name: str, assignments: Sequence[str], should_stop: Callable[[], bool]) -> None:
    config = reduce(edit.parse, assignments, edit.change(Config(), "task.kind", "answer"))
    model, tokenizer = flow.open_untouched(name, config.task.chat_template)
    from studio.generation.answer import generate

    answer = partial(generate, model, tokenizer, config=config.generation, should_stop=should_stop)
    converse(_typed(should_stop), task_for(config).prompt, [("model> ", answer)])


def _label_line(opened: flow.Opened, message: str) -> str:
    """The three likeliest labels with their shares, after what is said where none of them counts; where a text can have
    several, those that are named, or none."""
    shares = next(flow.sort_texts(opened, [message]))
    named, likeliest = opened.labels_of(shares), list(shares)[:3]
    if opened.calibration.thresholds:
        return "  ".join(_share(label, shares) for label in named) or "none of the labels"
    told = "  ".join(_share(label, shares) for label in likeliest)
    return told if named == (likeliest[0],) else f"{harmless(named[0])}: the likeliest is {told}"


def _share(label: str, shares: Mapping[str, float]) -> str:
    return f"{harmless(label)} {shares[label]:.0%}"


def _number_line(opened: flow.Opened, message: str) -> str:
    """The number, and the range that goes with it where there is one."""
    value, told = next(flow.rate_texts(opened, [message])), opened.calibration
    scale = Scale(*told.scale) if told.scale else None
    if told.reach is None:
        return readable(value, scale)
    low, high = ends(value, told.reach, scale)
    return f"{readable(value, scale)}  ({low:.3g} to {high:.3g})"


def _typed(should_stop: Callable[[], bool]) -> Iterator[str]:
    while not should_stop():
        if sys.stdin.isatty():
            print("you> ", end="", flush=True)
        message = sys.stdin.readline().rstrip("\n")
        if not message:
            return
        yield message

"""How events look in a terminal.

In: events and Problems. Out: lines: one that moves on a terminal, plain ones into a pipe, JSON on request.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable
from typing import TextIO

from studio.counting import counted
from studio.events import (
    Event,
    Exported,
    Finished,
    Imported,
    Judged,
    Noted,
    Predicted,
    Progressed,
    Resolved,
    Sampled,
    Started,
    Stepped,
    Stopped,
    Validated,
    Verified,
    Warned,
    to_json,
)
from studio.problems import Problem

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def harmless(text: str, *, is_line: bool = False) -> str:
    """The text with every character that could steer a terminal or turn the direction of writing as “\\u001b”, which
    is what JSON writes for it; where it `is_line`, the ends of lines in it, too."""
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.replace("\n", "\\n") if is_line else text


def show(events: Iterable[Event], *, as_json: bool = False) -> None:
    """Print events as they come: JSON lines, a moving line on a terminal, or plain lines into a pipe, in which work of
    unknown length is named once, however often it says that it still goes on."""
    said = ""
    for event in events:
        if as_json:
            print(harmless(to_json(event)), flush=True)
        elif not isinstance(event, Progressed) or words(event) != said:
            line(event)
        said = words(event)


def line(event: Event, out: TextIO | None = None) -> None:
    """One event in words; fast-moving ones overwrite each other on a terminal and are left out of a pipe."""
    out = out or sys.stdout
    moving = isinstance(event, Progressed | Stepped)
    if moving and not out.isatty():
        if isinstance(event, Progressed) and event.done == 0:
            print(harmless(words(event) if event.unit else f"{event.what} …"), file=out, flush=True)
        return
    text = harmless(words(event))
    if not text:
        return
    if out.isatty():
        width = shutil.get_terminal_size().columns
        print(
            f"\r\033[K{text[: width - 1] if moving else text}",
            end="" if moving else "\n",
            file=out,
            flush=True,
        )
    else:
        print(text, file=out, flush=True)


def words(event: Event) -> str:
    """An event as a line of text; "" for events that a terminal does not show."""
    match event:
        case Progressed(what=what, done=done, total=total, unit="bytes"):
            return f"{what} … {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
        case Progressed(what=what, done=done, total=total):
            return f"{what} … {done:,} of {total:,}" if total else f"{what} …"
        case Noted(text=text):
            return text
        case Resolved(reason=reason):
            return reason
        case Warned(what=what, fix=fix):
            return f"Note: {what} {fix}".rstrip()
        case Imported(rows=rows, rejected=rejected):
            return f"{counted(rows, '1 row', '{} rows')} read" + (f", {rejected:,} set aside" if rejected else "")
        case Started():
            share = event.trainable / max(1, event.parameters)
            if not event.total_steps:
                return f"{event.model}: the last layer is fitted to {event.rows:,} rows on {event.device}"
            return (
                f"{event.model}: {event.total_steps:,} steps over {event.rows:,} rows on {event.device}, "
                f"{event.precision}, training {share:.1%} of {event.parameters / 1e6:.0f} M weights"
            )
        case Stepped():
            rate = event.tokens / max(event.seconds, 1e-9)
            return f"step {event.step:,}  loss {event.loss:.3f}  {rate:,.0f} tokens/s  {duration(event.eta)} left"
        case Validated(step=step, loss=loss, score=score, is_best=best):
            return (
                f"step {step:,}: watching rows: loss {loss:.3f}, score {score:.3f}{'  (kept so far)' if best else ''}"
            )
        case Sampled(prompt=prompt, answer=answer, confidence=confidence):
            sure = f" ({confidence:.0%})" if confidence is not None else ""
            return f"    “{prompt}” → {answer}{sure}"
        case Finished(reason=reason, best_step=best):
            return f"{reason}; the model of step {best:,} is kept"
        case Stopped(step=step, best_step=best):
            return f"Stopped at step {step:,}; the model of step {best:,} is kept"
        case Judged(headline=headline, sentence=sentence):
            return f"{headline}\n{sentence}"
        case Predicted(file=file, rows=rows):
            return f"{rows:,} rows answered into {file}"
        case Exported(path=path, size=size):
            return f"Written to {path} ({size / 1e6:,.0f} MB)"
        case Verified(right=right, total=total, difference=difference):
            return f"Verified {right}/{total}" + (f". First difference: {difference}" if difference else "")
        case _:
            return ""


def duration(seconds: float) -> str:
    """Seconds as people say them: "40 s", "3 min 20 s", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def heading(text: str) -> None:
    """A title between parts of a long output."""
    print(f"\n{text}", flush=True)


def tell(problem: Problem) -> None:
    """A Problem in its four parts, on stderr."""
    print(f"\n{harmless(problem.what)}", file=sys.stderr)
    for text in (str(problem.where) if problem.where else "", problem.why, problem.fix, problem.details):
        if text:
            print(harmless(text), file=sys.stderr)

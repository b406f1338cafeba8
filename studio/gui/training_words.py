"""What is true of a run at this moment, in words: while it gets ready, learns, waits, stops, and when it rests.

In: a Session. Out: titles, explanations and questions. Knows nothing of widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QCoreApplication

from studio.config.edit import entry
from studio.events import Failed
from studio.gui import words
from studio.models.hub_cache import base_name

if TYPE_CHECKING:
    from studio.events import Validated
    from studio.gui.session import Session
    from studio.runs.history import History

Moment = Literal[
    "preparing", "first look", "learning", "pausing", "paused", "stopping", "interrupted", "failed", "stopped", "done"
]


class Closing(NamedTuple):
    """The question before the window closes on a run, and the two answers to it."""

    question: str
    explanation: str
    yes: str
    no: str


def _tr(text: str) -> str:
    return QCoreApplication.translate("training", text)


def moment(session: Session) -> Moment:
    """How the present run stands."""
    history, job = session.history, session.jobs["training"]
    if job is None:
        if session.run_status in {"interrupted", "ready"}:
            return "interrupted"
        if session.run_status == "failed":
            return "failed"
        return "stopped" if history.state == "stopped" else "done"
    if job.is_stopping:
        return "stopping"
    if history.started is None or history.is_preparing or history.ended is not None:
        return "preparing"
    if not history.steps and not history.looks:
        return "first look"
    if history.state == "paused":
        return "paused"
    return "pausing" if job.is_paused else "learning"


def before_learning(history: History) -> str:
    """What the moment before the first step is called: a first fit may have made the model better than it came."""
    return _tr("after a quick first fit") if history.head_start else _tr("before it learned")


def about_first_fit(history: History) -> str:
    """What a quick first fit is; "" where there was none."""
    if not history.head_start:
        return ""
    if history.is_one_fit:
        return _tr("In a few seconds the model's last layer was fitted to your rows; the rest stays as it came.")
    return _tr("In a few seconds the model's last layer was fitted to your rows; now the model itself learns.")


def title(session: Session) -> str:
    """The title of the page Train."""
    history = session.history
    step = f"{history.step:,}"
    match moment(session):
        case "preparing" | "first look":
            return _tr("Getting ready to go on") if history.steps else _tr("Getting ready to learn")
        case "learning":
            rows = f"{history.started.rows:,}" if history.started is not None else ""
            return _tr("Learning from {n} rows").format(n=rows)
        case "pausing":
            return _tr("Pausing after this step")
        case "paused":
            return _tr("Paused at step {step}").format(step=step)
        case "stopping":
            return _tr("Stopping")
        case "interrupted":
            said = _tr("This run was interrupted at step {step}") if history.step else ""
            return said.format(step=step) or _tr("This run was interrupted before its first step")
        case "failed":
            said = _tr("This run ended early at step {step}") if history.step else ""
            return said.format(step=step) or _tr("This run ended before its first step")
        case "stopped":
            return _stopped(history)
        case "done":
            return _done(history)


def _stopped(history: History) -> str:
    if not history.step:
        return _tr("Stopped before the first step")
    best = history.best
    if best is None:
        return _tr("Stopped")
    return _tr("Stopped: {score}").format(score=_named_score(history, best.score))


def _done(history: History) -> str:
    best = history.best
    if best is None:
        return _tr("Done")
    if best.step == 0 and not history.is_one_fit:
        return _tr("Done: no better than {moment}").format(moment=before_learning(history))
    return _tr("Done: {score}").format(score=_named_score(history, best.score))


def _named_score(history: History, score: float) -> str:
    """A score with what it is; the share of texts that are right needs no name, and there is room for where it was
    measured, which the card beside says of all."""
    shown, started = words.score(score, history.score_unit), history.started
    name = started.score_name.partition(" (")[0] if started is not None else ""
    if name in ("", "accuracy"):
        return _tr("{score} on the watching rows").format(score=shown)
    return f"{name} {shown}"


def about_look(history: History, look: Validated) -> str:
    """Which look the number on show is of, how the latest one came out where that is another, and why the former is
    kept where its score is the lower one."""
    said = _tr("at step {step}").format(step=f"{look.step:,}") if look.step else before_learning(history)
    latest = history.looks[-1]
    if history.goes_by_loss and look.is_best and len(history.looks) > 1:
        said = _tr("{when}, where the loss is lowest").format(when=said)
    if latest is look:
        return said
    score = words.score(latest.score, history.score_unit)
    if history.goes_by_loss or latest.score <= look.score:
        return _tr("{when}; latest look {score}").format(when=said, score=score)
    rows = history.started.watching if history.started is not None else 0
    within = _tr("{when}; latest look {score}, within chance of it on {n} rows and less sure")
    if not rows:
        within = _tr("{when}; latest look {score}, within chance of it and less sure")
    return within.format(when=said, score=score, n=f"{rows:,}")


def about_best(history: History, look: Validated, former: Validated) -> str:
    """What made `look` the best one after `former`."""
    unit, started = history.score_unit, history.started
    score, before = words.score(look.score, unit), words.score(former.score, unit)
    if history.goes_by_loss:
        name = started.score_name if started is not None else _tr("score")
        lowest = _tr("Lowest loss so far: {loss} ({name} {score}).")
        return lowest.format(loss=f"{look.loss:.3g}", name=name, score=score)
    if look.score > former.score:
        return _tr("New best: {score}.").format(score=score)
    if score == before:
        return _tr("{score} again, at a lower loss.").format(score=score)
    rows = started.watching if started is not None else 0
    said = _tr("{score} is within chance of {before} on {n} rows, and the loss is lower: this one is kept.")
    if not rows:
        said = _tr("{score} is within chance of {before}, and the loss is lower: this one is kept.")
    return said.format(score=score, before=before, n=f"{rows:,}")


def explanation(session: Session) -> str:
    """The line under the title."""
    history = session.history
    match moment(session):
        case "preparing" if _safe(history):
            kept = _tr("What it learned up to step {step} is kept, and it goes on from there.")
            return kept.format(step=f"{_safe(history):,}")
        case "preparing":
            return _tr("Nothing is learned yet. The first step follows in a moment.")
        case "first look":
            first = _tr("First it is measured how good the model is before it learns.")
            return about_first_fit(history) or first
        case "stopping":
            step = _safe(history) if history.is_preparing else history.step
            if not step:
                return _tr("Nothing was learned yet, and nothing is lost.")
            return _tr("What it learned up to step {step} is kept.").format(step=f"{step:,}")
        case "paused":
            return _tr("Nothing is lost; Continue goes on with the next step.")
        case "interrupted":
            return _going_on(history)
        case "failed":
            failed = history.ended.what if isinstance(history.ended, Failed) else ""
            return f"{failed} {_going_on(history)}".strip()
        case "stopped" if not history.step:
            return _tr("Nothing was learned, and nothing is lost. Continue starts it again.")
        case _:
            return about_run(session)


def _safe(history: History) -> int:
    """The step up to which everything lies in a checkpoint."""
    return history.saved[-1].step if history.saved else 0


def _going_on(history: History) -> str:
    if not _safe(history):
        return _tr("Nothing was learned yet; Continue starts it from its first step.")
    saved = _tr("Everything up to step {step} is saved; Continue goes on from there.")
    return saved.format(step=f"{_safe(history):,}")


def about_run(session: Session) -> str:
    """When it started, with which model, how, and which look is the best."""
    started, best = session.history.started, session.history.best
    if started is None:
        return ""
    begun = session.run.created if session.run is not None else started.time  # a run that goes on starts again
    parts = [_tr("Started {time}").format(time=words.clock(begun))]
    if session.run is None:
        parts.append(started.model)
    else:
        parts.append(f"{base_name(session.run.base)}, {words.translated(session.run.trained)}")
        preset = session.run.config.training.preset
        parts.append(_tr("{preset} preset").format(preset=dict(entry("training.preset").words.choices)[preset]))
    if best is not None and best.step:
        so_far = _tr("best so far at step {step}") if session.is_training else _tr("best at step {step}")
        parts.append(so_far.format(step=f"{best.step:,}"))
    return " · ".join(parts)


def progress(session: Session) -> str:
    """What stands beside the bar instead of the time that is left; "" while it makes its steps."""
    history = session.history
    match moment(session):
        case "preparing":
            return history.stages[-1].what if history.is_preparing else _tr("Getting ready")
        case "first look" if history.head_start:
            return _tr("Measuring the model after a quick first fit")
        case "first look":
            return _tr("Measuring the model before it learns")
        case "pausing":
            return _tr("Pausing after this step")
        case "paused":
            return _tr("Paused")
        case "stopping":
            return _tr("Stopping")
        case "interrupted":
            return _tr("Interrupted")
        case "failed":
            return _tr("Ended early")
        case "stopped":
            return _tr("Stopped")
        case "done" if _is_early(history):
            return _tr("Ended early, as it got no better")
        case "done":
            return _tr("Done")
        case "learning":
            return history.midway.what if history.midway is not None else ""


def _is_early(history: History) -> bool:
    """Whether it ended by itself with steps left."""
    return history.started is not None and history.step < history.started.total_steps


def coming(session: Session) -> str:
    """What stands where the curves will be, as long as there are none."""
    match moment(session):
        case "stopping":
            return _tr("It ends as soon as what it does now is done. Nothing was learned yet.")
        case "interrupted" | "failed" | "stopped":
            return _tr("There are no curves, as nothing was learned yet. They appear here once it goes on.")
        case _:
            return _tr("The curves and your examples appear here as soon as it learns.")


def closing(session: Session) -> Closing:
    """What is asked before the window closes while a run is on, and what is true then."""
    history, now = session.history, moment(session)
    safe = _safe(history) if now == "preparing" else history.step
    if not safe:
        return Closing(
            _tr("The model is still getting ready."),
            _tr("Nothing was learned yet, so nothing is lost; you can start it again later."),
            _tr("Close"),
            _tr("Keep it open"),
        )
    if now == "preparing":
        return Closing(
            _tr("The model is about to go on learning."),
            _tr("What it learned up to step {step} is kept; you can continue later.").format(step=f"{safe:,}"),
            _tr("Close"),
            _tr("Keep it open"),
        )
    if now == "paused":
        saved = _tr("What it learned up to step {step} is saved first; you can continue later.")
        return Closing(
            _tr("Learning is paused."), saved.format(step=f"{safe:,}"), _tr("Stop and close"), _tr("Keep it open")
        )
    return Closing(
        _tr("The model is still learning."),
        _tr("It stops after this step and saves what it learned; you can continue later."),
        _tr("Stop and close"),
        _tr("Go on learning"),
    )

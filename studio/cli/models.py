"""`models`: what is on this computer, what can be downloaded, what fits a goal, and what the hub has under a name.

In: the catalog; the hub where it is asked. Out: a list, or a model brought here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from studio.cli.terminal import harmless, show
from studio.config import edit
from studio.config.config import Config
from studio.config.goals import GOALS, TaskKind
from studio.config.sizes import sizes
from studio.data.checkup.language import NAMES, language_name
from studio.events import Found
from studio.models import catalog, choosing, download, find, fit, languages, room
from studio.models.catalog import CatalogEntry
from studio.models.fit import Forecast
from studio.problems import Problem

HELP = "Which models are on this computer, which can be downloaded, and which fit a goal"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("--json", action="store_true", help="the list as one JSON document, for programs")
    made.add_argument("--goal", choices=list(GOALS), help="what this goal can start from, those made for it first")
    made.add_argument(
        "--language", metavar="CODE", default="", help="with --goal: the language of the rows, such as de or fr"
    )
    sent = "nothing of yours is sent but your hub log-in, where you have one"
    made.add_argument(
        "--find", metavar="WORDS", help="look for a model on the hub by its name; beside these words, " + sent
    )
    made.add_argument("--get", metavar="NAME", help="download this one, by its name here or on the hub; " + sent)


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """List the catalog, what is on this computer first, or what fits a goal; look for a model; or download one."""
    if options.language and options.language not in NAMES:
        raise Problem(
            f"“{options.language}” is no language that is known here.",
            "A language is named by its two letters (ISO 639-1).",
            f"Use one of these: {', '.join(NAMES)}.",
        )
    if options.get:
        get(options.get, should_stop)
    elif options.find:
        look_for(options.find, should_stop)
    elif options.json:
        print(json.dumps([asdict(entry) for entry in _listed(options)], ensure_ascii=False, indent=1, default=str))
    elif options.goal:
        _show_goal(options.goal, _listed(options), options.language)
    else:
        _show_all(_listed(options))


def get(name: str, should_stop: Callable[[], bool]) -> None:
    """Download a model by its name here, or by its id on the hub, unless it is here."""
    known = catalog.named(name, catalog.catalog()) is not None or "/" not in name
    entry = catalog.entry_called(name) if known else find.entry_on_hub(name, should_stop=should_stop)
    if entry.folder is None:
        show(download.download(entry, should_stop=should_stop))
        if should_stop():
            return
        entry = catalog.entry_called(name)
    if entry.folder is not None:
        print(f"{entry.title} lies in {entry.folder}")


def look_for(words: str, should_stop: Callable[[], bool]) -> None:
    """What the hub has under these words, each with whether it can be used."""
    nothing = True
    for found in find.find(words, should_stop=should_stop):
        if isinstance(found, Found):
            nothing = False
            print(harmless(_on_hub(found), is_line=True), flush=True)
    if nothing and not should_stop():
        print(f"Nothing on the hub is called “{harmless(words, is_line=True)}”.")


def _on_hub(found: Found) -> str:
    if found.refused:
        return f"{found.hub}  not usable: {found.refused}"
    told = [
        found.kind,
        f"{found.parameters / 1e6:,.0f} M" if found.parameters else "",
        catalog.about(found.bytes),
        found.license,
        languages.in_words(found.languages) or "languages not stated",
        "asks for its terms to be accepted first" if found.gated else "",
    ]
    return f"{found.hub}  {'  '.join(part for part in told if part)}"


def _listed(options: argparse.Namespace) -> Sequence[CatalogEntry]:
    if options.goal:
        return choosing.fitting(options.goal, catalog.catalog(), options.language)
    return sorted(catalog.catalog(), key=lambda entry: entry.folder is None)


def _show_all(entries: Sequence[CatalogEntry]) -> None:
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        place = entry.folder or f"not on this computer ({catalog.about(entry.bytes)} to download)"
        print(f"{entry.name:<{width}} {entry.kind:<8} {entry.parameters / 1e6:7.0f} M  {entry.license:<12} {place}")


def _show_goal(goal: TaskKind, entries: Sequence[CatalogEntry], code: str) -> None:
    if not entries:
        _show_sizes(goal)
        return
    machine, config = fit.machine(), edit.change(Config(), "task.kind", goal)
    facts = room.typical(machine)
    print(f"For “{GOALS[goal].title}”: those made for it first, then the smaller before the larger", end="")
    print(f"; rows in {language_name(code)}." if code else ".")
    print(
        f"Memory: for {room.TYPICAL_ROWS:,} rows of a few sentences; this computer has {facts.memory / 2**30:.0f} GB.\n"
    )
    shown = [entry for entry in entries if entry.folder is not None or not choosing.is_for_another(entry, code)]
    rows = [_row(entry, room.forecast_of(entry, config, facts, machine)) for entry in shown]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if len(shown) < len(entries):
        print(f"\n{len(entries) - len(shown)} more were made for another language: --language CODE lists those for it.")


def _show_sizes(goal: TaskKind) -> None:
    """The shapes of a model that is made instead of chosen."""
    print(f"“{GOALS[goal].title}” starts from no model: one is made for your texts, in one of these sizes.\n")
    width = max(len(size.name) for size in sizes())
    for size in sizes():
        print(f"{size.name:<{width}}  {size.words}")
    forms = ", ".join(str(value) for value, _ in edit.entry("model.family").words.choices or ())
    print(f"\nChoose one with --set model.size=NAME, and its form with --set model.family=NAME ({forms}).")
    print("Left open, the size follows from how much text there is.")


def _row(entry: CatalogEntry, forecast: Forecast | None) -> tuple[str, ...]:
    needs = f"{forecast.memory / 2**30:.1f} GB" if forecast is not None else "not known"
    return (
        entry.name,
        f"{needs}{'' if forecast is None or forecast.fits else ', too much'}",
        "here" if entry.folder is not None else f"{catalog.about(entry.bytes)} to download",
        languages.in_words(entry.languages) or "languages not stated",
        f"reads {entry.context:,} tokens" if entry.context else "",
        f"{entry.license}{', terms to be accepted' if entry.gated else ''}",
    )

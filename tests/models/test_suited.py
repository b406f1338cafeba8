"""The language of the rows is told where it is certain, and a model made for another one with a better one."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.config.goals import TaskKind
from studio.data.parts.dataset import Dataset
from studio.data.roles.columns import Columns
from studio.events import Noted, Warned
from studio.models import catalog, room, suited
from tests.data.tables import table_of
from tests.models.test_catalog import in_hub_cache, model_at, ready

GERMAN = [
    "Guten Morgen, meine Bestellung ist leider noch immer nicht angekommen.",
    "Können Sie mir bitte sagen, wann der Handwerker am Donnerstag kommt?",
    "Die Rechnung stimmt nicht, ich habe die Lampe schon zurückgeschickt.",
    "Vielen Dank für die schnelle Hilfe, der Stuhl steht jetzt gerade.",
]
ENGLISH = [
    "Good morning, my order has still not arrived and nobody answers.",
    "Could you please tell me when the plumber will come on Thursday?",
    "The bill is wrong, because I have already sent the lamp back to you.",
    "Thank you for the quick help, the chair stands straight again now.",
]
FRENCH = [
    "Bonjour, ma commande n’est toujours pas arrivée et personne ne répond.",
    "Pourriez-vous me dire quand le plombier passera jeudi matin ?",
    "La facture est fausse, car j’ai déjà renvoyé la lampe chez vous.",
]


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def dataset(folder: Path, texts: list[str], answers: list[str] | None = None) -> Dataset:
    rows = list(zip(texts * 5, (answers or ["a", "b", "c", "d"]) * 5, strict=True))
    table = table_of(folder, ["text", "answer"], rows)
    return Dataset(table, Columns("text", "answer"), {"training": range(20), "watching": (), "test": ()})


def told(rows: Dataset, base: Path, kind: TaskKind = "classify") -> list[str]:
    told = list(suited.before_training(rows, base, kind=kind))
    return [f"{one.what} {one.fix}" for one in told if isinstance(one, Warned)]


def test_the_language_is_that_of_the_texts_or_of_the_answers(tmp_path: Path) -> None:
    assert suited.language_of_rows(dataset(tmp_path / "a", GERMAN), writes=False) == "de"
    mixed = dataset(tmp_path / "b", GERMAN, ENGLISH)
    assert suited.language_of_rows(mixed, writes=False) == "de"
    assert suited.language_of_rows(mixed, writes=True) == "en"
    three = [*GERMAN, *ENGLISH[:3], *FRENCH]  # most are in German, but not half of them
    assert suited.language_of_rows(dataset(tmp_path / "d", three, ["a"] * 10), writes=False) == ""
    assert suited.language_of_rows(dataset(tmp_path / "c", ["ok", "yes", "no", "17"]), writes=False) == ""


def test_an_english_starter_is_warned_of_for_german_rows_and_kept_in_the_report(home: Path, tmp_path: Path) -> None:
    starter = ready(home, "all-MiniLM-L6-v2", model_type="bert")
    rows = dataset(tmp_path / "rows", GERMAN)
    (only,) = told(rows, starter)
    assert only.startswith("The texts are in German, and MiniLM was made for English.")
    assert "MB to download" in only
    assert suited.limit(rows, starter, kind="classify") == "The texts are in German, and MiniLM was made for English."
    english = dataset(tmp_path / "english", ENGLISH)
    assert told(english, starter) == []
    assert suited.limit(english, starter, kind="classify") == ""


def test_a_fitting_model_on_this_computer_is_proposed_first(home: Path, hub: Path, tmp_path: Path) -> None:
    starter = ready(home, "all-MiniLM-L6-v2", model_type="bert")
    in_hub_cache(hub, "FacebookAI/xlm-roberta-base", model_type="xlm-roberta")
    (only,) = told(dataset(tmp_path / "rows", GERMAN), starter)
    assert "“XLM-RoBERTa”, which is on this computer" in only


def test_nothing_is_said_of_a_folder_of_which_nobody_says_for_what_it_was_made(tmp_path: Path) -> None:
    rows, own = dataset(tmp_path / "rows", GERMAN), model_at(tmp_path / "ours", model_type="bert")
    assert told(rows, own) == []
    (own / "README.md").write_text("---\nlanguage: fr\n---\n")
    (only,) = told(rows, own)
    assert "ours was made for French" in only


def test_a_model_that_writes_is_proposed_for_one_that_writes(home: Path, tmp_path: Path) -> None:
    starter = ready(home, "SmolLM2-135M-Instruct")
    (only,) = told(dataset(tmp_path / "rows", ENGLISH, GERMAN), starter, "answer")
    assert "The texts are in German, and SmolLM2 135M was made for English." in only
    named = next(entry for entry in catalog.catalog() if f"“{entry.title}”" in only)
    assert named.kind == "causal"
    assert "de" in named.languages


def test_a_fitting_model_that_is_here_is_taken_where_none_is_chosen(
    home: Path, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = ready(home, "all-MiniLM-L6-v2", model_type="bert")
    german, english = dataset(tmp_path / "rows", GERMAN), dataset(tmp_path / "english", ENGLISH)
    assert suited.base_for(german, Config()) == starter
    other = in_hub_cache(hub, "FacebookAI/xlm-roberta-base", model_type="xlm-roberta")
    assert suited.base_for(german, Config()) == other
    (why,) = suited.before_training(german, other, kind="classify", is_automatic=True)
    assert isinstance(why, Noted)
    assert why.text == "The texts are in German: XLM-RoBERTa was made for it and is on this computer."
    assert suited.base_for(english, Config()) == starter
    assert suited.base_for(german, change(Config(), "model.base", "all-MiniLM-L6-v2")) == starter
    monkeypatch.setattr(room, "forecast_of", lambda *_: None)  # nobody can say that it can be trained here
    assert suited.base_for(german, Config()) == starter

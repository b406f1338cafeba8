from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from studio.config import edit
from studio.config.automatic import Facts, automatic, resolved
from studio.config.config import Config
from studio.config.goals import TaskKind
from studio.data.reading.options import ReadOptions

FACTS = Facts(
    rows=8000,
    median_tokens=14,
    longest_tokens=90,
    tokens_95=40,
    labels=77,
    parameters=22_000_000,
    model_limit=512,
    memory=16 * 2**30,
    has_gpu=False,
)


@pytest.mark.parametrize("kind", ["classify", "rate", "answer", "search", "prefer"])
def test_nothing_but_the_number_format_stays_open(kind: TaskKind) -> None:
    config = edit.change(Config(), "task.kind", kind)
    settled = resolved(config, automatic(config, FACTS))
    shown = [path for path, _, _ in edit.entries() if edit.is_shown(path, kind)]
    still_open = {path for path in shown if edit.value(settled, path) is None}
    still_open -= {"task.number_mean", "task.number_spread"} if kind != "rate" else set()
    read_by_looking = {f"data.{field.name}" for field in fields(ReadOptions)}
    assert still_open <= {
        "training.precision",
        "task.no_answer_bar",
        "training.max_steps",
        "generation.seed",
        *read_by_looking,
    }


def test_a_search_is_asked_as_its_model_was_made_for() -> None:
    known = replace(FACTS, pairing="candidates", query_prefix="query: ", prefix_source="e5-small was made with it")
    found = automatic(edit.change(edit.change(Config(), "task.kind", "search"), "data.score", "label"), known)
    assert found["task.pairing"].value == "candidates"
    assert "“label”" in found["task.pairing"].reason
    assert (found["task.query_prefix"].value, found["task.passage_prefix"].value) == ("query: ", "")
    assert found["task.query_prefix"].reason == "e5-small was made with it"
    assert not {path for path in automatic(Config(), known) if path.startswith("task.")} & {"task.pairing"}


@pytest.mark.parametrize("kind", ["classify", "pretrain"])
def test_each_value_is_checked_once(kind: TaskKind, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window asks at every change of a setting; to check anew what was checked costs it the square of that."""
    config, checked, validate = edit.change(Config(), "task.kind", kind), [], Config.model_validate

    def counted(values: dict[str, Any]) -> Config:
        checked.append(values)
        return validate(values)

    monkeypatch.setattr(Config, "model_validate", counted)
    found = automatic(config, FACTS)
    assert len(checked) == len(found) > 10


def test_every_value_has_a_reason() -> None:
    assert all(chosen.reason for chosen in automatic(Config(), FACTS).values())


def test_what_was_chosen_is_left_alone() -> None:
    config = edit.change(Config(), "training.epochs", 9)
    assert "training.epochs" not in automatic(config, FACTS)


@pytest.mark.parametrize(
    ("longest", "usual", "model_limit", "limit", "reason"),
    [
        (90, 40, 512, 256, "every row fits whole"),
        (90, 40, 64, 64, "fits most rows; longer ones are read in parts"),
        (5000, 200, 512, 256, "fits most rows; longer ones are read in parts"),
        (400, 300, 512, 512, "every row fits whole"),
        (5000, 2000, 512, 512, "all that the model can read"),
        (5000, 2000, 8192, 512, "longer texts take long to learn"),
    ],
)
def test_the_limit_fits_every_row_where_it_can(
    longest: int, usual: int, model_limit: int, limit: int, reason: str
) -> None:
    facts = replace(FACTS, longest_tokens=longest, tokens_95=usual, model_limit=model_limit)
    found = automatic(Config(), facts)["task.max_tokens"]
    assert (found.value, found.reason) == (limit, reason)


def test_a_pair_is_cut_and_a_text_alone_is_read_in_parts() -> None:
    facts = replace(FACTS, longest_tokens=5000, tokens_95=200, model_limit=512)
    pair = replace(facts, is_pair=True)
    assert automatic(Config(), pair)["task.max_tokens"].reason == "fits most rows; longer ones are cut"
    assert "cut" in automatic(Config(), pair)["task.windows"].reason
    assert "nothing of them is lost" in automatic(Config(), facts)["task.windows"].reason
    whole = edit.change(Config(), "task.windows", False)
    assert automatic(whole, facts)["task.max_tokens"].reason == "fits most rows; longer ones are cut"
    search = edit.change(Config(), "task.kind", "search")
    assert automatic(search, facts)["task.max_tokens"].reason == "fits most rows; longer ones are cut"


def test_looks_that_take_long_are_fewer() -> None:
    answer = edit.change(Config(), "task.kind", "answer")
    on_card = replace(FACTS, has_gpu=True)
    assert automatic(answer, FACTS)["training.validations"].value < 10
    assert automatic(answer, on_card)["training.validations"].value == 10
    assert automatic(Config(), FACTS)["training.validations"].value == 10


def test_a_small_graphics_card_computes_less_at_once() -> None:
    large = replace(FACTS, parameters=135_000_000, has_gpu=True, memory=80 * 2**30)
    small = replace(large, memory=8 * 2**30)
    assert 256 <= automatic(Config(), small)["training.token_budget"].value < 4096
    assert automatic(Config(), large)["training.token_budget"].value > 4096


def test_few_rows_get_smaller_steps_and_more_rounds() -> None:
    each = edit.change(Config(), "training.approach", "direct")
    few, many = (automatic(each, replace(FACTS, rows=rows)) for rows in (100, FACTS.rows))
    assert few["training.rows_per_step"].value < many["training.rows_per_step"].value
    assert few["training.epochs"].value > many["training.epochs"].value


def test_many_rows_take_fewer_rounds_and_a_gentler_head() -> None:
    few = automatic(Config(), replace(FACTS, rows=600))
    many = automatic(Config(), FACTS)
    assert few["training.head_learning_rate"].value > many["training.head_learning_rate"].value
    assert few["training.epochs"].value > many["training.epochs"].value == 3.0
    assert many["training.learning_rate"].value == 2e-4
    assert (many["training.agreement"].value, few["training.agreement"].value) == (1.0, 0.0)
    assert many["model.train_word_vectors"].value is False


def test_a_search_is_learned_gently_and_among_rivals_even_from_few_rows() -> None:
    search = edit.change(Config(), "task.kind", "search")
    few, many = (automatic(search, replace(FACTS, rows=rows)) for rows in (150, FACTS.rows))
    assert (few["training.rows_per_step"].value, many["training.rows_per_step"].value) == (32, 64)
    tiny = automatic(search, replace(FACTS, rows=40))
    assert tiny["training.epochs"].value * 40 / 32 >= 40  # so many steps at least
    numbers = automatic(search, replace(FACTS, rows=150, pairing="scores"))
    assert numbers["training.rows_per_step"].value < 32
    assert few["training.learning_rate"].value == many["training.learning_rate"].value == 4e-5
    larger = automatic(search, replace(FACTS, rows=150, parameters=110_000_000))
    assert larger["training.learning_rate"].value == 2e-5


def test_part_of_the_change_is_kept_where_many_rows_taught_labels_to_all_layers() -> None:
    def kept(rows: int, **changes: str) -> float:
        config = Config()
        for path, value in changes.items():
            config = edit.change(config, path.replace("__", "."), value)
        found: float = automatic(config, replace(FACTS, rows=rows))["training.kept_change"].value
        return found

    large = automatic(Config(), replace(FACTS, parameters=110_000_000))
    assert (large["training.kept_change"].value, large["training.epochs"].value) == (1.0, 2.5)
    assert large["training.learning_rate"].value == 4e-5
    assert large["training.agreement"].value == 0.0
    several = automatic(Config(), replace(FACTS, several=";"))
    assert (several["training.kept_change"].value, several["training.agreement"].value) == (1.0, 0.0)
    by_hand = automatic(edit.change(Config(), "training.kept_change", 1.0), FACTS)  # then the steps have to be small
    assert (by_hand["training.learning_rate"].value, by_hand["training.epochs"].value) == (4e-5, 2.5)
    assert kept(FACTS.rows) < 1
    assert kept(600, training__approach="direct") == 1
    assert kept(FACTS.rows, training__approach="contrastive") == kept(FACTS.rows, model__method="lora") == 1
    assert kept(FACTS.rows, task__kind="rate") == kept(FACTS.rows, task__kind="answer") == 1


def test_memory_is_saved_only_when_it_is_short() -> None:
    assert automatic(Config(), FACTS)["training.gradient_checkpointing"].value is False
    short = replace(FACTS, parameters=7_000_000_000)
    assert automatic(Config(), short)["training.gradient_checkpointing"].value is True


def test_memory_counts_what_the_run_will_hold() -> None:
    """A copy of the start where the end is set back, and both readings of a text that is read twice."""
    large = replace(FACTS, parameters=500_000_000)

    def told(kind: str, path: str, value: float) -> object:
        config = edit.change(edit.change(Config(), "task.kind", kind), path, value)
        found = automatic(edit.change(config, "training.approach", "direct"), large)["training.gradient_checkpointing"]
        return found.value, found.reason

    for path, asked, none in (("training.kept_change", 0.7, 1.0), ("training.agreement", 1.0, 0.0)):
        assert told("answer", path, asked) == told("answer", path, none)
        assert told("classify", path, asked) != told("classify", path, none)


@pytest.mark.parametrize(
    ("rows", "preset", "several", "approach", "reason"),
    [
        (770, "balanced", "one", "contrastive", "about 10 rows a label: learns from pairs first"),
        (8000, "balanced", "one", "direct", "about 104 rows a label: each text teaches its label"),
        (770, "balanced", ";", "direct", "a text can have several labels: each is learned by itself"),
        (770, "quick", ";", "frozen", "the shortest way: the model stays as it came"),
        (8000, "quick", "one", "frozen", "the shortest way: the model stays as it came"),
    ],
)
def test_how_labels_are_learned_depends_on_the_rows_of_each(
    rows: int, preset: str, several: str, approach: str, reason: str
) -> None:
    config = edit.change(Config(), "training.preset", preset)
    found = automatic(config, replace(FACTS, rows=rows, several=several))
    assert (found["training.approach"].value, found["training.approach"].reason) == (approach, reason)
    assert found["model.learning_layers"].value == ("upper" if approach == "contrastive" else "all")
    assert ("training.precision" in found) == (approach == "frozen")  # without a step there is nothing to try


@pytest.mark.parametrize(
    ("rows", "unlabelled", "several", "preset", "is_used"),
    [
        (770, 2310, "one", "balanced", True),
        (770, 2309, "one", "balanced", False),
        (770, 9000, ";", "balanced", False),
        (770, 9000, "one", "quick", True),
        (8000, 90000, "one", "balanced", False),
        (8000, 90000, "one", "quick", True),
    ],
)
def test_rows_without_a_label_are_used_where_they_are_many_and_the_last_layer_is_fitted(
    rows: int, unlabelled: int, several: str, preset: str, is_used: bool
) -> None:
    config = edit.change(Config(), "training.preset", preset)
    found = automatic(config, replace(FACTS, rows=rows, several=several, unlabelled=unlabelled))
    assert found["training.use_unlabelled"].value is is_used


def test_from_when_on_an_answer_counts_is_left_to_the_watching_rows_where_a_label_means_none_of_these() -> None:
    assert automatic(Config(), FACTS)["task.unsure_below"].value == 0.0
    assert "task.unsure_below" not in automatic(Config(), replace(FACTS, none_label="oos"))
    assert automatic(Config(), replace(FACTS, none_label="oos", several=";"))["task.unsure_below"].value == 0.0


def test_very_few_rows_are_paired_in_many_rounds() -> None:
    found = automatic(Config(), replace(FACTS, rows=16, labels=2))
    assert found["training.approach"].value == "contrastive"
    assert found["training.epochs"].value == 40.0


def test_long_texts_in_which_answers_are_found_are_read_in_windows() -> None:
    config = edit.change(Config(), "task.kind", "find")
    chosen = automatic(config, replace(FACTS, longest_tokens=5000, tokens_95=300, model_limit=512))["task.max_tokens"]
    assert (chosen.value, "windows" in chosen.reason) == (384, True)
    assert "task.no_answer_bar" not in automatic(config, FACTS)  # decided on the watching rows


def test_comparing_answers_is_careful_and_more_so_by_the_token() -> None:
    config = edit.change(Config(), "task.kind", "prefer")
    plain = automatic(config, FACTS)
    assert plain["task.beta"].value == 0.1
    assert plain["model.method"].value == "lora"
    config_by_token = edit.change(config, "task.length_normalised", True)
    by_token = automatic(edit.change(config_by_token, "data.rejected", "worse"), FACTS)
    assert by_token["task.beta"].value == 5.0
    # Answers with a verdict are never counted by the token.
    assert automatic(edit.change(config_by_token, "data.score", "thumbs"), FACTS)["task.beta"] == plain["task.beta"]
    answers = automatic(edit.change(Config(), "task.kind", "answer"), FACTS)
    assert plain["training.learning_rate"].value < answers["training.learning_rate"].value


def test_a_model_from_nothing_reads_pieces_where_they_hold_more_than_characters() -> None:
    config = edit.change(Config(), "task.kind", "pretrain")

    def units(per_piece: float) -> tuple[object, str]:
        found = automatic(config, replace(FACTS, characters=50_000, per_piece=per_piece))
        return found["model.units"].value, found["model.units"].reason

    assert units(3.2) == ("pieces", "reads about 3.2 times as much at once as single characters")
    assert units(0.6) == ("characters", "a piece of a word would hold only 0.6 characters here")
    assert units(0.0)[0] == "pieces"

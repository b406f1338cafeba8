from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.checkpoints.read import best, load_for_use
from studio.events import Finished, Noted, Progressed, Sampled, Saved, Started, Stopped, Validated
from studio.models.head import MeanPooledClassifier, mean_of_tokens
from studio.models.load import Model, trained_weights
from studio.runs.history import History
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.training import head_start
from studio.training.head_start import Layer, fit_head, layer_of, put_layer
from tests.training.parts import CPU, config_for, label_model, label_rows, learn, no, quiet_probes

ROWS = label_rows(8)
OTHERS = [replace(row, row=100 + row.row, label=-1) for row in label_rows(24)[8:]]


def test_only_the_last_layer_moves_and_it_knows_the_rows_better(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full"))
    assert isinstance(model.net, MeanPooledClassifier)
    before = {name: value.clone() for name, value in model.net.state_dict().items()}
    batch = collate(ROWS, pad_id=0, device=CPU)

    def error() -> float:
        model.net.eval()
        with torch.no_grad():
            logits = model.net(input_ids=batch.ids, attention_mask=batch.attention).logits
        return float(torch.nn.functional.cross_entropy(logits, batch.labels))

    worse = error()
    told = list(fit_head(model, ROWS, pad_id=0, token_budget=64, should_stop=lambda: False))
    assert all(isinstance(event, Progressed) for event in told)
    assert History.of(told).head_start  # so that the window can say what a first sample shows
    moved = {name for name, value in model.net.state_dict().items() if not torch.equal(value, before[name])}
    assert moved == {"classifier.weight", "classifier.bias"}
    assert error() < worse


def test_stopped_it_leaves_the_head_as_it_was(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full"))
    before = {name: value.clone() for name, value in model.net.state_dict().items()}
    assert not list(fit_head(model, ROWS, pad_id=0, token_budget=64, should_stop=lambda: True))
    assert all(torch.equal(value, before[name]) for name, value in model.net.state_dict().items())


def fit(model: Model, others: list[Encoded], should_stop: Callable[[], bool] = no) -> Layer | None:
    work = fit_head(model, ROWS, pad_id=0, token_budget=64, should_stop=should_stop, unlabelled=others)
    while True:
        try:
            next(work)
        except StopIteration as ended:
            found: Layer | None = ended.value
            return found


def same(one: Layer, other: Layer) -> bool:
    assert one.bias is not None
    assert other.bias is not None
    return torch.equal(one.weight, other.weight) and torch.equal(one.bias, other.bias)


def test_the_error_of_guesses_is_theirs_squared_beside_that_of_the_labels() -> None:
    layer = torch.nn.Linear(3, 4)
    others, given = torch.randn(5, 3), torch.randn(7, 4)
    shares = layer(others).softmax(1).detach()
    guesses = shares**2 / (shares**2).sum(1, keepdim=True)
    told = sum(-(guesses[n] * given[2 + n].log_softmax(0)).sum() for n in range(5)) / 5
    error = head_start._with_guesses(lambda some: some.square().sum(), layer, others, known=2)
    torch.testing.assert_close(error(given), (given[:2].square().sum() + told) / 2)


def test_rows_without_a_label_are_fitted_as_well_and_the_layer_without_them_is_given_back(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full", approach="frozen"))
    assert fit(model, []) is None
    alone = layer_of(model)
    batch = collate(OTHERS, pad_id=0, device=CPU)

    def shares() -> Tensor:
        with torch.no_grad():
            found: Tensor = model.net.eval()(**batch.inputs).logits.softmax(1)
        return found

    before = shares()
    plain = fit(model, OTHERS)
    assert plain is not None
    assert same(plain, alone)  # what is given back is the layer without them
    assert not same(layer_of(model), alone)
    assert not torch.equal(shares(), before)
    put_layer(model, plain)
    assert torch.equal(shares(), before)


def test_stopped_among_rows_without_a_label_it_leaves_the_head_as_it_was(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full", approach="frozen"))
    before, asked = layer_of(model), 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > last

    last = 10**6
    fit(model, OTHERS, stop)
    put_layer(model, before)
    last, asked = asked - 1, 0  # at the very last question, with the layer half learned
    assert fit(model, OTHERS, stop) is None
    assert same(layer_of(model), before)


@pytest.mark.parametrize("helps", [True, False])
@pytest.mark.parametrize("approach", ["frozen", "contrastive"])
def test_rows_without_a_label_count_only_where_the_watching_rows_are_surer_with_them(
    tmp_path: Path, approach: str, helps: bool
) -> None:
    config = config_for("classify", "full", approach=approach, rows_per_step=8, epochs=6.0)
    model = label_model(tmp_path, config)
    layers: list[Layer] = []

    def score(model: Model) -> tuple[float, float]:
        layers.append(layer_of(model))
        with_guesses = len(layers) % 2 == 1
        return (0.1 if with_guesses == helps else 0.9), 0.5

    events = learn(model, ROWS, config, tmp_path / "run", probes=quiet_probes(score), unlabelled=OTHERS)
    looks = [event for event in events if isinstance(event, Validated)]
    assert len(layers) == 2 * len(looks)
    assert [look.loss for look in looks] == [0.1] * len(looks)
    said = [event.text for event in events if isinstance(event, Noted) and "without a label" in event.text]
    assert len(said) == len(looks)
    assert all(("learned from as well" if helps else "left aside") in text for text in said)
    assert not same(layers[0], layers[1])
    kept = load_for_use(best(tmp_path / "run"), device=CPU)
    assert same(layer_of(kept), layers[0 if helps else 1])  # equal looks: the first one stays


def test_where_only_the_last_layer_learns_the_run_is_one_look(tmp_path: Path) -> None:
    config = config_for("classify", "full", approach="frozen")
    model = label_model(tmp_path, config)
    assert set(trained_weights(model)) == {"classifier.weight", "classifier.bias"}
    events = learn(model, ROWS, config, tmp_path / "run")
    assert [type(event) for event in events if not isinstance(event, Progressed)] == [
        Started, Validated, Sampled, Saved, Finished,
    ]  # fmt: skip
    assert events[-1] == replace(Finished(0, 0, "The last layer is fitted"), time=events[-1].time)
    assert not [event for event in learn(model, ROWS, config, tmp_path / "run") if isinstance(event, Validated)]


def test_pairs_move_the_encoder_and_each_look_fits_the_head_to_it(tmp_path: Path) -> None:
    config = config_for("classify", "full", approach="contrastive", rows_per_step=8, epochs=6.0)
    model = label_model(tmp_path, config)
    heads: list[Tensor] = []
    bodies: list[Tensor] = []

    def score(model: Model) -> tuple[float, float]:
        assert isinstance(model.net, MeanPooledClassifier)
        heads.append(model.net.classifier.weight.detach().clone())
        bodies.append(next(p.detach().clone() for n, p in model.net.encoder.named_parameters() if "layer.0" in n))
        return 1.0 / len(heads), 0.5

    events = learn(model, ROWS, config, tmp_path / "run", probes=quiet_probes(score))
    assert len(heads) == 3
    told = [(event.what, event.is_midway) for event in events if isinstance(event, Progressed)]
    assert told == [("A quick first fit", False), *[("Fitting the last layer again", True)] * 2]
    assert not torch.equal(bodies[0], bodies[1])
    assert not torch.equal(heads[0], heads[1])
    kept = load_for_use(best(tmp_path / "run"))
    assert isinstance(kept.net, MeanPooledClassifier)
    assert torch.equal(kept.net.classifier.weight, heads[-1])


def test_what_pairs_did_not_improve_is_left_as_it_was(tmp_path: Path) -> None:
    config = config_for("classify", "full", approach="contrastive", rows_per_step=8, epochs=6.0)
    model = label_model(tmp_path, config)
    before = {name: value.clone() for name, value in model.net.state_dict().items() if name.startswith("encoder")}
    looks = iter(((0.5, 0.9), (0.6, 0.1), (0.7, 0.1)))
    events = learn(model, ROWS, config, tmp_path / "run", probes=quiet_probes(lambda _: next(looks)))
    assert isinstance(events[-1], Finished)
    assert events[-1].best_step == 0 < events[-1].step
    kept = load_for_use(best(tmp_path / "run")).net.state_dict()
    assert all(torch.equal(kept[name], value) for name, value in before.items())


def test_a_dense_layer_that_pairs_never_move_is_nearly_straight(tmp_path: Path) -> None:
    config = config_for("classify", "full", approach="contrastive")
    model = label_model(tmp_path, config)
    list(fit_head(model, ROWS, pad_id=0, token_budget=64, should_stop=lambda: False))
    assert isinstance(model.net, MeanPooledClassifier)
    batch = collate(ROWS, pad_id=0, device=CPU)
    with torch.no_grad():
        read = model.net.eval().pooled(batch.ids, batch.attention)
        tokens = model.net.encoder(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state
        normed = torch.nn.functional.layer_norm(mean_of_tokens(tokens, batch.attention), tokens.shape[-1:])
    torch.testing.assert_close(read / 0.3, normed, atol=1e-3, rtol=0.25)


def test_after_pairs_rows_are_read_under_dropout_and_the_same_body_gives_the_same_layer(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full", approach="contrastive"))
    assert isinstance(model.net, MeanPooledClassifier)
    net = model.net.train()

    def fitted() -> Tensor:
        list(fit_head(model, ROWS, pad_id=0, token_budget=64, should_stop=lambda: False))
        return net.classifier.weight.detach().clone()

    first = fitted()
    torch.rand(3)  # dice thrown in between are no matter
    assert torch.equal(fitted(), first)
    assert net.training
    for part in net.encoder.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
    assert not torch.equal(fitted(), first)


def test_learning_from_pairs_goes_on_bit_for_bit(tmp_path: Path) -> None:
    config = config_for("classify", "full", approach="contrastive", rows_per_step=8, epochs=6.0, token_budget=32)
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 24

    learn(label_model(tmp_path, config), ROWS, config, tmp_path / "whole")
    stopped = learn(label_model(tmp_path, config), ROWS, config, tmp_path / "run", should_stop=stop)
    assert isinstance(stopped[-1], Stopped)
    assert 0 < stopped[-1].step < 6
    learn(label_model(tmp_path, config), ROWS, config, tmp_path / "run")
    first, second = (load_for_use(best(tmp_path / name)).net.state_dict() for name in ("whole", "run"))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_fit_amid_the_steps_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_start, "_SAY_EVERY", 4)
    config = config_for("classify", "full", approach="contrastive", rows_per_step=8, epochs=1.0, validations=1)
    events = learn(label_model(tmp_path, config), ROWS, config, tmp_path / "run")
    again = [event for event in events if isinstance(event, Progressed) and event.is_midway]
    assert [event.total for event in again] == [0] + [8] * (len(again) - 1)
    assert [event.done for event in again] == sorted(event.done for event in again)
    assert again[-1].done == 8
    assert not History.of(events[: events.index(again[-1]) + 1]).is_preparing

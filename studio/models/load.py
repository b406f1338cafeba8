"""A model folder becomes a Model that can be trained or asked. (torch)

In: a folder that gate.py let through, a kind, label names, a resolved Config, a device. Out: a Model with its adapter
or head attached; the same seed gives the same weights. Knows nothing of rows, tokens or training.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

import torch
import transformers
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from torch import Tensor, nn

from studio.config.config import Config
from studio.config.edit import change
from studio.config.goals import GOALS, Head, ModelKind, TaskKind
from studio.config.model import Method
from studio.config.training import Precision
from studio.models.gate import ModelFacts, check_folder
from studio.models.head import LastTokenClassifier, MeanPooledClassifier
from studio.models.network import read_network
from studio.models.quiet import hush
from studio.models.sentence import Pooling, style_of
from studio.problems import Problem, Where


@dataclass
class Model:
    """The network and what it was made from. The one mutable type: training changes the weights of `net`.

    `labels` are the class names in the order of the logits (empty where there are none). What `net(input_ids=...,
    attention_mask=...)` gives follows from the `head`: `.logits` (rows, labels) or (rows, 1) for labels and a number,
    `.logits` (rows, tokens, words) for words, `.start_logits` and `.end_logits` (rows, tokens) for a span,
    `.last_hidden_state` (rows, tokens, width) for a vector.
    """

    kind: ModelKind
    net: nn.Module
    base: Path
    labels: tuple[str, ...]
    method: Method
    device: torch.device
    config: Config

    @property
    def head(self) -> Head:
        """What the network ends in, as its goal wants."""
        return GOALS[self.config.task.kind].head

    @cached_property
    def pooling(self) -> Pooling:
        """How the token vectors of a text become one, as the files of its base say."""
        return style_of(self.base).pooling

    @property
    def parameters(self) -> int:
        """How many weights the network has, adapter and head included."""
        return sum(p.numel() for p in self.net.parameters())

    @property
    def trainable(self) -> int:
        """How many of them are trained."""
        return sum(p.numel() for p in self.net.parameters() if p.requires_grad)


class CausalParts(NamedTuple):
    """A causal model taken apart so that the output layer runs on chosen positions only.

    `hidden(input_ids, attention_mask)` gives the last hidden states (rows, tokens, width); logits are
    `hidden @ weight.T + bias`, then, where `softcap` is set, `softcap * tanh(logits / softcap)`.
    """

    hidden: Callable[[Tensor, Tensor], Tensor]
    weight: Tensor
    bias: Tensor | None
    softcap: float | None

    def scores(self, hidden: Tensor) -> Tensor:
        """The scores of all words for (positions, width) states, in 32-bit."""
        bias = self.bias if self.bias is None else self.bias.to(hidden.dtype)
        weight = self.weight.to(hidden.dtype)
        if hidden.device.type == "cuda" and hidden.dtype != torch.float32 and not torch.is_grad_enabled():
            # Scores of 16-bit have eight bits, too few to measure with; that the sums stay long costs nothing here.
            logits = torch.mm(hidden, weight.T, out_dtype=torch.float32)
            logits = logits if bias is None else logits + bias
        else:
            logits = nn.functional.linear(hidden, weight, bias).float()
        return logits if self.softcap is None else self.softcap * torch.tanh(logits / self.softcap)


def load_model(base: Path, *, labels: tuple[str, ...] = (), config: Config, device: torch.device) -> Model:
    """The base model ready to be trained as `config` says, in training mode. Raises a Problem for an unsafe or
    broken folder, ValueError when `config.model.method` is still open."""
    method = config.model.method
    if method is None:
        raise ValueError("the training method is still open")
    facts = check_folder(base)
    kind = facts.kind
    hush()
    with torch.random.fork_rng(devices=_cuda_devices(device)):
        torch.manual_seed(config.training.seed)
        net = _network(facts, labels, config)
        if config.training.approach == "frozen" and GOALS[config.task.kind].head in ("labels", "number"):
            method = "full"  # an adapter would never learn
            _freeze_body(net)
        elif method == "lora":
            net = _with_adapter(net, config)
        elif GOALS[config.task.kind].head != "words":
            _keep_parts(net, config)
    if config.training.gradient_checkpointing:
        _save_memory(net)
    model = Model(kind, net, base, labels, method, device, config)
    if config.training.precision is not None:
        use_precision(model, config.training.precision)
    net.to(device).train()
    return model


def load_base(base: Path, *, kind: ModelKind, device: torch.device) -> Model:
    """The base model as it came, in evaluation mode: a causal model, or an encoder whose `net` gives
    `.last_hidden_state`."""
    facts = check_folder(base)
    hush()
    if kind == "causal":
        net: nn.Module = _causal(facts.folder)
    else:
        net = read_network(transformers.AutoModel, facts.folder, is_new=lambda name: name.startswith("pooler."))
    net.to(device).eval().requires_grad_(False)
    ends_in: TaskKind = "answer" if kind == "causal" else "search"
    return Model(kind, net, base, (), "full", device, change(Config(), "task.kind", ends_in))


def untouched_of(model: Model) -> tuple[Model, bool]:
    """The Model to ask as it was before it learned, and whether `model`'s own adapter has to be left out for that
    (adapters.untouched); where all weights were trained the base is loaded a second time."""
    if model.method == "lora":
        return model, True
    found = load_base(model.base, kind=model.kind, device=model.device)
    if (precision := model.config.training.precision) is not None:
        found.config = change(found.config, "training.precision", precision)  # both are measured alike
    return found, False


def use_precision(model: Model, precision: Precision) -> None:
    """Settle the number format that a trial run chose. With an adapter, the frozen weights are kept in it, so that a
    resumed run, which loads them so, computes the same numbers; trained weights stay 32-bit. So do all where the head
    is the library's own, which takes the body's states as they come."""
    model.config = change(model.config, "training.precision", precision)
    if precision == "bf16" and model.method == "lora" and not _has_native_head(model):
        for parameter in model.net.parameters():
            if not parameter.requires_grad:
                parameter.data = parameter.data.to(torch.bfloat16)


def trained_weights(model: Model) -> dict[str, Tensor]:
    """What learning changes, by parameter name; not copied."""
    return {name: p.detach() for name, p in model.net.named_parameters() if p.requires_grad}


def load_weights(model: Model, weights: Mapping[str, Tensor]) -> None:
    """Put trained weights back, bit for bit. Raises a Problem unless names and shapes are exactly the model's."""
    current = trained_weights(model)
    same = current.keys() == weights.keys() and all(current[n].shape == weights[n].shape for n in current)
    if not same:
        raise Problem(
            "The saved weights do not fit this model.",
            "They were trained with another base model, other labels or another method.",
            "Choose the model that they were trained from.",
        )
    with torch.no_grad():
        for name, tensor in current.items():
            tensor.copy_(weights[name])


def causal_parts(model: Model) -> CausalParts:
    """The body and the output layer of a causal model, adapter included."""
    whole: Any = model.net.get_base_model() if isinstance(model.net, PeftModel) else model.net
    body, head = whole.base_model, whole.get_output_embeddings()

    def hidden(input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        found = body(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).last_hidden_state
        assert isinstance(found, Tensor)
        return found

    return CausalParts(hidden, head.weight, head.bias, getattr(whole.config, "final_logit_softcapping", None))


def number_scale(model: Model) -> tuple[float, float]:
    """The middle and the spread by which numbers are told: the network gives how many spreads a text lies above the
    middle."""
    task = model.config.task
    return task.number_mean or 0.0, task.number_spread or 1.0


def _network(facts: ModelFacts, labels: tuple[str, ...], config: Config) -> nn.Module:
    """The base with the head that the goal wants; a new head starts from nothing."""
    match GOALS[config.task.kind].head:
        case "words":
            net = _causal(facts.folder)
            return _without_dropout(net) if GOALS[config.task.kind].compares else net
        case "labels":
            problem = "multi_label_classification" if config.task.has_several else "single_label_classification"
            return _classifier(facts, labels, problem)
        case "number":
            return _classifier(facts, (config.data.target or "number",), "regression")
        case "vector":
            return _sentence_encoder(facts.folder)
        case "span":
            return _reader(facts.folder)


def _freeze_body(net: nn.Module) -> None:
    """Let only what is new be learned, and kept: the layers between the body and the last one began at random."""
    if isinstance(net, MeanPooledClassifier | LastTokenClassifier):
        net.requires_grad_(False)
        net.classifier.requires_grad_(True)
        return
    body = f"{net.base_model_prefix}."
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(not name.startswith(body) or ".pooler." in name)


def encoder_body(model: Model) -> nn.Module:
    """The part of a Model whose output has `.last_hidden_state` (rows, tokens, width), adapter included."""
    if isinstance(model.net, MeanPooledClassifier):
        return model.net.encoder
    if isinstance(model.net, LastTokenClassifier):
        return model.net.body
    if model.head == "vector":
        return model.net
    body = model.net.base_model
    assert isinstance(body, nn.Module)
    return body


def _causal(folder: Path) -> nn.Module:
    config = _quiet_attention(folder)
    return read_network(transformers.AutoModelForCausalLM, folder, config=config)


def _classifier(facts: ModelFacts, labels: tuple[str, ...], problem: str) -> nn.Module:
    folder = facts.folder
    config = _quiet_attention(folder)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    config.problem_type = problem
    if facts.reads_mean:
        encoder: Any = read_network(transformers.BertModel, folder, config=config, add_pooling_layer=False)
        return MeanPooledClassifier(encoder)
    if type(config) not in transformers.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING:
        raise Problem(
            "This kind of model cannot sort texts.",
            f"There is no head for that on a {facts.model_type} model.",
            "Choose another model.",
            Where(str(folder)),
        )
    loader = transformers.AutoModelForSequenceClassification
    body = f"{_body_name(config)}."
    net = read_network(
        loader,
        folder,
        is_new=lambda name: not name.startswith(body) or ".pooler." in name,
        config=config,
        ignore_mismatched_sizes=True,  # an old head for other labels makes room for the new one
    )
    return LastTokenClassifier(net) if facts.kind == "causal" else net


def _sentence_encoder(folder: Path) -> nn.Module:
    """The encoder alone: its vectors are made of the last states, so that what BERT puts on top of them stays away."""
    config = _quiet_attention(folder)
    net: Any = read_network(
        transformers.AutoModel, folder, config=config, is_new=lambda name: name.startswith("pooler.")
    )
    if getattr(net, "pooler", None) is not None:
        net.pooler = None
    return cast(nn.Module, net)


def _reader(folder: Path) -> nn.Module:
    """The base with two scores for each token, that an answer begins and that it ends there. A base that finds answers
    already keeps its head."""
    config = _quiet_attention(folder)
    config.num_labels = 2
    if type(config) not in transformers.MODEL_FOR_QUESTION_ANSWERING_MAPPING:
        raise Problem(
            "This kind of model cannot mark an answer in a text.",
            f"There is no head for that on a {config.model_type} model.",
            "Choose another model, of the BERT, RoBERTa, DeBERTa, ELECTRA or ModernBERT kind.",
            Where(str(folder)),
        )
    kind: Any = transformers.MODEL_FOR_QUESTION_ANSWERING_MAPPING[type(config)]
    body = f"{kind.base_model_prefix}."
    return read_network(
        transformers.AutoModelForQuestionAnswering,
        folder,
        is_new=lambda name: not name.startswith(body),
        config=config,
        ignore_mismatched_sizes=True,
    )


def _body_name(config: Any) -> str:
    """The attribute in which a classifier of this kind keeps its encoder, such as "roberta"."""
    found: Any = transformers.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING[type(config)]
    return str(found.base_model_prefix)


def _quiet_attention(folder: Path) -> Any:
    """The folder's config without attention dropout: with it, torch leaves the fused attention on a CPU for a path
    that is several times slower and needs memory quadratic in the length. A card learns by the same recipe, and
    finds the same dropout when a batch is gone through a second time."""
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    for name in ("attention_dropout", "attention_probs_dropout_prob", "attn_pdrop"):
        if getattr(config, name, 0):
            setattr(config, name, 0.0)
    return config


def _without_dropout(net: nn.Module, *, but: Collection[nn.Module] = ()) -> nn.Module:
    """Nothing is left out by chance any more `but` in these parts: a network that is compared with the untouched one
    differs from it in what was learned alone, and what does not learn is the same in every step. The settings in its
    config stay as they were."""
    for part in net.modules():
        if part in but:
            continue
        if isinstance(part, nn.Dropout):
            part.p = 0.0
        for name in ("dropout", "attention_dropout", "layerdrop"):
            if isinstance(getattr(part, name, None), float):
                setattr(part, name, 0.0)
    return net


def _keep_parts(net: nn.Module, config: Config) -> None:
    """What is to stay as it came learns nothing: the table of word vectors, or everything below the upper half of the
    layers, which then leaves nothing out by chance either. Where all layers share their weights (ALBERT) there is no
    upper half, and they learn together."""
    if config.model.train_word_vectors is False:
        _of_the_library(net).get_input_embeddings().requires_grad_(False)
    if config.model.learning_layers != "upper":
        return
    body: Any = getattr(*body_place(net)) if GOALS[config.task.kind].head in ("labels", "number") else net
    count = int(body.config.num_hidden_layers)
    stacks = [part for part in body.modules() if isinstance(part, nn.ModuleList) and len(part) == count]
    if len(stacks) != 1:
        return
    upper = stacks[0][count // 2 :]
    body.requires_grad_(False)
    upper.requires_grad_(True)
    _without_dropout(body, but={*upper.modules()})


def _with_adapter(net: nn.Module, config: Config) -> nn.Module:
    wants, writes = config.model, GOALS[config.task.kind].head == "words"
    lora = LoraConfig(
        r=wants.lora_rank,
        lora_alpha=wants.lora_alpha,
        lora_dropout=wants.lora_dropout,
        target_modules="all-linear",
        task_type=TaskType.CAUSAL_LM if writes else TaskType.FEATURE_EXTRACTION,
        fan_in_fan_out=any(isinstance(m, transformers.pytorch_utils.Conv1D) for m in net.modules()),
    )
    if writes or GOALS[config.task.kind].head == "vector":
        wrapped: nn.Module = get_peft_model(net, lora)
        return wrapped
    # Only the body gets an adapter; the new head starts from nothing and is trained whole.
    holder, place = body_place(net)
    setattr(holder, place, get_peft_model(getattr(holder, place), lora))
    return net


def body_place(net: nn.Module) -> tuple[nn.Module, str]:
    """Where a network with a head of its own keeps its body: a module, and the name of the attribute."""
    if isinstance(net, MeanPooledClassifier):
        return net, "encoder"
    holder = net.native if isinstance(net, LastTokenClassifier) else net
    return holder, str(holder.base_model_prefix)


def _of_the_library(net: nn.Module) -> Any:
    """The part that transformers made, without a wrapper of ours."""
    if isinstance(net, MeanPooledClassifier | LastTokenClassifier):
        return net.encoder if isinstance(net, MeanPooledClassifier) else net.native
    return net


def _save_memory(net: nn.Module) -> None:
    part = _of_the_library(net)
    if not part.supports_gradient_checkpointing:
        raise Problem(
            "This kind of model cannot save memory by computing twice.",
            "The layers of its kind always keep what they computed.",
            "Turn “Save memory” off; a lower length limit, or fewer tokens at once, need less memory too.",
        )
    part.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})


def _has_native_head(model: Model) -> bool:
    return model.head in ("labels", "number", "span") and not isinstance(
        model.net, MeanPooledClassifier | LastTokenClassifier
    )


def _cuda_devices(device: torch.device) -> list[int]:
    return [device.index or 0] if device.type == "cuda" else []

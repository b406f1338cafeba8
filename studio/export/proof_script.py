"""The proof's other side: a program that knows only transformers, peft and torch. (torch)

In: a folder with an exported model and a file of questions with the answers that the live model gave. Out: one line of
JSON for each question on standard output. It runs in a process of its own and has never heard of the studio. prove.py
uses the same `answers`, `classify`, `vector` and `find` on the live model, so that both sides are asked alike.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

AT_ONCE = 10  # questions answered side by side: on a processor several take hardly longer than one
KEPT = 16  # likeliest words kept for each token: enough to see a near tie and how far the logits lie apart


def answers(net: Any, prompts: list[list[int]], *, count: int, ends: list[int], pad: int) -> list[dict[str, Any]]:
    """The likeliest answer to each prompt, at most `count` tokens, through transformers' own generate(), side by side
    and filled up at the left. "tokens" are what was said, its end included; "tops" holds, for each of them, the KEPT
    likeliest words with their logits."""
    width = max(map(len, prompts))
    device = next(net.parameters()).device
    ids = torch.tensor([[pad] * (width - len(prompt)) + prompt for prompt in prompts], device=device)
    gaps = torch.tensor([width - len(prompt) for prompt in prompts], device=device)
    with torch.no_grad():
        found = net.generate(
            input_ids=ids,
            attention_mask=(torch.arange(width, device=device) >= gaps[:, None]).long(),
            do_sample=False,
            num_beams=1,
            max_new_tokens=count,
            eos_token_id=ends,
            pad_token_id=pad,
            temperature=None,
            top_p=None,
            top_k=None,
            repetition_penalty=1.0,
            output_logits=True,
            return_dict_in_generate=True,
        )
    said = []
    for row, prompt in enumerate(prompts):
        tokens = found.sequences[row, width:].tolist()
        stop = next((place + 1 for place, token in enumerate(tokens) if token in ends), len(tokens))
        tops = [_likeliest(logits[row]) for logits in found.logits[:stop]]
        said.append({"ids": prompt, "tokens": tokens[:stop], "tops": tops})
    return said


def _likeliest(logits: torch.Tensor) -> dict[str, float]:
    values, words = logits.float().topk(min(KEPT, logits.shape[-1]))
    return {str(word): value for word, value in zip(words.tolist(), values.tolist(), strict=True)}


def classify(
    net: Any, ids: list[int], types: Sequence[int] = (), *, scale: tuple[float, float] = (0.0, 1.0)
) -> dict[str, Any]:
    """The logits of one text, or of a pair whose tokens have `types`; the label is the name that the network's own
    config gives the largest. A network that gives a number counts it from a middle in spreads: the `scale`."""
    prompt = torch.tensor([ids], device=next(net.parameters()).device)
    more = {"token_type_ids": torch.tensor([types], device=prompt.device)} if any(types) else {}
    with torch.no_grad():
        found = net(input_ids=prompt, attention_mask=torch.ones_like(prompt), **more).logits[0]
    logits = (found.float() * scale[1] + scale[0]).tolist()
    return {"ids": ids, "logits": logits, "label": net.config.id2label[logits.index(max(logits))]}


def vector(net: Any, ids: list[int], pooling: str) -> dict[str, Any]:
    """The vector of one text, of length 1: the mean of its token vectors, or the first of them."""
    prompt = torch.tensor([ids], device=next(net.parameters()).device)
    with torch.no_grad():
        states = net(input_ids=prompt, attention_mask=torch.ones_like(prompt)).last_hidden_state[0].float()
    pooled = states.mean(0) if pooling == "mean" else states[0]
    return {"ids": ids, "vector": torch.nn.functional.normalize(pooled, dim=-1).tolist()}


def pooling_of(folder: Path) -> str:
    """How the export says that its token vectors become one."""
    told = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    return "mean" if told["pooling_mode_mean_tokens"] else "first"


def find(net: Any, text: str, windows: list[dict[str, Any]], *, longest: int, bar: float | None) -> dict[str, Any]:
    """What a text's windows hold of an answer. Each has the "inputs" of the network, the place of the "first" token
    that is the text's, and the "places" in characters of its tokens. A piece has at most `longest` tokens; “no answer”
    is said where it is ahead of the best piece by more than `bar`, never where that is None; "answer" is "" then."""
    best, place, none = float("-inf"), (0, 0), float("inf")
    ids: list[int] = []
    begins: list[float] = []
    ends: list[float] = []
    for window in windows:
        inputs = {
            name: torch.tensor([row], device=next(net.parameters()).device) for name, row in window["inputs"].items()
        }
        with torch.no_grad():
            found = net(**inputs, attention_mask=torch.ones_like(inputs["input_ids"]))
        scores = found.start_logits[0].float().cpu(), found.end_logits[0].float().cpu()
        none = min(none, float(scores[0][0] + scores[1][0]))
        first, places = window["first"], window["places"]
        starts, stops = (score[first : first + len(places)] for score in scores)
        ids += window["inputs"]["input_ids"]
        begins += [float(scores[0][0]), *starts.tolist()]
        ends += [float(scores[1][0]), *stops.tolist()]
        for begin in range(len(places)):
            end = begin + int(stops[begin : begin + longest].argmax())
            piece = text[places[begin][0] : places[end][1]].strip()
            if piece and float(starts[begin] + stops[end]) > best:
                best, place = float(starts[begin] + stops[end]), (places[begin][0], places[end][1])
    is_none = best == float("-inf") or (bar is not None and none - best > bar)
    return {
        "ids": ids,
        "begins": begins,
        "ends": ends,
        "answer": "" if is_none else text[place[0] : place[1]].strip(),
        "margin": none - best,
        "score": best,
    }


def windows_of(tokenizer: Any, question: str, text: str, work: dict[str, Any]) -> list[dict[str, Any]]:
    """The windows of a text, as transformers' own tokenizer makes them."""
    made = tokenizer(
        question,
        text,
        truncation="only_second",
        max_length=work["max_tokens"],
        stride=work["stride"],
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    found = []
    for number, offsets in enumerate(made["offset_mapping"]):
        of = made.sequence_ids(number)
        own = [place for place, which in enumerate(of) if which == 1]
        names = ("input_ids", "token_type_ids")
        inputs = {name: made[name][number] for name in names if name in made}
        first, end = (own[0], own[-1] + 1) if own else (len(of), len(of))
        found.append({"inputs": inputs, "first": first, "places": offsets[first:end]})
    return found


def open_export(folder: Path, work: dict[str, Any]) -> tuple[Any, Any]:
    """The exported model and its tokenizer, opened as the model card tells."""
    transformers: Any = importlib.import_module("transformers")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    if work["format"] == "classifier":
        return transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype="auto").eval(), tokenizer
    if work["format"] == "encoder":
        work["pooling"] = pooling_of(folder)
        return transformers.AutoModel.from_pretrained(folder, dtype="auto").eval(), tokenizer
    if work["format"] == "reader":
        return transformers.AutoModelForQuestionAnswering.from_pretrained(folder, dtype="auto").eval(), tokenizer
    if work["format"] == "merged":
        return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto").eval(), tokenizer
    peft: Any = importlib.import_module("peft")
    base = transformers.AutoModelForCausalLM.from_pretrained(work["base"], dtype=getattr(torch, work["dtype"]))
    return peft.PeftModel.from_pretrained(base, folder, autocast_adapter_dtype=False).eval(), tokenizer


def ask(net: Any, tokenizer: Any, work: dict[str, Any], some: list[Any], ends: list[int]) -> list[dict[str, Any]]:
    """Some of the questions, from their words on."""
    if work["format"] == "classifier":
        read = [tokenizer(*texts, truncation=True) for texts in some]  # one text, or a pair
        return [classify(net, one["input_ids"], one.get("token_type_ids", ())) for one in read]
    if work["format"] == "encoder":
        return [vector(net, tokenizer(*texts, truncation=True)["input_ids"], work["pooling"]) for texts in some]
    if work["format"] == "reader":
        return [
            find(net, text, windows_of(tokenizer, question, text, work), longest=work["stride"], bar=work["bar"])
            for question, text in some
        ]
    render = tokenizer.apply_chat_template
    prompts = [
        list(tokenizer(asked)["input_ids"])  # a text to go on with
        if isinstance(asked, str)
        else list(render(asked, add_generation_prompt=True, return_dict=False))
        for asked in some
    ]
    return answers(net, prompts, count=work["count"], ends=ends, pad=ends[0])


def main(folder: Path, file: Path) -> None:
    """Answer every question of `file` from the export in `folder`."""
    assert not any(name.split(".")[0] == "studio" for name in sys.modules)
    work = json.loads(file.read_text(encoding="utf-8"))
    torch.set_num_threads(work["threads"])
    net, tokenizer = open_export(folder, work)
    ends: list[int] = []
    if work["format"] in {"merged", "adapter"}:
        import transformers

        found = transformers.GenerationConfig.from_pretrained(folder).eos_token_id
        ends = found if isinstance(found, list) else [found]
    for start in range(0, len(work["questions"]), AT_ONCE):
        for said in ask(net, tokenizer, work, work["questions"][start : start + AT_ONCE], ends):
            print(json.dumps(said), flush=True)
    assert not any(name.split(".")[0] == "studio" for name in sys.modules)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""The proof's other side: a program that knows only transformers, peft and torch. (torch)

In: a folder with an exported model and a file of questions with the answers that the live model gave. Out: one line of
JSON for each question on standard output. It runs in a process of its own and has never heard of the studio. prove.py
uses the same `answer` and `classify` on the live model, so that both sides are asked in the same words.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import torch

KEPT = 16  # likeliest words kept for each token: enough to see a near tie and how far the logits lie apart


def answer(net: Any, ids: list[int], *, count: int, ends: list[int], pad: int) -> dict[str, Any]:
    """The likeliest answer to `ids`, at most `count` tokens, through transformers' own generate(). "tokens" are what
    was said; "tops" holds, for each of them, the KEPT likeliest words with their logits."""
    prompt = torch.tensor([ids], device=next(net.parameters()).device)
    with torch.no_grad():
        found = net.generate(
            input_ids=prompt,
            attention_mask=torch.ones_like(prompt),
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
    tops = []
    for logits in found.logits:
        values, words = logits[0].float().topk(min(KEPT, logits.shape[-1]))
        tops.append({str(word): value for word, value in zip(words.tolist(), values.tolist(), strict=True)})
    return {"ids": ids, "tokens": found.sequences[0, len(ids) :].tolist(), "tops": tops}


def classify(net: Any, ids: list[int]) -> dict[str, Any]:
    """The logits of one text; the label is the name that the network's own config gives the largest."""
    prompt = torch.tensor([ids], device=next(net.parameters()).device)
    with torch.no_grad():
        logits = net(input_ids=prompt, attention_mask=torch.ones_like(prompt)).logits[0].float().tolist()
    return {"ids": ids, "logits": logits, "label": net.config.id2label[logits.index(max(logits))]}


def open_export(folder: Path, work: dict[str, Any]) -> tuple[Any, Any]:
    """The exported model and its tokenizer, opened as the model card tells."""
    transformers: Any = importlib.import_module("transformers")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    if work["format"] == "classifier":
        return transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype="auto").eval(), tokenizer
    if work["format"] == "merged":
        return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto").eval(), tokenizer
    peft: Any = importlib.import_module("peft")
    base = transformers.AutoModelForCausalLM.from_pretrained(work["base"], dtype=getattr(torch, work["dtype"]))
    return peft.PeftModel.from_pretrained(base, folder, autocast_adapter_dtype=False).eval(), tokenizer


def ask(net: Any, tokenizer: Any, work: dict[str, Any], question: dict[str, Any], ends: list[int]) -> dict[str, Any]:
    """One question, from its words on."""
    if work["format"] == "classifier":
        return classify(net, tokenizer(question["text"], truncation=True)["input_ids"])
    ids = tokenizer.apply_chat_template(question["messages"], add_generation_prompt=True, return_dict=False)
    return answer(net, list(ids), count=work["count"], ends=ends, pad=ends[0])


def main(folder: Path, file: Path) -> None:
    """Answer every question of `file` from the export in `folder`."""
    assert not any(name.split(".")[0] == "studio" for name in sys.modules)
    work = json.loads(file.read_text(encoding="utf-8"))
    torch.set_num_threads(work["threads"])
    net, tokenizer = open_export(folder, work)
    ends: list[int] = []
    if work["format"] != "classifier":
        import transformers

        found = transformers.GenerationConfig.from_pretrained(folder).eos_token_id
        ends = found if isinstance(found, list) else [found]
    for question in work["questions"]:
        print(json.dumps(ask(net, tokenizer, work, question, ends)), flush=True)
    assert not any(name.split(".")[0] == "studio" for name in sys.modules)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

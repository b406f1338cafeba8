from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from studio.data.reading.records.conversations import SetAside
from studio.data.reading.records.json_text import Parser
from studio.data.reading.records.shapes import recognise, shape_called
from studio.data.reading.records.unfold import Unfolding, unfolded


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def table(records: list[dict[str, Any]]) -> tuple[str | None, list[dict[str, str] | str]]:
    """The shape's name, and every row by column without its empty cells, or the reason why there is none."""
    records = [Parser().line(json.dumps(record)) for record in records]
    unfolding = Unfolding(records)
    for record in records:
        unfolding.learn(record)
    rows = [
        made.reason
        if isinstance(made, SetAside)
        else {name: cell for name, cell in zip(unfolding.columns, made, strict=True) if cell}
        for made in unfolded(records, unfolding)
    ]
    return (unfolding.shape.name if unfolding.shape else None), rows


TWO = [user("Q1"), assistant("A1"), user("Q2"), assistant("A2")]
EARLIER = '[{"role":"user","content":"Q1"},{"role":"assistant","content":"A1"}]'
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("record", "row"),
    [
        ({"messages": TWO[:2]}, {"message": "Q1", "answer": "A1"}),
        ({"messages": TWO, "id": 7}, {"message": "Q2", "answer": "A2", "earlier": EARLIER, "id": "7"}),
        ({"messages": [{"role": "system", "content": "S"}, *TWO[:2]]},
         {"system": "S", "message": "Q1", "answer": "A1"}),
        ({"messages": [{"role": "developer", "content": "S"}, *TWO[:2]], "system": "R"},
         {"system": "R\n\nS", "message": "Q1", "answer": "A1"}),
        ({"messages": json.dumps(TWO[:2])}, {"message": "Q1", "answer": "A1"}),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
                       assistant("A")]}, {"message": "a\nb", "answer": "A"}),
        ({"messages": [user("Q"), {"role": "assistant", "content": None, "tool_calls": [CALL]},
                       {"role": "tool", "tool_call_id": "c1", "content": "42"}, assistant("A")]},
         {"message": "Q", "answer": "A", "steps": json.dumps(
             [{"role": "assistant", "content": json.dumps([CALL], separators=(",", ":"))},
              {"role": "tool", "content": "42"}],
             separators=(",", ":"))}),
        ({"messages": [user("Q"), {"role": "assistant", "content": None, "tool_calls": [CALL]}]},
         {"message": "Q", "answer": json.dumps([CALL], separators=(",", ":"))}),
        ({"messages": [user("Q"), {**assistant("A"), "weight": 1}]}, {"message": "Q", "answer": "A"}),
        ({"messages": TWO[:2], "message": "m"}, {"message": "Q1", "answer": "A1", "message (other)": "m"}),
    ],
)  # fmt: skip
def test_chat_messages(record: dict[str, Any], row: dict[str, str]) -> None:
    assert table([record]) == ("chat", [row])


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([user("Q")], "It ends with a message that nobody answered."),
        ([assistant("A")], "Nobody asks anything in it."),
        ([user(" "), assistant("A")], "Nobody asks anything in it."),
        ([user("Q"), assistant("")], "Its last answer is empty."),
        ([user("Q"), {"role": "tool", "content": "1"}], "It ends without an answer."),
        ([user("Q"), {**assistant("A"), "weight": 0}], "Its last answer is marked as not to be learned (weight 0)."),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}, assistant("A")],
         "It holds pictures, sound or files; only texts can be learned."),
        ([{"role": "wizard", "content": "?"}, assistant("A")],
         "It holds a turn by “wizard”; known are system, user, assistant and tool."),
        ([], "It holds no conversation."),
    ],
)  # fmt: skip
def test_conversations_without_an_answer_are_set_aside(turns: list[Any], reason: str) -> None:
    shape, rows = table([{"messages": TWO[:2]}] * 5 + [{"messages": turns}])
    assert (shape, rows[5]) == ("chat", reason)
    assert len(rows) == 6


def test_sharegpt() -> None:
    turns = [{"from": "human", "value": "Q1"}, {"from": "gpt", "value": "A1"}, {"from": "human", "value": "Q2"},
             {"from": "function_call", "value": "{}"}, {"from": "observation", "value": "42"},
             {"from": "gpt", "value": "A2"}]  # fmt: skip
    steps = '[{"role":"assistant","content":"{}"},{"role":"tool","content":"42"}]'
    row = {"system": "S", "earlier": EARLIER, "message": "Q2", "answer": "A2", "tools": "[1]", "steps": steps}
    assert table([{"conversations": turns, "system": "S", "tools": [1]}]) == ("sharegpt", [row])
    assert table([{"conversation": [{"from": "system", "value": "S"}, *turns[:2]]}])[1] == [
        {"system": "S", "message": "Q1", "answer": "A1"}
    ]


PREFERENCE = {"message": "Q", "chosen": "good", "rejected": "bad"}


@pytest.mark.parametrize(
    ("record", "row"),
    [
        ({"prompt": "Q", "chosen": "good", "rejected": "bad"}, {"prompt": "Q", "chosen": "good", "rejected": "bad"}),
        ({"prompt": [user("Q")], "chosen": [assistant("good")], "rejected": [assistant("bad")]}, PREFERENCE),
        ({"prompt": "Q", "chosen": [user("Q"), assistant("good")], "rejected": [user("Q"), assistant("bad")]},
         PREFERENCE),
        ({"chosen": [user("Q"), assistant("good")], "rejected": [user("Q"), assistant("bad")]}, PREFERENCE),
        ({"conversations": [{"from": "human", "value": "Q"}], "chosen": {"from": "gpt", "value": "good"},
          "rejected": {"from": "gpt", "value": "bad"}}, PREFERENCE),
        ({"input": {"messages": [user("Q")]}, "preferred_output": [assistant("good")],
          "non_preferred_output": [assistant("bad")]}, PREFERENCE),
        ({"chosen": "\n\nHuman: Q\n\nAssistant: good", "rejected": "\n\nHuman: Q\n\nAssistant: bad"}, PREFERENCE),
        ({"prompt": [*TWO[:2], user("Q")], "chosen": [assistant("good")], "rejected": [assistant("bad")]},
         {**PREFERENCE, "earlier": EARLIER}),
    ],
)  # fmt: skip
def test_better_and_worse_answers(record: dict[str, Any], row: dict[str, str]) -> None:
    assert table([record]) == ("preference", [row])


def test_answers_to_different_questions_are_no_pair() -> None:
    good = {"chosen": [user("Q"), assistant("good")], "rejected": [user("Q"), assistant("bad")]}
    odd = {"chosen": [user("Q"), assistant("good")], "rejected": [user("other"), assistant("bad")]}
    assert table([good] * 5 + [odd, {"chosen": [], "rejected": []}])[1][5:] == [
        "The two answers belong to different conversations.",
        "One of the two answers is missing.",
    ]


def test_answers_marked_good_or_bad() -> None:
    assert table([{"messages": TWO[:2], "label": True}]) == (
        "judged", [{"message": "Q1", "answer": "A1", "label": "true"}],
    )  # fmt: skip
    assert table([{"prompt": "Q", "completion": "A", "label": False}]) == (
        "judged", [{"prompt": "Q", "completion": "A", "label": "false"}],
    )  # fmt: skip
    assert table([{"prompt": [user("Q")], "completion": [assistant("A")], "kto_tag": False}])[1] == [
        {"message": "Q", "answer": "A", "kto_tag": "false"}
    ]


def test_trees_give_a_row_for_each_answer() -> None:
    def said(number: int, role: str, *replies: object) -> dict[str, Any]:
        return {"message_id": str(number), "text": f"t{number}", "role": role, "replies": list(replies)}

    tree = said(1, "prompter", said(2, "assistant", said(3, "prompter", said(4, "assistant"))), said(5, "assistant"))
    earlier = '[{"role":"user","content":"t1"},{"role":"assistant","content":"t2"}]'
    rows = [
        {"message": "t1", "answer": "t2", "tree": "1", "message_id": "2"},
        {"message": "t3", "answer": "t4", "earlier": earlier, "tree": "1", "message_id": "4"},
        {"message": "t1", "answer": "t5", "tree": "1", "message_id": "5"},
    ]
    assert table([tree]) == ("tree", rows)
    wrapped = {"message_tree_id": "1", "tree_state": "ready", "prompt": tree}
    assert table([wrapped]) == ("tree", [{**row, "tree_state": "ready"} for row in rows])
    assert table([tree] * 5 + [said(6, "prompter")])[1][-1] == "Nobody answers in it."


ANSWERS = [{"text": "10 €", "answer_start": 3}, {"text": "10", "answer_start": 3}]
CONTEXT = "𝄞: 10 €"


def test_marked_answers_nested() -> None:
    qas = [
        {"id": "q1", "question": "Q", "answers": ANSWERS},
        {"id": "q2", "question": "R", "answers": [], "is_impossible": True},
    ]
    article = {"title": "T", "paragraphs": [{"context": CONTEXT, "qas": qas}]}
    rows = [
        {"question": "Q", "context": CONTEXT, "answer": "10 €", "answer_start": "3", "answers": '["10 €","10"]',
         "id": "q1", "title": "T"},
        {"question": "R", "context": CONTEXT, "id": "q2", "title": "T", "is_impossible": "true"},
    ]  # fmt: skip
    assert table([article]) == ("marked", rows)
    assert CONTEXT[3 : 3 + len("10 €")] == "10 €"
    assert table([{"context": CONTEXT, "qas": qas}])[1] == [
        {name: cell for name, cell in row.items() if name != "title"} for row in rows
    ]
    assert table([article] * 5 + [{"title": "empty", "paragraphs": []}])[1][-1] == "It holds no question."


@pytest.mark.parametrize(
    "answers",
    [{"text": ["10 €"], "answer_start": [3]}, [{"text": "10 €", "answer_start": 3}], {"text": "10 €", "start": 3}],
)
def test_marked_answers_flat(answers: object) -> None:
    record = {"id": "1", "title": "T", "context": CONTEXT, "question": "Q", "answers": answers}
    row = {"question": "Q", "context": CONTEXT, "answer": "10 €", "answer_start": "3", "id": "1", "title": "T"}
    assert table([record]) == ("marked", [row])


def test_instructions() -> None:
    record = {"instruction": "I", "input": "", "output": "O", "history": [["Q1", "A1"]], "system": "S"}
    assert table([record]) == ("instruction", [{"instruction": "I", "output": "O", "earlier": EARLIER, "system": "S"}])
    task = {"instruction": "I", "instances": [{"input": "a", "output": "b"}, {"input": "c", "output": "d"}], "id": 1}
    assert table([task]) == ("instruction", [
        {"instruction": "I", "input": "a", "output": "b", "id": "1"},
        {"instruction": "I", "input": "c", "output": "d", "id": "1"},
    ])  # fmt: skip
    assert table([{"prompt": "P", "completion": "C"}]) == ("completion", [{"prompt": "P", "completion": "C"}])
    assert table([{"prompt": [user("Q")], "completion": [assistant("A")]}])[1] == [{"message": "Q", "answer": "A"}]


def test_a_column_for_each_label() -> None:
    records = [
        {"text": f"t{n}", "joy": int(n % 3 == 0), "fear": int(n % 3 == 1), "rage": int(n % 3 == 2)} for n in range(6)
    ]
    shape, rows = table(records)
    assert shape == "spread"
    assert [row["label"] for row in rows if isinstance(row, Mapping)] == ["joy", "fear", "rage"] * 2
    assert table([{**record, "joy": 1} for record in records])[0] is None


def test_lists_of_lines() -> None:
    assert table([{"title": "T", "paragraphs": ["one", "two"]}]) == (
        "lines",
        [{"title": "T", "paragraphs": "one\ntwo"}],
    )


def test_what_is_not_known_stays_as_it_is() -> None:
    records = [{"text": "a", "label": "x", "n": 1.50}, {"text": "b", "meta": {"by": "me", "tags": ["p", "q"]}}]
    assert table(records) == (
        None,
        [{"text": "a", "label": "x", "n": "1.5"}, {"text": "b", "meta.by": "me", "meta.tags": '["p","q"]'}],
    )
    assert recognise([]) is None


def test_values_that_are_no_json_are_told_as_text() -> None:
    unfolding = Unfolding([{"a": 1, "b": 2.5, "c": (1, "x"), "d": None, "e": True}])
    unfolding.learn({"a": 1, "b": 2.5, "c": (1, "x"), "d": None, "e": True})
    assert unfolding.columns == ("a", "b", "c", "d", "e")
    assert unfolding.rows({"a": 1, "b": 2.5, "c": (1, "x"), "d": None, "e": True}) == [
        ["1", "2.5", '[1,"x"]', "", "true"]
    ]


def test_shapes_are_found_by_their_names() -> None:
    chat = shape_called("chat")
    assert chat is not None
    assert chat.goal == "answer"
    assert shape_called("nonsense") is None

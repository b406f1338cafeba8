from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.data.roles.roles import Guess, guess_roles
from tests.data.tables import table_of

WORDS = ["card", "refund", "order", "late", "phone", "help", "account", "please", "where", "delivery", "thanks"]


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def guess(folder: Path, header: list[str], makers: str, rows: int = 60) -> Guess:
    """One letter a column: t text, l label, n number as label, a long answer, i running number, c always the same."""
    rng = random.Random(0)
    make = {
        "t": lambda i: f"{sentence(rng, 8)} {i}",
        "l": lambda i: ["billing", "delivery", "other"][i % 3],
        "n": lambda i: str(i % 2),
        "a": lambda i: f"{sentence(rng, 40)} {i}",
        "i": lambda i: str(i),
        "c": lambda _: "same",
    }
    return guess_roles(table_of(folder, header, [[make[kind](i) for kind in makers] for i in range(rows)]))


@pytest.mark.parametrize(
    ("header", "makers", "expected"),
    [
        (["text", "category"], "tl", ("classify", "text", "category")),
        (["Sentiment", "Headline"], "lt", ("classify", "Headline", "Sentiment")),
        (["column 1", "column 2"], "tn", ("classify", "column 1", "column 2")),
        (["column 1", "column 2"], "lt", ("classify", "column 2", "column 1")),
        (["id", "Nachricht", "Kategorie"], "itl", ("classify", "Nachricht", "Kategorie")),
        (["source", "texte", "étiquette", "date"], "ltli", ("classify", "texte", "étiquette")),
        (["question", "answer", "category"], "tal", ("answer", "question", "answer")),
        (["id", "Frage", "Antwort"], "ita", ("answer", "Frage", "Antwort")),
        (["mr", "ref"], "ta", ("answer", "mr", "ref")),
        (["column 1", "column 2"], "ta", ("answer", "column 1", "column 2")),
        (["utterance", "intent", "entity_type", "category"], "tlcl", ("classify", "utterance", "intent")),
        (["问题", "答案"], "ta", ("answer", "问题", "答案")),
        (["customerMessage", "ticketPriority"], "tl", ("classify", "customerMessage", "ticketPriority")),
    ],
)
def test_columns_are_known_by_name_and_content(
    tmp_path: Path, header: list[str], makers: str, expected: tuple[str, str, str]
) -> None:
    found = guess(tmp_path, header, makers)
    assert (found.kind, found.columns.input, found.columns.target) == expected
    assert found.roles[found.columns.input] == "text"
    assert found.roles[found.columns.target] == ("label" if found.kind == "classify" else "answer")
    assert set(found.roles) == set(header)


# One row a language: a text with a label, a question with an answer.
NAMES = [
    ("text", "category", "question", "answer"), ("Nachricht", "Kategorie", "Frage", "Antwort"),
    ("Message", "Catégorie", "Question", "Réponse"), ("Mensaje", "Categoría", "Pregunta", "Respuesta"),
    ("Messaggio", "Categoria", "Domanda", "Risposta"), ("Mensagem", "Categoria", "Pergunta", "Resposta"),
    ("Bericht", "Categorie", "Vraag", "Antwoord"), ("Wiadomość", "Kategoria", "Pytanie", "Odpowiedź"),
    ("Mesaj", "Kategori", "Soru", "Cevap"), ("Сообщение", "Категория", "Вопрос", "Ответ"),
    ("Повідомлення", "Категорія", "Питання", "Відповідь"), ("رسالة", "تصنيف", "سؤال", "إجابة"),
    ("הודעה", "קטגוריה", "שאלה", "תשובה"), ("文本", "类别", "问题", "答案"), ("テキスト", "カテゴリ", "質問", "回答"),
    ("메시지", "분류", "질문", "답변"), ("Meddelande", "Kategori", "Fråga", "Svar"),
    ("Besked", "Kategori", "Spørgsmål", "Svar"), ("Melding", "Kategori", "Spørsmål", "Svar"),
    ("Viesti", "Luokka", "Kysymys", "Vastaus"), ("Zpráva", "Kategorie", "Otázka", "Odpověď"),
    ("Üzenet", "Kategória", "Kérdés", "Válasz"), ("Μήνυμα", "Κατηγορία", "Ερώτηση", "Απάντηση"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "labelled", "kind"),
    [("label", 20, "classify"), ("column 2", 20, "continue"), ("label", 4, "continue")],
)
def test_a_label_may_be_missing_in_most_rows_where_its_column_says_so_and_each_value_comes_again(
    name: str, labelled: int, kind: str, tmp_path: Path
) -> None:
    rng = random.Random(4)
    rows = [[sentence(rng, 9), ("tea", "rain", "coal")[n % 3] if n < labelled else ""] for n in range(200)]
    found = guess_roles(table_of(tmp_path, ["text", name], rows))
    assert found.kind == kind
    assert (found.columns.target == name) == (kind == "classify")


@pytest.mark.parametrize("names", NAMES)
def test_names_in_many_languages(names: tuple[str, str, str, str], tmp_path: Path) -> None:
    text, label, question, answer = names
    (tmp_path / "l").mkdir()
    (tmp_path / "a").mkdir()
    sorting = guess(tmp_path / "l", ["id", label, "x", text], "iltt")  # the text stands last, behind another
    assert (sorting.kind, sorting.columns.input, sorting.columns.target) == ("classify", text, label)
    asking = guess(tmp_path / "a", [answer, "id", "x", question], "tiat")  # the answer stands first and is shorter
    assert (asking.kind, asking.columns.input, asking.columns.target) == ("answer", question, answer)


def rows_of(count: int, *makers: Callable[[random.Random, int], str]) -> list[list[str]]:
    rng = random.Random(1)
    return [[make(rng, number) for make in makers] for number in range(count)]


def text(rng: random.Random, number: int) -> str:
    return f"{sentence(rng, 8)} {number}"


def long(rng: random.Random, number: int) -> str:
    return f"{sentence(rng, 60)} {number}"


def asked_again(rng: random.Random, number: int) -> str:
    return f"what about number {number // 4} then"


def bit(rng: random.Random, number: int) -> str:
    return str(int(number % 4 == 0))


def goals_of(folder: Path, columns: list[str], rows: list[list[str]]) -> Guess:
    return guess_roles(table_of(folder, columns, rows))


def test_a_question_and_a_passage_with_a_mark_is_a_search(tmp_path: Path) -> None:
    found = goals_of(tmp_path, ["question", "label", "passage"], rows_of(80, asked_again, bit, long))
    assert (found.kind, found.kind, found.columns.group, found.columns.template) == ("search", "search", "question", "")
    assert (found.columns.input, found.columns.target, found.columns.score) == ("question", "passage", "label")
    assert (found.roles["passage"], found.roles["label"]) == ("answer", "score")


def test_a_query_and_a_passage_alone_are_a_search(tmp_path: Path) -> None:
    found = goals_of(tmp_path, ["query", "passage"], rows_of(60, text, long))
    assert (found.kind, found.kind, found.columns.input, found.columns.target) == (
        "search",
        "search",
        "query",
        "passage",
    )


@pytest.mark.parametrize("columns", [["sentence1", "sentence2", "score"], ["column 1", "column 2", "column 3"]])
def test_two_sentences_with_a_number_are_a_rating(tmp_path: Path, columns: list[str]) -> None:
    rows = rows_of(80, text, text, lambda rng, _: f"{rng.uniform(0, 5):.2f}")
    found = goals_of(tmp_path, columns, rows)
    assert (found.kind, found.kind, found.columns.target) == ("rate", "rate", columns[2])
    searched = found.fitting("search")
    assert searched is not None
    assert (searched.input, searched.target, searched.score, searched.template) == (*columns, "")
    assert found.fitting("answer") is None
    assert found.columns.template == f"{{{columns[0]}}}\n\n{{{columns[1]}}}"
    assert found.roles[columns[2]] == "score"


def test_two_sentences_with_words_are_sorted(tmp_path: Path) -> None:
    rows = rows_of(60, text, text, lambda rng, _: rng.choice(["entailment", "neutral", "contradiction"]))
    found = goals_of(tmp_path, ["premise", "hypothesis", "label"], rows)
    assert (found.kind, found.columns.target, found.columns.template) == (
        "classify",
        "label",
        "{premise}\n\n{hypothesis}",
    )


def test_one_text_with_a_score_is_a_rating(tmp_path: Path) -> None:
    found = goals_of(tmp_path, ["essay", "score"], rows_of(80, long, lambda rng, _: f"{rng.uniform(0, 100):.1f}"))
    assert (found.kind, found.kind, found.columns.input, found.columns.target) == ("rate", "rate", "essay", "score")


def test_answers_that_stand_in_the_text_are_found_there(tmp_path: Path) -> None:
    rows = [[context, question, " ".join(context.split()[2:4])] for context, question in rows_of(60, long, text)]
    found = goals_of(tmp_path, ["context", "question", "answer"], rows)
    assert (found.kind, found.kind, found.columns.input, found.columns.target) == (
        "find",
        "find",
        "question",
        "answer",
    )
    assert (found.columns.template, found.columns.context) == ("", "context")
    renamed = goals_of(tmp_path, ["text", "question", "answer"], rows)
    assert (renamed.kind, renamed.columns.context) == ("find", "text")
    other = goals_of(tmp_path, ["context", "question", "answer"], rows_of(60, long, text, text))
    assert (other.kind, other.kind, other.columns.template, other.columns.context) == ("read", "read", "", "context")
    rows = [[rows[n // 3 * 3][0], question, answer] for n, (question, answer) in enumerate(rows_of(60, text, text))]
    plain = goals_of(tmp_path, ["text", "question", "answer"], rows)
    assert (plain.kind, plain.columns.context, plain.columns.group) == ("read", "text", "text")


def test_better_and_worse_answers(tmp_path: Path) -> None:
    found = goals_of(tmp_path, ["prompt", "chosen", "rejected"], rows_of(40, text, long, long))
    assert (found.kind, found.kind) == ("prefer", "prefer")
    assert (found.columns.input, found.columns.target, found.columns.rejected) == ("prompt", "chosen", "rejected")
    assert found.roles == {"prompt": "text", "chosen": "answer", "rejected": "worse"}


def test_answers_with_a_verdict(tmp_path: Path) -> None:
    def thumb(_: random.Random, number: int) -> str:
        return "👍" if number % 3 else "👎"

    found = goals_of(tmp_path, ["question", "answer", "Thumbs"], rows_of(40, text, long, thumb))
    assert (found.kind, found.columns.target, found.columns.score) == ("prefer", "answer", "Thumbs")
    bits = goals_of(tmp_path, ["question", "answer", "helpful"], rows_of(40, text, long, lambda _, n: str(n % 2)))
    assert (bits.kind, bits.columns.score) == ("prefer", "helpful")
    unnamed = goals_of(tmp_path, ["question", "answer", "urgent"], rows_of(40, text, long, lambda _, n: str(n % 2)))
    assert unnamed.kind != "prefer"


def test_instructions_with_inputs_get_a_template(tmp_path: Path) -> None:
    rows = rows_of(60, text, lambda _, number: f"some input {number}" if number % 3 == 0 else "", long)
    found = goals_of(tmp_path, ["instruction", "input", "output"], rows)
    assert (found.kind, found.columns.template) == ("answer", "{instruction}\n\n{input}")
    assert found.shape == "instruction"
    plain = goals_of(tmp_path, ["instruction", "input", "output"], [[a, "", c] for a, _, c in rows])
    assert (plain.columns.input, plain.columns.template) == ("instruction", "")


def test_a_title_is_read_with_its_text(tmp_path: Path) -> None:
    found = goals_of(tmp_path, ["title", "body", "category"], rows_of(60, text, long, lambda _, n: f"k{n % 4}"))
    assert (found.columns.input, found.columns.target, found.columns.template) == (
        "body",
        "category",
        "{title}\n\n{body}",
    )


def test_conversations_say_what_went_before(tmp_path: Path) -> None:
    turn = '[{"role":"user","content":"before"},{"role":"assistant","content":"yes"}]'
    rows = rows_of(60, lambda *_: "Be kind.", lambda _, n: turn if n % 2 else "", text, long, lambda _, n: f"c{n // 3}")
    found = goals_of(tmp_path, ["system", "earlier", "message", "answer", "customer_id"], rows)
    assert (found.kind, found.columns.input, found.columns.target) == ("answer", "message", "answer")
    assert (found.columns.system, found.columns.earlier, found.columns.group) == ("system", "earlier", "customer_id")


@pytest.mark.parametrize("parts", [["train", "validation", "test"], ["Training", "Test"], ["训练集", "测试集"]])
def test_parts_that_the_table_names(tmp_path: Path, parts: list[str]) -> None:
    rows = rows_of(60, text, lambda _, n: f"k{n % 4}", lambda rng, _: rng.choice(parts))
    found = goals_of(tmp_path, ["text", "label", "set"], rows)
    assert (found.columns.part, found.columns.target, found.roles["set"]) == ("set", "label", "part")
    assert goals_of(tmp_path, ["text", "label", "set"], [[a, b, "k7"] for a, b, _ in rows]).columns.part == ""


def test_labels_in_columns_of_their_own(tmp_path: Path) -> None:
    rows = rows_of(80, text, bit, lambda rng, _: str(rng.randint(0, 1)), lambda rng, _: str(int(rng.random() < 0.1)))
    found = goals_of(tmp_path, ["comment_text", "toxic", "insult", "threat"], rows)
    assert (found.kind, found.columns.input) == ("classify", "comment_text")
    assert (found.columns.target, found.columns.labels) == ("", ("toxic", "insult", "threat"))
    assert {name for name, role in found.roles.items() if role == "label"} == {"toxic", "insult", "threat"}


def test_several_labels_in_a_cell(tmp_path: Path) -> None:
    def tags(rng: random.Random, _: int) -> str:
        return "; ".join(
            rng.sample(["delivery of goods", "payment", "damage", "praise for the shop"], rng.randint(1, 3))
        )

    found = goals_of(tmp_path, ["comment", "subjects"], rows_of(90, text, tags))
    assert (found.kind, found.columns.input, found.columns.target) == ("classify", "comment", "subjects")


@pytest.mark.parametrize("name", ["urgency", "stars"])
def test_numbers_that_are_named_a_measure_are_a_rating(tmp_path: Path, name: str) -> None:
    found = goals_of(tmp_path, ["message", name], rows_of(90, text, lambda rng, _: str(rng.randint(1, 5))))
    assert (found.kind, found.columns.target) == ("rate", name)
    kinds = goals_of(tmp_path, ["message", "class"], rows_of(90, text, lambda rng, _: str(rng.randint(1, 5))))
    assert kinds.kind == "classify"


def test_code_is_the_answer_to_words(tmp_path: Path) -> None:
    rows = rows_of(60, lambda _, n: f"SELECT name FROM t WHERE id = {n};", text, lambda _, n: f"db{n % 3}")
    found = goals_of(tmp_path, ["query", "question", "db_name"], rows)
    assert (found.kind, found.columns.input, found.columns.target) == ("answer", "question", "query")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("uuid", lambda rng, n: f"{rng.getrandbits(64):016x}-{n}"),
        ("when", lambda _, n: f"2024-0{n % 9 + 1}-11"),
        ("amount", lambda _, n: f"{n * 7.25:.2f}"),
        ("page", lambda _, n: f"https://example.org/{n % 5}"),
        ("same", lambda *_: "always this"),
        ("answer_start", lambda _, n: str(n % 3)),
        ("entities", lambda _, n: f'["a","{n % 2}"]'),
    ],
)
def test_what_is_no_text_is_neither_read_nor_learned(
    tmp_path: Path, name: str, make: Callable[[random.Random, int], str]
) -> None:
    found = goals_of(tmp_path, [name, "words", "kind"], rows_of(60, make, text, lambda _, n: f"k {n % 4}"))
    assert (found.columns.input, found.columns.target) == ("words", "kind")
    alone = goals_of(tmp_path, [name, "words"], rows_of(60, make, text))
    assert (alone.kind, alone.columns.input, alone.columns.target) == ("continue", "words", "")


HANDED = [f"Please send the {thing} back to us, and we pay the postage." for thing in ("lamp", "radio", "chair")]


@pytest.mark.parametrize("names", NAMES)
def test_the_few_answers_of_a_help_desk_outrank_a_rating(tmp_path: Path, names: tuple[str, ...]) -> None:
    rating, asked = (lambda rng, _: str(rng.randint(1, 5))), (lambda _, n: f"How do I return thing {n % 9}, please?")
    rows = rows_of(90, lambda _, n: f"P{n % 4} Lee", asked, lambda _, n: HANDED[n % 3], rating)
    found = goals_of(tmp_path, ["Name", *names[2:], "Rating"], rows)
    assert (found.kind, found.columns.input, found.columns.target) == ("answer", *names[2:])
    assert found.reason.endswith(f"so it looks like the answer to “{names[2]}”.")


def test_a_word_that_answers_is_a_label_before_a_number_is(tmp_path: Path) -> None:
    rows = rows_of(60, text, lambda _, n: "yes" if n % 3 else "no", lambda rng, _: str(rng.randint(1, 5)))
    found = goals_of(tmp_path, ["question", "answer", "rating"], rows)
    assert (found.kind, found.columns.input, found.columns.target) == ("classify", "question", "answer")


def test_a_label_in_words_outranks_few_replies_to_messages(tmp_path: Path) -> None:
    rows = rows_of(60, text, lambda _, n: HANDED[n % 3], lambda _, n: f"k{n % 4}x")
    assert goals_of(tmp_path, ["message", "reply", "topic"], rows).columns.target == "topic"
    rated = goals_of(tmp_path, ["message", "reply", "stars"], [[a, b, c[1]] for a, b, c in rows])
    assert (rated.kind, rated.columns.target) == ("answer", "reply")


def test_the_reason_is_one_sentence(tmp_path: Path) -> None:
    reason = guess(tmp_path, ["text", "category"], "tl").reason
    assert reason == "“category” has 3 different short values, so it looks like the label."


def test_nothing_to_learn_is_said(tmp_path: Path) -> None:
    alone = guess(tmp_path, ["text"], "t")
    assert (alone.columns.input, alone.columns.target) == ("text", "")
    assert "no column looks like" in alone.reason
    numbers = guess(tmp_path, ["id", "date"], "ii")
    assert (numbers.columns.input, numbers.columns.target, numbers.reason) == ("", "", "No column holds texts to read.")


@pytest.mark.parametrize(
    "names",
    [
        ("anchor", "positive", "negative"),
        ("query", "positive", "negative"),
        ("question", "pos", "hard_negative"),
        ("query", "positive_passage", "negative_1"),
        ("Satz", "positive", "negative"),
    ],
)
def test_a_right_and_a_wrong_passage_beside_a_text_are_a_search(tmp_path: Path, names: tuple[str, str, str]) -> None:
    found = goals_of(tmp_path, ["id", *names], [[str(n), *row] for n, row in enumerate(rows_of(60, text, long, long))])
    columns = found.columns
    assert (found.kind, columns.input, columns.target, columns.negative) == ("search", *names)
    assert names[2] in found.reason
    # Columns of 0 and 1 that are named so are labels.
    bits = rows_of(60, text, bit, lambda rng, _: str(rng.randint(0, 1)), lambda rng, _: str(rng.randint(0, 1)))
    assert goals_of(tmp_path, ["text", "positive", "negative", "neutral"], bits).kind == "classify"


@pytest.mark.parametrize(("good", "bad"), [("True", "False"), ("true", "false"), ("👍", "👎"), ("yes", "no")])
def test_thumbs_beside_prompts_and_completions_are_preferences(tmp_path: Path, good: str, bad: str) -> None:
    rows = rows_of(60, text, long, lambda _, n: good if n % 3 else bad)
    found = goals_of(tmp_path, ["prompt", "completion", "label"], rows)
    assert (found.kind, found.columns.target, found.columns.score) == ("prefer", "completion", "label")
    topics = goals_of(tmp_path, ["prompt", "completion", "label"], rows_of(60, text, long, lambda _, n: f"k{n % 3}x"))
    assert topics.kind == "answer"
    tones = [[a, b, "positive" if c == good else "negative"] for a, b, c in rows]
    assert goals_of(tmp_path, ["prompt", "completion", "label"], tones).kind == "answer"


def test_another_goal_than_the_likely_one_has_its_columns(tmp_path: Path) -> None:
    found = goals_of(tmp_path, ["prompt", "completion", "label"], rows_of(60, text, long, bit))
    searched, preferred = found.fitting("search"), found.fitting("prefer")
    assert found.kind == "answer"
    assert searched is not None
    assert (searched.input, searched.target, searched.score) == ("prompt", "completion", "")
    assert preferred is not None
    assert (preferred.input, preferred.target, preferred.score) == ("prompt", "completion", "label")
    plain = goals_of(tmp_path, ["question", "answer"], rows_of(60, text, long))
    assert (plain.kind, plain.fitting("prefer")) == ("answer", None)
    rows = [[context, question, " ".join(context.split()[2:4])] for context, question in rows_of(60, long, text)]
    marked = goals_of(tmp_path, ["context", "question", "answer"], rows).fitting("search")
    assert marked is not None
    assert (marked.input, marked.target, marked.context, marked.template) == ("question", "context", "", "")

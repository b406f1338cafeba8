"""What a column's name says about it, in several languages.

In: a column name. Out: the role that it names, or None.
"""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["text", "label", "answer", "other"]

_WORDS: dict[Role, str] = {
    "label": """
        label labels category categories class classes intent intents sentiment topic topics tag polarity emotion
        stance target spam priority department coarse rating stars verdict diagnosis outcome gold
        kategorie klasse etikett thema stimmung absicht gefühl bewertung bereich abteilung priorität
        catégorie categorie classe étiquette etiquette sujet intention
        categoría categoria clase etiqueta tema sentimiento intención
        rótulo rotulo sentimento assunto onderwerp
        kategoria klasa etykieta kategorija sınıf duygu etiket
        категория класс метка тема тональность 标签 类别 分类 类型
        情感 ラベル カテゴリ カテゴリー 분류 라벨 카테고리""",
    "answer": """
        answer answers response responses reply replies completion output outputs ref reference summary
        description translation solution chosen answer_text atext assistant resolution sql query
        antwort antworten lösung ausgabe beschreibung zusammenfassung übersetzung
        réponse reponse résumé resume traduction
        respuesta respuestas resumen traducción risposta risposte resposta respostas
        antwoord antwoorden odpowiedź odpowiedz cevap yanıt ответ ответы 回答 答案 回复 输出 答え 応答 답변""",
    "text": """
        text texts message messages sentence sentences utterance review reviews comment comments content body
        question questions prompt prompts instruction instructions input inputs tweet headline title post
        email mail document phrase mr facts request complaint ticket qtext context user
        nachricht satz kommentar frage fragen anfrage beschwerde inhalt anweisung eingabe betreff anliegen meldung
        texte commentaire demande avis contenu
        texto mensaje frase comentario pregunta preguntas reseña contenido
        testo messaggio commento domanda domande recensione
        mensagem pergunta perguntas comentário tekst bericht zin vraag vragen wiadomość zdanie pytanie
        metin mesaj soru yorum текст сообщение вопрос вопросы отзыв 文本 内容 问题 评论 句子 review_text
        テキスト 質問 文章 レビュー 텍스트 질문 리뷰 문장""",
    "other": """
        id ids index no number nr row key uuid guid date time datetime timestamp created updated url link href
        name email_address phone source author user_id lang language country region city split fold tags
        last_update datum zeit nummer quelle fecha data número numero fuente html answer_html
        type version file filename path""",
}
_ROLE_OF: dict[str, Role] = {word: role for role, words in _WORDS.items() for word in words.split()}
_NUMBERED = re.compile(r"(?:column|spalte|colonne|columna|unnamed:?) ?\d+", re.IGNORECASE)


def role_of(name: str) -> Role | None:
    """The role that a name says: the whole name first, then its last and its first word."""
    whole = name.strip().casefold()
    if whole in _ROLE_OF:
        return _ROLE_OF[whole]
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip()))
    if not words or len(words) > 3:
        return None
    return _ROLE_OF.get(words[-1].casefold()) or _ROLE_OF.get(words[0].casefold())


def is_column_name(name: str) -> bool:
    """Whether this can hardly be anything but the name of a column."""
    return name.strip().casefold() in _ROLE_OF or _NUMBERED.fullmatch(name.strip()) is not None

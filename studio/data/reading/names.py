"""What a column's name says about it, in many languages.

In: a column name. Out: the Meaning that it names, the Role that this is, or None; whether a cell can hardly be anything
but a column's name.
"""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["text", "label", "answer", "worse", "system", "earlier", "part", "group", "score", "other"]
Meaning = Literal[
    "text", "title", "question", "context", "instruction", "input", "label", "answer", "better", "worse", "system",
    "earlier", "part", "group", "score", "other",
]  # fmt: skip

_WORDS: dict[Meaning, str] = {
    "label": """
        label labels category categories class classes tag intent intents sentiment topic topics polarity emotion
        emotions stance target spam priority department coarse fine rating ratings stars verdict diagnosis outcome gold
        genre urgency severity toxicity sentiment_label kto_tag gold_label ground_truth subcategory
        kategorie kategorien klasse etikett thema stimmung absicht gefühl bewertung bereich abteilung priorität rubrik
        zielklasse sparte dringlichkeit
        catégorie categorie classe étiquette etiquette sujet intention priorité thème rubrique émotion note
        categoría categoria clase etiqueta tema sentimiento intención prioridad emoción calificación
        etichetta intento priorità argomento valutazione emozione
        rótulo rotulo sentimento assunto intenção prioridade emoção avaliação
        onderwerp categorie klasse gevoel prioriteit beoordeling
        kategoria klasa etykieta intencja temat priorytet ocena nastrój
        kategorija sınıf duygu etiket kategori konu niyet öncelik puan
        категория класс метка тема тональность настроение намерение приоритет оценка рубрика
        категорія клас мітка тональність настрій намір пріоритет оцінка
        فئة الفئة تصنيف التصنيف صنف الصنف مشاعر المشاعر نية النية تسمية التسمية موضوع الموضوع
        קטגוריה סיווג תווית רגש נושא כוונה עדיפות
        标签 类别 分类 类型 情感 意图 主题 情绪 等级 類別 分類 標籤 情感極性
        ラベル カテゴリ カテゴリー 分類 感情 意図 区分 種別
        분류 라벨 카테고리 감정 의도 레이블 주제
        klass etikett känsla avsikt ämne
        kategori følelse hensigt emne klasse merkelapp hensikt
        luokka kategoria tunne aihe tunniste aikomus
        třída štítek téma záměr nálada kategorie
        kategória osztály címke téma érzelem szándék
        κατηγορία κλάση ετικέτα θέμα συναίσθημα πρόθεση""",
    "answer": """
        answer answers response responses reply replies completion output outputs ref reference references
        translation solution answer_text atext assistant resolution sql expected expected_output
        ideal_response model_answer target_text gpt bot agent_reply
        antwort antworten lösung ausgabe übersetzung erwiderung musterantwort
        réponse réponses reponse traduction solution
        respuesta respuestas traducción solución
        risposta risposte traduzione soluzione
        resposta respostas tradução solução
        antwoord antwoorden oplossing vertaling
        odpowiedź odpowiedzi odpowiedz rozwiązanie tłumaczenie
        cevap cevaplar yanıt yanıtlar çeviri çözüm
        ответ ответы решение перевод відповідь відповіді рішення переклад
        جواب الجواب إجابة الإجابة رد الرد ترجمة الترجمة
        תשובה תשובות פתרון תרגום
        回答 答案 回复 输出 答复 译文 答覆 回覆 輸出 解答
        答え 応答 回答文 返信 出力 翻訳
        답변 응답 정답 답 출력 번역
        svar svaret lösning översättning løsning oversættelse oversettelse
        vastaus vastaukset ratkaisu käännös
        odpověď odpovědi řešení překlad
        válasz válaszok megoldás fordítás
        απάντηση απαντήσεις λύση μετάφραση""",
    "title": """
        title headline subject subject_line heading titel überschrift betreff titre objet título asunto titolo oggetto
        assunto_email onderwerpregel tytuł başlık заголовок тема_письма назва عنوان العنوان כותרת 标题 標題 题目
        タイトル 件名 제목 rubrik tittel otsikko titulek název cím tárgy τίτλος""",
    "question": """
        question questions query queries qtext prompt prompts user_query user_message search_query q
        frage fragen anfrage anliegen suchanfrage
        demande demandes requête pregunta preguntas consulta domanda domande richiesta pergunta perguntas
        vraag vragen pytanie pytania zapytanie soru sorular вопрос вопросы запрос питання запит
        سؤال السؤال الأسئلة استفسار שאלה שאלות 问题 提问 問題 查询 質問 問い 질문 fråga frågor spørgsmål spørsmål
        kysymys kysymykset otázka otázky dotaz kérdés kérdések ερώτηση ερωτήσεις""",
    "context": """
        context passage passages document documents doc paragraph evidence article source_text background premise
        kontext absatz textstelle dokument artikel contexte paragraphe contexto párrafo contesto documento
        kontekst dokument bağlam belge контекст документ абзац статья стаття سياق السياق وثيقة הקשר מסמך
        上下文 段落 文档 文章内容 背景 文脈 コンテキスト 本文 문맥 지문
        konteksti asiakirja szövegkörnyezet πλαίσιο έγγραφο""",
    "instruction": """
        instruction instructions task anweisung anweisungen aufgabe consigne instrucción instrucciones istruzione
        istruzioni instrução instruções instructie polecenie talimat инструкция задание інструкція завдання تعليمات
        הוראה 指令 指示 命令 지시 지시문 instruktion instruks ohje pokyn utasítás οδηγία""",
    "input": """
        input inputs eingabe eingaben entrée entrada ingresso invoer wejście girdi ввод вход 输入 輸入 
        入力 입력 indata""",
    "text": """
        text texts message messages sentence sentences utterance utterances review reviews review_text comment comments
        content contents body tweet tweets post posts email mail phrase phrases mr facts request requests complaint
        complaints ticket tickets user human customer_message note notes feedback narrative transcript
        story paragraphs lines lyrics poem abstract report hypothesis
        nachricht nachrichten satz sätze kommentar kommentare beschwerde inhalt meldung rezension äußerung brief befund
        notiz notizen rückmeldung bericht
        texte textes commentaire avis contenu message phrase plainte courriel
        texto textos mensaje mensajes frase comentario comentarios reseña contenido oración queja opinión
        testo testi messaggio messaggi commento commenti recensione frase reclamo contenuto
        mensagem mensagens comentário frase reclamação conteúdo
        tekst teksten bericht berichten zin zinnen recensie klacht inhoud
        tekst teksty wiadomość zdanie opinia komentarz recenzja treść skarga
        metin mesaj yorum cümle içerik şikayet
        текст тексты сообщение отзыв комментарий предложение жалоба содержание
        повідомлення відгук коментар речення скарга зміст
        نص النص رسالة الرسالة جملة الجملة تعليق التعليق مراجعة محتوى شكوى
        טקסט הודעה משפט תגובה ביקורת תוכן תלונה
        文本 内容 评论 句子 消息 留言 正文 反馈 內容 評論 訊息
        テキスト 文章 レビュー 文 メッセージ コメント 内容 発話
        텍스트 리뷰 문장 메시지 댓글 내용 본문
        meddelande mening kommentar recension innehåll text
        besked sætning anmeldelse indhold melding setning innhold
        teksti viesti lause kommentti arvostelu sisältö
        zpráva věta komentář recenze obsah stížnost
        szöveg üzenet mondat megjegyzés vélemény tartalom panasz
        κείμενο μήνυμα πρόταση σχόλιο κριτική περιεχόμενο""",
    "better": "chosen preferred preferred_output better accepted winner positive_response",
    "worse": "rejected dispreferred non_preferred_output worse loser negative_response",
    "system": "system system_prompt system_message systemprompt systemanweisung",
    "earlier": "earlier history previous_turns chat_history conversation_history verlauf gesprächsverlauf historial",
    "part": "split fold partition subset_name datensatzteil aufteilung",
    "group": """
        group group_id tree thread thread_id conversation_id session session_id customer customer_id client_id patient
        patient_id user_id case_id dialog_id dialogue_id message_tree_id question_id query_id qid doc_id document_id
        kunde kundennummer kunden_id patient_in patientennummer fall fallnummer aktenzeichen id_client cliente_id""",
    "score": """
        score scores similarity similarity_score relevance relevance_score grade points
        punkte punktzahl ähnlichkeit relevanz pontuação puntuación punteggio wynik skor балл 分数 評分 スコア 점수""",
    "other": """
        id ids index no number nr row key uuid guid date time datetime timestamp created updated url link href
        name email_address phone source author lang language country region city tags entity_type entity_value
        start_offset end_offset answer_start is_impossible
        last_update datum zeit uhrzeit nummer quelle fecha data número numero fuente html answer_html autor auteur
        type version file filename path db_name weight rank steps tools is_classification sprache langue idioma
        дата номер ссылка автор 日期 编号 时间 链接 作者 日付 番号 날짜 번호 作詞者""",
}
# These may name an answer ("write a summary") or a text to sort ("the ticket's description").
_WEAK = """
    summary description zusammenfassung beschreibung résumé resume resumen descripción riassunto descrizione resumo
    descrição samenvatting omschrijving streszczenie opis özet açıklama резюме описание опис 摘要 描述 要約 説明 요약
    설명 sammanfattning beskrivning beskrivelse kuvaus popis leírás περιγραφή وصف תיאור"""
# Cells may be these words as well: a label, who is speaking, a part.
_NOT_ALONE = """
    no spam user assistant system human gpt bot note fine better worse task fall report q urgency request requests
    complaint complaints feedback beschwerde department solution sql priority"""
_MEANING_OF: dict[str, Meaning] = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
_MEANING_OF.update(dict.fromkeys(_WEAK.split(), "answer"))
_ROLES: dict[Meaning, Role] = {
    "title": "text", "question": "text", "context": "text", "instruction": "text", "input": "text", "text": "text",
    "better": "answer", "answer": "answer", "worse": "worse", "label": "label", "system": "system",
    "earlier": "earlier", "part": "part", "group": "group", "score": "score", "other": "other",
}  # fmt: skip
_NUMBERED = re.compile(r"(?:column|spalte|colonne|columna|unnamed:?) ?\d+", re.IGNORECASE)


def meaning_of(name: str) -> Meaning | None:
    """What a name says: the whole name first, then its last and its first word."""
    whole = name.strip().casefold()
    if whole in _MEANING_OF:
        return _MEANING_OF[whole]
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip()))
    if not words or len(words) > 3:
        return None
    return _MEANING_OF.get(words[-1].casefold()) or _MEANING_OF.get(words[0].casefold())


def role_of(name: str) -> Role | None:
    """The role that a name says."""
    meaning = meaning_of(name)
    return _ROLES[meaning] if meaning else None


def is_whole_name(name: str) -> bool:
    """Whether a name is a known word as it stands, and not only in one of its parts."""
    return name.strip().casefold() in _MEANING_OF


def is_weak(name: str) -> bool:
    """Whether a name may be an answer's as well as a text's ("summary")."""
    return name.strip().casefold() in _WEAK.split()


def is_column_name(name: str) -> bool:
    """Whether this can hardly be anything but the name of a column."""
    word = name.strip().casefold()
    return (word in _MEANING_OF and word not in _NOT_ALONE.split()) or _NUMBERED.fullmatch(name.strip()) is not None

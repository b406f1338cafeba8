"""Whether a cell calls an answer good or bad: thumbs, yes and no, true and false, 1 and 0, in many languages.

In: a cell. Out: True, False, or None where it says neither; for a column's name, whether it promises such cells.
"""

from __future__ import annotations

_GOOD = """
    1 1.0 +1 true t yes y good up thumbs_up thumbsup thumb_up like liked upvote positive pos helpful correct right
    accepted accept approved better chosen desirable ok 👍 ✓ ✔ ✅ + ja wahr gut hilfreich richtig hoch daumen_hoch oui
    vrai bon bien utile correct sí si verdadero bueno buena útil correcto sì vero buono buona corretto sim verdadeiro
    bom boa correto waar goed nuttig juist tak prawda dobry dobra dobre pomocne evet doğru iyi да верно правда хорошо
    хороший хорошая полезно так вірно добре добрий корисно نعم صحيح جيد مفيد כן נכון טוב מועיל
    是 好 对 對 正确 正確 赞 讚 有用 はい 良い よい 正しい 예 네 좋음 좋아요 맞음
    sant bra rätt god godt riktig kyllä tosi hyvä oikein ano pravda dobrý dobrá igen jó igaz helyes
    ναι καλό καλή σωστό"""
_BAD = """
    0 0.0 -1 false f no n bad down thumbs_down thumbsdown thumb_down dislike disliked downvote negative neg unhelpful
    incorrect wrong rejected reject worse undesirable 👎 ✗ ✘ ❌ - nein falsch schlecht unrichtig runter daumen_runter
    non faux mauvais mauvaise mal inutile incorrecte falso malo mala inútil incorrecto falso cattivo cattiva errato
    scorretto não nao ruim mau má errado incorreto nee onwaar slecht fout onjuist nie fałsz zły zła źle hayır yanlış
    kötü нет неверно ложь плохо плохой плохая бесполезно ні невірно погано поганий لا خطأ خاطئ سيئ לא שגוי רע
    否 坏 壞 差 错 錯 错误 錯誤 踩 没用 いいえ 悪い わるい 間違い 아니요 아니오 나쁨 싫어요 틀림
    nej falskt dålig dåligt fel dårlig dårligt galt feil ei epätosi huono väärin ne nepravda špatný špatná nem rossz
    hamis helytelen όχι κακό κακή λάθος not_helpful not_good nicht_hilfreich nicht_gut pas_utile pas_bon no_útil
    non_utile não_útil niet_nuttig niet_goed 不好 不对 不對 不正确 不正確"""
# What people call a column of verdicts.
_NAMES = """
    verdict thumbs thumb kto_tag feedback rating rated liked like helpful is_helpful good is_good vote votes approved
    accepted desirable preference urteil daumen bewertung hilfreich gut rückmeldung avis jugement évaluation pouce
    valoración veredicto pulgar me_gusta útil giudizio valutazione pollice voto avaliação veredito polegar
    oordeel duim beoordeling ocena kciuk oy beğeni değerlendirme оценка вердикт лайк оцінка تقييم حكم דירוג משוב
    评价 評價 评分 点赞 點讚 評価 いいね 高評価 평가 좋아요 omdöme betyg tumme vurdering tommel arvio peukku
    hodnocení palec értékelés hüvelykujj αξιολόγηση ψήφος"""
_COLUMNS = frozenset(_NAMES.split())
_MEANS = {**dict.fromkeys(_GOOD.split(), True), **dict.fromkeys(_BAD.split(), False)}
_DRESS = "\ufe0f🏻🏼🏽🏾🏿"  # how an emoji is drawn, and the colour of a hand


def names_verdict(name: str) -> bool:
    """Whether a column is called as one of verdicts is."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split()) in _COLUMNS


def verdict_of(cell: str) -> bool | None:
    """True for good, False for bad, None where the cell says neither."""
    word = "".join(letter for letter in cell.casefold() if letter not in _DRESS).strip()
    if word not in _MEANS:
        word = "_".join(word.replace("-", " ").replace("_", " ").split())
    return _MEANS.get(word)

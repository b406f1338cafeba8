"""What a finding means and what to do now, in one short sentence for a narrow place.

In: a Finding. Out: at most 90 characters. The whole meaning stays in the finding.
"""

from __future__ import annotations

import re

from studio.data.checkup.finding import Finding

LONGEST = 90  # characters
_SENTENCE = re.compile(r".+?[.!?…](?=\s|$)", re.DOTALL)
_MASKED = "A model can repeat them to anybody. Mask them, unless they may be known."
_BRIEF = {
    "no_text": "Left out of training. Fill them in, or delete them.",
    "no_target": "Left out of training. Fill them in, or delete them.",
    "hollow_text": "They are used as they stand and teach nothing. Fill them in, or delete them.",
    "hollow_answer": "They are used as they stand and teach nothing. Fill them in, or delete them.",
    "totals": "The model would learn it as an example. If it is not one, delete it.",
    "similar_labels": "They count as different labels. Spell them the same way.",
    "alike_labels": "They count as different labels. If they mean the same, spell them the same way.",
    "padded_labels": "A label typed by hand later may lack the blanks. Take them away.",
    "duplicates": "Harmless: repeats are never both learned and tested. Delete mistakes.",
    "contradictions": "A model cannot learn both. Give the same text the same label.",
    "single_label": "There is nothing to tell apart. Choose another column, or add rows.",
    "rare_labels": "Few rows teach hardly anything. Add some, or delete the label.",
    "imbalance": "Rare labels are learned less well. Add rows of them if you can.",
    "text_length": "Often something slipped into the wrong cell. Look at them.",
    "answer_length": "Often something slipped into the wrong cell. Look at them.",
    "languages": "Fine where people will write in these languages.",
    "answer_languages": "Fine where the model is to answer in these languages.",
    "giveaway": "Known beforehand in real use? If not, take the column out.",
    "held": "Fine if texts come in like this. If the words were added, take them out.",
    "leaks": "Known beforehand, they make the test too easy. Delete them from training.",
    "near_leaks": "They make the test too easy. Delete those that ask the same.",
    "near_duplicates": "They teach little that is new. Look, and delete those that add nothing.",
    "groups": "Keep such rows together, or the result looks better than it is.",
    "suspicious_labels": "A quick classifier expects another label. Look: some will be right.",
    "uneven": "The model learns this, too. Look whether it is how it should be.",
    "rude_words": "A model may learn to write so. Look whether they belong here.",
    "garbled": "The model learns the garbled words as they stand. Mend them.",
    "html_signs": "They are in the way, unless the model is to write web pages.",
    "html_tags": "They are in the way, unless the model is to write web pages.",
    "hidden": "They make equal words different for a model. Take them out.",
    "lost": "What stood there is gone. Try another encoding, or mend the source.",
    "answer_cut": "Nothing can be learned from them. Raise the limit, or shorten the texts.",
    "cut": "What lies beyond the limit is not read. Raise it if the ends matter.",
    "unread": "Choose a model that was made for your language.",
}


def in_brief(found: Finding) -> str:
    """A sentence or two of at most 90 characters; "" where there is nothing to say."""
    known = _MASKED if found.kind.startswith("privacy_") else _BRIEF.get(found.kind, "")
    if known or len(found.meaning) <= LONGEST:
        return known or found.meaning
    said = ""
    for sentence in _SENTENCE.findall(found.meaning):
        longer = f"{said} {sentence.strip()}".strip()
        if len(longer) > LONGEST:
            break
        said = longer
    return said

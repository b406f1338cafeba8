"""Rows to try the check-up on: customers' messages put together from banks of words, and ways to spoil them.

In: a number of rows and a seed. Out: messages with a topic; the same text nearly or exactly again.
"""

from __future__ import annotations

import random

from studio.data.checkup.sameness import sameness_key


def _bank(words: str) -> list[str]:
    """What is divided by bars, or by blanks."""
    return words.split("|") if "|" in words else words.split()


TOPICS: dict[str, tuple[str, str]] = {
    "delivery": ("parcel package shipment courier box van letter crate", "late missing lost delayed stuck undelivered"),
    "refund": ("refund money repayment credit reimbursement cheque", "outstanding owed unpaid short refused withheld"),
    "invoice": ("invoice bill statement receipt charge amount", "wrong doubled unclear overdue duplicated unexplained"),
    "password": ("password login passcode username pin code", "forgotten rejected expired locked blocked invalid"),
    "damage": ("screen lid handle cover glass casing hinge", "cracked scratched bent shattered dented chipped"),
    "cancel": ("subscription membership contract plan renewal", "cancelled ended terminated stopped discontinued"),
    "booking": (
        "appointment reservation table room seat booking",
        "moved rescheduled changed rebooked shifted swapped",
    ),
    "network": ("internet router signal wifi broadband connection", "slow down unstable dropping dead patchy offline"),
    "warranty": (
        "warranty guarantee repair spare cartridge motor",
        "covered claimed extended honoured replaced serviced",
    ),
    "praise": ("team colleague staff advisor shop assistant", "wonderful friendly brilliant patient helpful kind"),
}
_OPENINGS = _bank(
    "good morning|hello there|hi team|dear all|to whom it concerns|excuse me|just a note|quick question|"
    "once again|as I said|following my call|after our chat|sorry to bother you|hi|greetings|I am writing because|"
    "you should know"
)
_TIMES = _bank(
    "since monday|for two weeks|after the storm|before christmas|last thursday|over the weekend|this morning|"
    "in early may|three days ago|since our holiday|during lunch|yesterday evening|for a month now|"
    "since the update|at half past nine|the day before my birthday|in the first week|right after the move|"
    "every second day|around noon"
)
_PLACES = _bank(
    "at my office|in our flat|near the station|at my mother's|in the garden house|on the third floor|in Leeds|"
    "by the harbour|at the school|in the warehouse|at our practice|in the kitchen|next to the bakery|"
    "in the village|at the hotel|on the ground floor|at the surgery|in the basement|behind the church|"
    "in the studio"
)
_FEELINGS = _bank(
    "I am quite surprised|nobody explained it|we never had this before|my husband noticed it|"
    "I do not understand why|it makes things difficult|our accountant asked about it|that was a first|"
    "my neighbour has the same|I would not mind but|it really matters to us|I only saw it by chance|"
    "we talked about it at dinner|it cost me an afternoon|I am new here|the children found it funny|"
    "I wrote it down|my daughter took a photo|we are a small firm|I have been with you for years"
)
_REQUESTS = _bank(
    "please let me know|could you look into it|call me back|what happens next|I would like an answer soon|"
    "tell me what to do|can somebody write to me|please pass this on|is there a form|thanks in advance|"
    "who is in charge of this|do I need to do anything|I look forward to hearing from you|please check|"
    "that is all for now|let us sort it out|kindly reply|please note it|may I visit you|many thanks"
)
_DETAILS = _bank(
    "violet amber copper maple granite lantern saddle marble pepper tulip falcon anchor barrel candle daisy ember"
    " fennel goblet harness iris jasmine kettle ladder mustard nutmeg orchid paddle quartz ribbon saffron thimble"
    " umber velvet walnut yarrow zephyr basket clover drizzle easel feather ginger hammock indigo juniper kayak "
    "lemon mitten needle olive pumpkin quiver raven slipper teapot urchin vase wicker almond button cactus dagger"
    " eagle flute glove"
)
_SURNAMES = _bank("Ahmed Baker Costa Duarte Evans Fischer Gupta Haddad Ivanova Jensen Kim Lopez Moreau Novak Okafor")


def message(dice: random.Random, topic: str) -> str:
    """A message of about twenty words on a topic."""
    things, states = (words.split() for words in TOPICS[topic])
    thing, state = dice.choice(things), dice.choice(states)
    detail = " ".join(dice.sample(_DETAILS, 2))
    core = dice.choice((
        f"the {thing} for the {detail} is {state}", f"my {thing} was {state}, it is the {detail} one",
        f"about the {state} {thing} ({detail})", f"{state} {thing} again, with {detail} on it",
    ))  # fmt: skip
    rest = [dice.choice(_TIMES), dice.choice(_PLACES), dice.choice(_FEELINGS)]
    dice.shuffle(rest)
    return f"{dice.choice(_OPENINGS)}, {core} {rest[0]} {rest[1]}, {rest[2]}. {dice.choice(_REQUESTS)}".capitalize()


def address(dice: random.Random) -> str:
    """An e-mail address of nobody."""
    return f"{dice.choice(_DETAILS)}.{dice.choice(_SURNAMES).lower()}{dice.randrange(100)}@example.com"


def again(dice: random.Random, text: str) -> str:
    """The same text as it is, or with other capitals, blanks or marks at its end."""
    return dice.choice((text, text.upper(), text.lower(), text + "!!", f" {text} ", text.replace(" ", "  ", 1)))


def nearly(dice: random.Random, text: str) -> str:
    """The text with a slip, from twenty words on with one to two: a typo, a word more, fewer or another, two words
    swapped. It stays nearly the same: in a short text another word would make it ask something else, and of two or
    three words none may go. Where a script has no blanks, its characters are the words."""
    for _ in range(20):
        slipped = _slipped(dice, text)
        if sameness_key(slipped) != sameness_key(text):  # two equal letters swapped are no slip
            return slipped
    return f"{text} {dice.choice(_DETAILS)}"


def _slipped(dice: random.Random, text: str) -> str:
    blank = "" if any("\u2e80" <= character <= "\u9fff" for character in text) else " "
    words = text.split() if blank else list(text)
    for _ in range(dice.choice((1, 1, 2)) if len(words) >= 20 else 1):
        at = dice.randrange(max(1, len(words) - 1))
        ways = ["swap"] if len(words) > 1 else []
        ways += ["typo"] * 2 if any(len(word) > 3 for word in words) else []
        ways += ["more"] if len(words) >= 4 else []
        ways += ["fewer"] if len(words) >= 6 else []
        ways += ["other"] if len(words) >= 10 else []
        way = dice.choice(ways or ["more"])
        if way == "typo":
            at = dice.choice([place for place, word in enumerate(words) if len(word) > 3])
            cut = dice.randrange(1, len(words[at]) - 1)
            words[at] = words[at][:cut] + words[at][cut + 1] + words[at][cut] + words[at][cut + 2 :]
        elif way == "more":
            words.insert(
                at, dice.choice(("really", "just", "also", "again", "indeed")) if blank else dice.choice("也真都还")
            )
        elif way == "fewer":
            del words[at]
        elif way == "swap":
            words[at], words[at + 1] = words[at + 1], words[at]
        else:
            words[at] = dice.choice(_DETAILS) if blank else dice.choice("山水火木金")
    return blank.join(words)

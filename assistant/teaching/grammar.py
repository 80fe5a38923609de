"""The sentences by which people teach, as frames; what they embed is read by the understander.

A frame is recognised before the classifier is asked, since it says outright what it is: "call X Y", "by X I mean Y".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "define", "name", "never", "allow", "like", "known", "about", "forget", "forget_last", "forget_all", "guest",
    "interview",
]  # fmt: skip

_WHEN = r"(?: (?:at|in the|during the) (?P<when>night|evening|evenings|morning|mornings|day))?"
FOND = ("fond of", "into", "keen on", "crazy about", "mad about", "partial to", "passionate about")
ADORE = (
    "adore",
    "appreciate",
    "favor",
    "favour",
    "fancy",
    "dig",
    "go for",
    "can't get enough of",
    "can't live without",
)
"""Other words for to like: after "I am", and after "I"."""
_FRAMES: tuple[tuple[Kind, str], ...] = (
    ("define", r"(?:when|whenever|if) i say (?P<term>.+?),? (?:then )?"
     r"(?:i mean|(?:it|that) means|i want you to|you should) (?P<meaning>.+)"),
    ("define", r"by (?P<term>.+?),? i mean (?P<meaning>.+)"),
    ("define", r"(?!what |tell |who |how |do |does |which |that |it |this )(?P<term>[a-z' ]+?) means (?P<meaning>.+)"),
    ("name", r"(?:call|name|rename) (?P<rest>.+)"),
    ("never", r"(?:never|don't ever|do not ever|you must never|you should never) (?P<request>.+?)" + _WHEN),
    ("allow", r"(?:you may|you can|you are allowed to|it(?:'s| is) (?:okay|ok|fine) to) (?P<request>.+?)(?: again)?"
     + _WHEN + r"(?: again)?"),
    ("like", r"i (?:really |also |mostly |only )?"
     r"(?P<verb>prefer|like|love|enjoy|hate|dislike|don't like|do not like|can't stand) (?P<value>.+?)" + _WHEN),
    ("like", rf"i (?:really |simply |absolutely )?(?P<verb>{'|'.join(ADORE)}) (?P<value>.+?)" + _WHEN),
    ("like", rf"(?:i'm|i am) (?:really |very |quite |so |totally )?(?P<verb>{'|'.join(FOND)}) (?P<value>.+?)" + _WHEN),
    ("like", r"(?:i'm|i am) an? (?:big |huge |great )?(?P<value>.+) (?P<verb>fan)"),
    ("like", r"(?:i'm|i am) an? (?:big |huge |great )?(?P<verb>fan) of (?P<value>.+)"),
    ("like", r"my (?P<domain>team) (?P<verb>is) (?P<value>.+)"),
    ("like", r"my (?P<verb>favou?rite) (?P<domain>\w+) (?:is|are) (?P<value>.+)"),
    ("guest", r"(?:(?:turn|switch|start|begin) )?(?:on )?guest mode(?: (?P<on>on))?"),
    ("guest", r"(?:(?:turn|switch) (?P<off>off) |(?P<ends>stop|end|leave) )guest mode|guest mode (?P<out>off)"),
    ("interview", r"(?:learn|ask me about|find out about) (?:my preferences|my tastes?|what i like)"),
    ("about", r"what (?:have you learned|did you learn|do you know|do you remember|have i taught you)(?: about me)?"),
    ("known", r"what (?:do you know about|have you learned about|does) (?P<term>.+?)(?: mean)?"),
    ("forget_all", r"forget (?:everything|all)(?: (?:about me|i taught you|you know about me|that i taught you))?"),
    ("forget_last", r"forget (?:that|it|about that|this)"),
    ("forget", r"(?:forget|unlearn) (?:about |what i said about )?(?P<term>.+)"),
)  # fmt: skip
FRAMES = tuple((kind, re.compile(pattern)) for kind, pattern in _FRAMES)
_NO_TASTE = re.compile(
    r"(?:it|that|this|them|you|him|her|to|how|when|what|the way|the idea|my|your|one|the other|these|those)\b"
)
"""How what is liked does not begin: a compliment, an answer, or a wish for something to be done."""
_REQUESTED = re.compile(r"^(?:(?:can|could|would|will) you |please |kindly )+")
_WISH = r"(?:i want|i'd like|i would like|i need|let's have)"
_SETS = (
    re.compile(r"(?:set|put|turn|switch|change|bring|adjust|move|get) (?P<target>.+?) (?:to|into|onto) (?P<value>.+)"),
    re.compile(r"(?:put|have|bring|get) (?P<target>.+?) (?:in|on) (?P<value>(?!the |my ).+)"),
    re.compile(rf"{_WISH} (?P<target>.+?) (?:set )?(?:to be|to) (?P<value>.+)"),
    re.compile(rf"{_WISH} (?P<target>.+?) (?:in|on) (?P<value>(?!the |my ).+)"),
)
_MAKE = re.compile(r"(?:make|get|have) (?P<rest>.+)")
_SAID_OF = re.compile(r"(?:(?:set |go |be |changed? )?(?:to|into|in|on|onto|at)(?: be)? )?(?P<value>(?!the |my ).+)")
QUESTION = re.compile(
    r"(?:what|who|whose|where|when|why|which|how|is|are|was|were|do|does|did|should|have you|has|am i|tell|remind)\b"
)
"""How questions begin."""
_NO_NAME = re.compile(
    r"\d|^(?:an?|some|another|any|when|whenever|if|until|till|once|after|before|for|every|because|while|unless|as|and|or|"
    r"but|except|excluding|besides|without|then|from|by|at|tomorrow|tonight|now|again|instead|please|off|up|down|"
    r"is|are|was|were|be|been|has|have|had|already|yet|still|too|very|really)\b"
)
"""What is no name of a value: numbers, something indefinite, a condition or a time, a direction, what is told of it."""
LEAD_WORDS = 5
"""Words before the name of a device in a request to set it."""
_TO = re.compile(r"(?:to|into|in|on) (?P<value>.+)")
_STATEMENT = re.compile(
    r"(?:i'm|i am|we're|we are) (?:\w+ing(?: \w+){0,2}|home|back|up|awake|tired|cold|hot|bored|hungry|off(?: to \w+)?)"
    r"|it(?:'s| is) (?:too|so|very) \w+(?: (?:in )?(?:here|the \w+(?: \w+)?))?"
)
_COURTESY = re.compile(r"^(?:(?:please|okay|ok|hey|and|well|so|from now on|remember that|remember)[, ]+)+|[, ]+please$")
LIKED = {
    **dict.fromkeys((*FOND, *ADORE), "likes"),
    "prefer": "prefers",
    "fan": "is a fan of",
    "hate": "hates",
    "love": "loves",
    "like": "likes",
    "enjoy": "enjoys",
}
TASTE_WORDS = 6
TERM_WORDS, PHRASE_WORDS = 5, 8
"""Words of a name or value, and of a phrase; longer ones are sentences."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One teaching sentence: its kind and the words in its places."""

    kind: Kind
    words: dict[str, str]

    def __getitem__(self, place: str) -> str:
        return self.words.get(place, "")


def tidy(text: str) -> str:
    """The text in lower case, without courtesies and marks at its ends.

    >>> tidy("Please, call the desk lamp Bob.")
    'call the desk lamp bob'
    """
    plain = " ".join(text.lower().replace("’", "'").replace('"', "").split()).strip(" .!?,")
    return _COURTESY.sub("", plain).strip(" ,")


def frame_of(text: str) -> Frame | None:
    """The teaching sentence that a tidy text is; `None` for every other.

    >>> frame_of("by cosy i mean fifty percent and warm white").words
    {'term': 'cosy', 'meaning': 'fifty percent and warm white'}
    >>> frame_of("i like that"), frame_of("turn on the light")
    (None, None)
    """
    for kind, pattern in FRAMES:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        words = {place: said.strip(" ,") for place, said in found.groupdict().items() if said}
        if kind == "like" and (_NO_TASTE.match(words["value"]) or len(words["value"].split()) > TASTE_WORDS):
            continue
        if kind == "define" and len(words["term"].split()) > PHRASE_WORDS:
            continue
        return Frame(kind, words)
    return None


def value_asked(text: str, names: tuple[str, ...]) -> tuple[str, str] | None:
    """What is to be set and the words for its value, in "set X to Y" and "make X Y".

    >>> value_asked("could you set the lamp to study mode", ()), value_asked("make the desk lamp cosy", ("desk lamp",))
    (('the lamp', 'study mode'), ('the desk lamp', 'cosy'))
    """
    asked = _REQUESTED.sub("", text)
    made = _MAKE.fullmatch(asked)
    if made and (split := leading_name(made["rest"], names)):
        to = _TO.fullmatch(split[1])
        return _short(f"the {split[0]}", to["value"] if to else split[1])
    if (split := leading_name(asked, names)) and (to := _TO.fullmatch(split[1])):
        return _short(f"the {split[0]}", to["value"])
    found = next((match for each in _SETS if (match := each.fullmatch(asked))), None)
    if found is not None:
        return _short(found["target"], found["value"])
    return None if QUESTION.match(asked) else _after_a_name(asked, names)


def _after_a_name(text: str, names: tuple[str, ...]) -> tuple[str, str] | None:
    """A device that is named anywhere, and what is said of it: "i'd love the desk lamp in study mode"."""
    inside = [name for name in names if f" {name} " in f" {text} "]
    name = max(inside, key=len, default="")
    before, _, after = f" {text} ".partition(f" {name} ")
    found = _SAID_OF.fullmatch(after.strip()) if name and len(before.split()) <= LEAD_WORDS else None
    return _short(f"the {name}", found["value"]) if found else None


def _short(target: str, value: str) -> tuple[str, str] | None:
    """The pair, where the value may be a name: few words, no number, and nothing indefinite."""
    value = value.removeprefix("the ").removeprefix("my ")
    names_it = len(value.split()) <= TERM_WORDS and not _NO_NAME.search(value)
    return (target, value) if names_it else None


def leading_name(text: str, names: tuple[str, ...]) -> tuple[str, str] | None:
    """The longest name that a text begins with, and the rest of the text.

    >>> leading_name("the desk lamp bob", ("lamp", "desk lamp"))
    ('desk lamp', 'bob')
    """
    bare = re.sub(r"^(?:the|my) ", "", text)
    fitting = [name for name in names if bare.startswith(f"{name} ")]
    name = max(fitting, key=len, default=None)
    return (name, bare[len(name) + 1 :]) if name else None


def statement(text: str) -> bool:
    """Whether a sentence tells how things are, and so may be a hint that something should be done.

    >>> statement("i'm leaving"), statement("it's too stuffy in here"), statement("turn on the light")
    (True, True, False)
    """
    return _STATEMENT.fullmatch(text) is not None


def parts_of(meaning: str) -> tuple[str, ...]:
    """The single values of an answer ("fifty percent and warm white").

    >>> parts_of("it should be fifty percent and warm white")
    ('fifty percent', 'warm white')
    """
    bare = re.sub(
        r"^(?:(?:it|that) (?:should be|is|means)|it's|make it|set it to|i mean|that's|use|to)\s+", "", meaning
    )
    bare = re.sub(r"\s+(?:please|thanks|thank you|i think|maybe|or so)$", "", bare)
    return tuple(part for part in re.split(r"\s*(?:,| and then | then | and )\s*", bare) if part)

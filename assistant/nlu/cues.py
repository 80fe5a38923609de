"""Whether the words of a clause carry the act that was read into it: "off" turns nothing on, a report orders nothing.

The classifier always has a likeliest class. An act needs more than that: a word that tells its direction, no word that
tells the opposite, and the mood of a request. All are closed classes of English, so this is grammar and not statistics.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.nlu.features import Mention
from assistant.nlu.gazetteer import Gazetteer, key_of
from assistant.nlu.lexicon import lexicon

UNTOLD = "home.turn"
"""The act of which it was not said whether it is to be on or off: "turn the lamp"."""
OPPOSITES = {
    "home.turn_on": "home.turn_off", "home.turn_off": "home.turn_on", "home.open": "home.close",
    "home.close": "home.open", "home.lock": "home.unlock", "home.unlock": "home.lock",
}  # fmt: skip
_ON = (
    r"(?:turn|switch|put|flip|power|come|back|get) on\b|\bon\b(?! (?:(?:the|my|our) )?<place>)|"
    r"\b(?:activated?|enabled?|start|fire|up|illuminate|light|lighten|brighten|use|run|boil|brew|warm|heat|preheat|cool|"
    r"wake|launch|going)\b"
)
_OFF = (
    r"\boff\b|\b(?:turn|put|switch|go)(?: the| all)*(?: <thing>)? out\b(?! of)|(?:<thing>|<place>) out\b(?! of)|"
    r"^out with|\b(?:turn|switch) of\b|<thing> of$|"
    r"\b(?:kill|deactivated?|disabled?|stop|shut|cut|douse|extinguish|lose|down|done|no|not|end|quit)\b"
)
_OPEN = r"(?<!the )(?<!all )(?<!any )\bopen(?:ed|ing)?\b"
_CLOSED = r"\b(?:closed?|closing|shut)\b"
_UNLOCKED = r"\b(?:unlock(?:ed)?|unbolt|unlatch|release|open|let)\b"
_LOCKED = r"\b(?:lock(?:ed)?|bolt|latch|secure)\b"
_STRONG = {
    name: re.compile(words)
    for name, words in (
        ("home.turn_on", _ON), ("home.turn_off", _OFF), ("home.open", _OPEN), ("home.close", _CLOSED),
        ("home.unlock", _UNLOCKED), ("home.lock", _LOCKED),
    )
}  # fmt: skip
"""What tells each direction, beside `<thing>` for what is named and `<place>` for where."""
_WEAK = {
    "home.turn_on": re.compile(r"\bon <place>"),
    "home.open": re.compile(r"\b(?:open|up|raise|lift|uncover|unblock|water|irrigate|back|pop|run|start|on|in|out)\b"),
    "home.close": re.compile(r"\b(?:lower|down|drop|draw|seal|off|behind)\b"),
}
"""What tells a direction where nothing speaks for the opposite."""
_CHANGING = re.compile(
    r"\b(?:up|down|more|less|bit|little|notch|by|too|so|increase|raise|boost|bump|crank|lift|push|extend|decrease|reduce|"
    r"lower|cut|drop|take|dim|soften|darken|brighten|lighten|warm|heat|cool|slow|speed|halve|halved|double|triple|open|"
    r"close|further|light|not|see|hear|louder|quieter|softer|talk|speak|is|am|are|feels?|blind\w*|hurt\w*|\w{2,}er)\b"
)
"""What tells that something is to be more, or less, than it is."""
_ONLY_CHANGE = frozenset({"increase", "raise", "decrease", "reduce", "lower", "turn", "up", "down", "please"})
_BARE = frozenset({
    "the", "a", "my", "our", "please", "i", "we", "need", "want", "would", "like", "get", "give", "let", "have", "hit",
    "there", "be", "some", "more", "me", "us", "in", "here", "now", "ok", "can", "could", "you", "will", "for", "this",
    "room", "just", "only", "put", "on", "light", "lights",
})  # fmt: skip
"""Words beside a bare light ("kitchen lights please", "I need some light") that ask for it to be on."""
_TARGETS = frozenset({"", "NAME", "KIND", "AREA", "FLOOR"})
_TURNING = frozenset({"turn", "switch", "flip", "put", "power", "set"})
_TOLD = re.compile(
    r"\b(?:(?:i|we|he|she|they|you|someone|somebody|everybody|nobody)(?: have| has| had)?"
    r"(?: already| just| never| always| once| also)* "
    r"(?:turned|switched|opened|closed|locked|unlocked|started|stopped|dimmed|played|paused|went)|"
    r"(?<!\bi )(?:said|asked)|says|told|tells|asks|wonders?|wish|hate|shall i|"
    r"(?:should|do|did|does|must) (?:i|we|you|he|she|they)\b(?! (?:mind|think)))\b"
)
"""What is told or asked about, and not ordered: "I turned it off", "Ben said ...", "should I ..."."""
_PAST = frozenset({"went", "was", "were", "said", "told"})
"""Words that are in no name, whatever the tagger says."""
_BEING = re.compile(
    r"\b(?:is|are|was|were|went|goes|came)(?: (?:all|now|still|already|just|back))* "
    r"(?:on|off|open|opened|closed|shut|locked|unlocked|out)\b"
)
_WISHED = frozenset({"sure", "ensure", "check", "want", "need", "like", "if"})
"""Words after which "are off" is wished for and not told."""
_ASKING = frozenset({"how", "why", "when", "where", "who", "which", "what", "whose"})
_NOT_FORBIDDING = re.compile(
    r"\bnot (?:need|like|see|hear|so|as|too|that|quite|enough|bright|loud|warm|just|<thing>|<place>|"
    r"(?:the|in|in the|on the) (?:<thing>|<place>))"
)


def settled(
    label: str, clause: Sequence[Mention], gazetteer: Gazetteer, learned: frozenset[str] = frozenset()
) -> tuple[str, list[str]]:
    """The class that the words carry, and the words that speak against any act; `learned` ones carry the class too.

    A class whose opposite alone is told becomes the opposite; a change without a word of change sets. Where both
    directions are told, or neither, nothing can be done, or it has to be asked. Only acts in the home are looked at.
    """
    if label == "home.query/is":
        return _ordered(clause) or label, []
    if not label.startswith("home.") or label.startswith("home.query"):
        return label, []
    said = _before_exception(clause)
    text = _outline(said)
    odd = _mood(text)
    if (verb := text.partition(" ")[0]) in {"lock", "unlock"}:
        label = f"home.{verb}"
    name, taught = label.partition("/")[0], not learned.isdisjoint(text.split())
    if name in {"home.increase", "home.decrease"}:
        if set(text.split()) <= _ONLY_CHANGE:
            # Of what it is to be more was not said: "increase", "turn down".
            return name, odd
        if taught or _CHANGING.search(text) or any(mention.tag == "FACTOR" for mention in said):
            return label, odd
        if any(mention.tag in {"VALUE", "AMOUNT"} for mention in said):
            return "home.set", odd
        bare = _may_be_bare(said, text, gazetteer)
        return ("home.turn_on", odd) if bare else (label, [*odd, said[-1].spoken])
    if name == "home.set" and _names_a_thing_only(said, text):
        return UNTOLD, odd
    if name not in OPPOSITES:
        return label, odd
    opposite = OPPOSITES[name]
    tells, against = taught or _STRONG[name].search(text), _STRONG[opposite].search(text)
    if tells and against:
        return label, [*odd, against.group()]
    if against:
        return opposite, odd
    if tells or (name in _WEAK and _WEAK[name].search(text)):
        return label, odd
    words = {word for word in text.split() if word[0] != "<"}
    if name in {"home.turn_on", "home.turn_off"} and _may_be_bare(said, text, gazetteer):
        return "home.turn_on", odd
    if name in {"home.turn_on", "home.turn_off"} and words <= _BARE | _TURNING:
        return UNTOLD, odd
    return label, [*odd, *(words - _BARE or {said[-1].spoken})]


_STATED = {
    "on": "home.turn_on", "off": "home.turn_off", "open": "home.open", "closed": "home.close", "locked": "home.lock",
}  # fmt: skip
_QUESTION = re.compile(
    r"\b(?:is|are|am|was|were|has|have|had|did|do|does|if|whether|check|tell|know|see|any|anything|something|still|can|"
    r"which|what|how|when|where|who)\b"
)
"""What tells that something is asked."""


def _ordered(clause: Sequence[Mention]) -> str | None:
    """The act of a state that is asked for, with nothing in it that asks: "garage door SHUT please"."""
    states = [lexicon().states.get(mention.text) for mention in clause if mention.tag == "STATE"]
    if len(states) != 1 or _QUESTION.search(_outline(clause)):
        return None
    return _STATED.get(str(states[0]))


def _may_be_bare(clause: Sequence[Mention], text: str, gazetteer: Gazetteer) -> bool:
    """Whether a light is all that is asked for, so that it is to be on: "kitchen lights please", "get some light"."""
    words = {word for word in text.split() if word[0] != "<"}
    named = "<" in text or "light" in words
    return named and words <= _BARE and all(_lights(mention, gazetteer) for mention in clause)


def _before_exception(clause: Sequence[Mention]) -> list[Mention]:
    """The clause without what was taken back, up to what is excepted."""
    cut = next((i for i, mention in enumerate(clause) if mention.tag == "EXC"), len(clause))
    kept = [mention for mention in clause[:cut] if mention.tag != "DROP"] or list(clause)
    if any(mention.text in {"on", "off"} for mention in kept):
        return kept
    # What was taken back may hold the only word that tells the direction: "turn ON THE KITCHEN NO the bedroom".
    told = [mention for mention in clause[:cut] if mention.tag != "DROP" or mention.spans[0].text in {"on", "off"}]
    return told or list(clause)


def _outline(clause: Sequence[Mention]) -> str:
    """The words, with `<thing>` and `<place>` for what is named."""
    words = []
    for mention in clause:
        if mention.tag in {"NAME", "KIND", "REF"}:
            words += ["<thing>", *(span.text for span in mention.spans if span.text in _PAST)]
        elif mention.tag in {"AREA", "FLOOR"}:
            words.append("<place>")
        elif mention.tag == "DROP":
            words.append(mention.spans[0].text)
        elif mention.tag in {"", "STATE", "QUANT", "FACTOR", "ATTR"}:
            words.append(mention.text)
    return " ".join(words)


def _names_a_thing_only(clause: Sequence[Mention], text: str) -> bool:
    """Whether nothing is said but what is meant: "the tv please"."""
    words = {word for word in text.split() if word[0] != "<"}
    return words <= _BARE and any(each.tag == "NAME" for each in clause) and {each.tag for each in clause} <= _TARGETS


def _mood(text: str) -> list[str]:
    """The words by which a clause forbids, tells or asks, and does not order."""
    words = text.split()
    odd = [found.group() for found in (_TOLD.search(text),) if found]
    if (being := _BEING.search(text)) and not _WISHED & set(words[: text[: being.start()].count(" ")]):
        odd.append(being.group())
    if re.search(r"\b(?:not|never)\b", _NOT_FORBIDDING.sub("", text)):
        odd.append("not")
    if words[:1] and words[0] in _ASKING:
        odd.append(words[0])
    if "any" in words and not {"more", *_TURNING, "close", "shut", "open", "lock"} & set(words):
        odd.append("any")
    return odd


def _lights(mention: Mention, gazetteer: Gazetteer) -> bool:
    """Whether a mention is no other thing than a light (or a scene, which can only be on)."""
    if mention.tag not in {"NAME", "KIND"}:
        return True
    kind = lexicon().kinds.get(mention.text) or lexicon().kinds.get(mention.spans[-1].text)
    known = gazetteer.known([key_of(span) for span in mention.spans])
    return known in {"light", "scene"} or (known is None and kind is not None and kind.domain in {"light", "scene"})

"""Questions about what was and what will be: an exact grammar, since they are about the log and not the devices.

"Did the garage open", "who turned on the light", "why is the hall light on", "what have you scheduled", "cancel that
rule". What they ask of a device is handed back as a question that the understander reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.nlu.clauses import SUN, TRIGGERS
from assistant.nlu.normalise import tokenise
from assistant.nlu.predicates import STATES, predicate_at
from assistant.nlu.times import fold

_SINCE = re.compile(
    r" (?:(?:in|within|during|over) the (?:last|past) (?P<span>.+)|(?P<word>today|recently|lately|just now|already|"
    r"this morning|this afternoon|this evening|tonight|yet|last|earlier))$"
)
_DID = re.compile(r"^(?:did|has|have|was|were) (?P<rest>.+)$")
_WHEN = re.compile(r"^(?:when|at what time|what time) (?:did|was|were|has|have) (?P<rest>.+)$")
_WHO = re.compile(r"^who (?:has |had |was it that )?(?P<rest>\w+ .+)$")
_LONG = re.compile(r"^(?:how long|since when) (?:has|have|is|are|was) (?P<rest>.+)$")
_WHY = re.compile(
    r"^(?:why|how come|what is the reason)(?: (?:did|do|have|are|were|is|was|has))?(?: (?P<you>you))?(?: just)?"
    r" ?(?P<rest>.*)$"
)
_LEFT = re.compile(
    r"^(?:how (?:long|much longer|much time)(?: is it| will it be| does it take)? (?:until|till|before) (?:the |my )?"
    r"(?P<until>.+?) (?:is|are|has|will be|gets) (?:done|finished|ready|through|over|complete)|"
    r"how (?:much time|much longer|long|many minutes)(?: is| are| does| do)?(?: there)? (?:left|remaining|to go) "
    r"(?:on|for|in|with) (?:the |my )?(?P<on>.+?)|"
    r"how (?:much longer|long) (?:does|will|is) (?:the |my )?(?P<takes>.+?) (?:still )?"
    r"(?:take|need|run|go|running|going)|"
    r"(?:when|what time|at what time) (?:will|is|does) (?:the |my )?(?P<when>.+?) (?:be |get )?(?:going to be )?"
    r"(?:done|finished|finish|ready|end|through|over|complete))$"
)
_DONE = re.compile(
    r"^(?:is|has|are) (?:the |my )?(?P<what>.+?) (?:already |now )?(?:done|finished|ready|complete)(?: yet| already)?$"
)
_ACTOR = re.compile(r"^(?P<who>you|i|we|anyone|anybody|someone|somebody)(?: just| ever| already)? (?P<rest>.+)$")
_WHAT = re.compile(
    r"^what (?:(?:has |have )?(?:changed|happened|been going on)|did (?P<you>you)(?: just)? do|have (?P<you2>you) done)"
    r"(?: (?:here|at home|in the house|while i was (?:out|away|gone)|since .+))?$"
)
_JUST = re.compile(r"\b(just|last|ever|recently|already|still) ")
_PLANS = re.compile(
    r"^(?:(?:what|which)(?: \w+)? (?:have|did|do) you(?: have| got)? (?:scheduled|planned)"
    r"(?P<about> (?:when|for|at|if).+)?|"
    r"what (?:have|did) (?:i|we) (?:scheduled|asked you to do(?: later)?)|"
    r"what is (?:scheduled|pending)(?P<about2> (?:when|for|at|if) .+)?|"
    r"(?:what|which) (?:rules|schedules|automations|conditions|scheduled tasks)"
    r"(?: (?:are there|do you have|have you got|are (?:active|set)|do i have|have i (?:made|set)|exist))?|"
    r"what are you (?:waiting for|going to do(?P<about3> .+)?|watching for|planning.*)|"
    r"(?:list|show|read|tell me|give me)(?: me)?(?: out)?(?: all)?(?: of)?(?: my| the| your| our)?(?: active)? "
    r"(?:rules|schedules?|scheduled (?:tasks|things|actions)|automations|plans)|"
    r"(?:do you have|are there|have you got|have i got|is there)(?: any| some)?(?:thing)? "
    r"(?:rules|rule|schedules?|automations|scheduled|planned|plans)(?P<about4> .+)?|"
    r"is anything (?:scheduled|planned)(?P<about5> .+)?|"
    r"what (?:will you do|will happen|happens|is going to happen)"
    r"(?P<about6> (?:when|if|at|after|before|once|tomorrow|tonight|every).*)?)$"
)
_CANCEL = re.compile(
    r"^(?:please )?(?:cancel|delete|remove|drop|forget|clear|stop|abort|get rid of|scrap) (?P<rest>.+)$"
)
_RULE_WORD = re.compile(r"\b(rules?|schedules?|scheduled|automations?|plans?|planned|(?:scheduled )?tasks?)\b")
_ALL = re.compile(r"\b(all|every|everything|both)\b")
_TIMES = re.compile(r"\bat \d|\bat (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight)\b")
_NOT_RULES = re.compile(
    r"\b(timers?|alarms?|lists?|cart|wake up|events?|meetings?|appointments?|calendar|reservations?|dates?|dinner|"
    r"lunch|breakfast|party|birthday|conference|trip|orders?|flight|class|subscription|"
    r"(?:my|our|today's|\w+day) schedule|schedule for|plans? (?:for|to|with)|"
    r"january|february|march|april|june|july|august|september|october|november|december)\b"
)
"""What is canceled elsewhere: other lists, and a calendar."""
_THAT = re.compile(r"^(?:that|this|the|it|the last|my last|my)$")


@dataclass(frozen=True, slots=True)
class Aside:
    """A request about the log or the plans. `question`, where set, is to be read for the device that is meant."""

    name: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    question: str | None = None


def aside(words: Sequence[str]) -> Aside | None:
    """What is asked about the past or the plans; `None` for every other sentence.

    >>> found = aside("did the garage open in the last hour".split())
    >>> found.name, found.slots["state"], found.slots["within"], found.question
    ('history.did', 'open', 3600.0, 'is the garage open')
    >>> aside("cancel the porch light at sunset".split()).slots
    {'about': 'the porch light at sunset'}
    >>> aside("did you know that".split()) is None
    True
    """
    text = " ".join(words)
    readers: tuple[Callable[[str], Aside | None], ...] = (
        _left, _done, _plans, _cancel, _when, _long, _who, _did, _why, _what
    )  # fmt: skip
    return next((found for reader in readers if (found := reader(text))), None)


# -- what runs -------------------------------------------------------------------------------------------------------


def _left(text: str) -> Aside | None:
    """How long something that runs will take: "how much time is left on the dishwasher"."""
    said = _LEFT.match(text)
    about = next((words for words in said.groupdict().values() if words), None) if said else None
    return Aside("home.query", {"question": "what"}, f"is the {about} on") if about else None


def _done(text: str) -> Aside | None:
    said = _DONE.match(text)
    return Aside("home.query", {"question": "is", "state": "done"}, f"is the {said['what']} on") if said else None


# -- plans -----------------------------------------------------------------------------------------------------------


def _plans(text: str) -> Aside | None:
    said = _PLANS.match(text)
    if said is None:
        return None
    about = next((words.strip() for name, words in said.groupdict().items() if name.startswith("about") and words), "")
    return Aside("schedule.query", {"about": about} if about else {})


def _cancel(text: str) -> Aside | None:
    said = _CANCEL.match(text)
    if said is None or _NOT_RULES.search(text):
        return None
    rest = said["rest"]
    named = bool(_RULE_WORD.search(rest))
    timed = bool(_TIMES.search(rest)) or any(f" {word} " in f" {rest} " for word in _LATER)
    if not named and not (timed and not text.startswith(("stop", "remove", "drop"))):
        return None
    about = _RULE_WORD.sub(" ", rest)
    about = re.sub(r"^\s*(?:about|for|to|that|which)\b", "", about).strip()
    about = re.sub(r"\b(?:about|for|to|with)\b", " ", about) if named else about
    plain = re.sub(r"^(?:the|my|that|this) (?=the |my )", "", " ".join(about.split()))
    if _ALL.search(plain) and len(plain.split()) <= 3:
        return Aside("schedule.cancel", {"quantity": "all"})
    return Aside("schedule.cancel", {} if _THAT.match(plain) or not plain else {"about": plain})


_LATER = frozenset(
    {"when", "whenever", *SUN, "tomorrow", *(trigger[0] for trigger, _ in TRIGGERS if len(trigger) == 1)}
)


# -- the past --------------------------------------------------------------------------------------------------------


def _did(text: str) -> Aside | None:
    said = _DID.match(text)
    if said is None:
        return None
    rest, slots = _period(said["rest"])
    actor = _ACTOR.match(rest)
    if actor is not None:
        found = _active(actor["rest"])
        by = "assistant" if actor["who"] == "you" else ""
    else:
        found, by = _told(rest), ""
    if found is None:
        return None
    subject, state = found
    was = {"was": True} if text.startswith(("was", "were")) and rest.split()[-1] in STATES else {}
    return Aside("history.did", {"state": state, **slots, **was, **({"by": by} if by else {})}, f"is {subject} {state}")


def _when(text: str) -> Aside | None:
    said = _WHEN.match(text)
    if said is None:
        return None
    rest, slots = _period(said["rest"])
    actor = _ACTOR.match(rest)
    found = _active(actor["rest"]) if actor else _told(rest)
    if found is None:
        return None
    by = {"by": "assistant"} if actor and actor["who"] == "you" else {}
    return Aside("history.when", {"state": found[1], **slots, **by}, f"is {found[0]} {found[1]}")


def _who(text: str) -> Aside | None:
    said = _WHO.match(text)
    if said is None:
        return None
    rest, slots = _period(said["rest"])
    found = _active(rest)
    return Aside("history.who", {"state": found[1], **slots}, f"is {found[0]} {found[1]}") if found else None


def _long(text: str) -> Aside | None:
    said = _LONG.match(text)
    if said is None:
        return None
    rest = re.sub(r" (?:been|now)\b", "", said["rest"])
    words = rest.split()
    if len(words) < 2 or words[-1] not in STATES:
        return None
    state = STATES[words[-1]]
    return Aside("history.long", {"state": state}, f"is {' '.join(words[:-1])} {state}")


def _why(text: str) -> Aside | None:
    said = _WHY.match(text)
    if said is None:
        return None
    rest, slots = _period(said["rest"])
    if not rest or re.fullmatch(r"(?:do |doing |done |say )?(?:that|this|it|so)?", rest):
        return Aside("dialogue.why")
    found = (_active(rest) if said["you"] else None) or _told(rest) or _is_in(rest)
    if found is None:
        return None
    return Aside("history.why", {"state": found[1], **slots}, f"is {found[0]} {found[1]}")


def _what(text: str) -> Aside | None:
    rest, slots = _period(text)
    said = _WHAT.match(rest)
    if said is None:
        return None
    mine = {"by": "assistant"} if said["you"] or said["you2"] else {}
    return Aside("history.what", {**slots, **mine})


def _period(text: str) -> tuple[str, dict[str, Any]]:
    """The text without the words for how far back, and the seconds."""
    said = _SINCE.search(text)
    if said is None:
        return text, {}
    rest = text[: said.start()]
    if said["span"]:
        words = said["span"].split()
        spans = fold(tokenise(words if len(words) > 1 else ["1", *words]))
        if len(spans) == 1 and spans[0].kind == "dur":
            return rest, {"within": float(spans[0].value)}
        return text, {}
    return rest, {}


def _told(text: str) -> tuple[str, str] | None:
    """Subject and state of "the garage (been) open(ed)"."""
    text = re.sub(r" (?:been|ever|just|last|really|actually)\b", "", text)
    spans = fold(tokenise(text.split()))
    for i in range(1, min(len(spans), 8)):
        told = predicate_at(spans, i)
        if told is not None and told.end == len(spans) and told.op in {"is", "done"}:
            subject = " ".join(span.spoken for span in spans[:i])
            return subject, told.state or "off"
    return _is_in(text)


def _is_in(text: str) -> tuple[str, str] | None:
    """Subject and state of "the light on"."""
    words = text.split()
    if len(words) < 2 or words[-1] not in STATES:
        return None
    return " ".join(words[:-1]), STATES[words[-1]]


_ACTIVE = re.compile(
    r"^(?P<verb>turn|turned|switch|switched|put|open|opened|close|closed|shut|lock|locked|unlock|unlocked|start|started|"
    r"stop|stopped|dim|dimmed|change|changed|set|touch|touched|adjust|adjusted)"
    r"(?: (?P<way>on|off|up|down))? (?P<rest>.+)$"
)
_ACT_STATES = {
    "open": "open", "opened": "open", "close": "closed", "closed": "closed", "shut": "closed", "lock": "locked",
    "locked": "locked", "unlock": "unlocked", "unlocked": "unlocked", "start": "on", "started": "on", "stop": "off",
    "stopped": "off",
}  # fmt: skip


def _active(text: str) -> tuple[str, str] | None:
    """Object and state of "turned on the light", "turned the light on", "opened the garage"."""
    said = _ACTIVE.match(_JUST.sub("", text))
    if said is None:
        return None
    verb, way, rest = said["verb"], said["way"], said["rest"]
    last = rest.split()[-1]
    if way is None and last in {"on", "off"} and " " in rest:
        way, rest = last, rest.rpartition(" ")[0]
    if verb in _ACT_STATES:
        return rest, _ACT_STATES[verb]
    return (rest, way) if way in {"on", "off"} else None

"""Sentences of two clauses: what is to be done, and when. The condition is cut off before anything else is read.

"When the garage opens, turn on the hall light" becomes the request "turn on the hall light" and the clause "the garage
opens", by grammar alone; each is then understood for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.nlu.normalise import tokenise
from assistant.nlu.predicates import predicate_at
from assistant.nlu.times import Span, fold

MAX_SUBJECT = 8
"""Words of a subject; longer ones are no names."""
TRIGGERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("if", "and", "when"), "when"), (("as", "soon", "as"), "when"), (("the", "moment"), "when"),
    (("every", "time"), "whenever"), (("each", "time"), "whenever"), (("any", "time"), "whenever"),
    (("wait", "until"), "when"), (("in", "case"), "if"), (("whenever",), "whenever"), (("always", "when"), "whenever"),
    (("when",), "when"), (("once",), "when"), (("after",), "when"), (("if",), "if"), (("until",), "until"),
    (("unless",), "unless"), (("till",), "until"),
)  # fmt: skip
"""The words that begin a condition -> how it is meant."""
SUN = {
    "sunset": "sunset", "sundown": "sunset", "nightfall": "dusk", "dusk": "dusk", "sunrise": "sunrise",
    "sunup": "sunrise", "dawn": "dawn", "daybreak": "dawn",
}  # fmt: skip
_SPLIT_SUN = re.compile(r"\bsun (set|down|rise|up)\b")
_WHO_IS = re.compile(r"\b(nobody|everyone|everybody|someone|somebody|anyone|anybody)'s\b")
_ASKS = re.compile(r"^(when|if) (is|are|was|were|did|does|do|will|has|have|should|can|could|would|am) ")
_TELL = re.compile(r"^(please )?(tell|let|notify|warn|alert|inform|remind|ping|say)( me)?( know)?( it)?$")
_ASKED = re.compile(r"^((tell|let|show) (me|us)( know)?|check|see|find out|do you know|can you (tell me|check|see))$")
_LINK = ("then", "and", "please", "so", "just", "also")
_DARK = re.compile(r"^(it|the sun|outside|it outside) (is|gets|goes|becomes|has gone|sets|comes|rises|turns) ?(.*)$")
_DARKNESS = {
    "dark": "dusk", "dark outside": "dusk", "down": "sunset", "": "", "light": "dawn", "light outside": "dawn",
    "up": "sunrise", "night": "dusk", "bright": "dawn",
}  # fmt: skip
_PRESENCE = re.compile(
    r"^(?P<who>i|we|everyone|everybody|all of us|the last person|nobody|no one|somebody|someone|anyone|anybody|\w+)"
    r"(?P<be>(?: (?:am|is|are|have|has|all))*) (?P<what>leaves?|left|go out|goes out|gone|gone out|out|away|"
    r"(?:leaves?|left) (?:home|the house|for work)|home|at home|in|"
    r"(?:gets?|comes?|arrives?|returns?|got|come|back|is back|am back)(?: back)?(?: (?:home|at home))?|not home)$"
)
_MOTION = re.compile(
    r"^(?:there is (?P<what>motion|movement|someone|somebody|smoke|water|a leak)|"
    r"(?P<sensed>motion|movement|smoke|water) is (?:detected|sensed|seen)|"
    r"(?:someone|somebody|anyone|i|we) (?:(?:walks?|comes?|goes?|steps?) (?:in|into|to)|enters?|"
    r"(?:is|am|are) (?:in|at)))"
    r"(?: (?:in|into|at|on|near|by))?(?: (?P<where>.+))?$"
)
_PERSONS = re.compile(r"\b(i|we|you|he|she|they)\b")
_RINGING = re.compile(
    r"^(?:the|my) (?P<name>(?!.*(?:smoke|fire|burglar|security|car|leak) alarm).*?)(?P<kind>timer|alarm)$"
)
_GROUPS = {
    "i": "speaker", "we": "all", "everyone": "all", "everybody": "all", "all of us": "all", "the last person": "all",
    "somebody": "any", "someone": "any", "anyone": "any", "anybody": "any",
}  # fmt: skip
_SENSORS = {"smoke": "smoke", "water": "moisture", "a leak": "moisture"}


@dataclass(frozen=True, slots=True)
class Clause:
    """When something is to be done.

    `trigger` is `when`, `whenever`, `if`, `unless` or `until`; `words` the condition as spoken. `test` holds what must
    be so (`docs/reference/language.md`, slot `condition`); `question` asks the same as a question about the home, so
    that the understander can tell which device is meant.
    """

    trigger: str
    words: str
    test: Mapping[str, Any] = field(default_factory=dict)
    question: str | None = None
    parts: tuple[Clause, ...] = ()
    """Of "it is dark and nobody is home", the two conditions."""


@dataclass(frozen=True, slots=True)
class Compound:
    """A request and its condition. `request` is empty when only to be told of it was asked for."""

    request: str
    clause: Clause


def split(words: Sequence[str]) -> Compound | None:
    """The two clauses of a sentence; `None` when there is only one, or the condition is beyond this grammar.

    >>> found = split("when the garage opens turn on the hall light".split())
    >>> found.request, found.clause.words, found.clause.question
    ('turn on the hall light', 'the garage opens', 'is the garage open')
    >>> split("turn on the porch light at sunset".split()).clause.test
    {'op': 'sun', 'event': 'sunset', 'offset': 0.0, 'becomes': True}
    >>> split("when did the garage open".split()) is None
    True
    """
    text = _WHO_IS.sub(r"\1 is", _SPLIT_SUN.sub(r"sun\1", " ".join(words)))
    text = _asked_first(text) or text
    if not any(f" {word} " in f" {text} " for word in _CUES) or _ASKS.match(text):
        return None
    words = text.split()
    return _at_sun(words) or next(_triggered(words), None)


_CUES = frozenset({trigger[-1] for trigger, _ in TRIGGERS} | {trigger[0] for trigger, _ in TRIGGERS} | SUN.keys())


def _triggered(words: Sequence[str]) -> Iterator[Compound]:
    for start, size, trigger in _places(words):
        after = words[start + size :]
        before = list(words[:start])
        found = [*_joined(after), *_conditions(after)]
        if before and before[-1] not in _LINK:
            whole = [(clause, end) for clause, end in found if end == len(after)]
            for clause, _ in whole:
                if not _only_asks(before, trigger, clause):
                    yield Compound(_request(before), _clause(trigger, after, clause))
        else:
            for clause, end in found:
                if rest := _without_links(after[end:]):
                    yield Compound(_request(rest), _clause(trigger, after[:end], clause))


def _places(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Every place where a condition may begin: index, number of words, how it is meant."""
    taken = -1
    for i in range(len(words)):
        for phrase, trigger in TRIGGERS:
            if i > taken and tuple(words[i : i + len(phrase)]) == phrase:
                taken = i + len(phrase) - 1
                yield i, len(phrase), trigger
                break


def _clause(trigger: str, words: Sequence[str], found: Clause) -> Clause:
    text = " ".join(words)
    words_kept = f"{trigger} {text}" if trigger in {"until", "unless"} else text
    test = {key: value for key, value in found.test.items() if key != "becomes"} | {"negated": True}
    return Clause(trigger, words_kept, test if trigger == "unless" else found.test, found.question, found.parts)


_ASKED_FIRST = re.compile(
    r"^(?:is|are) (?P<what>.+?) (?P<state>on|off|open|closed|shut|locked|unlocked) (?:and )?"
    r"(?P<link>if so|if yes|if it is|if they are|if not|if it is not|if they are not) (?:then )?(?P<request>.+)$"
)
_INVERSE = {
    "on": "off", "off": "on", "open": "closed", "closed": "open", "shut": "open", "locked": "unlocked",
    "unlocked": "locked",
}  # fmt: skip


def _asked_first(text: str) -> str | None:
    """A question and what to do upon its answer, as a condition.

    >>> _asked_first("is the garage door shut if not close it")
    'if the garage door is open close it'
    """
    said = _ASKED_FIRST.match(text)
    if said is None:
        return None
    state = _INVERSE[said["state"]] if said["link"].endswith("not") else said["state"]
    return f"if {said['what']} is {state} {said['request']}"


def _joined(words: Sequence[str]) -> Iterator[tuple[Clause, int]]:
    """Two conditions with "and" or "or" between them, and how many words they take."""
    for first, end in _conditions(words):
        joint = words[end] if end < len(words) else ""
        if joint not in {"and", "or"}:
            continue
        start = end + 1 + (end + 1 < len(words) and words[end + 1] in {"if", "when"})
        for second, size in _conditions(words[start:]):
            test: dict[str, Any] = {"op": "all" if joint == "and" else "any"}
            if first.test.get("becomes") or second.test.get("becomes"):
                test["becomes"] = True
            yield Clause("", "", test, parts=(first, second)), start + size


def _request(words: Sequence[str]) -> str:
    """The request; empty when it only asks to be told."""
    text = " ".join(words)
    return "" if _TELL.match(text) else text


def _without_links(words: Sequence[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0] in _LINK:
        rest.pop(0)
    return rest


def _only_asks(before: Sequence[str], trigger: str, clause: Clause) -> bool:
    """Whether "if" only means "whether": "tell me if the garage is open"."""
    return trigger == "if" and bool(_ASKED.match(" ".join(before))) and not clause.test.get("becomes")


# -- conditions ------------------------------------------------------------------------------------------------------


def _conditions(words: Sequence[str]) -> Iterator[tuple[Clause, int]]:
    """Every condition that the words may begin with, the shortest subject first, and how many words it takes."""
    tokens = tokenise(words)
    spans = fold(tokens)
    ends = _word_ends(spans)
    for end in range(2, min(len(spans), MAX_SUBJECT) + 1):
        text = " ".join(span.spoken for span in spans[:end])
        following = spans[end].text if end < len(spans) else ""
        present = None if following and text.endswith((" in", " at")) else _presence(text)
        if (found := _sun(text) or _clock(spans[:end]) or present or _motion(text, following)) is not None:
            size, lasting = _lasting(spans, end)
            yield _with_lasting(found, lasting), ends[size - 1]
    for i in range(1, min(len(spans), MAX_SUBJECT + 1)):
        told = predicate_at(spans, i)
        if told is None:
            continue
        subject = " ".join(span.spoken for span in spans[:i])
        if _PERSONS.search(subject):
            continue
        end = told.end
        end, place = _place(spans, end)
        size, lasting = _lasting(spans, end)
        test = told.as_slots() | ({"lasting": lasting} if lasting else {})
        if rings := _RINGING.match(subject):
            target = {"domain": "timer", "name": rings["name"].strip() or rings["kind"]}
            yield Clause("", "", {"op": "is", "state": "ringing", "becomes": True, "target": target}), ends[size - 1]
            continue
        yield Clause("", "", test, _question(subject, told.op, test, place)), ends[size - 1]


def _word_ends(spans: Sequence[Span]) -> list[int]:
    """For each span the number of words up to its end."""
    ends, total = [], 0
    for span in spans:
        total += len(span.spoken.split())
        ends.append(total)
    return ends


_ROOMS_END = frozenset({"turn", "switch", "open", "close", "lock", "unlock", "set", "dim", "start", "stop", "play",
                        "remind", "tell", "let", "make", "put", "then", "please", "for", "run", "pause"})  # fmt: skip


def _place(spans: Sequence[Span], end: int) -> tuple[int, str]:
    """A place that follows a predicate: "opens in the kitchen"."""
    if end < len(spans) and spans[end].text in {"in", "at"} and len(spans) - end > 1:
        stop = end + 1
        while stop < len(spans) and stop - end < 4 and spans[stop].text not in _ROOMS_END:
            stop += 1
        if stop == end + 1:
            return end, ""
        return stop, " " + " ".join(span.spoken for span in spans[end:stop])
    return end, ""


def _lasting(spans: Sequence[Span], end: int) -> tuple[int, float]:
    """How long it must be so: "... for ten minutes"."""
    if end + 1 < len(spans) and spans[end].text in {"for", "longer"} and spans[end + 1].kind == "dur":
        return end + 2, float(spans[end + 1].value)
    if [span.text for span in spans[end : end + 3]] == ["for", "more", "than"] and len(spans) > end + 3:
        return (end + 4, float(spans[end + 3].value)) if spans[end + 3].kind == "dur" else (end, 0.0)
    return end, 0.0


def _with_lasting(clause: Clause, lasting: float) -> Clause:
    return Clause("", "", {**clause.test, "lasting": lasting}, clause.question) if lasting else clause


def _question(subject: str, op: str, test: Mapping[str, Any], place: str) -> str:
    """The question whose answer tells whether it is so."""
    if op in {"above", "below"}:
        attribute = str(test.get("attribute") or "temperature")
        if subject in {"it", "it in here", "the room"}:
            return f"what is the {attribute}{place}"
        if subject.startswith(("it in ", "it at ")):
            return f"what is the {attribute} {subject[3:]}"
        return f"what is {subject}{place}"
    asked = {"heat": "on", "done": "on"}.get(str(test.get("state") or op), str(test.get("state") or "on"))
    return f"is {subject} {asked}{place}"


def _sun(text: str) -> Clause | None:
    """What the sun does: "the sun sets", "it gets dark"."""
    said = _DARK.match(text)
    if said is None:
        return None
    subject, verb, rest = said.groups()
    event = {"sets": "sunset", "rises": "sunrise"}.get(verb) if subject == "the sun" and not rest else None
    if event is None and (subject == "the sun") == (rest in {"up", "down"}):
        event = _DARKNESS.get(rest)
    becomes = verb not in {"is"}
    return Clause("", "", {"op": "sun", "event": event, "offset": 0.0, "becomes": becomes}) if event else None


def _clock(spans: Sequence[Span]) -> Clause | None:
    """What the clock says: "it is after ten"; an hour that may be either is that of the evening."""
    words = [span.text for span in spans[:-1]]
    if words not in (["it", "is", "after"], ["it", "is", "past"], ["it", "is", "later", "than"]):
        return None
    last = spans[-1]
    if last.kind == "clock":
        at, sure = last.value
        hour, minute = (int(part) for part in at.split(":"))
    elif last.kind == "num" and 0 < last.value <= 24:
        hour, minute, sure = int(last.value), 0, last.value > 12
    else:
        return None
    value = (hour + (12 if not sure and hour < 12 else 0)) * 60 + minute
    return Clause("", "", {"op": "clock", "value": value})


def _presence(text: str) -> Clause | None:
    """Who comes and goes: "i leave", "everyone is out", "nobody is home"."""
    said = _PRESENCE.match(text)
    if said is None:
        return None
    who, being, what = said["who"], said["be"].strip(), said["what"]
    if who in {"it", "that", "this", "there", "he", "she", "they", "the", "a"}:
        return None
    away = bool(re.match(r"(leave|left|go|out|away|not)", what))
    if what in {"in", "home", "at home", "out", "away", "gone", "not home"} and not being:
        return None
    if who in {"nobody", "no one"}:
        who, away = "all", not away
    test = {"op": "presence", "who": _GROUPS.get(who, who), "state": "not_home" if away else "home"}
    return Clause(
        "", "", test | ({} if being and what in {"out", "away", "home", "at home", "in"} else {"becomes": True})
    )


def _motion(text: str, following: str) -> Clause | None:
    """Somebody or something noticed by a sensor: "there is motion in the hall"."""
    if following in {"the", "a", "in", "into", "at", "on", "near", "by"}:
        return None
    said = _MOTION.match(text)
    if said is None or (not said["what"] and not said["sensed"] and not said["where"]):
        return None
    where = said["where"] or ""
    if where.split()[-1:] == ["the"] or where in {"home", "out", "away", "back"}:
        return None
    sensor = _SENSORS.get(said["what"] or said["sensed"] or "", "motion")
    slots = {"domain": "binary_sensor", "device_class": sensor, "state": "on", "question": "is"}
    target = slots | ({"area": where.removeprefix("the ")} if where else {})
    return Clause("", "", {"op": "is", "state": "on", "becomes": True, "target": target})


# -- the sun as a time of day ----------------------------------------------------------------------------------------


def _at_sun(words: Sequence[str]) -> Compound | None:
    """A request at sunset or sunrise, or some time before or after it."""
    place = next((i for i, word in enumerate(words) if word in SUN), None)
    if place is None or place == 0:
        return None
    start = place - 1 if words[place - 1] not in {"the", "every"} else place - 2
    side = words[start] if start >= 0 else ""
    if words[place - 1] == "every":
        start, side = place - 1, "every"
    offset, trigger = 0.0, "when"
    if side in {"before", "after"}:
        start, offset = _sun_offset(words[:start], side)
        if offset == 0.0 and side == "before":
            return None
    elif side in {"until", "till"}:
        trigger = "until"
    elif side == "every":
        trigger = "whenever"
    elif side not in {"at", "by", "around"}:
        return None
    rest = _without_links([*words[:start], *words[place + 1 :]])
    spoken = " ".join(words[start : place + 1])
    test = {"op": "sun", "event": SUN[words[place]], "offset": offset, "becomes": True}
    clause = Clause(trigger, spoken, test)
    return Compound(_request(rest), clause) if rest else None


def _sun_offset(before: Sequence[str], side: str) -> tuple[int, float]:
    """Where the phrase begins, and its seconds from the event: "half an hour before sunset"."""
    spans = fold(tokenise(before))
    if not spans or spans[-1].kind != "dur":
        return len(before), 0.0
    size = len(spans[-1].spoken.split())
    return len(before) - size, float(spans[-1].value) * (-1 if side == "before" else 1)

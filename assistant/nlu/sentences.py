"""Whole sentences: those of two clauses and those about past and plans are taken apart before they are understood.

Needs no training of its own: each part is read by the same understander as any other request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.nlu.asides import Aside, aside
from assistant.nlu.breaths import COMMANDS, pieces
from assistant.nlu.clauses import Clause, Compound, split
from assistant.nlu.lexicon import without_courtesies
from assistant.nlu.normalise import MAX_WORDS, is_too_long, words_of
from assistant.nlu.reasons import without_reason
from assistant.nlu.understander import Understander
from assistant.turn import Hypothesis, Intent, Interpretation, Parse

EXACT = 0.97
"""The confidence of what an exact grammar reads as a whole."""
_REMIND = re.compile(r"^(?:please )?remind (?:me|us) (?:to |about |that |of )(?P<what>.+)$")
_ASKING_FOR = frozenset({"can", "could", "will", "would", "may", "please", "let", "shall", "make", "get", "do", "mind"})
"""Words by which even a sentence with a question mark asks for something to be done."""
TARGETS = ("name", "area", "floor", "domain", "device_class", "quantity", "attribute", "reference")
DONE_HERE = frozenset({"home", "list", "timer", "broadcast"})
"""Domains whose requests may wait for a condition."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Understands whole sentences, with an understander for their parts."""

    understander: Understander

    def parse(self, hypotheses: Sequence[Hypothesis]) -> Parse:
        """The best reading of all hypotheses; what the best of them is decides how it is taken apart."""
        if hypotheses and is_too_long(hypotheses[0].text):
            return Parse(Interpretation((), 0.0, hypotheses[0].text))
        top = _words(hypotheses[0].text) if hypotheses else []
        if len(top) < 2:
            return self.understander.parse(hypotheses)
        if (about := aside(top)) and (parse := self._aside(about, hypotheses[0].text)):
            return parse
        if split(top) is not None and (parse := self._compound(hypotheses)):
            return parse
        parse = self.understander.parse(hypotheses)
        said = hypotheses[0].text
        if parse.unexplained and (reminder := _REMIND.match(" ".join(top))):
            # When is left open, and asked for.
            slots = {"device_class": "reminder", "timer_name": reminder["what"]}
            return Parse(Interpretation((Intent("timer.start", slots, EXACT),), EXACT, said), (parse.best,))
        if said.rstrip().endswith("?") and (asked := self._asked(parse, top, said)):
            return asked
        whole: Interpretation | None = parse.best
        if parse.unexplained:
            whole = next((several for cut in pieces(top, said) if (several := self._several(cut, said))), None)
        if whole is None or _explains_itself(whole):
            whole = self._with_reason(said) or whole
        return parse if whole is None or whole is parse.best else Parse(whole, (parse.best, *parse.alternatives))

    def _asked(self, parse: Parse, words: Sequence[str], text: str) -> Parse | None:
        """A question that leaves out its verb, told by its mark: "kitchen light on?"."""
        intents = parse.best.intents
        if not intents or any(intent.domain != "home" or intent.verb == "query" for intent in intents):
            return None
        if {*COMMANDS, *_ASKING_FOR} & set(words[:-1]):
            return None
        asked = self.understander.parse(f"is {' '.join(words)}")
        question = asked.best.intents and asked.best.intents[0].name == "home.query" and not asked.unexplained
        return replace(asked, best=replace(asked.best, text=text)) if question else None

    def _with_reason(self, text: str) -> Interpretation | None:
        """The request, when the rest only tells why."""
        for rest, placed in without_reason(text, self.understander.gazetteer):
            best = self.understander.parse(rest).best
            named = not placed or all(self._is_named(intent.slots) for intent in best.intents)
            at_home = best.intents and all(intent.domain == "home" for intent in best.intents)
            if at_home and named and not best.unexplained:
                return replace(best, text=text)
        return None

    def _several(self, cut: Sequence[str], text: str) -> Interpretation | None:
        """The commands of one breath, when every one is understood in full."""
        read = [self.understander.parse(piece).best for piece in cut]
        if any(each.unexplained or any(intent.domain != "home" for intent in each.intents) for each in read):
            return None
        intents = tuple(intent for each in read for intent in each.intents)
        sure, learned = min(each.confidence for each in read), any(each.learned for each in read)
        return Interpretation(intents, sure, text, learned=learned)

    def _aside(self, asked: Aside, text: str) -> Parse | None:
        """A question about the log, the plans or what runs; `None` when what it is about is no device."""
        slots, sure = dict(asked.slots), EXACT
        if asked.question is not None:
            target = self._target(asked.question)
            if target is None or (asked.name == "home.query" and not self._is_device(target)):
                return None
            slots, sure = {**target, **slots}, EXACT
        return Parse(Interpretation((Intent(asked.name, slots, sure),), sure, text))

    def _is_named(self, target: Mapping[str, Any]) -> bool:
        """Whether it is one thing of this home by its name, wherever somebody is."""
        return self.understander.gazetteer.is_thing(str(target.get("name", "")).split())

    def _is_device(self, target: Mapping[str, Any]) -> bool:
        """Whether it names a device or a kind of them; a timer may be called anything else."""
        return self._is_named(target) or bool(target.keys() & {"domain", "device_class"})

    def _compound(self, hypotheses: Sequence[Hypothesis]) -> Parse | None:
        """The request of a sentence of two clauses, each of its intents with the condition."""
        parts: dict[str, Compound] = {}
        heard = []
        for hypothesis in hypotheses:
            found = split(_words(hypothesis.text))
            if found is not None and found.request not in parts:
                parts[found.request] = found
                heard.append(replace(hypothesis, text=found.request))
        first = parts[heard[0].text]
        reminder = _REMIND.match(first.request)
        if not first.request or reminder:
            return self._told(first.clause, hypotheses[0].text, reminder["what"] if reminder else "")
        parse = self.understander.parse(heard)
        readings = [self._conditional(each, parts[each.text].clause) for each in (parse.best, *parse.alternatives)]
        known = [each for each in readings if each is not None]
        return Parse(replace(known[0], text=hypotheses[0].text), tuple(known[1:])) if known else None

    def _told(self, clause: Clause, text: str, what: str) -> Parse | None:
        """Only to be told when it is so, or to be reminded of something then."""
        test = self._test(clause)
        if test is None:
            return None
        slots = {"device_class": "reminder", "when": clause.words, "trigger": clause.trigger, "condition": test}
        slots |= {"timer_name": what} if what else {}
        return Parse(Interpretation((Intent("timer.start", slots, EXACT),), EXACT, text))

    def _conditional(self, reading: Interpretation, clause: Clause) -> Interpretation | None:
        test = self._test(clause)
        if test is None or any(intent.domain not in DONE_HERE for intent in reading.intents):
            return None
        intents = tuple(_with_clause(intent, clause, test) for intent in reading.intents)
        return replace(reading, intents=intents)

    def _test(self, clause: Clause) -> dict[str, Any] | None:
        """What must be so, with the words of the device; `None` when the understander can make nothing of it."""
        test = dict(clause.test)
        if clause.parts:
            parts = [self._test(part) for part in clause.parts]
            return None if None in parts else {**test, "parts": parts}
        if clause.question is None:
            return test
        target = self._target(clause.question)
        return None if target is None else {**test, "target": target}

    def _target(self, question: str) -> dict[str, Any] | None:
        """The slots of what a question is about."""
        intents = self.understander.parse(question).best.intents
        if len(intents) == 1 and intents[0].name == "home.query":
            asked = intents[0].slots
            target = {key: asked[key] for key in TARGETS if key in asked}
            if target.get("attribute") == "state":
                del target["attribute"]
            if target:
                return target
        subject = _subject(question)
        return {"name": subject} if subject else None


def _explains_itself(reading: Interpretation) -> bool:
    """Whether a command may stand beside the complaint that is its reason: "turn it off, it is too bright"."""
    verbs = [intent.verb for intent in reading.intents]
    complaint = any(verb in {"increase", "decrease"} for verb in verbs)
    return complaint and len(set(verbs)) > 1 and _COMPLAINT.search(reading.text.lower()) is not None


_COMPLAINT = re.compile(
    r"\b(?:it is|it's|i am|i'm|we are|we're|that is|that's|(?:is|are) (?:way |far |much )?(?:too|so))\b"
)


def _words(text: str) -> list[str]:
    words = without_courtesies(words_of(text))
    return words if len(words) <= MAX_WORDS else []


def _subject(question: str) -> str:
    """The bare words of what "is the washing on" is about."""
    words = question.split()[1:]
    if words[-1:] and question.startswith("is "):
        words = words[:-1]
    return " ".join(word for word in words if word not in {"is", "the", "a", "my", "our"})


def _with_clause(intent: Intent, clause: Clause, test: Mapping[str, Any]) -> Intent:
    """The intent with its condition; "every day" beside it tells how often."""
    slots = dict(intent.slots)
    if "when" in slots:
        slots["repeat"] = slots.pop("when")
    slots |= {"when": clause.words, "trigger": clause.trigger, "condition": dict(test)}
    return replace(intent, slots=slots)

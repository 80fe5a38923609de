"""Trying requests without doing anything: whether what is taught is something that this home can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.nlu import Understander
from assistant.nlu.sentences import Sentences
from assistant.turn import Ask, Confirm, Execute, Hypothesis, Interpretation, Parse, Refuse, Turn

LEAD = 4
"""Words of an answer that may come before the value, and one more."""
VALUES = frozenset({"value", "color", "color_temp", "temperature", "mode", "option", "attribute", "percentage"})
SWITCHES = frozenset({"turn_on", "turn_off", "open", "close", "mute", "unmute", "pause"})
NO_REQUESTS = frozenset({"dialogue", "foreign", "schedule", "history"})


@dataclass(frozen=True, slots=True)
class Trial:
    """What would come of some requests, one after the other. `parse` is None where they are no requests."""

    turn: Turn
    parse: Parse | None

    @property
    def works(self) -> bool:
        """Whether something would be done, perhaps after a question."""
        return self.parse is not None and isinstance(self.turn.decision, Execute | Confirm | Ask) and not self.guessed

    @property
    def guessed(self) -> bool:
        """Whether it would only be guessed what was meant."""
        return any(each.guessed for each in self.turn.resolutions)

    @property
    def asks(self) -> bool:
        """Whether a request is one for information."""
        return any(each.intent.verb == "query" for each in self.turn.resolutions)

    @property
    def tells_values(self) -> bool:
        """Whether every request sets something, or switches it in so many words."""
        intents = self.parse.intents if self.parse else ()
        return bool(intents) and all(VALUES & each.slots.keys() or each.verb in SWITCHES for each in intents)

    @property
    def entities(self) -> tuple[str, ...]:
        """What it is about, where that is clear."""
        return () if isinstance(self.turn.decision, Ask | Refuse) else self.turn.entities

    @property
    def known(self) -> bool:
        """Whether the words mean something already."""
        return self.works


class Trier:
    """Understands, resolves and decides; `decide` runs a turn with a parse from resolution to decision."""

    def __init__(self, understander: Understander, decide: Callable[[Turn], Turn]) -> None:
        self._sentences = Sentences(understander)
        self._decide = decide

    def understand(self, texts: tuple[str, ...]) -> Parse:
        """Several requests as one."""
        parses = [self._sentences.parse((Hypothesis(text),)) for text in texts]
        intents = tuple(intent for parse in parses for intent in parse.intents)
        left = tuple(word for parse in parses for word in parse.unexplained)
        sure = min((parse.best.confidence for parse in parses), default=0.0)
        return Parse(Interpretation(intents, sure, " and ".join(texts), left))

    def requests(self, turn: Turn, *texts: str) -> Trial:
        """What would come of these requests in the circumstances of a turn."""
        parse = self.understand(texts)
        if not parse.intents or parse.unexplained or any(each.domain in NO_REQUESTS for each in parse.intents):
            return Trial(turn, None)
        tried = replace(turn, parse=parse, resolutions=(), decision=None, outcome=None, rewrite=None, trace=())
        return Trial(self._decide(tried), parse)

    def target(self, turn: Turn, target: str) -> tuple[str, ...]:
        """The devices that are meant by some words; empty when none or unclear which."""
        for verb in ("turn on", "open", "start"):
            found = self.requests(turn, f"{verb} {target}")
            if found.works and found.entities:
                return found.entities
        return ()

    def valued(self, turn: Turn, target: str, parts: tuple[str, ...]) -> tuple[str, ...] | None:
        """Requests that give a device these values, one for each; `None` where it can't take one of them."""
        wanted = set(self.target(turn, target))
        texts = []
        for part in parts:
            text = next((found for each in _shorter(part) if (found := self._set_to(turn, target, each, wanted))), None)
            if text is None:
                return None
            texts.append(text)
        return tuple(texts) if wanted and texts else None

    def _set_to(self, turn: Turn, target: str, value: str, wanted: set[str]) -> str | None:
        """The request that sets the device to one value; `None` where it can't be set so."""
        bare = value.removesuffix(" light").removesuffix(" lights")
        forms = [f"{bare} {target}"] if bare.split()[0] in {"turn", "set", "open", "close", "switch"} else []
        whole = [bare] if bare.startswith(("brightness", "dim")) else []
        forms += [f"set {target} to {each}" for each in (bare, f"{bare} white")]
        forms += [f"turn {bare} {target}", *(f"{each} {target}" for each in whole)]
        return next((form for form in forms if self._sets(turn, form, wanted)), None)

    def _sets(self, turn: Turn, text: str, wanted: set[str]) -> bool:
        found = self.requests(turn, text)
        return found.works and not found.asks and set(found.entities) == wanted and found.tells_values


def _shorter(part: str) -> Iterator[str]:
    """A value as it was said, then without the words before it: "let us say fifty percent"."""
    words = part.split()
    for start in range(min(len(words), LEAD)):
        yield " ".join(words[start:])

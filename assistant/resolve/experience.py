"""What people did before, counted: by person and time of day, backed off to the person, the household, and everyone.

So a combination that was never seen (Ann on a Sunday night) is judged by what is nearest to it. Counts are taken from
the turn log; nothing is kept beside it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.turn import Context, Intent, OutcomeKind, Turn
from devices.catalogue import catalogue

PRIOR = 3.0
"""How many choices of the next wider group weigh as much as this group's own."""
MOST = 2.5
"""The strongest that experience can speak, in log-odds."""
AFTER = timedelta(minutes=30)
"""How long what happened still calls for what usually follows it."""
ALARM = "alarm"
REMEMBERED = 1000
"""Turns that are read at the first request: a fifth of a second."""
_CLASSES = {
    "turn_off": "off", "close": "off", "lock": "off", "stop": "off", "pause": "off", "return": "off", "mute": "off",
    "turn_on": "on", "open": "on", "unlock": "on", "start": "on", "play": "on", "activate": "on", "unmute": "on",
    "query": "ask",
}  # fmt: skip
_PLAY = re.compile(r"^(?:please )?play (?:some |my |the )?(.+?)(?: music| songs?)?(?: please)?$")
ENOUGH = 0.5
"""A taste is acted on from this share of what the person plays on."""


def verb_class(verb: str) -> str:
    """`on`, `off`, `adjust` or `ask`.

    >>> verb_class("lock"), verb_class("increase")
    ('off', 'adjust')
    """
    return _CLASSES.get(verb, "adjust")


def part_of_day(now: datetime) -> str:
    """Night, morning, day or evening, of a working day or a weekend."""
    part = ("morning", "day", "evening", "night")[(now.hour - 5) % 24 // 6]
    return f"{part}{'+' if now.weekday() >= 5 else ''}"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something is chosen: by whom, for what, when."""

    household: str
    speaker: str | None
    verb: str
    now: datetime

    @classmethod
    def of(cls, intent: Intent, context: Context) -> Occasion:
        """The occasion of a request."""
        return cls(context.household, context.speaker, verb_class(intent.verb), context.now)

    def groups(self) -> tuple[tuple[object, ...], ...]:
        """The groups of choices that it belongs to, the widest first; to ask about a thing is not to use it."""
        use = "ask" if self.verb == "ask" else "use"
        person = (self.household, self.speaker, use)
        return ((self.household, use), person, (*person, part_of_day(self.now)))


@dataclass
class Experience:
    """Counts of choices. `load` gives the turns of the past; they are read when they are first needed."""

    load: Callable[[], Iterable[Turn]] = lambda: ()
    _loaded: bool = False
    _choices: dict[tuple[object, ...], Counter[str]] = field(default_factory=dict)
    _happened: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    # -- learning --------------------------------------------------------------------------------------------------

    def learn_one(self, turn: Turn) -> None:
        """Count what a turn chose."""
        self._read()
        self._learn(turn)

    def _read(self) -> None:
        if not self._loaded:
            self._loaded = True
            for turn in self.load():
                self._learn(turn)

    def _learn(self, turn: Turn) -> None:
        context, intent = turn.context, turn.intent
        if any(entity.startswith("timer.") and state.state == "ringing" for entity, state in context.states.items()):
            self.happened(context.household, ALARM, context.now)
        if intent is None or turn.outcome is None or turn.outcome.kind is not OutcomeKind.DONE:
            return
        if (played := _played(turn)) is not None:
            self._count((*_person(context), "plays"), played)
            self._count((*_person(context), "plays", part_of_day(context.now)), played)
            self._count((context.household, "plays"), played)
        if len(turn.entities) == 1 and intent.domain != "dialogue":
            self.chose(turn.entities[0], Occasion.of(intent, context))

    def chose(self, entity: str, occasion: Occasion) -> None:
        """Count one choice. To switch something off tells only that it was on."""
        if occasion.verb == "off":
            self.happened(occasion.household, f"{entity} off", occasion.now)
            return
        household, person, now = occasion.groups()
        before = self._before(occasion)
        groups = (household, person, now)
        if before is not None:
            # What is done after an alarm tells what follows alarms, and little of what is usual without one.
            groups = ((*household, "after", before), (*person, "after", before), now)
        for group in groups:
            self._count(group, entity)
        if occasion.verb != "ask":
            self.happened(occasion.household, f"{entity} {occasion.verb}", occasion.now)

    def happened(self, household: str, what: str, now: datetime) -> None:
        """Something that people may act upon: an alarm rang, a device was switched."""
        self._happened[household] = (now, what)

    def heard_of(self, household: str, what: str, when: datetime) -> None:
        """The same, of something that may be older than what is known."""
        known = self._happened.get(household)
        if known is None or known[0] <= when:
            self.happened(household, what, when)

    def _count(self, group: tuple[object, ...], what: str) -> None:
        self._choices.setdefault(group, Counter())[what] += 1

    def _before(self, occasion: Occasion) -> str | None:
        when, what = self._happened.get(occasion.household, (None, None))
        return what if when is not None and timedelta(0) <= occasion.now - when <= AFTER else None

    # -- asking ----------------------------------------------------------------------------------------------------

    def chosen(self, candidates: Sequence[str], occasion: Occasion) -> tuple[dict[str, float], dict[str, float]]:
        """How much habit, and what has just happened, speak for each candidate: log-odds against an even chance.

        >>> experience = Experience()
        >>> monday = Occasion("home", "ann", "on", datetime(2026, 3, 2, 7, 0))
        >>> for _ in range(5): experience.chose("switch.coffee", monday)
        >>> habits, _ = experience.chosen(["switch.coffee", "switch.kettle"], monday)
        >>> habits["switch.coffee"] > 0 > habits["switch.kettle"]
        True
        """
        self._read()
        even = {candidate: 1 / len(candidates) for candidate in candidates}
        household, person, now = occasion.groups()
        usual = self._share(person, self._share(household, even))
        habits = _odds(self._share(now, usual), even)
        before = self._before(occasion)
        if before is None:
            return habits, {}
        follows = self._share((*household, "after", before), usual)
        return habits, _odds(self._share((*person, "after", before), follows), usual)

    def _share(self, group: tuple[object, ...], wider: Mapping[str, float]) -> dict[str, float]:
        """The shares of the candidates in a group, with the wider group's as prior."""
        counts = self._choices.get(group, Counter())
        total = sum(counts[candidate] for candidate in wider) + PRIOR
        return {candidate: (counts[candidate] + PRIOR * share) / total for candidate, share in wider.items()}

    def taste(self, context: Context, without: frozenset[str] = frozenset()) -> tuple[str, float] | None:
        """What this person mostly plays (a title or genre) and with what share; `None` when nothing stands out.

        At this time of day first, then ever, then what the household plays; never what is in `without`.
        """
        self._read()
        person = _person(context)
        groups = ((*person, "plays", part_of_day(context.now)), (*person, "plays"), (context.household, "plays"))
        for group in groups:
            played = self._choices.get(group, Counter())
            counts = Counter({what: count for what, count in played.items() if what not in without})
            if counts:
                what, count = counts.most_common(1)[0]
                share = count / (sum(counts.values()) + 1)
                if share >= ENOUGH:
                    return what, share
        return None


def _person(context: Context) -> tuple[object, ...]:
    return context.household, context.speaker


def _odds(shares: Mapping[str, float], against: Mapping[str, float]) -> dict[str, float]:
    found = {each: math.log(share / against[each]) for each, share in shares.items()}
    return {each: max(-MOST, min(MOST, odds)) for each, odds in found.items() if abs(odds) > 1e-6}


def _played(turn: Turn) -> str | None:
    """The genre (or else the title) that a turn played; `None` when it played nothing in particular."""
    intent = turn.intent
    if intent is None or intent.verb not in {"play", "PlayMusic", "MediaSearchAndPlay"}:
        return None
    if turn.parse is not None and turn.parse.intents and intent.verb == "play":
        # What was chosen for the person, by taste or by habit, tells nothing new of it.
        intent = turn.parse.intents[0]
    title = intent.slots.get("title") or intent.slots.get("media_title") or intent.slots.get("search_query")
    if not title and (said := _PLAY.match(turn.executed.lower())):
        title = said[1]
    title = str(title or "").lower()
    return None if title in {"", "music", "something", "it", "song", "songs"} else genre_of(title)


def genre_of(title: str) -> str:
    """The genre of a song of the catalogue; any other title stands for itself.

    >>> genre_of("purple haze"), genre_of("jazz")
    ('hard rock', 'jazz')
    """
    songs = {title}
    for media in catalogue().values():
        if media.id.startswith("song/") and media.title.lower() == title:
            songs |= {track.title.lower() for track in media.tracks}
    for media in catalogue().values():
        if media.id.startswith("genre/") and any(track.title.lower() in songs for track in media.tracks):
            return media.title.lower()
    return title

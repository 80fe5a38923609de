"""The stages of teaching: what is told or taught in a turn, what it changes in later ones, and what is offered."""

from __future__ import annotations

from dataclasses import replace

from assistant.home import Home
from assistant.nlu.normalise import is_too_long
from assistant.store.items import Item
from assistant.teaching.grammar import frame_of, parts_of, tidy, value_asked
from assistant.teaching.interview import LONG, answer_to
from assistant.teaching.lesson import QUESTIONS, Lesson, Plan
from assistant.teaching.taught import PHRASE, VALUE, told
from assistant.teaching.teacher import Teacher, say
from assistant.teaching.telling import Told, value_item
from assistant.turn import (
    Ask,
    Confirm,
    Refuse,
    Source,
    Turn,
)

GUEST_ON = "Guest mode is on: until it is off I log and learn nothing."
VALUE_SLOTS = frozenset({"value", "color", "color_temp", "temperature", "unit"})
"""Slots of a value that is known, though the device may not take it: no reason for a lesson."""


class TeachStage:
    """The stage between understanding and dialogue: takes what is told, goes on with a lesson, writes out phrases."""

    name = "teach"
    reads = frozenset({"parse", "context"})
    writes = frozenset({"parse"})

    def __init__(self, teacher: Teacher) -> None:
        self._teacher = teacher

    def run(self, turn: Turn) -> Turn:
        """Decide what teaching decides; leave every other turn as it is."""
        teacher = self._teacher
        teacher.plan = Plan(turn.id)
        said = tidy(turn.executed)
        waiting = teacher.waiting(turn)
        overheard = turn.utterance.source is Source.VOICE and turn.utterance.wake is None and waiting is None
        if overheard or not said or is_too_long(turn.executed):
            return turn
        lesson = teacher.lesson(turn)
        if lesson is not None and lesson.offer is not None:
            teacher.plan.offer = lesson.offer
            if (taken := self._accepted(turn, lesson)) is not None:
                return taken.noted("teach", "answers an offer")
            lesson = None
        if lesson is not None and (answered := self._answer(turn, lesson, said)) is not None:
            return answered.noted("teach", "goes on with the lesson")
        frame = frame_of(said)
        chooses = waiting is not None and lesson is None and frame is not None and frame.kind == "like"
        if frame is not None and frame.kind == "guest":
            teacher.plan.guest = not set(frame.words) & {"off", "ends", "out"}
            return say(turn, GUEST_ON if teacher.plan.guest else "Guest mode is off.")
        if frame is not None and frame.kind == "interview":
            return self._ask_next(turn, "", ())
        if frame is not None and not chooses:
            if (remembered := teacher.memories.answer(turn, frame, teacher.last)) is not None:
                says, drop, ask = remembered
                if ask:
                    teacher.plan.lesson = Lesson("", drop=drop)
                    return replace(turn, decision=Confirm(says))
                teacher.plan.drop = drop
                return say(turn, says).noted("teach", "about what was learned")
            if (result := teacher.telling.tell(turn, frame, teacher.home())) is not None:
                return self._take(turn, result)
        if waiting is None and (told := teacher.guide.answer(turn, said)) is not None:
            return told.noted("teach", "answers from what was told")
        return self._written_out(turn, said)

    def _take(self, turn: Turn, result: Told) -> Turn:
        if result.refused:
            return replace(turn, decision=Refuse("unteachable", result.says))
        if result.asks and not self._teacher.guest.on:
            self._teacher.plan.lesson = Lesson("", keep=result.keep)
            return replace(turn, decision=Confirm(result.says))
        if self._teacher.guest.on and result.keep:
            return replace(turn, decision=Refuse("unteachable", "Guest mode is on, so I don't learn that."))
        self._teacher.plan.keep, self._teacher.plan.drop = result.keep, result.drop
        return say(turn, result.says).noted("teach", "was told something")

    def _written_out(self, turn: Turn, said: str) -> Turn:
        """A taught phrase or value as the requests that it stands for."""
        teacher = self._teacher
        for phrase in (said, said.removeprefix("it's ").removeprefix("start ").removeprefix("activate ")):
            if known := teacher.taught.find(turn, phrase, PHRASE):
                return self._as_requests(turn, tuple(known[0].details["requests"]), known[0].id)
        if _for_no_device(turn):
            return turn
        asked = value_asked(said, self._names())
        known = teacher.taught.find(turn, asked[1], VALUE) if asked else []
        if not asked or not known:
            return turn
        entities = teacher.trier.target(turn, asked[0])
        kinds = {entity.partition(".")[0] for entity in entities}
        known.sort(key=lambda item: item.details["domain"] not in kinds)
        for item in known:
            if requests := teacher.trier.valued(turn, asked[0], parts_of(item.after)):
                return self._as_requests(turn, requests, item.id)
        return self.offer(turn, asked) if entities and not teacher.guest.on else turn

    def _as_requests(self, turn: Turn, requests: tuple[str, ...], id: str) -> Turn:
        parse = self._teacher.trier.understand(requests)
        self._teacher.plan.taught = " and ".join(requests)
        return replace(turn, parse=parse).noted("teach", f"{id}: {' and '.join(requests)}")

    def _names(self) -> tuple[str, ...]:
        home = self._teacher.home()
        own = [
            (name.lower(), home.areas.get(entity.area or ""))
            for entity in home.entities.values()
            for name in entity.names
        ]
        return (*(name for name, _ in own), *(f"{area.name.lower()} {name}" for name, area in own if area))

    def offer(self, turn: Turn, asked: tuple[str, str]) -> Turn:
        """Ask what a value means that is not known."""
        target, term = asked
        trier = self._teacher.trier
        entities = trier.target(turn, target)
        if not entities or trier.requests(turn, f"turn {term} {target}").works:
            # Either no device is meant, or the words are known ("to off"): nothing to be learned.
            return turn
        device = _called(entities, self._teacher.home())
        self._teacher.plan.lesson = Lesson(term, target, device, entities)
        return replace(turn, decision=Ask(f"I don't know {term}. What should it be for {device}?"))

    def offer_value(self, turn: Turn) -> Turn:
        """Offer a lesson where a request failed only for the words of its value."""
        asked = value_asked(tidy(turn.executed), self._names())
        if asked is None or any(
            VALUE_SLOTS & intent.slots.keys() for intent in (turn.parse.intents if turn.parse else ())
        ):
            return turn
        return self.offer(turn, asked)

    def _answer(self, turn: Turn, lesson: Lesson, said: str) -> Turn | None:
        """What an answer does to the lesson; `None` when it is none, and the lesson is over."""
        act = turn.parse.intents[0].name if turn.parse and turn.parse.intents else ""
        if act in {"dialogue.cancel"} or said in {"never mind", "nevermind", "forget it", "no thanks", "nothing"}:
            return say(turn, "Okay.")
        if lesson.topic:
            return self._interviewed(turn, lesson, said, act)
        if lesson.requests or lesson.drop or lesson.keep:
            return self._read_back(turn, lesson, said, act)
        if act == "dialogue.no":
            return say(turn, "Okay.")
        if self._unrelated(turn, said):
            return None
        if (understood := self._understood(turn, lesson, said)) is not None:
            return understood
        if frame_of(said) or self._teacher.trier.requests(turn, said).works or said.endswith("?"):
            return None
        if lesson.asked >= QUESTIONS:
            return say(turn, f"Sorry, I still don't understand. Let's leave {lesson.term} for another time.")
        self._teacher.plan.lesson = replace(lesson, asked=lesson.asked + 1)
        what = lesson.device or "that"
        return replace(turn, decision=Ask(f'I can\'t do "{said}" with {what}. What should {lesson.term} be?'))

    def _understood(self, turn: Turn, lesson: Lesson, said: str) -> Turn | None:
        """Read back what an answer amounts to; `None` where it is nothing that can be done."""
        requests = self._meant(turn, lesson, said)
        if not requests:
            return None
        kept = self._item(turn, lesson, said, requests)
        self._teacher.plan.lesson = replace(lesson, requests=requests, keep=(kept,))
        means = f"{lesson.term} is {' and '.join(parts_of(said))} for {lesson.device}"
        if not lesson.target:
            means = f'when you say "{lesson.term}", I should {said}'
        return replace(turn, decision=Confirm(f"So {means}. Is that right?"))

    def _accepted(self, turn: Turn, lesson: Lesson) -> Turn | None:
        """The turn as a yes or no to an offer; `None` when it is about something else."""
        act = turn.parse.intents[0].name if turn.parse and turn.parse.intents else ""
        if act in {"dialogue.no", "dialogue.cancel"}:
            self._teacher.plan.accepted = False
            return say(turn, "Okay.")
        if act != "dialogue.yes":
            return None
        self._teacher.plan.accepted = True
        self._teacher.plan.keep = lesson.keep
        return self._as_requests(turn, lesson.requests, "offer")

    def _interviewed(self, turn: Turn, lesson: Lesson, said: str, act: str) -> Turn | None:
        """Take the answer to a question about tastes, and ask the next; `None` for a request of its own."""
        if act == "dialogue.no":
            return self._ask_next(turn, "Okay.", (*lesson.skipped, lesson.topic))
        teacher = self._teacher
        own = len(said.split()) >= LONG and teacher.trier.requests(turn, said).works
        frame = None if own or turn.executed.endswith("?") else answer_to(lesson.topic, said)
        result = teacher.telling.tell(turn, frame, teacher.home()) if frame else None
        if result is None or result.refused:
            return None
        teacher.plan.keep = result.keep
        return self._ask_next(turn, result.says, (*lesson.skipped, lesson.topic))

    def _ask_next(self, turn: Turn, says: str, skipped: tuple[str, ...]) -> Turn:
        question = None if self._teacher.guest.on else self._teacher.interview.next(turn, self._teacher.home(), skipped)
        if question is None:
            return say(turn, f"{says} That is all that I wanted to know.".strip())
        self._teacher.plan.lesson = Lesson("", topic=question.topic, skipped=skipped)
        return replace(turn, decision=Ask(f"{says} {question.asks}".strip()))

    def _read_back(self, turn: Turn, lesson: Lesson, said: str, act: str) -> Turn | None:
        """A yes or no to what was read back, or another meaning instead."""
        if act == "dialogue.yes":
            self._teacher.plan.keep, self._teacher.plan.drop = lesson.keep, lesson.drop
            if lesson.drop:
                return say(turn, "Okay, I forgot everything that you told me.")
            if not lesson.requests:
                return say(turn, "Okay, I'll remember that.")
            return self._as_requests(turn, lesson.requests, lesson.keep[0].id)
        if act != "dialogue.no":
            anew = lesson.term and lesson.target and not self._unrelated(turn, said)
            return self._understood(turn, lesson, said) if anew else None
        if lesson.drop or not lesson.term or lesson.asked >= QUESTIONS:
            return say(turn, "Okay.")
        self._teacher.plan.lesson = replace(lesson, requests=(), keep=(), asked=lesson.asked + 1)
        return replace(turn, decision=Ask(f"What should {lesson.term} be, then?"))

    def _unrelated(self, turn: Turn, said: str) -> bool:
        """Whether it is a question, about something else than devices, or a request that may begin a lesson itself."""
        intents = turn.parse.intents if turn.parse else ()
        asks = any(each.verb == "query" or each.domain not in {"home", "foreign", "dialogue"} for each in intents)
        return asks or (value_asked(said, self._names()) is not None and self._fails(turn, said))

    def _fails(self, turn: Turn, said: str) -> bool:
        return not self._teacher.trier.requests(turn, said).works

    def _meant(self, turn: Turn, lesson: Lesson, said: str) -> tuple[str, ...] | None:
        trier = self._teacher.trier
        if not lesson.target:
            return (said,) if trier.requests(turn, said).works and not trier.requests(turn, said).asks else None
        intents = turn.parse.intents if turn.parse else ()
        if any({"name", "area"} & intent.slots.keys() for intent in intents):
            full = trier.requests(turn, said)
            same = full.works and set(full.entities) == set(lesson.entities)
            return (said,) if same and not full.asks else None
        return trier.valued(turn, lesson.target, parts_of(said))

    def _item(self, turn: Turn, lesson: Lesson, said: str, requests: tuple[str, ...]) -> Item:
        if not lesson.target:
            sentence = f'When you say "{lesson.term}", I do this: {said}.'
            return told(turn, PHRASE, lesson.term, said, sentence, requests=list(requests))
        meaning = " and ".join(parts_of(said))
        return value_item(turn, lesson.term, meaning, lesson.entities[0].partition(".")[0])


def _called(entities: tuple[str, ...], home: Home) -> str:
    names = [f"the {home.entities[entity].name}" for entity in entities[:3]]
    return names[0] if len(entities) == 1 else " and ".join(names)


def _for_no_device(turn: Turn) -> bool:
    """Whether a request is understood in full and about no device: "broadcast that dinner is ready"."""
    if turn.parse is None or turn.parse.unexplained or not turn.parse.intents:
        return False
    return not any(intent.domain in {"home", "foreign", "dialogue"} for intent in turn.parse.intents)

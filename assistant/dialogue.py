"""The dialogue between turns: answers to a question, yes and no, corrections, undo, repeat, help."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.answers import chosen
from assistant.completing import completed
from assistant.conversation import Dialogue
from assistant.explain import explained
from assistant.home import Home
from assistant.policy import Policy
from assistant.recall import Recall
from assistant.resolve import Resolver
from assistant.resolve.names import mention_of
from assistant.retargeting import (
    OTHER,
    TARGET_SLOTS,
    continued,
    retargeted,
    stopping,
    with_choice,
    with_one,
    with_other,
)
from assistant.running import about_timers
from assistant.timers import Timers
from assistant.turn import (
    Ask,
    Candidate,
    Command,
    Confirm,
    Execute,
    Ignore,
    Intent,
    Outcome,
    OutcomeKind,
    Parse,
    Refuse,
    Resolution,
    Source,
    Turn,
)
from assistant.undo import undoing

SURE = 0.6
"""A yes counts only when it was heard at least this surely."""
SOON = 120.0
"""Seconds within which "undo that", "no, ..." and "say that again" reach back."""
DIRECTION = re.compile(r"^(?:(?:turn|switch|put) )?(?:it |them |that )?(?P<way>on|off)(?: please)?$")
"""The answer to the question whether something should be turned on or off."""
AGAIN = re.compile(r"\b(?:again|once more|one more time|too|as well|also|same)\b")
HELP = (
    "You can ask me to turn things on or off, open or close doors and blinds, set brightness, temperature or volume, "
    "set timers, and ask how things are. Say undo to take back the last thing."
)


Reader = Callable[[str], Parse]
"""Understands a sentence."""


class DialogueStage:
    """The stage between understanding and resolution: decides what needs only the dialogue, completes the rest."""

    name = "dialogue"
    reads = frozenset({"parse", "context"})
    writes = frozenset({"parse"})

    def __init__(
        self, dialogue: Dialogue, policy: Policy, timers: Timers, recall: Recall, resolver: Resolver, read: Reader
    ) -> None:
        self._read = read
        self._dialogue = dialogue
        self._policy = policy
        self._timers = timers
        self._recall = recall
        self._resolver = resolver

    def _home(self) -> Home:
        return self._resolver.home

    def run(self, turn: Turn) -> Turn:
        """Answer, complete, or leave the turn as it is."""
        if turn.decision is not None:
            return turn
        last, parse = self._dialogue.last, turn.parse
        assert parse is not None, "the pipeline checks that nlu ran"
        if (read := about_timers(parse, self._timers, last.intent if last else None)) is not None:
            parse, turn = read, replace(turn, parse=read).noted("dialogue", "about a timer that runs")
        act = parse.intents[0].verb if _is_dialogue(parse) else ""
        if (judged := self._judged(turn, act)) is not None:
            return judged.noted("dialogue", "answers the feedback question")
        pending = self._dialogue.pending(turn.context.now, self._policy.risk.answer_within)
        heard = turn.utterance
        if pending is None and heard.source is Source.VOICE and heard.wake is None and not heard.over:
            # Nobody called it, and it asked nothing: a television, or people among themselves.
            return replace(turn, decision=Ignore("not meant for me"), outcome=None)
        if pending is not None and (answered := self._answered(turn, pending, act)):
            return answered.noted("dialogue", "answers the question")
        if parse.intents and parse.intents[0].domain in {"schedule", "history"}:
            return self._recalled(turn, parse.intents[0]).noted("dialogue", "about the past or the plans")
        handled = self._handled(turn, act)
        return continued(turn, self._recent(turn, last)) if handled is None else handled

    def _handled(self, turn: Turn, act: str) -> Turn | None:
        """What comes of an act of the dialogue; `None` for a request."""
        handler: Callable[[Turn], Turn] | None = {
            "yes": self._nothing_asked,
            "no": self._rejected,
            "cancel": self._cancel,
            "undo": self._undo,
            "repeat": self._repeat,
            "help": self._help,
            "thanks": self._thanks,
            "correct": self._correct,
            "also": self._also,
            "answer": self._unclear,
            "prohibit": self._prohibited,
            "greet": self._greet,
            "why": self._why,
        }.get(act)
        return handler(turn) if handler else None

    def _judged(self, turn: Turn, act: str) -> Turn | None:
        """A yes or no right after "Did I get that right?" is feedback about that turn, not a request.

        A correction ("no, the bedroom") is feedback and a request in one.
        """
        about = self._dialogue.asked_about
        if about is not None and act == "correct":
            self._dialogue.judged = (about, False)
        if about is None or act not in {"yes", "no"}:
            return None
        self._dialogue.judged = (about, act == "yes")
        return self._say(turn, "Thank you." if act == "yes" else "I see. Thank you for telling me.")

    def _answered(self, turn: Turn, pending: Turn, act: str) -> Turn | None:
        """The turn as the answer to a pending question; `None` when it is none."""
        options = pending.decision.options if isinstance(pending.decision, Ask) else ()
        meant = chosen(turn.executed, options, self._home()) if options else None
        if act in {"no", "cancel"} and not meant:
            return self._say(turn, "Okay.")
        if isinstance(pending.decision, Confirm):
            if act == "yes" and _somebody_else(turn, pending):
                who = (pending.context.speaker or "somebody else").capitalize()
                return self._refuse(turn, "nothing_asked", f"I asked {who}, so I need the yes from there.")
            return self._confirmed(turn, pending, pending.decision) if act == "yes" else None
        assert isinstance(pending.decision, Ask), "only Ask and Confirm are pending"
        if not options:
            return self._directed(turn, pending) or self._completed(turn, pending)
        if meant is None:
            return None
        if not meant:
            return self._say(turn, "Okay.")
        told = tuple(with_choice(each, options, meant) for each in pending.resolutions)
        turn = replace(turn, parse=pending.parse, resolutions=told)
        return replace(turn, decision=self._policy.decide(turn))

    def _directed(self, turn: Turn, pending: Turn) -> Turn | None:
        """The pending request, now that it is known whether it is on or off; `None` when that is not said."""
        said = DIRECTION.match(turn.executed.lower().strip(" .!"))
        if said is None or pending.intent is None or pending.intent.verb != "turn":
            return None
        told = tuple(
            replace(each, intent=replace(each.intent, name=f"{each.intent.domain}.turn_{said['way']}"))
            for each in pending.resolutions
        )
        turn = replace(turn, parse=pending.parse, resolutions=told)
        return replace(turn, decision=self._policy.decide(turn))

    def _completed(self, turn: Turn, pending: Turn) -> Turn | None:
        """The pending request with the value, the time or the words that were asked for; `None` when it is another."""
        parse = completed(pending, turn.executed, self._read)
        return replace(turn, parse=parse) if parse is not None else None

    def _confirmed(self, turn: Turn, pending: Turn, asked: Confirm) -> Turn:
        heard = turn.utterance.confidence
        if turn.utterance.source is Source.VOICE and (heard is None or heard < SURE):
            return replace(turn, decision=Confirm(asked.question, asked.commands), resolutions=pending.resolutions)
        return replace(turn, parse=pending.parse, resolutions=pending.resolutions, decision=Execute(asked.commands))

    def _nothing_asked(self, turn: Turn) -> Turn:
        """A yes to "which one?" is no answer, and one to nothing at all is no request."""
        last = self._dialogue.pending(turn.context.now, self._policy.risk.answer_within)
        if last is not None:
            return self._unclear(turn)
        return self._refuse(turn, "nothing_asked", "I didn't ask anything just now.")

    def _unclear(self, turn: Turn) -> Turn:
        """Ask again when an answer fits none of the options; without a question it is no request."""
        last = self._dialogue.pending(turn.context.now, self._policy.risk.answer_within)
        if last is None and OTHER.search(turn.executed.lower()) and self._recent(turn) is not None:
            return self._correct(turn)
        if last is None or not isinstance(last.decision, Ask):
            return self._refuse(turn, "unexplained", "Sorry, I didn't understand that.")
        return replace(turn, parse=last.parse, resolutions=last.resolutions, decision=last.decision)

    def _rejected(self, turn: Turn) -> Turn:
        return self._say(turn, "Sorry. What did you mean?")

    def _thanks(self, turn: Turn) -> Turn:
        return self._say(turn, "You're welcome.")

    def _help(self, turn: Turn) -> Turn:
        return self._say(turn, HELP)

    def _repeat(self, turn: Turn) -> Turn:
        last = self._dialogue.last
        return self._say(turn, last.reply.text if last and last.reply and last.reply.text else "I said nothing yet.")

    def _cancel(self, turn: Turn) -> Turn:
        """Stop what rings, or what is moving (stopping is always safe), or what was just scheduled; else be quiet."""
        if self._timers.silence():
            return self._say(turn, "Okay.")
        assert turn.parse is not None, "checked by run"
        if words := " ".join(turn.parse.unexplained) or mention_of(turn.parse.intents[0].slots):
            return self._cancel_named(turn, words)
        last = self._dialogue.matter
        if last is not None and (waiting := self._recall.rules.made_by(last.id)):
            return self._unscheduled(turn, Intent("schedule.cancel", {"turn": waiting[0].turn}))
        if last is not None and last.intent is not None and last.intent.name == "schedule.query":
            return self._unscheduled(turn, Intent("schedule.cancel", {"about": ""}))
        moving = [
            Command(entity, "home.stop", {"state": "stop"})
            for entity, state in turn.context.states.items()
            if entity in self._home().entities and state.state in {"opening", "closing"}
        ]
        if moving:
            return self._stop(turn, tuple(moving))
        return stopping(turn, self._dialogue.memory().targets) or self._say(turn, "Okay.")

    def _cancel_named(self, turn: Turn, words: str) -> Turn:
        """Cancel what waits and is called so; stop the device of that name."""
        if self._recall.rules.about(words):
            return self._unscheduled(turn, Intent("schedule.cancel", {"about": words}))
        assert turn.parse is not None, "checked by run"
        stop = replace(turn.parse.best, intents=(Intent("home.stop", {"name": words}),), unexplained=())
        return replace(turn, parse=Parse(stop, turn.parse.alternatives))

    def _stop(self, turn: Turn, commands: tuple[Command, ...]) -> Turn:
        intent = Intent("home.stop", {"reference": "it"})
        found = Candidate(tuple(command.entity for command in commands), 0.0, ("it is moving",))
        return replace(turn, resolutions=(Resolution(intent, (found,)),), decision=Execute(commands))

    def _undo(self, turn: Turn) -> Turn:
        last = self._dialogue.matter
        assert turn.parse is not None, "checked by run"
        if turn.parse.unexplained:
            return turn
        if last is not None and (waiting := self._recall.rules.made_by(last.id)):
            return self._unscheduled(turn, Intent("schedule.cancel", {"turn": waiting[0].turn}))
        acted = self._recent(turn)
        if acted is None or not (back := undoing(acted, self._home())):
            return self._refuse(turn, "nothing_to_undo", "There is nothing to undo.")
        found = Candidate(tuple(command.entity for command in back), 0.0, (f"what turn {acted.id} did",))
        turn = replace(turn, resolutions=(Resolution(Intent("dialogue.undo"), (found,)),))
        return replace(turn, decision=self._policy.gate(turn, back))

    def _correct(self, turn: Turn) -> Turn:
        """Take a correction: the last request again with the new target ("no, the bedroom"), the wrong one put back."""
        assert turn.parse is not None, "checked by run"
        last = self._dialogue.matter
        turn = with_one(with_other(turn), last, self._home())
        assert turn.parse is not None, "as before"
        first, *others = turn.parse.intents
        corrections = [first, *(each for each in others if each.name == "dialogue.correct")]
        rest = [each for each in others if each.name != "dialogue.correct"]
        if rest and not first.slots and rest[0].domain == "dialogue":
            # "No, stop": what follows is what is meant.
            said = replace(turn.parse.best, intents=tuple(rest))
            return self._handled(replace(turn, parse=replace(turn.parse, best=said)), rest[0].verb) or turn
        base = last.parse.intents[0] if last and last.parse and last.parse.intents else None
        if rest and rest[0].verb == "stop" and not rest[0].slots:
            return self._cancel(replace(turn, parse=Parse(replace(turn.parse.best, intents=tuple(rest)), ())))
        if rest:
            intents = tuple(rest)
        elif base is None or base.domain != "home" or not corrections[0].slots or not self._recent(turn, last):
            return self._refuse(turn, "unexplained", "Sorry, what did you mean?")
        else:
            intents = tuple(retargeted(base, each.slots, last, self._resolver) for each in corrections)
        if last is not None and self._recall.rules.made_by(last.id):
            intents = (replace(intents[0], slots={**intents[0].slots, "replaces": last.id}), *intents[1:])
        acted = self._recent(turn, last)
        if acted and (back := undoing(acted, self._home())):
            put_back = {command.entity: dict(command.value) for command in back}
            intents = (replace(intents[0], slots={**intents[0].slots, "instead_of": put_back}), *intents[1:])
        best = replace(turn.parse.best, intents=intents)
        return replace(turn, parse=Parse(best, turn.parse.alternatives)).noted("dialogue", "corrects the last request")

    def _prohibited(self, turn: Turn) -> Turn:
        return self._say(turn, "Okay, I won't.")

    def _greet(self, turn: Turn) -> Turn:
        said = set(turn.executed.lower().replace(",", " ").split())
        if said & {"bye", "goodbye"}:
            return self._say(turn, "Goodbye.")
        hour = turn.context.now.hour
        part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
        return self._say(turn, f"Good {'night' if said & {'night', 'goodnight'} else part}.")

    def _why(self, turn: Turn) -> Turn:
        """Tell what the last turn rested on, or what was done last of its own accord."""
        last = self._dialogue.told_last
        if last is None:
            return self._say(turn, "I did nothing yet.")
        asked = "You had asked for it. " if last is self._dialogue.own else ""
        return self._say(turn, f"{asked}{explained(last, self._home())}")

    def _unscheduled(self, turn: Turn, intent: Intent) -> Turn:
        """Cancel what waits: done by the stage that acts."""
        return replace(turn, resolutions=(Resolution(intent),), decision=Execute())

    def _recalled(self, turn: Turn, intent: Intent) -> Turn:
        """Answer a question about what was, or about what waits."""
        if intent.name == "schedule.cancel":
            return self._unscheduled(turn, intent)
        if intent.domain == "schedule":
            return self._say(turn, self._recall.planned(intent, turn.context.now))
        if intent.verb == "what":
            return self._say(turn, self._recall.remembered(Resolution(intent), turn))
        asked = {key: value for key, value in intent.slots.items() if key in TARGET_SLOTS} | {"question": "is"}
        query = Intent("home.query", {**asked, "state": intent.slots["state"]}, intent.confidence)
        found = self._resolver.resolve(query, turn.context, self._dialogue.memory())
        if found.missing:
            return self._refuse(turn, "missing", f"I don't know anything here called {found.missing}.")
        meant = found if asked.get("name") else _every(found)
        turn = replace(turn, resolutions=(replace(meant, intent=intent),))
        return self._say(turn, self._recall.remembered(turn.resolutions[0], turn))

    def _also(self, turn: Turn) -> Turn:
        """Do the same for another target ("and the bedroom too")."""
        assert turn.parse is not None, "checked by run"
        last = self._recent(turn, self._dialogue.matter)
        turn = with_one(with_other(turn), last, self._home())
        assert turn.parse is not None, "as before"
        base = last.parse.intents[0] if last and last.parse and last.parse.intents else None
        told = turn.parse.intents[0].slots
        if base is None or base.domain != "home" or not (told or AGAIN.search(turn.executed.lower())):
            return self._refuse(turn, "unexplained", "Sorry, what should I do?")
        intent = retargeted(base, told, last, self._resolver) if told.keys() - {"reference"} else base
        if told.get("reference") == "other":
            intent = retargeted(base, told, last, self._resolver)
        best = replace(turn.parse.best, intents=(intent,))
        return replace(turn, parse=Parse(best, turn.parse.alternatives)).noted(
            "dialogue", "the same for another target"
        )

    def _recent(self, turn: Turn, which: Turn | None = None) -> Turn | None:
        """The last turn that acted, if it was just now."""
        last = which or self._dialogue.acted
        if last is None or (turn.context.now - last.context.now).total_seconds() > SOON:
            return None
        return last

    def _refuse(self, turn: Turn, code: str, text: str) -> Turn:
        """Decline at once."""
        return replace(turn, decision=Refuse(code, text))

    def _say(self, turn: Turn, text: str) -> Turn:
        """Answer at once; nothing is sent to any device."""
        return replace(turn, decision=Execute(), outcome=Outcome(OutcomeKind.DONE, {}, (), (text,)))


def _somebody_else(turn: Turn, asked: Turn) -> bool:
    """Whether another person than the one who was asked speaks; of unknown ones, somebody in another room."""
    here, there = turn.context, asked.context
    if here.speaker is not None and there.speaker is not None:
        return here.speaker != there.speaker
    return here.room is not None and there.room is not None and here.room != there.room


def _every(resolution: Resolution) -> Resolution:
    """All candidates together: "the light" of a question about the past may be any of them."""
    entities = tuple(dict.fromkeys(entity for each in resolution.candidates for entity in each.entities))
    return replace(resolution, candidates=(replace(resolution.candidates[0], entities=entities),))


def _is_dialogue(parse: Parse) -> bool:
    return bool(parse.intents) and parse.intents[0].domain == "dialogue"

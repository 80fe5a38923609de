"""Puts the assistant together: the one place that knows every part."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.act import ActStage
from assistant.clock import Clock
from assistant.config import Settings
from assistant.conversation import Dialogue
from assistant.dialogue import DialogueStage
from assistant.engine import Engine, Parts
from assistant.events import Inbox, Wire
from assistant.habits.habits import Habits
from assistant.habits.suggest import Suggester
from assistant.history import History
from assistant.home import Home
from assistant.learning.adapt import LearnedWordings
from assistant.learning.ledger import Ledger
from assistant.learning.preferences import AnswerLearner, LearnedPreferences
from assistant.learning.promptly import PromptLearner
from assistant.learning.rewriting import RewriteStage
from assistant.nlu import Understander
from assistant.nlu.adapting import HomeUnderstander
from assistant.nlu.stage import NluStage
from assistant.observer import Observer
from assistant.pipeline import Pipeline
from assistant.policy import DecideStage, Policy
from assistant.recall import Recall
from assistant.reply import ReplyStage
from assistant.resolve import Resolver, ResolveStage
from assistant.resolve.evidence import Known
from assistant.resolve.experience import REMEMBERED, Experience
from assistant.rules import Rules
from assistant.schedule import Scheduler
from assistant.store import Store
from assistant.surroundings import ExperienceLearner, SensorWatch, around
from assistant.teaching import LessonStage, SteerStage, Taught, Teacher, TeachStage, Trier
from assistant.teaching.feedback import Feedback
from assistant.teaching.guest import RECENT, Discreet, Guest
from assistant.teaching.hands import Hands
from assistant.teaching.manners import Attentive, Manners
from assistant.teaching.moments import Moments
from assistant.teaching.obedience import Obedience
from assistant.teaching.taught import PHRASE, VALUE
from assistant.timers import Timers
from assistant.turn import Context, Turn, Utterance
from assistant.twin import Twin
from assistant.voice import Voice
from devices.wire import Transport


@dataclass
class Assistant:
    """The engine with the parts that others ask for."""

    engine: Engine
    pipeline: Pipeline
    resolver: Resolver
    understander: Understander
    ledger: Ledger
    store: Store
    twin: Twin
    taught: Taught

    def sayings(self) -> tuple[str, ...]:
        """What people of this home say in words of their own: what was taught, and both sides of learned rewrites."""
        taught = [item.before for item in self.taught.items() if item.kind in {PHRASE, VALUE}]
        rewrites = [text for item in self.ledger.rewrites() for text in (item.before, item.after)]
        return tuple(sorted({*taught, *rewrites}))

    def preview(self, utterance: Utterance, speaker: str | None = None) -> Turn:
        """What a request would do now, outside of any dialogue; nothing is done, and nothing is kept."""
        self.sync_home()
        parts = self.engine.parts
        context = Context(parts.clock.now(), parts.household, speaker=speaker, states=self.engine.states())
        turn = self.pipeline.run(Turn("preview", context, utterance), start="nlu", stop="nlu")
        return self.pipeline.run(turn, start="resolve", stop="decide")

    def sync_home(self) -> Home:
        """Bring the language up to date with the home; cheap when nothing changed."""
        home = self.taught.named(self.twin.home)
        if home is not self.resolver.home:
            self.resolver.learn_home(home)
            self.understander.learn_home(home)
        return home


@dataclass(frozen=True, slots=True)
class Outside:
    """What an assistant is plugged into. `chance` decides which requests are left alone to compare."""

    clock: Clock
    inbox: Inbox
    transport: Transport
    voice: Voice
    home: str | None
    """The id of the Mynah home; `None` where there are only devices that others announce."""
    chance: random.Random = field(default_factory=random.Random)


def assemble(
    outside: Outside,
    store: Store,
    settings: Settings,
    understander: Understander | None = None,
    observers: Sequence[Observer] = (),
) -> Assistant:
    """Build an assistant and subscribe it to its home."""
    twin = Twin(outside.home)
    dialogue = Dialogue()
    timers = Timers(store)
    rules = Rules(store, settings.latitude)
    parts = Parts(
        outside.clock,
        outside.inbox,
        twin,
        outside.transport,
        store,
        timers,
        rules,
        History(store),
        dialogue,
        outside.voice,
        settings.learning.household,
    )
    engine = Engine(parts, observers)
    experience = Experience(lambda: store.last(REMEMBERED))
    ledger = Ledger(store)
    guest = Guest(store)
    habits = Habits(parts, ledger, lambda: guest.on)
    taught = Taught(ledger)
    known = Known(experience, LearnedPreferences(ledger), habits, taught.disliked)
    watch = SensorWatch(parts)
    engine.observers.append(watch)
    resolver = Resolver(lambda context: around(parts, known, watch, context))
    understander = understander or Understander.load()
    wordings = LearnedWordings(ledger, understander, settings.learning.household)
    understander = HomeUnderstander(understander.model, wordings)
    policy = Policy(lambda: resolver.home, settings.risk)
    recall = Recall(parts.history, rules, store, lambda: resolver.home)

    def probe(turn: Turn) -> Turn:
        """What would be decided; nothing is done."""
        assistant.sync_home()
        return pipeline.run(turn, start="nlu", stop="decide")

    def decide(turn: Turn) -> Turn:
        """What would be decided about a turn that is understood."""
        return pipeline.run(turn, start="resolve", stop="decide")

    engine.private = lambda: guest.on
    moments = Moments(store)
    moments.read(store.last(RECENT))
    teacher = Teacher(taught, Trier(understander, decide), dialogue, guest, lambda: resolver.home, moments)
    engine.allowed = Obedience(taught).obeyed
    nlu = NluStage(understander)
    pipeline = Pipeline(
        [
            RewriteStage(ledger, settings.learning.explore, outside.chance, probe),
            nlu,
            TeachStage(teacher),
            DialogueStage(dialogue, policy, timers, recall, resolver, nlu.understand),
            ResolveStage(resolver, dialogue.memory, known),
            SteerStage(teacher),
            DecideStage(policy),
            LessonStage(teacher),
            ActStage(engine, timers, Scheduler(rules, engine.view), settings.confirm_wait),
            ReplyStage(lambda: resolver.home, engine.last_known),
        ]
    )
    engine.pipeline = pipeline
    engine.policy = policy
    assistant = Assistant(engine, pipeline, resolver, understander, ledger, store, twin, taught)
    engine.before_turn = assistant.sync_home
    manners = Manners(store, settings.risk)
    suggester = Suggester(habits, engine, teacher, manners, ledger)
    hands = Hands(engine, teacher, manners)
    feedback = Feedback(engine, manners, guest.log, settings.learning.questions)
    resting: list[Callable[[], object]] = [hands.rest, suggester.rest, feedback.rest]
    engine.observers += [habits, Attentive(manners, hands, suggester, feedback)]
    engine.observers += [Discreet(each, guest) for each in (AnswerLearner(ledger), ExperienceLearner(experience))]
    if settings.learning.promptly:
        prompt = PromptLearner(ledger, outside.clock, settings.learning)
        engine.observers.append(Discreet(prompt, guest))
        resting.insert(0, prompt.rest)
    engine.when_quiet = lambda: [rest() for rest in resting]
    twin.connect(outside.transport, lambda message: outside.inbox.put(Wire(message)))
    return assistant

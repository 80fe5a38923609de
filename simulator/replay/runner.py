"""Plays a dialogue script against a real assistant in a simulated home, and checks what it expects."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.errors import UserError
from assistant.learning.learn import learn
from assistant.nlu import Understander
from assistant.turn import States, Turn
from simulator.homes import load_home
from simulator.replay.checks import changed, reply_problems, state_problems, turn_problems
from simulator.replay.script import Expect, Heard, Interrupt, Script, Step
from simulator.replay.stage import REPLAY_SETTINGS, Stage
from simulator.replay.talk import Saying, Talk, TextTalk

GAP = 3.0
"""Seconds between one step and the next."""
REST = 30.0
"""Simulated seconds within which commanded devices must have come to rest."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step came to. `problems` is empty when every expectation held."""

    step: int
    action: str
    said: str | None
    turn: Turn | None
    spoken: tuple[str, ...]
    ms: float
    problems: tuple[str, ...]


@dataclass
class Recorder:
    """An observer that keeps what was said and the newest version of every turn."""

    said_aloud: list[str] = field(default_factory=list)
    turns: dict[str, Turn] = field(default_factory=dict)

    def turn_changed(self, turn: Turn) -> None:
        """Keep the newest version; what the assistant asked of its own accord was also said aloud."""
        if turn.id not in self.turns and not turn.said and turn.reply is not None and turn.reply.text:
            self.said_aloud.append(turn.reply.text)
        self.turns[turn.id] = turn

    def said(self, text: str) -> None:
        """Keep what was said of its own accord."""
        self.said_aloud.append(text)

    def phase_changed(self, phase: Any) -> None:
        """Nothing to keep."""

    def home_changed(self, entity: str) -> None:
        """Nothing to keep."""


class Runner:
    """Plays one script on fresh data; `talk` is how its sentences reach the assistant."""

    def __init__(
        self,
        script: Script,
        folder: Path,
        data: Path | None = None,
        understander: Understander | None = None,
        talk: Talk | None = None,
    ) -> None:
        self.script = script
        self.recorder = Recorder()
        self._talk = talk or TextTalk()
        usual = Settings().learning if script.explore else REPLAY_SETTINGS.learning
        update = {"explore": usual.explore, "questions": usual.questions}
        learning = REPLAY_SETTINGS.learning.model_copy(update=update)
        settings = REPLAY_SETTINGS.model_copy(update={"learning": learning})
        home = load_home(script.home, folder)
        voice = self._talk.voice
        self.stage = Stage(home, script.start, data, script.seed, settings, understander, [self.recorder], voice)
        self._folder = folder
        self._judged: list[tuple[int, Expect, Turn]] = []
        self._interrupt_problems: list[str] = []

    def play(self) -> list[StepResult]:
        """All steps in order; the stage is closed at the end."""
        if self.script.history:
            self._import(self._folder / self.script.history)
        results = [self._play(index, step) for index, step in enumerate(self.script.steps, 1)]
        self.stage.run(GAP)
        self.stage.close()
        return self._with_failures(results)

    def _import(self, path: Path) -> None:
        from assistant.store.interchange import read

        if not path.exists():
            raise UserError(f"{path}: the script's history does not exist")
        self.stage.store.import_turns(read(path).turns)

    def _play(self, index: int, step: Step) -> StepResult:
        before = dict(self._states())
        self.recorder.said_aloud.clear()
        self._interrupt_problems = []
        began = time.perf_counter()
        turn = getattr(self, f"_{step.action}")(step)
        ms = (time.perf_counter() - began) * 1000
        if step.action not in {"at", "wait"} and not self._next_waits(index):
            self.stage.run(GAP)
        problems = self._problems(step.expect, turn, before, ms) if step.expect else []
        problems += self._interrupt_problems
        if turn is not None and step.expect and step.expect.failure:
            self._judged.append((index, step.expect, turn))
        newest = self.recorder.turns.get(turn.id, turn) if turn else None
        spoken = tuple(self.recorder.said_aloud)
        return StepResult(index, step.action, step.say, newest, spoken, ms, tuple(problems))

    def _next_waits(self, index: int) -> bool:
        """Whether the next step says itself when it comes."""
        following = self.script.steps[index : index + 1]
        return bool(following) and following[0].action in {"at", "wait"}

    # -- steps -----------------------------------------------------------------------------------------------------

    def _at(self, step: Step) -> None:
        assert step.at is not None, "checked by the schema"
        left = (step.at - self.stage.clock.now()).total_seconds()
        if left < 0:
            raise UserError(f"a script can't go back in time to {step.at}")
        self.stage.run(left)

    def _wait(self, step: Step) -> None:
        self.stage.run(step.wait or 0.0)

    def _say(self, step: Step) -> Turn | None:
        assert step.say is not None, "checked by the schema"
        turn = self._talk.say(self._saying(step.say, step.heard, step), self.stage)
        if step.interrupt is not None:
            self._interrupt(step.interrupt, step)
        else:
            self._talk.listen(self.stage)
        if step.feedback == "ask":
            self.stage.assistant.engine.ask_feedback()
            self._talk.listen(self.stage)
        return turn

    def _saying(self, text: str, heard: str | list[Heard] | None, step: Step) -> Saying:
        room = self._room(step.room or self.script.room)
        return Saying(text, step.speaker or self.script.speaker, room, heard, step.to == "assistant")

    def _interrupt(self, interrupt: Interrupt, step: Step) -> None:
        """Barge in: the words come so many seconds into the reply, or right after it."""
        self._talk.listen(self.stage, interrupt.after)
        before = dict(self._states())
        turn = self._talk.say(self._saying(interrupt.say, interrupt.heard, step), self.stage)
        self._talk.listen(self.stage)
        if interrupt.expect:
            self._interrupt_problems = self._problems(interrupt.expect, turn, before, 0.0)

    def _switch(self, step: Step) -> None:
        for entity, state in (step.switch or {}).items():
            self.stage.world.by_hand(entity, flat(state))
        self.stage.assistant.engine.advance()

    def _set(self, step: Step) -> None:
        for entity, state in (step.set or {}).items():
            self.stage.world.set(entity, flat(state))
        self.stage.assistant.engine.advance()

    def _fault(self, step: Step) -> None:
        assert step.fault is not None, "checked by the schema"
        self.stage.world.fault(step.fault.entity, step.fault.kind, step.fault.seconds)
        self.stage.assistant.engine.advance()

    def _learn(self, _step: Step) -> None:
        self.stage.assistant.engine.settle(interrupted=False)
        learn(self.stage.store, self.stage.assistant.ledger, self.stage.settings.learning)

    def _restart(self, _step: Step) -> None:
        self.stage.restart()

    # -- expectations ----------------------------------------------------------------------------------------------

    def _problems(self, expect: Expect, turn: Turn | None, before: States, ms: float) -> list[str]:
        problems = list(turn_problems(expect, turn)) if turn or expect.decision else []
        if expect.reply is not None:
            own = turn.reply.text if turn and turn.reply else ""
            problems += reply_problems(expect.reply, " ".join([own, *self.recorder.said_aloud]).strip())
        if expect.states:
            problems += self._settled(expect)
        if expect.unchanged and (touched := changed(before, self._states())):
            problems.append(f"changed {', '.join(touched)}, expected no change")
        if expect.within_ms is not None and ms > expect.within_ms and turn is not None:
            problems.append(f"took {ms:.1f} ms, expected at most {expect.within_ms:g}")
        return problems

    def _settled(self, expect: Expect) -> list[str]:
        """Wait until the states are as expected and nothing moves, at most `REST` simulated seconds."""
        problems = list(state_problems(expect.states, self._states()))
        waited = 0.0
        while problems and waited < REST:
            self.stage.run(1.0)
            waited += 1.0
            problems = list(state_problems(expect.states, self._states()))
        return problems

    def _with_failures(self, results: list[StepResult]) -> list[StepResult]:
        """Judge failure points after the last step, when all that follows a turn is known."""
        if not self._judged:
            return results
        from assistant.learning.failures import failure_points

        points = failure_points(self.stage_turns(), self.stage.assistant.pipeline)
        for index, expect, turn in self._judged:
            found = points.get(turn.id)
            if found != expect.failure:
                result = results[index - 1]
                problem = f"failure point is {found}, expected {expect.failure}"
                results[index - 1] = replace(result, problems=(*result.problems, problem))
        return results

    def stage_turns(self) -> list[Turn]:
        """The newest version of every turn, in order."""
        return list(self.recorder.turns.values())

    def _states(self) -> States:
        return self.stage.assistant.engine.states()

    def _room(self, name: str | None) -> str | None:
        """The id of a room given by id or name. Raises `UserError` for a room that the home does not have."""
        if name is None:
            return None
        areas = self.stage.assistant.twin.home.areas
        for area in areas.values():
            if name == area.id or name.lower() in {area.name.lower(), *(alias.lower() for alias in area.aliases)}:
                return area.id
        raise UserError(f"the home has no room {name!r}; it has {', '.join(sorted(areas))}")


def flat(state: dict[str, Any]) -> dict[str, Any]:
    """`{state, attributes: {...}}` as one mapping."""
    return {**({"state": state["state"]} if "state" in state else {}), **(state.get("attributes") or {})}

"""The live view: the home on one side, the conversation on the other, what is learned below."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from assistant.asr.graph import UNKNOWN
from assistant.events import Partial
from assistant.home import Entity, Home
from assistant.learning.logged import logged
from assistant.learning.rephrase import RephraseDetector
from assistant.learning.signals import signals
from assistant.observer import Phase
from assistant.policy import overall
from assistant.reply import state_words
from assistant.turn import State, States, Turn

SHOWN_TURNS = 6
SHOWN_LEARNED = 4
TURN_LINES = 5
"""Lines that a turn takes on the screen, at most but for long replies."""
QUIET = frozenset({"off", "closed", "locked", "idle", "docked", "unknown", "standby"})
OUTCOME_STYLE = {"done": "green", "failed": "red", "rejected": "yellow", "unsupported": "yellow", "asked": "cyan"}


class View:
    """An observer that draws. Fed by the engine's thread, drawn by another: one lock between them."""

    def __init__(self, home: Callable[[], Home], states: Callable[[], States], prompt: Callable[[], str]) -> None:
        self._home = home
        self._states = states
        self._prompt = prompt
        self._lock = threading.Lock()
        self._turns: deque[Turn] = deque(maxlen=SHOWN_TURNS)
        self._said: deque[str] = deque(maxlen=3)
        self._learned: deque[str] = deque(maxlen=SHOWN_LEARNED)
        self._phase = Phase.IDLE
        self._fresh: deque[str] = deque(maxlen=6)
        self._partial = ""

    # -- observing -------------------------------------------------------------------------------------------------

    def turn_changed(self, turn: Turn) -> None:
        """Show a turn, or its newer version."""
        self._partial = ""
        with self._lock:
            for index, shown in enumerate(self._turns):
                if shown.id == turn.id:
                    self._turns[index] = turn
                    break
            else:
                self._turns.append(turn)
            known = set(self._learned)
            self._learned.extend(line for line in learning_lines(list(self._turns)) if line not in known)

    def said(self, text: str) -> None:
        """Show what the assistant said of its own accord."""
        with self._lock:
            self._said.append(text)

    def phase_changed(self, phase: Phase) -> None:
        """Show what the loop is doing."""
        self._phase = phase

    def follow(self, partial: Partial) -> None:
        """Show what was heard so far of what is being said."""
        self._partial = partial.utterance.text.replace(UNKNOWN, "…")

    def home_changed(self, entity: str) -> None:
        """Mark an entity as just changed."""
        with self._lock:
            self._fresh.append(entity)

    # -- drawing ---------------------------------------------------------------------------------------------------

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """The whole screen; as many turns as there is room for."""
        with self._lock:
            turns, said = list(self._turns), list(self._said)
            learned, fresh = list(self._learned), set(self._fresh)
        screen = Layout()
        screen.split_column(
            Layout(name="upper"), Layout(name="learned", size=SHOWN_LEARNED + 2), Layout(name="input", size=3)
        )
        screen["upper"].split_row(Layout(name="home", ratio=2), Layout(name="talk", ratio=3))
        home = self._home()
        rows = options.max_height - SHOWN_LEARNED - 7
        screen["home"].update(Panel(home_table(home, self._states(), fresh, rows), title=home.name))
        room = (options.max_height - SHOWN_LEARNED - 7 - len(said)) // TURN_LINES
        screen["talk"].update(Panel(conversation(turns[-max(room, 1) :], said), title="conversation"))
        text = Text("\n".join(learned)) if learned else Text("nothing yet", style="dim")
        screen["learned"].update(Panel(text, title="learning"))
        line = Text(self._partial, style="italic") if self._partial else Text(self._prompt())
        screen["input"].update(Panel(line, title=Text(self._phase.value), title_align="left"))
        yield screen


def learning_lines(turns: list[Turn]) -> list[str]:
    """What the last turns told the learner: the signals between them, and the rewrites that were applied."""
    session = [logged(turn) for turn in turns]
    said = {turn.id: turn.said for turn in turns}
    detector = RephraseDetector().fit_log(session)
    lines = [
        f'{signal.kind.replace("_", " ")} ({signal.weight:+.1f}) about "{said.get(signal.turn, "")}": {signal.because}'
        for signal in signals(session, detector.pairs(session))
    ]
    lines += [
        f'rewrote "{turn.said}" to "{turn.rewrite.after}": {turn.rewrite.because}' for turn in turns if turn.rewrite
    ]
    return lines


def home_table(home: Home, states: States, fresh: set[str], rows: int) -> Table:
    """Rooms and the states of what is in them, in at most so many rows; what just changed stands out.

    Where there is no room for all, what is quiet is left out and counted.
    """
    table = Table.grid(padding=(0, 1))
    table.add_column(style="bold", no_wrap=True, min_width=11)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for id, timer in states.items():
        if id.startswith("timer.") and id not in home.entities:
            table.add_row("Timers", str(timer.attributes.get("friendly_name")), Text(timer.state, style="cyan"))
    by_area: dict[str, list[Entity]] = {}
    shown = list(home.entities.values())
    if table.row_count + len(shown) > rows:
        shown = [each for each in shown if each.id in fresh or not _quiet(each, states.get(each.id))][
            : max(rows - 1, 1)
        ]
    for entity in shown:
        by_area.setdefault(entity.area or "", []).append(entity)
    for area_id, entities in sorted(by_area.items()):
        area = home.areas.get(area_id)
        label = area.name if area else "House"
        for entity in entities:
            state = states.get(entity.id)
            table.add_row(label, entity.name, state_text(entity, state, entity.id in fresh))
            label = ""
    if hidden := len(home.entities) - len(shown):
        table.add_row("", Text(f"and {hidden} more, quiet", style="dim"), "")
    return table


def _quiet(entity: Entity, state: State | None) -> bool:
    return state is None or state.state in QUIET or entity.domain in {"scene", "script", "sensor", "binary_sensor"}


def state_text(entity: Entity, state: State | None, fresh: bool) -> Text:
    """One state in a few words, coloured by whether something is going on."""
    if state is None:
        return Text("?", style="dim")
    words = state_words(entity, state).removeprefix("is ").removeprefix("has ")
    details = []
    attributes = state.attributes
    if state.state == "on" and attributes.get("brightness") is not None:
        details.append(f"{round(attributes['brightness'] / 2.55)}%")
    if entity.domain == "climate" and attributes.get("current_temperature") is not None:
        details.append(f"now {attributes['current_temperature']:g}°")
    if state.state in {"opening", "closing"} and attributes.get("current_position") is not None:
        details.append(f"{attributes['current_position']}%")
    style = "dim" if state.state in QUIET or entity.domain in {"scene", "sensor"} else "green"
    if state.state == "unavailable":
        style = "red"
    return Text(" ".join([words, *details]), style=f"bold {style}" if fresh else style)


def conversation(turns: list[Turn], said: list[str]) -> Group:
    """The last turns, each with what its stages found."""
    blocks: list[RenderableType] = [turn_block(turn) for turn in turns]
    blocks += [Text(f"♪ {text}", style="magenta") for text in said]
    if not blocks:
        blocks = [Text("Say or type something, for example: turn on the kitchen light", style="dim")]
    return Group(*blocks)


def turn_block(turn: Turn) -> Group:
    """One turn: who said what, what each stage made of it and how long it took, and the answer."""
    lines: list[RenderableType] = [Text(f"{turn.context.speaker or 'you'}: {turn.said or '(nothing)'}", style="bold")]
    if turn.rewrite is not None:
        lines.append(Text(f"  ↻ {turn.rewrite.after}  ({turn.rewrite.because})", style="yellow"))
    times = {note.stage: note.ms for note in turn.trace}
    intent = turn.intent
    what = f"{intent.name} → {', '.join(turn.entities) or '-'}" if intent else "-"
    lines.append(Text(f"  {what}", style="dim"))
    stages = " ".join(f"{stage} {ms:.1f}" for stage, ms in times.items() if ms >= 0.05)
    decision = turn.decision.kind if turn.decision else "-"
    outcome = turn.outcome.kind.value if turn.outcome else ""
    lines.append(Text(f"  {decision} {overall(turn):.0%} · {stages} ms", style="dim"))
    text = turn.reply.text if turn.reply else ""
    if turn.spoken is not None and turn.spoken.interrupted:
        text = f"{turn.spoken.heard}⟂ (interrupted after {turn.spoken.position:.1f} s)"
    lines.append(Text(f"  mynah: {text}", style=OUTCOME_STYLE.get(outcome, "")))
    return Group(*lines)

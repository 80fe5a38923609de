"""Turns for the tests of the store: one that is full, and strategies for arbitrary ones."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from assistant import turn as t

texts = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.from_regex(r"[a-z]{1,6}\.[a-z]{1,6}", fullmatch=True)
shares = st.floats(0, 1)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-1e6, 1e6) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
slots = st.dictionaries(texts, values, max_size=3)
states = st.dictionaries(names, st.builds(t.State, texts, slots), max_size=4)
intents = st.builds(t.Intent, names, slots, shares)


def tuples(strategy, size=2):
    return st.lists(strategy, max_size=size).map(tuple)


words = st.builds(t.Word, texts, shares, shares, shares)
utterances = st.builds(
    t.Utterance,
    tuples(st.builds(t.Hypothesis, texts, shares, tuples(words))),
    st.sampled_from(t.Source),
    st.none() | shares,
    st.none() | shares,
    st.none() | texts,
    tuples(shares),
    st.none() | shares,
    st.none() | shares,
    st.booleans(),
)
interpretations = st.builds(t.Interpretation, tuples(intents), shares, texts, tuples(texts))
resolutions = st.builds(
    t.Resolution,
    intents,
    tuples(st.builds(t.Candidate, tuples(names), shares, tuples(texts))),
    shares,
    st.none() | texts,
    tuples(texts),
)
commands = tuples(st.builds(t.Command, names, names, slots, slots))
decisions = st.one_of(
    st.builds(t.Execute, commands),
    st.builds(t.Ask, texts, tuples(names)),
    st.builds(t.Confirm, texts, commands),
    st.builds(t.Refuse, texts, texts),
    st.builds(t.Ignore, texts),
)
turns = st.builds(
    t.Turn,
    texts.filter(bool),
    st.builds(t.Context, st.datetimes(), texts, st.none() | texts, st.none() | texts, states, st.none() | shares),
    utterances,
    st.none() | st.builds(t.Rewrite, texts, texts, texts, texts, shares, texts, shares, st.booleans()),
    shares,
    st.booleans(),
    st.none() | st.builds(t.Parse, interpretations, tuples(interpretations)),
    tuples(resolutions),
    st.none() | decisions,
    st.none() | st.builds(t.Outcome, st.sampled_from(t.OutcomeKind), states, tuples(names), tuples(texts)),
    st.none() | st.builds(t.Reply, texts, st.none() | texts),
    st.none() | st.builds(t.Spoken, shares, shares, st.booleans(), texts),
    tuples(st.builds(t.HandChange, names, shares)),
    st.none() | st.booleans(),
    tuples(texts),
    tuples(st.builds(t.Note, texts, texts, shares)),
)


def full_turn(id: str = "t-1", speaker: str = "ann", lamp: str = "on", now: datetime | None = None) -> t.Turn:
    """A turn with every stage filled in."""
    now = now or datetime(2026, 3, 2, 7, 0)
    before = {"cover.garage_door": t.State("closed", {"current_position": 0}), "light.lamp": t.State(lamp)}
    after = {**before, "cover.garage_door": t.State("open", {"current_position": 100})}
    intent = t.Intent("cover.open", {"name": "garage door"}, 0.9)
    best = t.Interpretation((intent,), 0.9, "open the garage door")
    command = t.Command("cover.garage_door", "cover.open", {"state": "open"}, {"state": "closed"})
    return t.Turn(
        id,
        t.Context(now, "home", "garage", speaker, before, 12.5),
        t.Utterance((t.Hypothesis("open the garage door", 0.8),), t.Source.VOICE, 0.9, 1.2, "silence"),
        parse=t.Parse(best),
        resolutions=(t.Resolution(intent, (t.Candidate(("cover.garage_door",), 0.1, ("its name",)),), 0.95),),
        decision=t.Execute((command,)),
        outcome=t.Outcome(t.OutcomeKind.DONE, after),
        reply=t.Reply("Opening the garage door."),
        trace=(t.Note("nlu", "cover.open", 0.4),),
    )

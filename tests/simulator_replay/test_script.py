import pytest

from assistant.errors import UserError
from simulator.replay.script import parse_script

GOOD = """
home: cottage
steps:
  - at: 2026-03-02T07:00:00
  - say: open the garage door
    heard: [{text: open the garbage door, confidence: 0.7}]
    interrupt: {after: 0.8, say: "no the garage door"}
    expect: {decision: [execute, confirm], reply: garage, states: {cover.garage_door: {state: open}}}
  - wait: 10m
  - fault: {entity: cover.garage_door, kind: jammed, for: 60s}
  - learn: now
  - restart: {}
"""


def test_a_script_is_read():
    script = parse_script(GOOD, "good.yaml")
    assert [step.action for step in script.steps] == ["at", "say", "wait", "fault", "learn", "restart"]
    assert script.steps[2].wait == 600
    assert script.steps[3].fault.seconds == 60
    assert script.steps[1].expect.reply == ["garage"]


BROKEN = [
    ("home: cottage\nsteps:\n  - sya: hello\n", "bad.yaml:3", "sya"),
    ("home: cottage\nsteps:\n  - say: hello\n    wait: 3s\n", "bad.yaml:3", "one thing"),
    ("home: cottage\nsteps:\n  - wait: soon\n", "bad.yaml:3", "no duration"),
    ("home: cottage\nsteps: []\n", "bad.yaml:2", "steps"),
    ("steps:\n  - say: hello\n", "bad.yaml:1", "home"),
    ("home: [\n", "bad.yaml:2", "not valid YAML"),
    ("just a text\n", "bad.yaml:1", "mapping"),
    ("home: x\nsteps:\n  - say: hello\n    expect:\n      decision: perhaps\n", "bad.yaml:5", "execute"),
]


@pytest.mark.parametrize(("text", "where", "what"), BROKEN)
def test_a_broken_script_is_one_clear_line(text, where, what):
    with pytest.raises(UserError) as caught:
        parse_script(text, "bad.yaml")
    message = str(caught.value)
    assert message.startswith(where)
    assert what in message
    assert "\n" not in message

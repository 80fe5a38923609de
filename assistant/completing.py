"""A request that left something open, with the answer to the question about it: "set a timer", "for ten minutes"."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.turn import Parse, Turn

LEAST = 0.25
"""The confidence from which request and answer, read as one sentence, are taken for one."""
_LEADING = re.compile(
    r"^(?:(?:um|uh|well|hmm|okay|oh|please|about|let's say|let us say|make it|make that|say|i'd say|it's) )*"
    r"(?:(?:for|to|at|in|on) )?"
)
"""Words before an answer that belong to no request."""
_JOINED = {
    "timer.start": ("{request} for {answer}", "{request} at {answer}", "{request} in {answer}"),
    "list.add": ("add {answer} to the {list}",),
    "broadcast.say": ("{request} {answer}",),
}
"""intent -> the sentences that may be made of the request and the answer; of others a value or a time is asked."""
_OTHERS = ("{request} to {answer}", "{request} at {answer}", "{request} in {answer}")


def completed(pending: Turn, answer: str, read: Callable[[str], Parse]) -> Parse | None:
    """The request with what the answer tells; `None` when it is no answer to it.

    `read` understands a sentence. It is an answer when both together are a sentence in which nothing is unexplained,
    that asks for the same as the request and tells more.
    """
    if pending.parse is None or len(pending.parse.intents) != 1 or pending.parse.unexplained:
        return None
    asked = pending.parse.intents[0]
    words = _LEADING.sub("", " ".join(answer.lower().strip(" .!?").replace(",", " ").split()))
    request = pending.parse.best.text.strip(" .!?")
    named = str(asked.slots.get("list") or "shopping list")
    for form in _JOINED.get(asked.name, _OTHERS) if words else ():
        parse = read(form.format(request=request, answer=words, list=named))
        told = parse.intents[0] if len(parse.intents) == 1 else None
        if told is None or told.name != asked.name or parse.unexplained or parse.best.confidence < LEAST:
            continue
        if told.slots.keys() > asked.slots.keys():
            return parse
    return None

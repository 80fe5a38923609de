"""Varied requests for the cottage, made from templates: for measuring time, not for measuring understanding."""

from __future__ import annotations

import random

SLOTS: dict[str, tuple[str, ...]] = {
    "light": ("kitchen light", "bedroom light", "hall light", "garage light", "bathroom light", "reading light"),
    "room": ("kitchen", "living room", "bedroom", "hall", "garage", "bathroom"),
    "cover": ("garage door", "living room blinds", "bedroom blinds"),
    "switch": ("coffee maker", "tv", "bedroom fan", "oven"),
    "percent": ("10", "twenty", "35", "fifty", "80"),
    "degrees": ("18", "nineteen and a half", "21", "22.5"),
    "minutes": ("3", "five", "ten", "a half", "25"),
    "item": ("milk", "two lemons", "olive oil", "bread and butter"),
    "on": ("on", "off"),
    "polite": ("", "please ", "could you ", "hey, would you please "),
}
TEMPLATES = (
    "{polite}turn {on} the {light}",
    "{polite}turn {on} all the lights in the {room}",
    "turn {on} all the lights except the {room}",
    "dim the {light} to {percent} percent",
    "set the {light} to {percent} percent and turn {on} the {light}",
    "make the {room} brighter",
    "{polite}close the {cover}",
    "is the {cover} closed",
    "which lights are on",
    "are any lights on in the {room}",
    "turn {on} the {switch}",
    "set the thermostat to {degrees} degrees",
    "what is the temperature in the {room}",
    "set a timer for {minutes} minutes",
    "how long is left on the timer",
    "add {item} to the shopping list",
    "lock the front door",
    "is the front door locked",
    "it is too dark in the {room}",
    "undo that",
    "turn {on} the {light} at 9 pm",
    "play some jazz in the {room}",
    "make me a sandwich",
    "open the garbage door",
    "what's the weather like tomorrow",
)


def sentences(count: int, seed: int) -> list[str]:
    """That many requests, each template about equally often.

    >>> len(sentences(300, 0)), sentences(3, 1) == sentences(3, 1)
    (300, True)
    """
    chance = random.Random(seed)
    made = [TEMPLATES[number % len(TEMPLATES)] for number in range(count)]
    chance.shuffle(made)
    return [_filled(template, chance) for template in made]


def _filled(template: str, chance: random.Random) -> str:
    for name, words in SLOTS.items():
        while f"{{{name}}}" in template:
            template = template.replace(f"{{{name}}}", chance.choice(words), 1)
    return template

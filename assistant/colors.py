"""What people call colours and shades of white."""

from __future__ import annotations

from collections.abc import Mapping

COLOR_MODES = frozenset({"rgb", "rgbw", "rgbww", "hs", "xy"})
"""Colour modes of lights that take any colour."""

COLORS: Mapping[str, tuple[int, int, int]] = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "white": (255, 255, 255),
    "yellow": (255, 255, 0),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
    "pink": (255, 192, 203),
    "brown": (165, 42, 42),
    "black": (0, 0, 0),
    "turquoise": (64, 224, 208),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
    "violet": (238, 130, 238),
    "gold": (255, 215, 0),
    "lime": (0, 255, 0),
    "teal": (0, 128, 128),
    "indigo": (75, 0, 130),
    "lavender": (230, 230, 250),
    "salmon": (250, 128, 114),
    "coral": (255, 127, 80),
    "navy": (0, 0, 128),
    "maroon": (128, 0, 0),
    "olive": (128, 128, 0),
    "beige": (245, 245, 220),
    "crimson": (220, 20, 60),
    "aqua": (0, 255, 255),
    "peach": (255, 218, 185),
    "mint": (189, 252, 201),
    "rose": (255, 0, 127),
    "scarlet": (255, 36, 0),
    "emerald": (80, 200, 120),
    "amber": (255, 191, 0),
    "sky blue": (135, 206, 235),
    "light blue": (173, 216, 230),
    "dark blue": (0, 0, 139),
    "royal blue": (65, 105, 225),
    "light green": (144, 238, 144),
    "dark green": (0, 100, 0),
    "hot pink": (255, 105, 180),
    "deep purple": (54, 1, 63),
}
"""CSS colour values of the names that people say."""

COLOR_TEMPERATURES: Mapping[str, int] = {
    "candlelight": 1900,
    "candle light": 1900,
    "warm": 2700,
    "warm white": 2700,
    "soft white": 2700,
    "natural": 4000,
    "natural white": 4000,
    "neutral": 4000,
    "neutral white": 4000,
    "cool": 4000,
    "cool white": 4000,
    "cold": 4000,
    "cold white": 4000,
    "bright white": 5000,
    "daylight": 6500,
}
"""Kelvin of the words that people say; where Home Assistant's sentences know a word, theirs."""

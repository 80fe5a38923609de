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
}
"""CSS colour values of the names that people say."""

COLOR_TEMPERATURES: Mapping[str, int] = {
    "candle": 2000,
    "warm": 2700,
    "warm white": 2700,
    "soft white": 2700,
    "neutral": 4000,
    "neutral white": 4000,
    "cool": 5000,
    "cool white": 5000,
    "cold": 6000,
    "cold white": 6000,
    "daylight": 6500,
}
"""Kelvin of the words that people say."""

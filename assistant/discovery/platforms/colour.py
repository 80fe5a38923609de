"""Colours and colour temperatures in the forms that lights use."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

MIRED = 1_000_000
"""A colour temperature in mired is this number divided by kelvin."""


def mired(kelvin: float) -> int:
    """Mired of kelvin, and the other way round.

    >>> mired(2700), mired(370)
    (370, 2703)
    """
    return round(MIRED / kelvin) if kelvin > 0 else 0


def from_hs(hue: float, saturation: float) -> list[int]:
    """Red, green and blue of a hue (0 to 360) and a saturation (0 to 100) at full brightness.

    >>> from_hs(39, 100)
    [255, 166, 0]
    """
    return [round(part * 255) for part in colorsys.hsv_to_rgb(hue % 360 / 360, min(max(saturation, 0), 100) / 100, 1)]


def to_hs(rgb: Sequence[float]) -> tuple[float, float]:
    """Hue and saturation of a colour.

    >>> to_hs([255, 0, 0])
    (0.0, 100.0)
    """
    hue, saturation, _value = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))
    return round(hue * 360, 3), round(saturation * 100, 3)


def to_xy(rgb: Sequence[float]) -> tuple[float, float]:
    """CIE 1931 chromaticity of a colour (sRGB gamma, wide-gamut primaries as Philips Hue documents them).

    >>> to_xy([255, 255, 255])
    (0.323, 0.329)
    """
    red, green, blue = (_linear(part / 255) for part in rgb)
    x = red * 0.664511 + green * 0.154324 + blue * 0.162028
    y = red * 0.283881 + green * 0.668433 + blue * 0.047685
    z = red * 0.000088 + green * 0.072310 + blue * 0.986039
    total = x + y + z
    return (round(x / total, 3), round(y / total, 3)) if total else (0.0, 0.0)


def from_xy(x: float, y: float) -> list[int]:
    """The colour of a chromaticity, at full brightness.

    >>> from_xy(0.701, 0.299)
    [255, 0, 0]
    """
    y = max(y, 1e-6)
    big_x, big_z = x / y, (1 - x - y) / y
    red = big_x * 1.656492 - 0.354851 - big_z * 0.255038
    green = -big_x * 0.707196 + 1.655397 + big_z * 0.036152
    blue = big_x * 0.051713 - 0.121364 + big_z * 1.011530
    parts = [_gamma(max(part, 0.0)) for part in (red, green, blue)]
    top = max(parts)
    return [round(part / top * 255) for part in parts] if top else [0, 0, 0]


def _linear(part: float) -> float:
    return ((part + 0.055) / 1.055) ** 2.4 if part > 0.04045 else part / 12.92


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055

"""The sounds of our own acoustic model: silence and the 39 phones of ARPAbet, each at four places in a word."""

from __future__ import annotations

from collections.abc import Sequence

PHONES = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K",
    "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
"""In the order of the model's outputs (the dictionary of CMU, without stress)."""
SILENCE = 1
"""The phone of silence. Number 0 is nothing at all."""
PLACES = "BEIS"
"""Begin, end and inside of a word of several phones; a word of a single one."""
OUTPUTS = 1 + 2 * len(PHONES)
"""What the network tells apart: silence, and of each phone its first 30 ms and its later ones."""


def phone_id(phone: str, place: str) -> int:
    """The number of a phone at a place.

    >>> phone_id("AA", "B"), phone_id("ZH", "S")
    (2, 157)
    """
    return 2 + len(PLACES) * PHONES.index(phone) + PLACES.index(place)


def placed(phones: Sequence[str]) -> list[int]:
    """The numbers of a word's phones.

    >>> placed(["AA"]), placed(["AA", "AE", "AA"])
    ([5], [2, 8, 3])
    """
    if len(phones) == 1:
        return [phone_id(phones[0], "S")]
    places = ["B", *"I" * (len(phones) - 2), "E"]
    return [phone_id(phone, place) for phone, place in zip(phones, places, strict=True)]


def first_output(phone: str) -> int:
    """The network's output for the first 30 ms of a phone; the next one is for the rest of it.

    >>> first_output("AA"), first_output("ZH")
    (1, 77)
    """
    return 1 + 2 * PHONES.index(phone)


def enter(phone: int) -> int:
    """The number that Kaldi gives to the step out of a phone's beginning (its transition-id)."""
    return 2 * phone


def stay(phone: int) -> int:
    """The number that Kaldi gives to staying in a phone."""
    return 2 * phone - 1

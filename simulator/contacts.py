"""The contacts on doors and windows: each follows the motorised door that it is on, or is moved by a hand."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz

from devices.device import Device
from devices.kinds.cover import Cover
from devices.kinds.sensor import BinarySensor
from simulator.homes.model import DeviceSpec, HomeFile

CLASSES: Mapping[str, frozenset[str]] = {
    "window": frozenset({"window"}),
    "door": frozenset({"door", "gate"}),
    "garage_door": frozenset({"garage"}),
    "opening": frozenset({"window", "door", "gate", "garage"}),
}
"""Device class of a contact -> those of the covers that it may be on."""
SAME_NAME = 50.0
"""How alike (0 to 100) the names of contact and cover must be where a room has several covers of the class."""


class Contacts:
    """Which contact is on which cover. In an inventory that somebody else wrote, contacts keep what it gives."""

    def __init__(self, home: HomeFile, devices: Mapping[str, Device]) -> None:
        self._devices = devices
        found = [spec for spec in home.devices if _is_contact(devices[spec.entity])] if home.lively else []
        self._on = {spec.entity: _cover_of(spec, home, devices) for spec in found}
        self._of: dict[str, list[str]] = {}
        for contact, cover in self._on.items():
            if cover is not None:
                self._of.setdefault(cover, []).append(contact)

    def begin(self) -> None:
        """Let all contacts tell how it is at the start."""
        for cover in self._of:
            self.moved(cover)

    def movable(self, contact: str) -> bool:
        """Whether a hand can open what the contact is on."""
        return contact in self._on and self._on[contact] is None

    def moved(self, cover: str) -> list[str]:
        """The contacts on a cover, after they have felt where it is now."""
        contacts = self._of.get(cover, [])
        for contact in contacts:
            closed = self._devices[cover].report()["state"] == "closed"
            self._devices[contact].force({"state": "off" if closed else "on"})
        return contacts


def _is_contact(device: Device) -> bool:
    return isinstance(device, BinarySensor) and device.features.get("device_class") in CLASSES


def _cover_of(contact: DeviceSpec, home: HomeFile, devices: Mapping[str, Device]) -> str | None:
    """The cover in the same room whose class fits; of several, the one whose name is most alike."""
    classes = CLASSES[str(devices[contact.entity].features["device_class"])]
    fitting = [
        spec
        for spec in home.devices
        if spec.area == contact.area
        and isinstance(devices[spec.entity], Cover)
        and devices[spec.entity].features.get("device_class") in classes
    ]
    if len(fitting) < 2:
        return fitting[0].entity if fitting else None
    alike = {spec.entity: fuzz.token_set_ratio(spec.name.lower(), contact.name.lower()) for spec in fitting}
    best = max(alike, key=lambda entity: alike[entity])
    return best if alike[best] >= SAME_NAME else None

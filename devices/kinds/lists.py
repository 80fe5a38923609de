"""Lists of things to do or to buy: the state is the number of open items."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device
from devices.traits import DeviceError, Items, Trait


class TodoList(Device):
    """`items` holds `{summary, status}` in order; a command gives the whole list as it should be."""

    initial_state: ClassVar[str] = "0"

    def _traits(self) -> Iterable[Trait]:
        yield Items("items")

    def _settle(self, given: frozenset[str]) -> None:
        try:
            items = Items("items").check(self.attributes.get("items") or [])
        except DeviceError:
            items = []
        self.attributes["items"] = items
        self.state = str(sum(item["status"] == "needs_action" for item in items))

    def inverse(self, wanted: Any) -> dict[str, Any]:
        """The list as it is."""
        return {"items": list(self.attributes["items"])}

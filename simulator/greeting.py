"""The first bytes of an MQTT connection: who speaks a version that amqtt does not is told so.

amqtt reads a CONNECT of MQTT 5 as one of 3.1.1, and may wait for ever for bytes that never come. MQTT 3.1.1 (3.1.2.2)
wants return code 1 then, upon which clients fall back.
"""

from __future__ import annotations

import asyncio

from amqtt.adapters import StreamReaderAdapter

LEVEL = 4
"""The protocol level of MQTT 3.1.1."""
CONNECT = 0x10
LONGEST = 4
"""Bytes that a packet's length may take."""
NAME = b"\x00\x04MQTT"
REFUSED = bytes((0x20, 2, 0, 1))
"""CONNACK: unacceptable protocol version."""


class HeadReader(StreamReaderAdapter):  # type: ignore[misc]  # amqtt has no types
    """A reader that gives back what was read ahead."""

    def __init__(self, reader: asyncio.StreamReader, head: bytes) -> None:
        super().__init__(reader)
        self._head = head

    async def read(self, n: int = -1) -> bytes:
        """The next `n` bytes, -1 for all."""
        if not self._head:
            return bytes(await super().read(n))
        taken, self._head = (self._head, b"") if n < 0 else (self._head[:n], self._head[n:])
        left = n if n < 0 else n - len(taken)
        return taken + bytes(await super().read(left)) if n < 0 or left > 0 else taken


async def read_head(reader: asyncio.StreamReader) -> bytes:
    """The first bytes, up to the protocol level where it is a CONNECT. Raises `IncompleteReadError`."""
    head = await reader.readexactly(2)
    while head[-1] & 0x80 and len(head) <= LONGEST:
        head += await reader.readexactly(1)
    if head[0] != CONNECT or (len(head) == 2 and head[1] <= len(NAME)):
        return head
    return head + await reader.readexactly(len(NAME) + 1)


def acceptable(head: bytes) -> bool:
    """Whether amqtt can be given the rest; what is no CONNECT it refuses by itself.

    >>> acceptable(bytes.fromhex("100d00044d51545405")), acceptable(bytes.fromhex("100d00044d51545404"))
    (False, True)
    """
    return head[-len(NAME) - 1 : -1] != NAME or head[-1] <= LEVEL

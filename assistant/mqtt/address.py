"""Where a broker is, and what it wants to see before it lets us in."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from assistant.errors import UserError

PORTS = {"mqtt": 1883, "mqtts": 8883}
EXPECTED = "expected mqtt://host:port or mqtts://user:password@host:port?ca=FILE"
VARIABLES = {
    "user": "MYNAH_BROKER_USER",
    "password": "MYNAH_BROKER_PASSWORD",
    "ca": "MYNAH_BROKER_CA",
    "cert": "MYNAH_BROKER_CERT",
    "key": "MYNAH_BROKER_KEY",
}
"""The environment variables that stand in for what the address leaves out, so that `ps` need not show a password."""

Version = Literal["5", "3.1.1"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker is. Its text never shows the password.

    `ca` is a file with the certificates to trust instead of the system's; `cert` and `key` are files with a client
    certificate and its key; `version` fixes the version of MQTT that is otherwise negotiated.
    """

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    version: Version | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"

    def __repr__(self) -> str:
        return f"Address({self})"

    @classmethod
    def parse(cls, url: str, environment: Mapping[str, str] = os.environ) -> Address:
        """Read `mqtt(s)://[user:password@]host[:port][?ca=FILE&cert=FILE&key=FILE&version=5|3.1.1]`.

        What it leaves out may stand in the environment (`VARIABLES`). Raises `UserError`.

        >>> Address.parse("mqtts://ann:secret@broker.local")
        Address(mqtts://broker.local:8883)
        """
        try:
            parts = urlsplit(url)
            port = parts.port
            options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        except ValueError:
            raise UserError(f"the broker's address is not valid; {EXPECTED}") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.fragment:
            raise UserError(f"the broker's address is not valid; {EXPECTED}")
        version = _version(options.pop("version", None))
        given = {name: environment[variable] for name, variable in VARIABLES.items() if environment.get(variable)}
        if parts.username:
            given["user"] = unquote(parts.username)
            given.pop("password", None)
            if parts.password:
                given["password"] = unquote(parts.password)
        unknown = sorted(options.keys() - {"ca", "cert", "key"})
        if unknown:
            # Only the name: a password with a question mark in it would be among the values.
            raise UserError("the broker's address has an unknown option; it may have ca, cert, key and version")
        files = {name: value for name, value in {**given, **options}.items() if name in {"ca", "cert", "key"}}
        if options and parts.scheme == "mqtt":
            raise UserError("the broker's address names certificates but begins with mqtt://; expected mqtts://")
        secure = parts.scheme == "mqtts"
        return cls(
            parts.hostname,
            port or PORTS[parts.scheme],
            secure,
            given.get("user"),
            given.get("password"),
            **(files if secure else {}),
            version=version,
        )

    def context(self) -> ssl.SSLContext:
        """What TLS trusts and shows; certificate and host name are always checked. Raises `UserError`."""
        try:
            context = ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError) as error:
            raise UserError(f"broker {self}: the CA file {self.ca!r} can't be read: {_reason(error)}") from None
        if self.cert is not None:
            try:
                # A wrong passphrase is an error; asking for one would stop a service.
                context.load_cert_chain(self.cert, self.key, password="")
            except (OSError, ssl.SSLError) as error:
                raise UserError(
                    f"broker {self}: the client certificate {self.cert!r} can't be used: {_reason(error)}"
                ) from None
        return context


def _version(told: str | None) -> Version | None:
    match told:
        case None | "5" | "3.1.1":
            return told
        case _:
            raise UserError("the broker's address has an unknown version of MQTT; expected version=5 or version=3.1.1")


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()

"""TLS, logins and the access list that the documentation prints, on a real Mosquitto."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.mqtt import PahoTransport, Timing
from simulator.homes import load_home
from simulator.live import LiveHome
from simulator.mosquitto import Mosquitto, find_mosquitto, free_port
from tests.waiting import until

pytestmark = pytest.mark.skipif(
    find_mosquitto() is None or shutil.which("mosquitto_passwd") is None or shutil.which("openssl") is None,
    reason="needs mosquitto and openssl",
)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "mqtt.md"
PASSWORDS = {"mynah-home": "h@me:1/2", "mynah-assistant": "ass", "wall-switch": "wall"}
HALL = "mynah/cottage/light/hall"


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA")
    openssl(folder, "req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost", encoding="utf-8")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", "server.pem", "-days", "2", "-extfile", "names")  # fmt: skip
    for number, (user, password) in enumerate(PASSWORDS.items()):
        create = ["-c"] if number == 0 else []
        command = ["mosquitto_passwd", "-b", *create, str(folder / "users"), user, password]
        subprocess.run(command, check=True, capture_output=True)
    (folder / "acl").write_text(re.search(r"```acl\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1])
    plain = free_port()
    broker = Mosquitto(
        folder, f"cafile {folder}/ca.pem", f"certfile {folder}/server.pem", f"keyfile {folder}/server.key",
        f"listener {plain} 127.0.0.1", "allow_anonymous false", f"password_file {folder}/users",
        f"acl_file {folder}/acl",
    )  # fmt: skip
    yield f"127.0.0.1:{broker.port}", folder / "ca.pem", f"mqtt://127.0.0.1:{plain}"
    broker.close()


def url(server, user, password=None):
    host, authority, _plain = server
    secret = (password or PASSWORDS[user]).replace("@", "%40").replace(":", "%3A").replace("/", "%2F")
    return f"mqtts://{user}:{secret}@{host}?ca={authority}"


@pytest.fixture
def home(server):
    live = LiveHome.on(load_home("cottage"), url(server, "mynah-home")).start()
    yield live
    live.close()


class Reader:
    def __init__(self, address, pattern):
        self.said = {}
        self.transport = PahoTransport(address)
        self.transport.subscribe(pattern, lambda message: self.said.update({message.topic: message.payload.decode()}))


def test_home_and_assistant_work_with_the_least_rights(server, home, caplog):
    assistant = Reader(url(server, "mynah-assistant"), "mynah/cottage/+/+/+")
    until(lambda: assistant.said.get(f"{HALL}/availability") == "online")
    assistant.transport.publish(f"{HALL}/set", '{"state": "on"}', expiry=2)
    until(lambda: '"on"' in assistant.said.get(f"{HALL}/state", ""))
    announced = Reader(url(server, "mynah-assistant"), "homeassistant/#")
    until(lambda: announced.said)
    assistant.transport.close()
    announced.transport.close()
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_what_is_not_allowed_is_told_once_and_does_nothing(server, home, caplog):
    switch = Reader(url(server, "wall-switch"), "mynah/cottage/+/+/state")
    until(lambda: f"{HALL}/state" in switch.said)
    assert not [topic for topic in switch.said if "/lock/" in topic]
    for _ in range(3):
        switch.transport.publish("mynah/cottage/lock/front_door/set", '{"state": "unlocked"}')
    until(lambda: switch.transport.refused == 3)
    told = [record.message for record in caplog.records if "does not let" in record.message]
    assert len(told) == 1
    assert told[0].endswith("publish to mynah/cottage/lock/front_door/set: not authorized")
    assert home.ask(lambda world: world.report("lock.front_door")["state"]) == "locked"
    switch.transport.publish(f"{HALL}/set", '{"state": "on"}')
    until(lambda: '"on"' in switch.said[f"{HALL}/state"])
    switch.transport.close()


def test_a_retained_command_is_recognised_and_removed(server, home):
    assistant = PahoTransport(url(server, "mynah-assistant"))
    assert assistant.version == "5"
    assistant.publish(f"{HALL}/set", '{"state": "on"}', retain=True)
    until(lambda: home.presence.rejected["retained"] == 1)
    assert home.ask(lambda world: world.report("light.hall")["state"]) == "off"
    left = Reader(url(server, "mynah-home"), "mynah/cottage/light/+/+")
    until(lambda: f"{HALL}/state" in left.said)
    assert f"{HALL}/set" not in left.said
    left.transport.close()
    assistant.close()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mqtts://mynah-home:wrong@{host}?ca={ca}", "refused the login: not authori[sz]ed"),
        ("mqtts://mynah-home:wrong@{host}?ca={ca}&version=3.1.1", "refused the login: not authori[sz]ed"),
        ("mqtts://x:wrong@{host}", "its certificate is not trusted: .*; [?]ca=FILE names its CA"),
        ("mqtts://{host}?ca=/nowhere/wrong.pem", "the CA file '/nowhere/wrong.pem' can't be read: no such file"),
        ("mqtts://{host}?ca={ca}&cert=/nowhere/x.pem", "the client certificate '/nowhere/x.pem' can't be used"),
        ("mqtt://x:wrong@{host}", "closed the connection without an answer|can't be reached"),
        ("mqtts://{host}?tls_insecure=1", "unknown option; it may have ca, cert, key and version"),
    ],
)
def test_refusals_are_one_line_without_the_password(server, address, told):
    host, authority, _plain = server
    with pytest.raises(UserError, match=told) as raised:
        PahoTransport(address.format(host=host, ca=authority), timing=Timing(answer=2.0))
    assert "\n" not in str(raised.value)
    assert ":wrong" not in str(raised.value)


def test_credentials_from_the_environment(server, monkeypatch):
    host, authority, _plain = server
    monkeypatch.setenv("MYNAH_BROKER_USER", "mynah-home")
    monkeypatch.setenv("MYNAH_BROKER_PASSWORD", PASSWORDS["mynah-home"])
    monkeypatch.setenv("MYNAH_BROKER_CA", str(authority))
    transport = PahoTransport(f"mqtts://{host}")
    assert transport.connected
    transport.close()


def test_a_login_that_is_taken_away_is_told_once(tmp_path, caplog):
    users = tmp_path / "users"
    for password in ("right", "other"):
        subprocess.run(["mosquitto_passwd", "-b", "-c", str(users), "ann", password], check=True, capture_output=True)
        if password == "right":
            server = Mosquitto(tmp_path, "allow_anonymous false", f"password_file {users}")
            quick = Timing(back_off=(0.05,))
            transport = PahoTransport(server.url.replace("//", "//ann:right@"), timing=quick)
            server.kill()
    until(lambda: not transport.connected)
    server.again()
    until(lambda: "refused the login" in caplog.text)
    until(lambda: server.log.read_text().count("not authorised") >= 4)
    server.close()
    assert caplog.text.count("refused the login") == 1
    assert caplog.text.count("lost the broker") == 1
    assert "right" not in caplog.text
    transport.close()

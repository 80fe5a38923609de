"""One suite for every broker: in the process, embedded, and Mosquitto where it is installed."""

import queue
import socket
import subprocess
import time

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from assistant.errors import UserError
from assistant.mqtt import Address, MqttBroker, PahoTransport, Timing
from devices.wire import Message, Will
from simulator.broker import EmbeddedBroker
from simulator.loopback import LoopbackBroker
from simulator.mosquitto import Mosquitto, find_mosquitto, free_port

WAIT = 5.0


needs_mosquitto = pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is not installed")


@pytest.fixture(
    params=[
        "loopback",
        "embedded",
        pytest.param("mosquitto", marks=needs_mosquitto),
        pytest.param("mosquitto?version=3.1.1", marks=needs_mosquitto),
    ],
    scope="module",
)
def broker(request, tmp_path_factory):
    if request.param == "loopback":
        yield LoopbackBroker()
        return
    if request.param == "embedded":
        server = EmbeddedBroker()
    else:
        server = Mosquitto(tmp_path_factory.mktemp("mosquitto"), "allow_anonymous true")
    yield MqttBroker(server.url + request.param.removeprefix("mosquitto").removeprefix("embedded"))
    server.close()


class Client:
    """A connection with an inbox."""

    def __init__(self, broker, will=None, on_state=None):
        self.transport = broker.connect(will, on_state)
        self.inbox: queue.Queue[Message] = queue.Queue()

    def next(self, timeout=WAIT):
        return self.inbox.get(timeout=timeout)

    def subscribe(self, pattern):
        self.transport.subscribe(pattern, self.inbox.put)
        return self

    def settle(self, topic):
        """Wait until messages to `topic` arrive."""
        until = time.monotonic() + WAIT
        while time.monotonic() < until:
            self.transport.publish(topic, "settled")
            try:
                if self.next(0.2).payload == b"settled":
                    while not self.inbox.empty():
                        self.inbox.get()
                    return self
            except queue.Empty:
                continue
        raise AssertionError("no subscription")


@pytest.fixture
def clients(broker):
    made = []

    def make(will=None, on_state=None):
        made.append(Client(broker, will, on_state))
        return made[-1]

    yield make
    for each in made:
        each.transport.close()


def test_messages_arrive_in_order(clients):
    reader, writer = clients(), clients()
    reader.subscribe("t1/order").settle("t1/order")
    for number in range(100):
        writer.transport.publish("t1/order", str(number))
    assert [int(reader.next().payload) for _ in range(100)] == list(range(100))


def test_retained_messages_come_first_and_are_marked(clients):
    writer = clients()
    writer.transport.publish("t2/a", "old", retain=True)
    writer.transport.publish("t2/a", "new", retain=True)
    writer.transport.publish("t2/b", "not kept")
    time.sleep(0.1)
    reader = clients().subscribe("t2/+")
    assert reader.next() == Message("t2/a", b"new", True)
    writer.transport.publish("t2/a", "live", retain=True)
    assert reader.next() == Message("t2/a", b"live", False)


def test_an_empty_payload_removes_what_was_retained(clients):
    writer = clients()
    writer.transport.publish("t3/a", "old", retain=True)
    writer.transport.publish("t3/a", "", retain=True)
    time.sleep(0.1)
    reader = clients().subscribe("t3/#").settle("t3/other")
    writer.transport.publish("t3/end", "end")
    assert reader.next().topic == "t3/end"


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("t4/+/state", ["t4/a/state"], ["t4/a/b/state", "t4/state", "t4/a/set"]),
        ("t5/#", ["t5/a", "t5/a/b"], ["t55/a"]),
        ("t6/a", ["t6/a"], ["t6/a/b", "t6/A"]),
    ],
)
def test_wildcards(clients, pattern, hits, misses):
    reader, writer = clients(), clients()
    end = pattern.replace("+", "end").replace("#", "end")
    reader.subscribe(pattern).settle(end)
    for topic in [*misses, *hits, end]:
        writer.transport.publish(topic, "x" if topic != end else "end")
    heard = [message.topic for message in iter(reader.next, Message(end, b"end"))]
    assert heard == [hit for hit in hits if hit != end]


def test_a_lost_connection_sends_its_will_and_a_closed_one_does_not(clients, broker):
    reader = clients().subscribe("t7/+").settle("t7/x")
    orderly = broker.connect(Will("t7/orderly", "offline"))
    lost = broker.connect(Will("t7/lost", "offline"))
    orderly.close()
    if isinstance(lost, PahoTransport):
        lost._closing.set()
        lost._client.socket().shutdown(socket.SHUT_RDWR)
    else:
        lost.drop()
    assert reader.next().topic == "t7/lost"
    with pytest.raises(queue.Empty):
        reader.next(0.2)


def test_unsubscribed_topics_are_quiet(clients):
    reader, writer = clients(), clients()
    reader.subscribe("t10/a").settle("t10/a")
    reader.subscribe("t10/+/b").settle("t10/x/b")
    reader.transport.unsubscribe("t10/a")
    time.sleep(0.1)
    for topic in ("t10/a", "t10/y/b"):
        writer.transport.publish(topic, "x")
    assert reader.next().topic == "t10/y/b"
    with pytest.raises(queue.Empty):
        reader.next(0.1)


def test_commands_come_once_each_and_in_order(clients):
    reader, writer = clients(), clients()
    reader.transport.subscribe("t11/+/set", reader.inbox.put, commands=True)
    reader.settle("t11/x/set")
    for number in range(500):
        writer.transport.publish("t11/x/set", str(number), expiry=2)
    assert [int(reader.next().payload) for _ in range(500)] == list(range(500))


def test_a_live_retained_command_says_so_where_it_can(clients, broker):
    reader, writer = clients(), clients()
    reader.transport.subscribe("t12/+/set", reader.inbox.put, commands=True)
    reader.settle("t12/x/set")
    writer.transport.publish("t12/x/set", "on", retain=True)
    # MQTT 3.1.1 has no way to tell.
    tells = not isinstance(reader.transport, PahoTransport) or reader.transport.version == "5"
    assert reader.next() == Message("t12/x/set", b"on", tells)
    writer.transport.publish("t12/x/set", "", retain=True)


def test_a_clean_session_hears_nothing_of_what_it_missed(clients, broker):
    writer = clients()
    for _ in range(2):
        reader = Client(broker)
        reader.transport.subscribe("t13/x", reader.inbox.put, commands=True)
        reader.settle("t13/x")
        reader.transport.close()
        writer.transport.publish("t13/x", "missed")
        time.sleep(0.05)
    last = clients()
    last.transport.subscribe("t13/x", last.inbox.put, commands=True)
    time.sleep(0.1)
    writer.transport.publish("t13/x", "now")
    assert last.next().payload == b"now"


def test_publishing_while_a_message_is_handled(clients):
    reader, writer = clients(), clients()
    answers = clients().subscribe("t8/answer").settle("t8/answer")
    reader.transport.subscribe("t8/question", lambda m: reader.transport.publish("t8/answer", m.payload.decode()))
    time.sleep(0.1)
    writer.transport.publish("t8/question", "42")
    assert answers.next().payload == b"42"


def test_long_and_odd_payloads(clients):
    reader, writer = clients(), clients()
    reader.subscribe("t9/x").settle("t9/x")
    for payload in ("ü€🎉", "x" * 60_000, "y" * 900_000, " "):
        writer.transport.publish("t9/x", payload)
        assert reader.next().payload == payload.encode()


def test_a_newcomer_hears_only_what_it_asked_for():
    with EmbeddedBroker() as server:
        other = Client(MqttBroker(server.url)).subscribe("mynah/#")
        other.transport.publish("mynah/a", "secret", retain=True)
        other.next()
        newcomer = paho.Client(CallbackAPIVersion.VERSION2)
        heard: queue.Queue[str] = queue.Queue()
        newcomer.on_message = lambda _client, _data, message: heard.put(message.topic)
        newcomer.connect("127.0.0.1", server.port)
        newcomer.loop_start()
        newcomer.subscribe("other/#")
        time.sleep(0.1)
        other.transport.publish("other/b", "x")
        assert heard.get(timeout=WAIT) == "other/b"
        newcomer.disconnect()
        newcomer.loop_stop()
        other.transport.close()


# -- the network's own troubles ----------------------------------------------------------------------------------------


def test_the_embedded_broker_starts_fast_and_tells_of_a_busy_port():
    began = time.monotonic()
    with EmbeddedBroker() as server:
        assert time.monotonic() - began < 1.0
        with pytest.raises(UserError, match=f"port {server.port} on 127.0.0.1 can't be used: address already in use"):
            EmbeddedBroker(server.port)


def test_a_broker_that_restarts_is_found_again_and_nothing_is_sent_late():
    states: queue.Queue[bool] = queue.Queue()
    server = EmbeddedBroker()
    broker = MqttBroker(server.url)
    reader, writer = Client(broker, on_state=states.put), Client(broker)
    assert states.get(timeout=WAIT)
    reader.subscribe("x").settle("x")
    server.close()
    assert states.get(timeout=WAIT) is False
    while writer.transport.connected:
        time.sleep(0.01)
    writer.transport.publish("x", "open the garage")
    server = EmbeddedBroker(server.port)
    assert states.get(timeout=WAIT) is True
    while not writer.transport.connected:
        time.sleep(0.01)
    writer.transport.publish("x", "now")
    reader.settle("x")
    assert writer.transport.dropped == 1
    for each in (reader, writer):
        each.transport.close()
    server.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://127.0.0.1:{closed}", "can't be reached: connection refused"),
        ("mqtt://127.0.0.1:{silent}", "does not answer"),
        ("mqtt://nowhere.invalid", "can't be reached"),
        ("http://x", "expected mqtt://host:port"),
        ("mqtt://h:port", "expected mqtt://host:port"),
        ("", "expected mqtt://host:port"),
    ],
)
def test_unreachable_brokers_in_one_line(url, expected):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(UserError, match=expected) as raised:
            PahoTransport(url.format(closed=free_port(), silent=silent.getsockname()[1]), timing=Timing(answer=0.3))
    assert "\n" not in str(raised.value)


def test_passwords_are_never_shown():
    address = Address.parse("mqtts://ann:s%40cret@example.org:1234")
    assert (address.user, address.password, address.tls) == ("ann", "s@cret", True)
    assert "cret" not in f"{address} {address!r}"


@needs_mosquitto
def test_a_refused_login(tmp_path):
    users = tmp_path / "users"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(users), "ann", "right"], check=True, capture_output=True)
    server = Mosquitto(tmp_path, "allow_anonymous false", f"password_file {users}")
    try:
        host = f"127.0.0.1:{server.port}"
        with pytest.raises(UserError, match="refused the login: not authori") as raised:
            PahoTransport(f"mqtt://ann:wrong@{host}")
        assert "wrong" not in str(raised.value)
        PahoTransport(f"mqtt://ann:right@{host}").close()
    finally:
        server.close()

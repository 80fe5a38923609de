"""The connection to a real MQTT broker, over paho: MQTT 5 where the broker speaks it, 3.1.1 where it does not."""

from assistant.mqtt.address import Address
from assistant.mqtt.client import Timing
from assistant.mqtt.transport import MqttBroker, PahoTransport

__all__ = ["Address", "MqttBroker", "PahoTransport", "Timing"]

"""Devices that are known by Home Assistant's MQTT discovery alone: Zigbee2MQTT, Tasmota, ESPHome and others.

`payloads` reads announcements, `platforms` wires each kind of entity, `templates` renders the templates of strangers,
`thing` is one such entity and `things` all of them.
"""

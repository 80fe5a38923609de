"""Bridges and devices as strangers build them: they announce themselves and know nothing of Mynah.

Payloads follow what Zigbee2MQTT, Tasmota (SetOption19) and ESPHome publish for Home Assistant.
"""

import json

Z2M_STATE = {"topic": "zigbee2mqtt/bridge/state", "value_template": "{{ value_json.state }}"}


def z2m_device(name, ieee, model):
    return {"identifiers": [f"zigbee2mqtt_{ieee}"], "manufacturer": "Example", "model": model, "name": name}


def z2m(component, device, ieee, **options):
    """One entity as Zigbee2MQTT announces it."""
    object_id = options.pop("object", component)
    payload = {
        "availability": [Z2M_STATE, {"topic": f"zigbee2mqtt/{device}/availability",
                                     "value_template": "{{ value_json.state }}"}],
        "availability_mode": "all",
        "device": z2m_device(device, ieee, "Device"),
        "json_attributes_topic": f"zigbee2mqtt/{device}",
        "name": None,
        "origin": {"name": "Zigbee2MQTT", "sw": "2.1.0", "url": "https://www.zigbee2mqtt.io"},
        "state_topic": f"zigbee2mqtt/{device}",
        "unique_id": f"{ieee}_{object_id}_zigbee2mqtt",
        **options,
    }  # fmt: skip
    return f"homeassistant/{component}/{ieee}/{object_id}/config", payload


ZIGBEE = [
    z2m("light", "Hallway Light", "0x01", brightness=True, brightness_scale=254, schema="json",
        supported_color_modes=["color_temp", "xy"], min_mireds=153, max_mireds=454, effect=True,
        effect_list=["blink", "okay"], command_topic="zigbee2mqtt/Hallway Light/set"),
    z2m("sensor", "Hallway Light", "0x01", object="linkquality", name="Linkquality", unit_of_measurement="lqi",
        entity_category="diagnostic", value_template="{{ value_json.linkquality }}"),
    z2m("cover", "Bedroom Blind", "0x02", command_topic="zigbee2mqtt/Bedroom Blind/set", device_class="blind",
        position_topic="zigbee2mqtt/Bedroom Blind", position_template="{{ value_json.position }}",
        set_position_topic="zigbee2mqtt/Bedroom Blind/set", set_position_template='{ "position": {{ position }} }',
        state_topic=None),
    z2m("binary_sensor", "Back Door", "0x03", object="contact", device_class="door", payload_on=False,
        payload_off=True, value_template="{{ value_json.contact }}"),
    z2m("binary_sensor", "Hallway Motion", "0x04", object="occupancy", device_class="motion", name=None,
        payload_on=True, payload_off=False, value_template="{{ value_json.occupancy }}"),
    z2m("sensor", "Nursery Climate", "0x05", object="temperature", device_class="temperature",
        unit_of_measurement="°C", state_class="measurement", name="Temperature",
        value_template="{{ value_json.temperature }}"),
    z2m("lock", "Front Door Lock", "0x06", command_topic="zigbee2mqtt/Front Door Lock/set",
        value_template="{{ value_json.state }}", state_locked="LOCK", state_unlocked="UNLOCK"),
    z2m("climate", "Bedroom Radiator", "0x07", modes=["off", "heat", "auto"], min_temp="5", max_temp="30",
        temp_step=0.5, temperature_unit="C", state_topic=None,
        mode_state_topic="zigbee2mqtt/Bedroom Radiator", mode_state_template="{{ value_json.system_mode }}",
        mode_command_topic="zigbee2mqtt/Bedroom Radiator/set/system_mode",
        current_temperature_topic="zigbee2mqtt/Bedroom Radiator",
        current_temperature_template="{{ value_json.local_temperature }}",
        temperature_state_topic="zigbee2mqtt/Bedroom Radiator",
        temperature_state_template="{{ value_json.current_heating_setpoint }}",
        temperature_command_topic="zigbee2mqtt/Bedroom Radiator/set/current_heating_setpoint",
        action_topic="zigbee2mqtt/Bedroom Radiator",
        action_template="{% set values = {None:None,'idle':'idle','heat':'heating','off':'off'} %}"
                        "{{ values[value_json.running_state] }}"),
    z2m("switch", "Bedroom Radiator", "0x07", object="child_lock", name="Child lock", entity_category="config",
        command_topic="zigbee2mqtt/Bedroom Radiator/set", payload_on='{"child_lock": "LOCK"}',
        payload_off='{"child_lock": "UNLOCK"}', value_template="{{ value_json.child_lock }}"),
]  # fmt: skip
"""Announcements of Zigbee2MQTT, one message for each entity."""

TASMOTA = [
    ("homeassistant/light/A0424B_LI_1/config", {
        "name": "Desk Lamp", "stat_t": "stat/desk/RESULT", "avty_t": "tele/desk/LWT", "pl_avail": "Online",
        "pl_not_avail": "Offline", "cmd_t": "cmnd/desk/POWER", "val_tpl": "{{value_json.POWER}}", "pl_off": "OFF",
        "pl_on": "ON", "uniq_id": "A0424B_LI_1", "dev": {"ids": ["A0424B"]}, "bri_cmd_t": "cmnd/desk/Dimmer",
        "bri_stat_t": "stat/desk/RESULT", "bri_scl": 100, "on_cmd_type": "brightness",
        "bri_val_tpl": "{{value_json.Dimmer}}", "rgb_cmd_t": "cmnd/desk/Color2", "rgb_stat_t": "stat/desk/RESULT",
        "rgb_val_tpl": "{{value_json.Color.split(',')[0:3]|join(',')}}"}),
    ("homeassistant/switch/B0001_RL_1/config", {
        "name": "Garden Pump", "~": "pump/", "cmd_t": "~cmnd/POWER", "stat_t": "~stat/RESULT",
        "val_tpl": "{{value_json.POWER}}", "pl_off": "OFF", "pl_on": "ON", "avty_t": "~tele/LWT",
        "pl_avail": "Online", "pl_not_avail": "Offline", "uniq_id": "B0001_RL_1", "dev": {"ids": ["B0001"]}}),
    ("homeassistant/sensor/B0001_energy_power/config", {
        "name": "Garden Pump Power", "stat_t": "pump/tele/SENSOR", "avty_t": "pump/tele/LWT", "frc_upd": True,
        "pl_avail": "Online", "pl_not_avail": "Offline", "uniq_id": "B0001_energy_power", "dev": {"ids": ["B0001"]},
        "unit_of_meas": "W", "dev_cla": "power", "val_tpl": "{{value_json['ENERGY'].Power}}"}),
]  # fmt: skip
"""Announcements of Tasmota with SetOption19, abbreviated."""


def esphome(component, node, object_id, **options):
    """One entity as ESPHome announces it."""
    base = f"{node}/{component}/{object_id}"
    payload = {
        "avty_t": f"{node}/status",
        "uniq_id": f"ESP{component}{object_id}",
        "dev": {"ids": f"{node}-mac", "name": node, "sw": "esphome v2025.2.0", "mdl": "esp32dev", "mf": "espressif",
                "sa": options.pop("area", "")},
        **{key: value.replace("~", base) if isinstance(value, str) else value for key, value in options.items()},
    }  # fmt: skip
    return f"homeassistant/{component}/{node}/{object_id}/config", payload


ESPHOME = [
    esphome("fan", "attic", "ceiling_fan", area="Attic", name="Ceiling Fan", stat_t="~/state", cmd_t="~/command",
            pct_stat_t="~/speed_level/state", pct_cmd_t="~/speed_level/command", spd_rng_min=1, spd_rng_max=3,
            osc_stat_t="~/oscillation/state", osc_cmd_t="~/oscillation/command"),
    esphome("climate", "lounge", "heat_pump", area="Lounge", name="Heat Pump",
            curr_temp_t="~/current_temperature/state",
            mode_cmd_t="~/mode/command", mode_stat_t="~/mode/state", modes=["off", "cool", "heat", "auto"],
            temp_cmd_t="~/target_temperature/command", temp_stat_t="~/target_temperature/state", min_temp=16,
            max_temp=30, temp_step=0.5, temp_unit="C", act_t="~/action/state"),
    esphome("light", "lounge", "corner_light", area="Lounge", name="Corner Light", schema="json",
            stat_t="~/state", cmd_t="~/command", brightness=True, clrm=True, sup_clrm=["rgb"]),
    esphome("cover", "drive", "garage_door", area="Garage", name="Garage Door", stat_t="~/state", cmd_t="~/command",
            dev_cla="garage", pos_t="~/position/state", set_pos_t="~/position/command"),
    esphome("select", "lounge", "scent", area="Lounge", name="Scent", stat_t="~/state", cmd_t="~/command",
            ops=["Rose", "Pine"]),
    esphome("number", "lounge", "fan_minutes", area="Lounge", name="Fan Minutes", stat_t="~/state", cmd_t="~/command",
            min=0, max=60, step=5),
]  # fmt: skip
"""Announcements of ESPHome, abbreviated."""


class Bridge:
    """Speaks for all these devices on a broker: obeys what they understand, and reports as they do."""

    def __init__(self, transport):
        self.transport = transport
        self.commands = []
        self.deaf = set()
        self.zigbee = {
            "Hallway Light": {"state": "OFF", "brightness": 254, "color_mode": "color_temp", "color_temp": 370,
                              "color": {"x": 0.46, "y": 0.41}, "linkquality": 120},
            "Bedroom Blind": {"position": 0, "state": "CLOSE"},
            "Back Door": {"contact": False, "battery": 91},
            "Hallway Motion": {"occupancy": False},
            "Nursery Climate": {"temperature": 20.4, "humidity": 51},
            "Front Door Lock": {"state": "LOCK"},
            "Bedroom Radiator": {"system_mode": "heat", "local_temperature": 19.5, "current_heating_setpoint": 18,
                                 "running_state": "idle", "child_lock": "UNLOCK"},
        }  # fmt: skip
        self.tasmota = {"desk": {"POWER": "OFF", "Dimmer": 40, "Color": "10,20,30"}, "pump": {"POWER": "OFF"}}
        for pattern in ("zigbee2mqtt/+/set", "zigbee2mqtt/+/set/+"):
            transport.subscribe(pattern, self._zigbee)
        transport.subscribe("cmnd/+/+", self._tasmota)
        transport.subscribe("pump/cmnd/+", self._tasmota)
        for pattern in ("+/+/+/command", "+/+/+/+/command"):
            transport.subscribe(pattern, self._esphome)

    def announce(self):
        """Announce everything and say that it is there; Zigbee2MQTT retains no states."""
        for topic, payload in (*ZIGBEE, *TASMOTA, *ESPHOME):
            told = {key: value for key, value in payload.items() if key != "state_topic" or value}
            self.transport.publish(topic, json.dumps(told), retain=True)
        self.transport.publish("zigbee2mqtt/bridge/state", '{"state": "online"}', retain=True)
        for name in self.zigbee:
            self.transport.publish(f"zigbee2mqtt/{name}/availability", '{"state":"online"}', retain=True)
        for topic in ("tele/desk/LWT", "pump/tele/LWT"):
            self.transport.publish(topic, "Online", retain=True)
        for node in ("attic", "lounge", "drive"):
            self.transport.publish(f"{node}/status", "online", retain=True)
        for topic, payload in {
            "attic/fan/ceiling_fan/state": "OFF",
            "lounge/climate/heat_pump/mode/state": "off",
            "lounge/climate/heat_pump/target_temperature/state": "20.0",
            "lounge/climate/heat_pump/current_temperature/state": "18.5",
            "lounge/light/corner_light/state": '{"state":"OFF","color_mode":"rgb","brightness":255,'
            '"color":{"r":255,"g":255,"b":255}}',
            "drive/cover/garage_door/state": "closed",
            "drive/cover/garage_door/position/state": "0",
            "lounge/select/scent/state": "Rose",
            "lounge/number/fan_minutes/state": "15",
        }.items():
            self.transport.publish(topic, payload, retain=True)
        self.transport.subscribe("homeassistant/status", lambda _message: self.report())

    def report(self):
        """Say all states that are not retained."""
        for name in self.zigbee:
            self._say_zigbee(name)
        for device in self.tasmota:
            self._say_tasmota(device)
        self.transport.publish("pump/tele/SENSOR", '{"Time":"2026-03-02T12:00:00","ENERGY":{"Power":42}}')

    def _say_zigbee(self, name):
        self.transport.publish(f"zigbee2mqtt/{name}", json.dumps(self.zigbee[name]))

    def _say_tasmota(self, device):
        topic = "pump/stat/RESULT" if device == "pump" else f"stat/{device}/RESULT"
        self.transport.publish(topic, json.dumps(self.tasmota[device]))

    def _zigbee(self, message):
        parts = message.topic.split("/")
        self.commands.append((message.topic, message.payload.decode()))
        if parts[1] in self.deaf:
            return
        known = self.zigbee[parts[1]]
        if len(parts) == 4:
            asked = {parts[3]: parsed(message.payload.decode())}
        else:
            asked = json.loads(message.payload) if message.payload.startswith(b"{") else None
        if parts[1] == "Bedroom Blind" and asked is None:
            asked = {"position": {"OPEN": 100, "CLOSE": 0}[message.payload.decode()]}
        elif asked is None:
            asked = {"state": message.payload.decode()}
        if "color" in asked:
            asked["color_mode"] = "xy"
            asked["color"] = {key: round(value, 4) for key, value in asked["color"].items()}
        elif "color_temp" in asked:
            asked["color_mode"] = "color_temp"
        known.update(asked)
        self._say_zigbee(parts[1])

    def _tasmota(self, message):
        self.commands.append((message.topic, message.payload.decode()))
        _, device, what = message.topic.split("/") if message.topic.startswith("cmnd") else ("", "pump", "POWER")
        known = self.tasmota[device]
        if what == "POWER":
            known["POWER"] = message.payload.decode()
        elif what == "Dimmer":
            known |= {"Dimmer": int(message.payload), "POWER": "ON"}
        else:
            known |= {"Color": message.payload.decode(), "POWER": "ON"}
        self._say_tasmota(device)

    def _esphome(self, message):
        self.commands.append((message.topic, message.payload.decode()))
        topic, payload = message.topic.removesuffix("command") + "state", message.payload.decode()
        if "/light/" in topic:
            asked = json.loads(payload)
            payload = json.dumps(
                {"color_mode": "rgb", "brightness": 255, "color": {"r": 255, "g": 255, "b": 255}} | asked
            )
        elif "/cover/" in topic and "position" not in topic:
            payload = {"OPEN": "open", "CLOSE": "closed"}[payload]
            position = "100" if payload == "open" else "0"
            self.transport.publish("drive/cover/garage_door/position/state", position, retain=True)
        elif topic.endswith("temperature/state"):
            payload = f"{float(payload):.1f}"
        self.transport.publish(topic, payload, retain=True)


def parsed(payload):
    try:
        return json.loads(payload)
    except ValueError:
        return payload

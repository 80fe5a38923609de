"""Home Assistant's MQTT discovery: how each kind is announced, so that any controller that speaks it can drive it.

Payloads follow the option names of Home Assistant's MQTT integrations. Our own commands are JSON mappings with absolute
values; the templates here translate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.wire import availability_topic, entity_topic

PREFIX = "homeassistant"
BIRTH_TOPIC = f"{PREFIX}/status"
ATTRIBUTE = "{{ value_json.attributes.%s }}"
ATTRIBUTES = "{{ value_json.attributes | tojson }}"
STATE = "{{ value_json.state }}"
COLOUR_PART = "{{ (value_json.attributes.rgb_color or [None, None, None])[%d] }}"
"""A part of the colour; `None`, in another mode or when the light is off, tells that it has none."""
WATER_MODES = ("off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance")
"""The modes of a water heater that Home Assistant has."""
UNITS = {"lux": "lx", "VAR": "var", "µg/m³": "μg/m³"}
"""Spellings of units -> Home Assistant's, which refuses a sensor whose unit does not go with its class."""
AS_WISHED = '{"state": "{{ value_json.state }}"}'
"""The state in the form of a command, for domains that expect to hear the same words that they say."""

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Described:
    """What a discovery message tells of one entity."""

    home: str
    home_name: str
    entity: str
    kind: str
    name: str
    area: str | None = None
    features: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The part of the id before the dot."""
        return self.entity.partition(".")[0]

    def topic(self, leaf: str) -> str:
        """One of our topics of the entity."""
        return entity_topic(self.home, self.entity, leaf)


def wish(**values: Any) -> str:
    """A command as JSON text.

    >>> wish(state="on")
    '{"state": "on"}'
    """
    return "{" + ", ".join(f'"{key}": "{value}"' for key, value in values.items()) + "}"


def _switched(about: Described) -> Payload:
    return {
        "payload_on": wish(state="on"),
        "payload_off": wish(state="off"),
        "state_on": "on",
        "state_off": "off",
        "value_template": STATE,
        **_class(about),
    }


def _siren(about: Described) -> Payload:
    tones = list(about.features.get("available_tones") or ())
    return {
        # Home Assistant's sirens send JSON of their own unless a template says otherwise.
        "command_template": '{"state": "{{ value }}"{% if tone is defined %}, "tone": "{{ tone }}"{% endif %}'
        '{% if duration is defined %}, "duration": {{ duration }}{% endif %}}',
        "command_off_template": '{"state": "{{ value }}"}',
        "support_volume_set": False,
        **({"available_tones": tones} if tones else {}),
        "payload_on": "on",
        "payload_off": "off",
        "state_on": "on",
        "state_off": "off",
        "state_value_template": STATE,
    }


def _light(about: Described) -> Payload:
    modes = set(about.features.get("supported_color_modes") or ())
    parts = ['{"state": "on"']
    payload: Payload = {"schema": "template", "state_template": STATE, "command_off_template": wish(state="off")}
    if modes - {"onoff"}:
        parts.append('{% if brightness is defined %}, "brightness": {{ brightness }}{% endif %}')
        payload["brightness_template"] = ATTRIBUTE % "brightness"
    if modes & {"rgb", "rgbw", "rgbww", "hs", "xy"}:
        parts.append('{% if red is defined %}, "rgb_color": [{{ red }}, {{ green }}, {{ blue }}]{% endif %}')
        for index, colour in enumerate(("red", "green", "blue")):
            payload[f"{colour}_template"] = COLOUR_PART % index
    if "color_temp" in modes:
        parts.append('{% if color_temp is defined %}, "color_temp_kelvin": {{ color_temp }}{% endif %}')
        payload |= {"color_temp_kelvin": True, "color_temp_template": ATTRIBUTE % "color_temp_kelvin"}
        payload["min_kelvin"] = about.features.get("min_color_temp_kelvin", 2000)
        payload["max_kelvin"] = about.features.get("max_color_temp_kelvin", 6500)
    return {**payload, "command_on_template": "".join([*parts, "}"])}


def _cover(about: Described) -> Payload:
    return {
        "payload_open": wish(state="open"),
        "payload_close": wish(state="closed"),
        "payload_stop": wish(state="stop"),
        "value_template": STATE,
        "position_topic": about.topic("state"),
        "position_template": ATTRIBUTE % "current_position",
        "set_position_topic": about.topic("set"),
        "set_position_template": '{"current_position": {{ position }}}',
        **_class(about),
    }


def _valve(about: Described) -> Payload:
    if about.features.get("reports_position", True):
        return {
            "reports_position": True,
            "value_template": '{"state": "{{ value_json.state }}", '
            '"position": {{ value_json.attributes.current_position }}}',
            "command_template": '{"current_position": {{ value }}}',
        }
    return {"payload_open": wish(state="open"), "payload_close": wish(state="closed"), "value_template": STATE}


def _lock(_about: Described) -> Payload:
    return {
        "payload_lock": wish(state="locked"),
        "payload_unlock": wish(state="unlocked"),
        "state_locked": "locked",
        "state_unlocked": "unlocked",
        "state_jammed": "jammed",
        "value_template": STATE,
    }


def _climate(about: Described) -> Payload:
    features, state, command = about.features, about.topic("state"), about.topic("set")
    return {
        "modes": list(features.get("hvac_modes") or ()),
        "mode_state_topic": state,
        "mode_state_template": STATE,
        "mode_command_topic": command,
        "mode_command_template": '{"state": "{{ value }}"}',
        "temperature_state_topic": state,
        "temperature_state_template": ATTRIBUTE % "temperature",
        "temperature_command_topic": command,
        "temperature_command_template": '{"temperature": {{ value }}}',
        "current_temperature_topic": state,
        "current_temperature_template": ATTRIBUTE % "current_temperature",
        "min_temp": features.get("min_temp"),
        "max_temp": features.get("max_temp"),
        "temperature_unit": features.get("temperature_unit", "C"),
        "action_topic": state,
        "action_template": ATTRIBUTE % "hvac_action",
        **_presets(about, [mode for mode in features.get("preset_modes") or () if mode != "none"]),
    }


def _presets(about: Described, modes: list[str]) -> Payload:
    """Preset modes; `None`, where there is none, resets."""
    if not modes:
        return {}
    return {
        "preset_modes": modes,
        "preset_mode_state_topic": about.topic("state"),
        "preset_mode_value_template": '{{ value_json.attributes.preset_mode | default("None") }}',
        "preset_mode_command_topic": about.topic("set"),
        "preset_mode_command_template": '{"preset_mode": "{{ value }}"}',
    }


def _fan(about: Described) -> Payload:
    state, command, supported = about.topic("state"), about.topic("set"), about.features.get("supported_features")
    able = supported if isinstance(supported, list) else ("oscillate", "direction")
    swings = {
        "oscillation_state_topic": state,
        "oscillation_value_template": "oscillate_{{ 'on' if value_json.attributes.oscillating else 'off' }}",
        "oscillation_command_topic": command,
        "oscillation_command_template": '{"oscillating": {{ "true" if value == "oscillate_on" else "false" }}}',
    }
    turns = {
        "direction_state_topic": state,
        "direction_value_template": '{{ value_json.attributes.direction | default("forward") }}',
        "direction_command_topic": command,
        "direction_command_template": '{"direction": "{{ value }}"}',
    }
    return {
        **(swings if "oscillate" in able else {}),
        **(turns if "direction" in able else {}),
        **_presets(about, list(about.features.get("preset_modes") or ())),
        "payload_on": wish(state="on"),
        "payload_off": wish(state="off"),
        "state_value_template": AS_WISHED,
        "percentage_state_topic": about.topic("state"),
        "percentage_value_template": ATTRIBUTE % "percentage",
        "percentage_command_topic": about.topic("set"),
        "percentage_command_template": '{"percentage": {{ value }}}',
    }


def _vacuum(_about: Described) -> Payload:
    return {
        "payload_start": wish(state="cleaning"),
        "payload_pause": wish(state="paused"),
        "payload_return_to_base": wish(state="docked"),
        "payload_stop": wish(state="idle"),
        "supported_features": ["start", "pause", "stop", "return_home", "status"],
    }


def _lawn_mower(about: Described) -> Payload:
    command = about.topic("set")
    return {
        "activity_state_topic": about.topic("state"),
        "activity_value_template": STATE,
        "start_mowing_command_topic": command,
        "start_mowing_command_template": wish(state="mowing"),
        "pause_command_topic": command,
        "pause_command_template": wish(state="paused"),
        "dock_command_topic": command,
        "dock_command_template": wish(state="docked"),
    }


def _reading(about: Described) -> Payload:
    facts = {k: about.features[k] for k in ("unit_of_measurement", "state_class", "options") if about.features.get(k)}
    if (unit := facts.get("unit_of_measurement")) in UNITS:
        facts["unit_of_measurement"] = UNITS[unit]
    return {"value_template": STATE, **_class(about), **facts}


def _binary(about: Described) -> Payload:
    return {"value_template": STATE, "payload_on": "on", "payload_off": "off", **_class(about)}


def _scene(_about: Described) -> Payload:
    return {"payload_on": wish(state="on")}


def _button(_about: Described) -> Payload:
    return {"payload_press": wish(state="press")}


def _humidifier(about: Described) -> Payload:
    return {
        "payload_on": wish(state="on"),
        "payload_off": wish(state="off"),
        "state_value_template": AS_WISHED,
        "target_humidity_state_topic": about.topic("state"),
        "target_humidity_state_template": ATTRIBUTE % "humidity",
        "target_humidity_command_topic": about.topic("set"),
        "target_humidity_command_template": '{"humidity": {{ value }}}',
        "current_humidity_topic": about.topic("state"),
        "current_humidity_template": '{{ value_json.attributes.current_humidity | default("None") }}',
        "min_humidity": about.features.get("min_humidity", 0),
        "max_humidity": about.features.get("max_humidity", 100),
        **_humidifier_modes(about),
    }


def _humidifier_modes(about: Described) -> Payload:
    if not (modes := list(about.features.get("available_modes") or ())):
        return {}
    return {
        "modes": modes,
        "mode_state_topic": about.topic("state"),
        "mode_state_template": ATTRIBUTE % "mode",
        "mode_command_topic": about.topic("set"),
        "mode_command_template": '{"mode": "{{ value }}"}',
    }


def _water_heater(about: Described) -> Payload:
    climate = _climate(about)
    kept = ("mode", "temperature", "current_temperature", "min_temp", "max_temp")
    modes = list(about.features.get("operation_list") or WATER_MODES)
    payload = {key: value for key, value in climate.items() if key.startswith(kept)}
    return {**payload, "modes": [mode for mode in modes if mode in WATER_MODES]}


def _alarm_panel(_about: Described) -> Payload:
    armed = {f"payload_arm_{where}": wish(state=f"armed_{where}") for where in ("home", "away", "night", "vacation")}
    return {
        **armed,
        "payload_disarm": wish(state="disarmed"),
        "command_template": "{{ action }}",
        "value_template": STATE,
        "supported_features": ["arm_home", "arm_away", "arm_night", "arm_vacation"],
        "code_arm_required": False,
        "code_disarm_required": False,
    }


def _device_tracker(_about: Described) -> Payload:
    return {"value_template": STATE, "payload_home": "home", "payload_not_home": "not_home"}


def _number(about: Described) -> Payload:
    low, high = about.features.get("min", 0), about.features.get("max", 100)
    return {"value_template": STATE, "command_template": '{"state": {{ value }}}', "min": low, "max": high}


def _select(about: Described) -> Payload:
    options = list(about.features.get("options") or ())
    return {"value_template": STATE, "command_template": '{"state": "{{ value }}"}', "options": options}


def _text(_about: Described) -> Payload:
    return {"value_template": STATE, "command_template": '{"state": {{ value | tojson }}}'}


def _class(about: Described) -> Payload:
    found = about.features.get("device_class")
    return {"device_class": found} if found else {}


_PLATFORMS: Mapping[str, Callable[[Described], Payload]] = {
    "light": _light,
    "switch": _switched,
    "siren": _siren,
    "cover": _cover,
    "valve": _valve,
    "lock": _lock,
    "climate": _climate,
    "fan": _fan,
    "vacuum": _vacuum,
    "lawn_mower": _lawn_mower,
    "sensor": _reading,
    "binary_sensor": _binary,
    "scene": _scene,
    "button": _button,
    "humidifier": _humidifier,
    "water_heater": _water_heater,
    "alarm_control_panel": _alarm_panel,
    "number": _number,
    "select": _select,
    "text": _text,
    "device_tracker": _device_tracker,
}
"""The domains that Home Assistant's MQTT integration has, and what each needs to be told."""
_OWN_TOPICS = frozenset({"climate", "lawn_mower", "water_heater"})
"""Domains whose topics have names of their own."""
_SILENT = frozenset({"scene", "button"})
_TELLING = frozenset({"switch", "climate", "cover", "vacuum", "lawn_mower", "siren"})
"""Domains with more to tell than Home Assistant has options for: programmes, doors, meters, batteries."""
_REPORTING = frozenset({"sensor", "binary_sensor", "device_tracker"})


def discovery(about: Described) -> tuple[str, Payload] | None:
    """Topic and payload of an entity's discovery message; `None` where Home Assistant has no such MQTT entity.

    >>> topic, payload = discovery(Described("cottage", "Cottage", "lock.front_door", "lock", "Front Door"))
    >>> topic, payload["command_topic"]
    ('homeassistant/lock/mynah_cottage/front_door/config', 'mynah/cottage/lock/front_door/set')
    """
    platform = _PLATFORMS.get(about.domain)
    if platform is None:
        return None
    object_id = about.entity.partition(".")[2]
    unique = f"mynah_{about.home}_{about.domain}_{object_id}"
    payload: Payload = {
        "name": about.name,
        "unique_id": unique,
        "default_entity_id": about.entity,
        "qos": 1,
        "availability_mode": "all",
        "availability": [{"topic": availability_topic(about.home)}, {"topic": about.topic("availability")}],
        "device": _device(about, unique),
        "origin": {"name": "Mynah"},
    }
    if about.domain not in _OWN_TOPICS | _REPORTING:
        payload["command_topic"] = about.topic("set")
    if about.domain not in _OWN_TOPICS | _SILENT:
        payload["state_topic"] = about.topic("state")
    if about.domain in _TELLING:
        payload |= {"json_attributes_topic": about.topic("state"), "json_attributes_template": ATTRIBUTES}
    return f"{PREFIX}/{about.domain}/mynah_{about.home}/{object_id}/config", {**payload, **platform(about)}


def _device(about: Described, unique: str) -> Payload:
    device: Payload = {
        "identifiers": [unique],
        "name": about.name,
        "manufacturer": "Mynah",
        "model": about.kind.replace("_", " "),
        "via_device": f"mynah_{about.home}",
    }
    return {**device, "suggested_area": about.area} if about.area else device

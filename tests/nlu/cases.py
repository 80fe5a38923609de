"""What sentences mean: text, then each intent with the slots that it must have."""

from typing import Any

LIGHTS = {"domain": "light", "quantity": "plural"}
ALL_LIGHTS = {"domain": "light", "quantity": "all"}
EVERYTHING = {"domain": "all", "quantity": "all"}
OVEN = {"name": "oven"}
GARAGE = {"name": "garage door"}
FRONT = {"name": "front door"}

Case = tuple[str, list[tuple[str, dict[str, Any]]]]

SENTENCES: list[Case] = [
    # the 56 sentences
    ("turn on the kitchen lights", [("home.turn_on", {"area": "kitchen", **LIGHTS})]),
    ("open the garage door", [("home.open", GARAGE)]),
    ("turn on the worktop light", [("home.turn_on", {"name": "worktop light"})]),
    ("turn off all the lights upstairs", [("home.turn_off", {**ALL_LIGHTS, "floor": "upstairs"})]),
    ("turn off all the lights", [("home.turn_off", {**ALL_LIGHTS})]),
    ("turn on the lights", [("home.turn_on", LIGHTS)]),
    ("turn on the lamp", [("home.turn_on", {"name": "lamp", "domain": "light"})]),
    ("is the garage door open", [("home.query", {"question": "is", "state": "open", **GARAGE})]),
    ("which lights are on", [("home.query", {"question": "which", "state": "on", **LIGHTS})]),
    ("what is the oven temperature", [("home.query", {"question": "what", "attribute": "temperature", **OVEN})]),
    ("what is the temperature", [("home.query", {"question": "what", "attribute": "temperature"})]),
    ("set the bedroom lamp to 40 percent", [("home.set", {"name": "bedroom lamp", "value": 40, "unit": "%"})]),
    ("set the bedroom lamp to forty percent", [("home.set", {"name": "bedroom lamp", "value": 40, "unit": "%"})]),
    ("set the oven to 180 degrees", [("home.set", {"value": 180, "unit": "degrees", **OVEN})]),
    ("preheat the oven to one hundred and eighty", [("home.set", {"value": 180, **OVEN})]),
    ("make it a bit warmer", [("home.increase", {"attribute": "temperature", "reference": "it"})]),
    ("dim the bedroom lamp", [("home.decrease", {"name": "bedroom lamp"})]),
    ("make the bedroom lamp brighter", [("home.increase", {"name": "bedroom lamp"})]),
    ("turn the volume up", [("home.increase", {"attribute": "volume"})]),
    (
        "turn on the kitchen and bedroom lights",
        [("home.turn_on", {"area": "kitchen", **LIGHTS}), ("home.turn_on", {"area": "bedroom", **LIGHTS})],
    ),
    (
        "turn off the kitchen lights and close the garage door",
        [("home.turn_off", {"area": "kitchen", **LIGHTS}), ("home.close", GARAGE)],
    ),
    (
        "close the garage door turn off the oven and lock the front door",
        [("home.close", GARAGE), ("home.turn_off", OVEN), ("home.lock", FRONT)],
    ),
    (
        "turn off all the lights except the bedroom",
        [("home.turn_off", {**ALL_LIGHTS, "except": [{"area": "bedroom"}]})],
    ),
    ("turn it off", [("home.turn_off", {"reference": "it"})]),
    ("now close it", [("home.close", {"reference": "it"})]),
    ("and the kitchen too", [("dialogue.also", {"area": "kitchen"})]),
    ("no the bedroom", [("dialogue.correct", {"area": "bedroom"})]),
    ("i said the bedroom lights", [("dialogue.correct", {"area": "bedroom", **LIGHTS})]),
    ("undo that", [("dialogue.undo", {})]),
    ("say that again", [("dialogue.repeat", {})]),
    ("turn off the oven in ten minutes", [("home.turn_off", {"after": 600, **OVEN})]),
    ("turn off the oven at nine pm", [("home.turn_off", {"at": "21:00", **OVEN})]),
    (
        "turn on the kitchen lights when the garage door opens",
        [("home.turn_on", {"area": "kitchen", "when": "the garage door opens", **LIGHTS})],
    ),
    ("set a timer for ten minutes", [("timer.start", {"duration": 600})]),
    ("set a ten minute pizza timer", [("timer.start", {"duration": 600, "timer_name": "pizza"})]),
    ("wake me up at seven", [("timer.start", {"at": "07:00", "device_class": "alarm"})]),
    ("movie night", [("home.activate", {"name": "movie night"})]),
    ("run the bedtime routine", [("home.activate", {"name": "bedtime"})]),
    ("could you please turn on the kitchen lights for me", [("home.turn_on", {"area": "kitchen", **LIGHTS})]),
    ("it's too dark in the kitchen", [("home.increase", {"attribute": "brightness", "area": "kitchen"})]),
    ("kitchen lights", [("home.turn_on", {"area": "kitchen", **LIGHTS})]),
    ("lights out in the bedroom", [("home.turn_off", {"area": "bedroom", **LIGHTS})]),
    ("kill the lights in the bedroom", [("home.turn_off", {"area": "bedroom", **LIGHTS})]),
    ("turn of the kitchen lights", [("home.turn_off", {"area": "kitchen", **LIGHTS})]),
    ("um turn on uh the kitchen lights", [("home.turn_on", {"area": "kitchen", **LIGHTS})]),
    ("turn on the kitchen no the bedroom lights", [("home.turn_on", {"area": "bedroom", **LIGHTS})]),
    ("never mind", [("dialogue.cancel", {})]),
    ("what can i say", [("dialogue.help", {})]),
    # switching
    ("switch the tv on", [("home.turn_on", {"name": "tv"})]),
    ("turn off everything", [("home.turn_off", {**EVERYTHING})]),
    ("turn off everything in the kitchen", [("home.turn_off", {**EVERYTHING, "area": "kitchen"})]),
    ("turn off every light in the bedroom", [("home.turn_off", {**ALL_LIGHTS, "area": "bedroom"})]),
    ("turn on both bedroom lights", [("home.turn_on", {"domain": "light", "quantity": "both", "area": "bedroom"})]),
    ("turn on the oven", [("home.turn_on", OVEN)]),
    ("office fan off", [("home.turn_off", {"name": "office fan"})]),
    ("turn on the lights in the kitchen and the office", [
        ("home.turn_on", {"area": "kitchen", **LIGHTS}), ("home.turn_on", {"area": "office", **LIGHTS})]),
    ("turn off the tv and the oven", [("home.turn_off", {"name": "tv"}), ("home.turn_off", OVEN)]),
    ("turn on the bedroom lights for an hour", [("home.turn_on", {"area": "bedroom", "for": 3600, **LIGHTS})]),
    ("in half an hour turn off the tv", [("home.turn_off", {"name": "tv", "after": 1800})]),
    ("turn off the tv at half past ten tonight", [("home.turn_off", {"name": "tv", "at": "22:30"})]),
    ("turn the worktop light off please", [("home.turn_off", {"name": "worktop light"})]),
    ("turn off the lights if nobody is home", [("home.turn_off", {"when": "nobody is home", **LIGHTS})]),
    (
        "turn off everything except the oven and the tv",
        [("home.turn_off", {**EVERYTHING, "except": [OVEN, {"name": "tv"}]})],
    ),
    # covers and locks
    ("bring the blinds down", [("home.close", {"device_class": "blind"})]),
    ("close the bedroom blinds", [("home.close", {"name": "bedroom blinds"})]),
    ("open the blinds", [("home.open", {"device_class": "blind", "quantity": "plural"})]),
    ("shut the garage door", [("home.close", GARAGE)]),
    ("stop the garage door", [("home.stop", GARAGE)]),
    ("open the blinds halfway", [("home.set", {"device_class": "blind", "value": 50})]),
    ("set the bedroom blinds to thirty percent", [("home.set", {"name": "bedroom blinds", "value": 30, "unit": "%"})]),
    ("lock the front door", [("home.lock", FRONT)]),
    ("unlock the front door", [("home.unlock", FRONT)]),
    ("lock all the doors", [("home.lock", {"device_class": "door", "quantity": "all"})]),
    ("lock the door and turn off the lights", [("home.lock", {"device_class": "door"}), ("home.turn_off", LIGHTS)]),
    # setting
    ("make the living room lamp red", [("home.set", {"name": "living room lamp", "color": "red"})]),
    ("set the kitchen lights to warm white", [("home.set", {"area": "kitchen", "color_temp": "warm white", **LIGHTS})]),
    ("dim the bedroom lamp to twenty percent", [("home.set", {"name": "bedroom lamp", "value": 20, "unit": "%"})]),
    ("set the temperature to twenty one point five degrees", [
        ("home.set", {"attribute": "temperature", "value": 21.5, "unit": "degrees"})]),
    ("set the thermostat to 70 fahrenheit", [("home.set", {"name": "thermostat", "value": 70, "unit": "F"})]),
    (
        "change the living room lamp to a warm white",
        [("home.set", {"name": "living room lamp", "color_temp": "warm white"})],
    ),
    ("set the thermostat to cool", [("home.set", {"name": "thermostat", "mode": "cool"})]),
    ("volume thirty percent", [("home.set", {"attribute": "volume", "value": 30, "unit": "%"})]),
    ("set the volume of the kitchen speaker to forty", [
        ("home.set", {"attribute": "volume", "value": 40, "name": "kitchen speaker"})]),
    ("bedroom lamp to half", [("home.set", {"name": "bedroom lamp", "value": 50})]),
    ("turn the oven to one eighty", [("home.set", {"value": 180, **OVEN})]),
    ("raise the temperature by two degrees", [
        ("home.increase", {"attribute": "temperature", "amount": 2, "unit": "degrees"})]),
    ("turn the volume down by ten percent", [("home.decrease", {"attribute": "volume", "amount": 10, "unit": "%"})]),
    ("turn it up", [("home.increase", {"reference": "it"})]),
    ("turn the heating down two degrees", [("home.decrease", {"amount": 2, "unit": "degrees", "name": "heating"})]),
    ("turn them all off", [("home.turn_off", {"reference": "them", "quantity": "all"})]),
    ("it's freezing in here", [("home.increase", {"attribute": "temperature"})]),
    ("i'm too hot", [("home.decrease", {"attribute": "temperature"})]),
    ("louder", [("home.increase", {"attribute": "volume"})]),
    ("set the kitchen lights to twenty percent and the bedroom lights to fifty", [
        ("home.set", {"area": "kitchen", "value": 20, "unit": "%", **LIGHTS}),
        ("home.set", {"area": "bedroom", "value": 50, **LIGHTS})]),
    # media, vacuum, coffee, scenes
    ("play some jazz", [("home.play", {"title": "jazz"})]),
    ("play hunger games on the tv", [("home.play", {"title": "hunger games", "name": "tv"})]),
    ("pause the tv", [("home.pause", {"name": "tv"})]),
    ("next song", [("home.next", {})]),
    ("mute the tv", [("home.mute", {"name": "tv"})]),
    ("start robby", [("home.start", {"name": "robby"})]),
    ("vacuum the living room", [("home.start", {"area": "living room"})]),
    ("send robby home", [("home.return", {"name": "robby"})]),
    ("start brewing", [("home.start", {})]),
    ("make me a coffee", [("home.start", {"device_class": "coffee_maker"})]),
    ("activate movie night", [("home.activate", {"name": "movie night"})]),
    ("turn on movie night", [("home.activate", {"name": "movie night"})]),
    # questions
    (
        "are all the doors locked",
        [("home.query", {"question": "is", "state": "locked", "device_class": "door", "quantity": "all"})],
    ),
    ("did i leave the oven on", [("home.query", {"question": "is", "state": "on", **OVEN})]),
    (
        "how many lights are on in the bedroom",
        [("home.query", {"question": "how_many", "state": "on", "area": "bedroom", **LIGHTS})],
    ),
    ("how warm is it in the bedroom", [("home.query", {"question": "what", "area": "bedroom"})]),
    ("is anything on in the kitchen", [("home.query", {"question": "is", "state": "on", "area": "kitchen"})]),
    ("is the oven still on", [("home.query", {"question": "is", "state": "on", **OVEN})]),
    ("did i lock the front door", [("home.query", {"question": "is", "state": "locked", **FRONT})]),
    ("is the front door locked", [("home.query", {"question": "is", "state": "locked", **FRONT})]),
    ("is it cold in the kitchen", [("home.query", {"area": "kitchen"})]),
    ("is the living room too warm", [("home.query", {"area": "living room"})]),
    ("where is robby", [("home.query", {"question": "where", "name": "robby"})]),
    ("what time is it", [("clock.query", {"attribute": "time"})]),
    # timers, alarms, lists
    (
        "set an alarm for half past six tomorrow",
        [("timer.start", {"at": "06:30", "day": "tomorrow", "device_class": "alarm"})],
    ),
    ("remind me to call mom in twenty minutes", [("timer.start", {"duration": 1200, "timer_name": "call mom"})]),
    (
        "remind me at eight pm to take the bins out",
        [("timer.start", {"at": "20:00", "timer_name": "take the bins out"})],
    ),
    ("cancel the pizza timer", [("timer.cancel", {"timer_name": "pizza"})]),
    ("cancel all timers", [("timer.cancel", {"quantity": "all"})]),
    ("how much time is left on the pizza timer", [("timer.query", {"timer_name": "pizza"})]),
    ("add five minutes to the pizza timer", [("timer.change", {"amount": 300, "timer_name": "pizza"})]),
    ("take two minutes off the timer", [("timer.change", {"amount": -120})]),
    ("pause the timer", [("timer.pause", {})]),
    ("resume the timer", [("timer.resume", {})]),
    ("cancel my alarm", [("timer.cancel", {"device_class": "alarm"})]),
    ("add milk to the shopping list", [("list.add", {"item": "milk", "list": "shopping list"})]),
    (
        "put bread and butter on the shopping list",
        [("list.add", {"item": "bread"}), ("list.add", {"item": "butter"})],
    ),
    ("what's on my shopping list", [("list.query", {"list": "shopping list"})]),
    # dialogue
    ("yes", [("dialogue.yes", {})]),
    ("no", [("dialogue.no", {})]),
    ("stop", [("dialogue.cancel", {})]),
    ("thank you", [("dialogue.thanks", {})]),
    ("no the garage door", [("dialogue.correct", GARAGE)]),
    ("no not the bedroom the kitchen", [("dialogue.correct", {"area": "kitchen", "except": [{"area": "bedroom"}]})]),
    ("no i meant the office", [("dialogue.correct", {"area": "office"})]),
    ("no turn on the bedroom lamp", [("dialogue.correct", {}), ("home.turn_on", {"name": "bedroom lamp"})]),
    ("why did you do that", [("dialogue.why", {})]),
    ("don't open the garage door", [("dialogue.prohibit", GARAGE)]),
    ("never turn off the oven", [("dialogue.prohibit", OVEN)]),
]  # fmt: skip

NEVER_ACTED_ON = [
    "make me a sandwich",
    "what is the capital of peru",
    "when i say cosy turn on movie night",
    "call the bedroom lamp the reading light",
    "i like the living room at twenty one degrees",
    "who won the world cup in nineteen ninety",
    "book me a flight to boston",
    "tell me a joke",
    "how do you say hello in french",
    "order a pizza",
    "what's my credit card balance",
    "schalte das licht in der küche ein",
    "allume la lumière du salon",
    "colorless green ideas sleep furiously",
    "the garage sale starts on saturday morning",
    "i turned thirty last week",
    "do not turn on the lights",
    "never unlock the front door",
    "don't ever open the garage",
    "do not turn up the brightness",
    "do not make it louder",
    "never make it warmer than that",
    "turn on the",
]
"""None of these may come out as an explained command."""

MISHEARD = [
    ("turn on the kitten lights", "home.turn_on", "kitten"),
    ("open the garbage door", "home.open", "garbage door"),
    ("turn on the bed room lamb", "home.turn_on", "lamb"),
]
"""A misheard name stays in a slot, for resolution to compare: text, intent, and what a slot must contain."""

"""Sound for simulations: voices of people, and rooms with noise, echo and reverberation."""

from simulator.acoustics.room import GARAGE, QUIET, ROOM, Acoustics, Frame, RoomPlayer, VirtualRoom
from simulator.acoustics.voices import PersonVoice, Voices

__all__ = ["GARAGE", "QUIET", "ROOM", "Acoustics", "Frame", "PersonVoice", "RoomPlayer", "VirtualRoom", "Voices"]

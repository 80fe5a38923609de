"""The world that the assistant lives in: homes, rooms, time, people, acoustics, replay."""

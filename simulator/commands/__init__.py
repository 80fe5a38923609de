"""The commands that need a world: run, demo, home, replay, understand, bench."""

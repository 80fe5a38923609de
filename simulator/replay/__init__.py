"""Scripted replay: dialogue scripts that are at once tests, documentation and demo."""

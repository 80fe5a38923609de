"""Habits and hunches: what people do after what, and when; told by the log alone, offered, and made into routines."""

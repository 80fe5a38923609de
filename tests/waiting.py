"""Waiting for what happens on other threads and in other processes."""

import time


def until(holds, seconds=10.0):
    """Wait until it holds; fail when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"did not come to hold within {seconds:g} s"
        time.sleep(0.01)

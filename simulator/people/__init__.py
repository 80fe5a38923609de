"""People who live in simulated homes: what they want, how they say it, and what they do when it goes wrong."""

"""A voice assistant that learns from being corrected: the loop and the learner."""

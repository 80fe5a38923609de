"""The command benchmark: sentences, homes and what should happen, scored as the data sets define it."""

"""Turn logs whose truth is known, noisy annotators of them, and how well the learner's labels do beside those."""

"""Learning from how people react: signals, goals, Markov chains, the ledger of what was learned, and its use."""

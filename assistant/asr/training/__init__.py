"""How the acoustic model that comes with the assistant is made. Needs the extra `train-speech`; using it does not."""

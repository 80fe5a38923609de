"""How it is going: what fails, where, what was repaired, how good the labels are, what is worth asking."""

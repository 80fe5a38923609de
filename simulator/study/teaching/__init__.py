"""The study of teaching: every figure of what people tell, teach, are asked and are offered, by one command."""

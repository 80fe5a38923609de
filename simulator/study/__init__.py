"""Studies: simulated households with and without learning, side by side, judged by what people really wanted."""

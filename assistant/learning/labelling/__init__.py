"""From feedback to labels: what was the matter with each turn, and what should have been understood instead."""

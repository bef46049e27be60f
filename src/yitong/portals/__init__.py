"""The people's doors and the machines' door."""

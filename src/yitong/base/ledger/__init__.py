"""账: the one provable record of everything that happened."""

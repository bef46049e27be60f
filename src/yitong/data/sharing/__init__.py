"""共享: grants of fields and rows to another agency, for one purpose, with an end."""

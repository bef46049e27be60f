"""JSON doors for programs and staff sessions, one module a noun. `interface` puts them together."""

"""责任: every obligation has an owner, a clock, a legal basis and an end."""

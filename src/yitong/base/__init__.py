"""Who, where, when, may they, what happened."""

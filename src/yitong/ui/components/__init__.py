"""Template tags by noun; `{% load ui %}` brings them all."""

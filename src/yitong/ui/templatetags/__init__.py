"""Where Django looks for `{% load ui %}`."""

"""One module a command; none imports Django or an app before it is called."""

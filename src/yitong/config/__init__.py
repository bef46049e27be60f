"""How one deployment is put together: the only place that knows everything."""

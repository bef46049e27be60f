"""The machines' door: governed reads over HTTP."""

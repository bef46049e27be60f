"""The operators' door: every command of `yitong`."""

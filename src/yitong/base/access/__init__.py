"""权限: who may act on what, where and for which purpose; doing a thing once."""

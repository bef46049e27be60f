"""Backups 备份: the whole node in one signed file, and back."""

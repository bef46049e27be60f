"""Migrations of messages."""

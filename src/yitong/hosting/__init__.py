"""Starts and watches PostgreSQL and the node's processes; knows no Django."""

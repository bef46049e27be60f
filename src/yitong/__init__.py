"""Yitong (一同): open-source software on which a city, a county or a ministry governs."""

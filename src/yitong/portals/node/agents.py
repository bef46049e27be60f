"""A browser's long line about itself, in the few words by which its owner knows it again."""

from django.utils.translation import gettext

BROWSERS = (
    ("Edg/", "Edge"),
    ("MicroMessenger/", "微信"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_words(agent: str) -> str:
    """「Windows 上的 Edge」; the marks stand in the order in which they exclude one another."""
    if agent.startswith("yitong"):
        return gettext("命令行")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return gettext("{system}上的{browser}").format(system=system, browser=browser)
    return browser or system or gettext("不认识的设备")

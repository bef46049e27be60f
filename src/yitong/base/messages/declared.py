"""What was declared elsewhere and `config` handed over: the apps' templates, and the portals' pages of matters.

Messages know what they are about as (type, key) and nothing of pages: those stand above.
"""

from collections.abc import Iterable

from yitong.base.messages.templates import MessageTemplate
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, MatterPage

_templates: dict[str, MessageTemplate] = {}
_pages: dict[str, MatterPage] = {}


def install(templates: Iterable[MessageTemplate]) -> None:
    """Take the list; a key given twice stops the start."""
    _templates.clear()
    for template in templates:
        if template.key in _templates:
            raise ValueError(f"message template {template.key} is declared twice")
        _templates[template.key] = template


def template(key: str) -> MessageTemplate | None:
    return _templates.get(key)


def templates() -> list[MessageTemplate]:
    return list(_templates.values())


def install_pages(pages: Iterable[MatterPage]) -> None:
    """Take the list; a kind of matter that has two pages stops the start."""
    _pages.clear()
    for page in pages:
        if page.type in _pages:
            raise ValueError(f"matters of type {page.type} have two pages")
        _pages[page.type] = page


def pages() -> list[MatterPage]:
    return list(_pages.values())


def addresses(matters: Iterable[About], viewer: Actor) -> dict[About, str]:
    """The paths of those matters that have a page which the viewer may open; each kind is asked once."""
    keys: dict[str, set[str]] = {}
    for matter in matters:
        keys.setdefault(matter.type, set()).add(matter.key)
    return {
        About(kind, key): path
        for kind, wanted in keys.items()
        if kind in _pages
        for key, path in _pages[kind].addresses(viewer, wanted).items()
        if key in wanted
    }

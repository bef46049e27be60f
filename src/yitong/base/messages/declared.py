"""The templates that the apps declare in their `messages.py`, as `config` handed them over."""

from collections.abc import Iterable

from yitong.base.messages.templates import MessageTemplate

_templates: dict[str, MessageTemplate] = {}


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

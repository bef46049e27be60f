"""A menu that is drawn quickly, for pages with hundreds of them."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Menu(forms.Select):
    """A menu drawn at one go: a page has hundreds, and a template for each option takes most of its time."""

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        drawn = format_html_join(
            "", "{}", ((_option(key, words, chosen),) for key, words in self.choices)
        )
        own = self.build_attrs(self.attrs, attrs) | {"name": name}
        return format_html("<select{}>{}</select>", flatatt(own), drawn)


def _option(key: object, words: object, chosen: str) -> SafeString:
    if str(key) == chosen:
        return format_html('<option value="{}" selected>{}</option>', key, words)
    return format_html('<option value="{}">{}</option>', key, words)

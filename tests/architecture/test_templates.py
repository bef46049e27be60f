"""Pages work under a content security policy without exceptions: nothing inline, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

from tools.inventory import SOURCE

TEMPLATES = sorted(path for path in SOURCE.rglob("templates/**/*") if path.is_file())
INLINE = {
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]{3,}\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "something from another host": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}  # fmt: skip


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_has_nothing_inline(template):
    text = re.sub(
        r"{#.*?#}|{% comment %}.*?{% endcomment %}",
        "",
        template.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


def test_templates_switch_no_escaping_off():
    off = re.compile(r"\|\s*safe\b|autoescape off|safeseq")
    assert [name(path) for path in TEMPLATES if off.search(path.read_text(encoding="utf-8"))] == []


def test_styles_and_scripts_load_nothing_from_elsewhere():
    outside = re.compile(r"(?:url\(|@import|fetch\(|import )\s*[\"']?(?:https?:)?//")
    files = [path for path in SOURCE.rglob("static/**/*") if path.suffix in {".css", ".js"}]
    assert [name(path) for path in files if outside.search(path.read_text(encoding="utf-8"))] == []

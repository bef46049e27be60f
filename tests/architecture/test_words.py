"""One word per concept: models, events, refusals and settings are written down, and every sentence is whole."""

import re
from collections import Counter
from string import Formatter

import pytest

from tools import inventory, make_reference, messages
from tools.inventory import ROOT


def places(sentence: str) -> set[str]:
    return {
        name.partition(".")[0].partition("[")[0]
        for _, name, _, _ in Formatter().parse(sentence)
        if name
    }


def test_every_model_is_in_the_glossary():
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    missing = [
        model.__name__ for model in inventory.models() if f"`{model.__name__}`" not in glossary
    ]
    assert not missing, f"GLOSSARY.md lacks {missing}"


def test_no_two_models_share_a_name():
    names = Counter(model.__name__ for model in inventory.models())
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("page", sorted(make_reference.PAGES))
def test_the_reference_says_what_the_code_says(page):
    written = (make_reference.FOLDER / page).read_text(encoding="utf-8")
    assert written == make_reference.page(page), "run `make reference`"


def test_every_setting_is_explained():
    named = inventory.settings_named(ROOT / "src", ROOT / "tests", ROOT / "tools")
    unexplained = {
        name: sorted(files) for name, files in named.items() if name not in make_reference.SETTINGS
    }
    assert unexplained == {}
    assert sorted(make_reference.SETTINGS.keys() - named.keys()) == []


def test_every_refusal_has_code_sentence_and_remedy():
    halves = [
        f"{kind.__module__}.{kind.__name__}"
        for kind in inventory.refusals()
        if not (kind.code and all(inventory.sentences(kind)) and kind.remedy)
    ]
    assert not halves, f"say what is wrong and what to do next: {halves}"


def test_no_two_refusals_share_a_code():
    codes = Counter(kind.code for kind in inventory.refusals())
    assert [code for code, times in codes.items() if times > 1] == []


def test_codes_of_refusals_are_plain():
    odd = [
        k.code
        for k in inventory.refusals()
        if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", k.code)
    ]
    assert odd == []


def test_event_names_begin_with_their_app():
    strays = [
        event.name
        for app, event in inventory.events()
        if not re.fullmatch(rf"{app.rpartition('.')[2]}\.[a-z][a-z_]*", event.name)
        and not event.name.startswith("data.")
    ]
    assert strays == []


def test_an_events_sentence_names_only_its_fields():
    wrong = {
        event.name: sorted(places(event.sentence) - set(event.fields))
        for _, event in inventory.events()
        if places(event.sentence) - set(event.fields)
    }
    assert wrong == {}


def test_no_english_translation_is_missing():
    missing = messages.missing("en")
    assert not missing, (
        f"{len(missing)} sentences, first: {missing[:5]}; run `make messages`, then translate"
    )


def test_translations_keep_every_place():
    catalogue = messages.catalogue("en")
    wrong = [
        entry.id
        for entry in catalogue
        if isinstance(entry.id, str)
        and entry.id
        and entry.string
        and "{" in entry.id
        and places_or_none(entry.id) != places_or_none(entry.string)
    ]
    assert wrong == []


def places_or_none(sentence: str) -> set[str] | None:
    try:
        return places(sentence)
    except ValueError:
        return None

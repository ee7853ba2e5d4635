"""Arabic and French are complete; Tamazight has what the public pages need."""

from __future__ import annotations

import polib
import pytest
from source import ADDONS, SUITE

from maktab_dev import pot

COMPLETE = ("ar", "fr")


ADDON_NAMES = sorted(SUITE.manifests)


def test_the_terms_are_those_of_the_code(databases, template):
    changed = pot.changes(databases, template, write=False)
    assert not changed, "run `make pot` and translate what is new"


@pytest.mark.parametrize("name", ADDON_NAMES)
def test_an_addon_has_its_terms(name):
    assert (ADDONS / name / "i18n" / f"{name}.pot").is_file(), "run `make pot`"


@pytest.mark.parametrize("lang", COMPLETE)
@pytest.mark.parametrize("name", ADDON_NAMES)
def test_no_term_is_left_untranslated(name, lang):
    po = polib.pofile(str(ADDONS / name / "i18n" / f"{lang}.po"))
    missing = [entry.msgid for entry in po.untranslated_entries()]
    fuzzy = [entry.msgid for entry in po.fuzzy_entries()]
    assert not missing
    assert not fuzzy


@pytest.mark.parametrize("lang", COMPLETE)
@pytest.mark.parametrize("name", ADDON_NAMES)
def test_the_translation_holds_exactly_the_terms(name, lang):
    folder = ADDONS / name / "i18n"
    template = polib.pofile(str(folder / f"{name}.pot"))
    po = polib.pofile(str(folder / f"{lang}.po"))
    terms = {entry.msgid for entry in template}
    assert {entry.msgid for entry in po if not entry.obsolete} == terms

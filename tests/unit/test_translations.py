"""The French of the addon is complete, and fits its English."""

import re
from pathlib import Path

import polib

I18N = Path(__file__).resolve().parents[2] / "openfire_leads" / "i18n"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


def entries(name):
    return {entry.msgid: entry for entry in polib.pofile(str(I18N / name))}


def test_every_term_is_translated():
    french = entries("fr.po")
    missing = [
        term
        for term in entries("openfire_leads.pot")
        if term not in french or not french[term].msgstr or french[term].fuzzy
    ]
    assert not missing


def test_translations_keep_the_placeholders():
    torn = [
        entry.msgid
        for entry in entries("fr.po").values()
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert not torn


def test_french_signs_do_not_stand_alone_on_a_line():
    alone = [
        entry.msgstr
        for entry in entries("fr.po").values()
        if re.search(r" [:;?!»](?!\w)|« | %%| %(?=[\s.,;]|$)", entry.msgstr)
    ]
    assert not alone


def test_a_merge_is_taken_back_by_one_verb():
    # “Annuler” closes a window
    verbs = [entry.msgstr for entry in entries("fr.po").values() if re.search(r"annul", entry.msgstr, re.I)]
    assert set(verbs) == {"Annuler", "Annulée", "Annulée par", "Annulée le"}

"""The French of the addon is complete, and fits its English."""

import re
from pathlib import Path

import polib

ADDON = Path(__file__).resolve().parents[2] / "openfire_leads"
I18N = ADDON / "i18n"
TOURS = ADDON / "static" / "tests" / "tours"
TEXT = r'"((?:[^"\\]|\\.)*)"'
# what a tour expects to read, in English and in French
LABEL = re.compile(rf"label\(\s*{TEXT},\s*{TEXT}\s*\)")
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
    assert set(verbs) == {"Annuler"}


def test_the_tours_expect_the_french_that_is_shown():
    labels = [found for path in TOURS.glob("*.js") for found in LABEL.findall(path.read_text("utf-8"))]
    assert len(labels) > 20
    french = entries("fr.po")
    other = [
        (expected, french[term].msgstr)
        for term, expected in labels
        if term in french
        and expected.replace("\u00a0", " ") not in french[term].msgstr.replace("\u00a0", " ")
    ]
    assert not other

"""The documentation: the same in both languages, without a broken link, and with the settings that there are."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ADDON = ROOT / "openfire_leads"
ENGLISH, FRENCH = DOCS / "en", DOCS / "fr"
PAGES = sorted(path.name for path in ENGLISH.glob("*.md"))
MARKDOWN = sorted(
    path
    for folder in (ROOT, *(ROOT / name for name in ("docs", "openfire_leads", "benchmarks", "tests", ".ci")))
    for path in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
PARAMETER = re.compile(r"\bopenfire_leads\.([a-z]\w*)")
# literals of that form in the code that are the keys of what one transaction remembers
OF_ONE_TRANSACTION = {"created", "match_pending", "partner_match_pending", "without_message"}


def read(path):
    return path.read_text(encoding="utf-8")


def headings(path):
    """Return ``[(level, text), ...]``."""
    return [(len(marks), text) for marks, text in HEADING.findall(FENCE.sub("", read(path)))]


def anchors(path):
    """Return the anchors that GitHub makes of the headings of a page."""
    found, seen = set(), Counter()
    for _level, text in headings(path):
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def links(path):
    """Return ``[(whether it is a picture, target), ...]``."""
    return [(bool(mark), target) for mark, target in LINK.findall(FENCE.sub("", read(path)))]


def parameters_in_code():
    """Return the names of the system parameters that the addon reads or writes."""
    xml_ids = set(re.findall(r'\bid="(\w+)"', " ".join(read(path) for path in ADDON.rglob("*.xml"))))
    literals = re.findall(
        r'"openfire_leads\.([a-z_]+)"', " ".join(read(path) for path in ADDON.rglob("*.py"))
    )
    return set(literals) - xml_ids - OF_ONE_TRANSACTION


def parameters_in(path):
    modules = {entry.name.removesuffix(".py") for entry in ADDON.iterdir()}
    names = set(PARAMETER.findall(" ".join(CODE.findall(FENCE.sub("", read(path))))))
    return names - modules


def test_both_languages_have_the_same_pages():
    assert sorted(path.name for path in FRENCH.iterdir()) == sorted(path.name for path in ENGLISH.iterdir())


@pytest.mark.parametrize("page", PAGES)
class TestBothLanguages:
    def test_have_the_same_headings(self, page):
        levels = [[level for level, _text in headings(folder / page)] for folder in (ENGLISH, FRENCH)]
        assert levels[0] == levels[1]

    def test_have_the_same_pictures(self, page):
        english, french = (
            [target for is_picture, target in links(folder / page) if is_picture]
            for folder in (ENGLISH, FRENCH)
        )
        assert [target.replace(".en.", ".fr.") for target in english] == french

    def test_link_to_the_same_pages(self, page):
        english, french = (
            Counter(target.partition("#")[0] for is_picture, target in links(folder / page) if not is_picture)
            for folder in (ENGLISH, FRENCH)
        )
        english[f"../en/{page}"], french[f"../fr/{page}"] = (
            english.pop(f"../fr/{page}"),
            french.pop(f"../en/{page}"),
        )
        assert {target.replace("/fr/", "/en/") for target in french} == set(english)

    def test_have_the_same_code(self, page):
        assert FENCE.findall(read(FRENCH / page)) == FENCE.findall(read(ENGLISH / page))

    def test_name_the_same_things_in_code(self, page):
        """What stands between backticks (names, parameters, commands) is said in both."""
        english, french = (
            set(re.findall(r"`[^`\n]+`", FENCE.sub("", read(folder / page)))) for folder in (ENGLISH, FRENCH)
        )
        assert english ^ french == set()

    def test_have_as_many_rows_in_tables(self, page):
        english, french = (
            len(re.findall(r"^\|", read(folder / page), re.MULTILINE)) for folder in (ENGLISH, FRENCH)
        )
        assert english == french


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    broken = []
    for _is_picture, target in links(path):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = unquote(target).partition("#")
        linked = (path.parent / name).resolve() if name else path
        if not linked.exists() or (anchor and anchor not in anchors(linked)):
            broken.append(target)
    assert not broken


def test_every_page_is_reached_from_the_first_one():
    pages = {DOCS / "README.md"}
    pages |= {
        (DOCS / target.partition("#")[0]).resolve() for _is_picture, target in links(DOCS / "README.md")
    }
    assert {path.resolve() for path in DOCS.rglob("*.md")} <= pages


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_parameters_that_are_named_exist(path):
    assert parameters_in(path) <= parameters_in_code()


@pytest.mark.parametrize("folder", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_administrators_are_told_every_parameter(folder):
    assert parameters_in_code() <= parameters_in(folder / "administrator.md")


@pytest.mark.parametrize(
    "path", [ENGLISH / "administrator.md", FRENCH / "administrator.md", ROOT / "README.md"]
)
def test_the_packages_are_those_of_the_project(path):
    (listed,) = re.findall(
        r"^dependencies = \[\n(.*?)^\]", read(ROOT / "pyproject.toml"), re.MULTILINE | re.DOTALL
    )
    required = re.findall(r'"(.+)"', listed)
    assert required
    assert [package for package in required if package not in read(path)] == []


@pytest.mark.parametrize("folder", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_hooks_that_are_named_exist(folder):
    code = " ".join(read(path) for path in ADDON.rglob("*.py"))
    named = set(re.findall(r"\b(_[a-z]\w+)\(", " ".join(CODE.findall(read(folder / "integrator.md")))))
    of_odoo = {"_merge_get_fields_specific"}
    of_the_examples = {"_guard_vip"}
    missing = {name for name in named - of_odoo - of_the_examples if f"def {name}(" not in code}
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_french_has_its_own_signs(page):
    """Typographic apostrophes; no sign after an ordinary blank."""
    text = re.sub(r"\]\([^)]*\)", "]", CODE.sub("", read(FRENCH / page)))
    assert re.findall(r"\w'\w", text) == []
    assert re.findall(r".{12} [:;!?»]", text) == []

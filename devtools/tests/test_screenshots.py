"""The pictures that ``./dev screenshots`` takes are those that are shown, in both languages."""

import re
from pathlib import Path

from devtools import screenshots

ROOT = Path(__file__).parents[2]
TAKEN = set(
    re.findall(r'camera\.take\("([\w-]+)"', (ROOT / "devtools/screenshots_browser.py").read_text("utf-8"))
)
SIZE = 60_000


def test_every_picture_of_the_guides_is_taken_in_both_languages_and_is_small():
    pictures = {path.name: path for path in (ROOT / screenshots.GUIDES).glob("*.png")}
    assert set(pictures) == {f"{name}.{language}.png" for name in TAKEN for language in screenshots.LANGUAGES}
    assert all(path.stat().st_size < SIZE for path in pictures.values())


def test_the_page_of_the_addon_shows_the_same_pictures():
    for name in screenshots.SHOWN:
        for language in screenshots.LANGUAGES:
            picture = f"{name}.{language}.png"
            shown = ROOT / screenshots.PAGE / picture
            assert shown.read_bytes() == (ROOT / screenshots.GUIDES / picture).read_bytes()
            assert picture in (ROOT / screenshots.PAGE / "index.html").read_text("utf-8")

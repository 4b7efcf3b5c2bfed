"""Goes to the pages of a server with the demo data and takes their pictures; run by ``screenshots.py``.

Arguments: Chromium, the server's address, the language, what ``screenshots_data.py`` printed, the folder of the guides'
pictures and that of the addon's page.
"""

import base64
import io
import json
import sys
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1160, 720
COLOURS = 96
# milliseconds to wait for a page at most, and for what it loads after it is there
MILLISECONDS, SETTLED = 60_000, 2000
# what moves, is another each time, or takes many colours
STILL = """
    *, *::before, *::after { animation: none !important; transition: none !important; }
    * { caret-color: transparent !important; box-shadow: none !important; }
    .o-mail-Message-date, .o_notification_progress { visibility: hidden !important; }
    .o-mail-MessagingMenu-counter, .o-mail-ImStatus { visibility: hidden !important; }
"""
TROUBLE = ".o_error_dialog, .o_notification:has(.bg-danger), .o_loading_indicator, .fa-spin"


class Camera:
    """Takes pictures in a folder, each in no more colours than it needs to look right.

    :param page: Playwright's page
    :param language: which the name of each picture has in it
    :param folder: where they go
    """

    def __init__(self, page, language, folder):
        self.page = page
        self.language = language
        self.folder = Path(folder)

    def take(self, name, height=HEIGHT):
        """Take the page at a height, once nothing is loaded any more."""
        self.page.set_viewport_size({"width": WIDTH, "height": height})
        self.page.evaluate("document.activeElement?.blur()")
        # Odoo always listens for messages: the network is never still
        self.page.wait_for_timeout(SETTLED)
        if self.page.locator(TROUBLE).count():
            sys.exit(f"{name}: the page shows an error, or does not end loading.")
        keep(self.page.screenshot(), self.folder / f"{name}.{self.language}.png")


def keep(picture, path):
    """Write a picture in few colours, which makes it small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, kmeans=4, dither=Image.Dither.NONE).save(path, optimize=True)


@contextmanager
def signed_in(browser, address, login):
    """Give a page of a user of the demo data, whose password is the login."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    yield page
    context.close()


def go(page, url, shown):
    """Go to a page, and wait until it shows what it is about."""
    page.goto(url)
    page.wait_for_selector(shown)
    page.add_style_tag(content=STILL)
    page.mouse.move(0, HEIGHT - 1)


def by_a_manager(page, odoo, known, camera):
    go(page, f"{odoo}/duplicates", ".o_openfire_review_sheet h2")
    page.add_style_tag(content="body { zoom: 0.8; }")
    # three leads of one man
    page.click(".o_openfire_review_row:has-text('Richard')")
    page.wait_for_selector(".o_openfire_review_sheet h2:has-text('Richard')")
    page.mouse.move(0, HEIGHT - 1)
    camera.take("duplicates", 680)
    go(page, f"{odoo}/merge-runs/{known['run']}", ".o_form_view .o_data_row")
    camera.take("bulk", 700)


def by_a_salesperson(page, odoo, known, camera):
    lead, notice = f"{odoo}/action-crm.crm_lead_all_leads/{known['lead']}", ".o_openfire_duplicate_notice"
    go(page, lead, f"{notice} .o_openfire_score")
    camera.take("likely-duplicates", 470)
    page.click(".o_statusbar_buttons button.btn-primary")
    page.wait_for_selector(".modal .o_openfire_score")
    # a likely duplicate has the window merge
    page.click(".modal input[type=radio] >> nth=0")
    page.wait_for_selector(".modal .o_field_widget[name=action]")
    page.evaluate("document.querySelector('.modal-body').scrollTop = 0")
    camera.take("convert", 780)
    go(page, lead, f"{notice} .o_openfire_score")
    page.click(f"{notice} button.btn-primary >> nth=0")
    page.wait_for_selector(".modal .o_openfire_merge_table .o_openfire_score")
    page.mouse.move(0, HEIGHT - 1)
    camera.take("merge")
    page.click(".modal footer button.btn-primary")
    page.wait_for_selector(".o_notification button")
    page.wait_for_selector(".o-mail-Chatter .o-mail-Message")
    page.locator(".o-mail-Chatter").evaluate("element => element.scrollIntoView()")
    camera.take("undo", 480)


def main(chromium, address, language, known, guides, page_folder):
    odoo, known = f"{address}/odoo", json.loads(known)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for login, tour in (("claire", by_a_manager), ("david", by_a_salesperson)):
            with signed_in(browser, address, login) as page:
                tour(page, odoo, known, Camera(page, language, guides))
        banner(browser, language, guides, Path(page_folder))
        browser.close()


def banner(browser, language, guides, folder):
    """Take the picture that a store shows beside the addon's name."""
    page = browser.new_page(viewport={"width": 1120, "height": 560})
    page.set_content(
        (Path(__file__).parent / "screenshots_banner.html")
        .read_text(encoding="utf-8")
        .format(
            icon=inline(folder / "icon.png"),
            picture=inline(Path(guides) / f"merge.{language}.png"),
            lines="".join(f"<li>{line}</li>" for line in TAGLINES[language]),
        )
    )
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    keep(page.screenshot(), folder / f"banner.{language}.png")


TAGLINES = {
    "en": ("Catch duplicate leads", "Merge without losing anything", "Take any merge back"),
    "fr": ("Repérer les doublons", "Fusionner sans rien perdre", "Défaire toute fusion"),
}


def inline(path):
    """Return a picture as an address that a page without a server can show."""
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


if __name__ == "__main__":
    main(*sys.argv[1:])

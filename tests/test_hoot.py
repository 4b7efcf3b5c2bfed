"""The unit tests of the JavaScript, ``openfire_leads/static/tests/*.test.js``."""

from odoo.tests import HttpCase, no_retry, tagged


def hoot_id(name):
    """Return the identifier which HOOT gives to a suite, so that only that one is run."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    @no_retry
    def test_unit_tests_of_the_client(self):
        suite = hoot_id("@openfire_leads")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

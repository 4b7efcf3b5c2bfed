"""What the translators are given is what the addon says."""

import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).resolve().parents[1] / "openfire_leads" / "i18n"


@tagged("post_install", "-at_install")
class TestTranslationsExported(TransactionCase):
    def test_template_and_french_have_every_term_of_the_addon_wherever_it_is_said_and_no_other(self):
        exported = io.BytesIO()
        trans_export(False, ["openfire_leads"], exported, "po", self.env)
        said = self.places(exported.getvalue().decode())
        for name in ("openfire_leads.pot", "fr.po"):
            self.assertEqual(
                said,
                self.places(str(I18N / name)),
                f"{name}: export it anew (./dev odoo i18n export -d DB -l pot fr openfire_leads) and translate.",
            )

    @staticmethod
    def places(file):
        """Return ``{(term, where it is said)}``: Odoo translates a view's term only where its place is named."""
        return {(entry.msgid, place) for entry in polib.pofile(file) for place, _line in entry.occurrences}

"""What the translators are given is what the addon says."""

import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).resolve().parents[1] / "openfire_leads" / "i18n"


@tagged("post_install", "-at_install")
class TestTranslationsExported(TransactionCase):
    def test_the_template_has_every_term_of_the_addon_and_no_other(self):
        exported = io.BytesIO()
        trans_export(False, ["openfire_leads"], exported, "po", self.env)
        said = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}
        kept = {entry.msgid for entry in polib.pofile(str(I18N / "openfire_leads.pot"))}
        self.assertEqual(
            said,
            kept,
            "Export the template anew (./dev odoo i18n export -d DB -l pot openfire_leads) and translate.",
        )

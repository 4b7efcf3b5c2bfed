"""What people see while they type."""

from odoo.tests import Form, tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestDuplicatesForm(DuplicatesCase):
    def test_the_form_tells_while_typing(self):
        one = self._lead()
        with Form(self.Lead.with_user(self.seller)) as form:
            form.name = "Demande"
            form.contact_name = one.contact_name
            form.email_from = one.email_from
            self.assertEqual(form.duplicate_notice["duplicates"][0]["lead_id"], one.id)
            self.assertEqual(form.duplicate_lead_count, 1)
        self.assertTrue(self._pair(one, form.record))

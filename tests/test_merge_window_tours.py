"""The merge window in a browser, in English and in French."""

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase, needs_french


class MergeTours:
    lang = None
    # Odoo's own runner leaves inherited tests out otherwise
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lang = cls.env["res.lang"].with_context(active_test=False).search([("code", "=", cls.lang)])
        if not lang.active:
            cls.env["base.language.install"].create({"lang_ids": [(6, 0, lang.ids)]}).lang_install()
        cls.user = new_test_user(
            cls.env, "leads_merger", "sales_team.group_sale_salesman", name="Tour User", lang=cls.lang
        )
        cls.team.member_ids |= cls.user
        cls.env["crm.lead"].search([]).active = False
        values = {"user_id": cls.user.id}
        cls.one = cls.new_lead("Merge Tour One", city="Lyon", phone="04 72 00 00 01", **values)
        cls.two = cls.new_lead("Merge Tour Two", city="Bron", phone="06 00 00 00 02", **values)
        cls.one.message_post(body="Rappeler lundi")
        cls.set_general_leads(True)

    def test_merge_with_choices_look_undo_look(self):
        url = "/odoo/action-crm.crm_lead_all_leads"
        self.start_tour(url, "openfire_leads_merge_window", login="leads_merger", timeout=120)
        self.env.invalidate_all()
        merge = self.env["crm.lead.merge"].search([("survivor_res_id", "=", self.two.id)])
        self.assertEqual(merge.state, "undone")
        self.assertEqual((self.one.city, self.two.city), ("Lyon", "Bron"))
        self.assertEqual((self.one.phone, self.two.phone), ("04 72 00 00 01", "06 00 00 00 02"))

    def test_an_undo_asks_about_what_was_changed_since(self):
        leads = (self.one + self.two).with_user(self.user)
        survivor = leads.with_context(openfire_merge_picks={"city": self.two.id})._merge_opportunity()
        survivor.city = "Oullins"
        self.env.flush_all()
        merge = self.env["crm.lead.merge"].search([("survivor_res_id", "=", survivor.id)])
        url = f"/odoo/crm-merges/{merge.id}"
        self.start_tour(url, "openfire_leads_merge_undo_choices", login="leads_merger", timeout=120)
        self.env.invalidate_all()
        self.assertEqual(merge.state, "undone")
        self.assertEqual(self.one.city, "Lyon")


@tagged("post_install", "-at_install")
class TestMergeToursEnglish(MergeTours, HttpCase, LeadsCase):
    lang = "en_US"


@needs_french
@tagged("post_install", "-at_install")
class TestMergeToursFrench(MergeTours, HttpCase, LeadsCase):
    lang = "fr_FR"

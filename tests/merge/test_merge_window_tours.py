"""The merge window in a browser, in English and in French."""

from odoo.tests import HttpCase, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase, TourUser, needs_french


class MergeTours(TourUser):
    tour_login = "leads_merger"
    tour_groups = "sales_team.group_sale_salesman"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"user_id": cls.user.id}
        cls.one = cls.new_lead("Merge Tour One", city="Lyon", phone="04 72 00 00 01", **values)
        cls.two = cls.new_lead("Merge Tour Two", city="Bron", phone="06 00 00 00 02", **values)
        cls.one.message_post(body="Rappeler lundi")
        cls.set_general_leads(True)

    def test_merge_with_choices_look_undo_look(self):
        url = "/odoo/action-crm.crm_lead_all_leads"
        self.start_tour(url, "openfire_leads_merge_window", login=self.tour_login, timeout=120)
        self.env.invalidate_all()
        merge = self.env["crm.lead.merge"].search([("survivor_res_id", "=", self.two.id)])
        self.assertEqual(merge.state, "undone")
        self.assertEqual((self.one.city, self.two.city), ("Lyon", "Bron"))
        self.assertEqual((self.one.phone, self.two.phone), ("04 72 00 00 01", "06 00 00 00 02"))

    def test_an_undo_asks_about_what_was_changed_since(self):
        leads = (self.one + self.two).with_user(self.user)
        survivor = leads.with_context(openfire_merge={"picks": {"city": self.two.id}})._merge_opportunity()
        survivor.city = "Oullins"
        self.env.flush_all()
        merge = self.env["crm.lead.merge"].search([("survivor_res_id", "=", survivor.id)])
        url = f"/odoo/crm-merges/{merge.id}"
        self.start_tour(url, "openfire_leads_merge_undo_choices", login=self.tour_login, timeout=120)
        self.env.invalidate_all()
        self.assertEqual(merge.state, "undone")
        self.assertEqual(self.one.city, "Lyon")

    def test_what_came_since_is_moved_by_one_click(self):
        asked = self.two.with_user(self.user).message_post(body="Quelle surface ?", message_type="comment")
        (self.one + self.two).with_user(self.user)._merge_opportunity()
        merge = self.env["crm.lead.merge"].search([("survivor_res_id", "=", self.one.id)])
        answer = self.one.message_post(
            body="Late answer", message_type="email", email_from="x@example.com", parent_id=asked.id
        )
        self.env.flush_all()
        # one transaction has one time
        self.env.cr.execute(
            "UPDATE crm_lead_merge SET date = date - interval '1 minute' WHERE id = %s", (merge.id,)
        )
        url = f"/odoo/crm-merges/{merge.id}"
        self.start_tour(url, "openfire_leads_merge_arrived", login=self.tour_login, timeout=120)
        self.env.invalidate_all()
        self.assertEqual(merge.state, "undone")
        self.assertEqual(answer.res_id, self.two.id)

    def test_a_merge_from_the_convert_window_is_told_and_undone(self):
        person = {"contact_name": "Jeanne Moulin", "email_from": "jeanne.moulin@orange.example"}
        self.one.write({"type": "opportunity", **person})
        self.two.write(person)
        url = "/odoo/action-crm.crm_lead_all_leads"
        self.start_tour(url, "openfire_leads_convert_merge_undo", login=self.tour_login, timeout=120)
        self.env.invalidate_all()
        self.assertEqual((self.one.type, self.two.exists().type), ("opportunity", "lead"))


@tagged("post_install", "-at_install")
class TestMergeToursEnglish(MergeTours, HttpCase, LeadsCase):
    lang = "en_US"


@needs_french
@tagged("post_install", "-at_install")
class TestMergeToursFrench(MergeTours, HttpCase, LeadsCase):
    lang = "fr_FR"

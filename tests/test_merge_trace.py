from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import HttpCase, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeTrace(MergeCase):
    def chain(self):
        """Three leads merged one after the other; returns them, the first one is what remains."""
        leads = self.make_leads(3)
        (leads[1] + leads[2]).merge_opportunity()
        (leads[0] + leads[1]).merge_opportunity()
        return leads

    def test_former_ids_lead_to_the_last_survivor(self):
        leads = self.chain()
        self.assertEqual(
            self.env["crm.lead"]._merge_resolve(leads.ids),
            {leads[1].id: leads[0].id, leads[2].id: leads[0].id},
        )
        self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
        self.assertEqual(self.env["crm.lead"]._merge_resolve(leads.ids), {leads[2].id: leads[1].id})

    def test_old_form_offers_the_survivor(self):
        leads = self.chain()
        with self.assertRaises(RedirectWarning) as caught:
            leads[2].web_read({"name": {}})
        self.assertIn("Request 0", caught.exception.args[0])
        self.assertEqual(caught.exception.args[1]["res_id"], leads[0].id)

    def test_button_counts_merges_of_the_whole_chain(self):
        leads = self.chain()
        self.assertEqual(leads[0].merge_count, 2)
        merges = self.env["crm.lead.merge"].search(leads[0].action_view_merges()["domain"])
        self.assertEqual(len(merges), 2)
        self.assertEqual(self.make_leads(1).merge_count, 0)

    def test_refusal_names_who_merged_it_into_what(self):
        leads = self.make_leads(3)
        (leads[0] + leads[1]).with_user(self.salesman).merge_opportunity()
        with self.assertRaisesRegex(UserError, "merge_sales.*Request 1.*Request 0"):
            (leads[1] + leads[2]).merge_opportunity()

    def test_losing_contacts_go_on_matching(self):
        leads = self.make_leads(
            2, contact_name="Anna Roux", email_from="a@example.com", phone="01 02 03 04 05"
        )
        leads[1].write({"email_from": "b@example.com", "phone": "06 07 08 09 10"})
        survivor = leads.merge_opportunity()
        self.assertEqual(
            survivor._match_extra_contacts(),
            {survivor.id: {"emails": ["b@example.com"], "phones": ["06 07 08 09 10"]}},
        )
        newcomer = self.env["crm.lead"].create(
            {"name": "Stove", "contact_name": "A. Roux", "email_from": "b@example.com", "phone": "0607080910"}
        )
        found = newcomer.find_duplicates()[0]["duplicates"]
        self.assertIn(survivor.id, [duplicate["lead_id"] for duplicate in found])
        self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
        self.assertFalse(survivor._match_extra_contacts())


@tagged("post_install", "-at_install")
class TestMergedLeadLinks(HttpCase):
    def test_old_links_lead_to_the_survivor(self):
        leads = self.env["crm.lead"].create([{"name": "Kept"}, {"name": "Merged"}])
        survivor = leads.merge_opportunity()
        gone = leads - survivor
        self.authenticate("admin", "admin")
        for path in ("crm", "crm.lead", "action-crm.crm_lead_all_leads"):
            response = self.url_open(f"/odoo/{path}/{gone.id}", allow_redirects=False)
            self.assertTrue(response.headers["Location"].endswith(f"/odoo/{path}/{survivor.id}"), path)
        response = self.url_open(f"/mail/view?model=crm.lead&res_id={gone.id}", allow_redirects=False)
        self.assertIn(str(survivor.id), response.headers["Location"])
        response = self.url_open(f"/odoo/crm/{survivor.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 200)
        response = self.url_open(f"/odoo/contacts/{gone.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 200)

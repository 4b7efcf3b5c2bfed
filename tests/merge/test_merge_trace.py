from lxml import etree

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

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

    def test_button_counts_what_it_shows_of_a_lead_that_no_other_was_merged_into(self):
        leads = self.make_leads(3)
        leads[0].convert_opportunity(self.env["res.partner"])
        leads[1:].merge_opportunity()
        self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
        for lead in leads[:2]:
            shown = self.env["crm.lead.merge"].search(lead.action_view_merges()["domain"])
            self.assertEqual(lead.merge_count, len(shown))
            self.assertEqual(lead.merge_count, 1)

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
class TestSearchFormerContacts(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.fr")
        cls.leads = cls.make_leads(2, email_from="kept@example.com", phone="01 02 03 04 05")
        cls.leads[1].write({"email_from": "Anna <gone.away@example.com>", "phone": "06 07 08 09 10"})
        cls.survivor = cls.leads.merge_opportunity()

    def boxes(self, view, names, text):
        """Return what each of these fields of a search view finds for what is typed."""
        arch = etree.fromstring(self.env["crm.lead"].get_view(self.env.ref(view).id, "search")["arch"])
        found = {}
        for name in names:
            [node] = arch.xpath(f"//field[@name='{name}']")
            default = repr([(name, "ilike", text)])
            domain = safe_eval(node.get("filter_domain") or default, {"self": text})
            found[name] = self.env["crm.lead"].with_user(self.salesman).search(domain)
        return found

    def assert_found(self, leads):
        for text in ("gone.away@example.com", "Gone.Away"):
            for view, names in (
                ("crm.view_crm_case_leads_filter", ["name"]),
                ("crm.view_crm_case_opportunities_filter", ["name", "partner_id"]),
            ):
                for name, found in self.boxes(view, names, text).items():
                    self.assertEqual(found, leads, f"{text} in {name} of {view}")
        for text in ("06 07 08 09 10", "0607080910", "08.09"):
            found = self.boxes("crm.view_crm_case_leads_filter", ["phone_mobile_search"], text)
            self.assertEqual(found["phone_mobile_search"], leads, text)

    def test_the_search_box_finds_the_survivor_by_what_gave_way(self):
        self.assert_found(self.survivor)
        for text in ("+33607080910", "0033607080910"):
            found = self.boxes("crm.view_crm_case_leads_filter", ["phone_mobile_search"], text)
            self.assertEqual(found["phone_mobile_search"], self.survivor, text)
        self.assertEqual(
            self.env["crm.lead"].search([("former_email", "=", "gone.away@example.com")]), self.survivor
        )

    def test_the_search_box_finds_the_last_of_a_chain(self):
        last = self.make_leads(1)
        (last + self.survivor).with_context(openfire_merge={"survivor_id": last.id}).merge_opportunity()
        self.assert_found(last)

    def test_the_search_box_finds_nothing_that_the_user_may_not_read(self):
        self.survivor.user_id = self.colleague
        self.assert_found(self.env["crm.lead"])

    def test_after_an_undo_the_lead_itself_is_found(self):
        self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
        self.assert_found(self.leads[1])

    def test_the_search_box_finds_what_a_customer_replaced(self):
        lead = self.make_leads(1, email_from="replaced@example.com")
        lead.partner_id = self.env["res.partner"].create({"name": "Firm", "email": "firm@example.com"})
        self.assertEqual(lead.email_from, "firm@example.com")
        found = self.boxes("crm.view_crm_case_opportunities_filter", ["name"], "replaced@")
        self.assertEqual(found["name"], lead)

    def test_what_an_edit_replaced_is_not_searched(self):
        self.survivor.email_from = "edited@example.com"
        self.assertFalse(self.env["crm.lead"].search([("former_email", "ilike", "kept@")]))


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

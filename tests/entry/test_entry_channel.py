"""Each lead says by which door it came in."""

import json
import threading
import xmlrpc.client
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import Form, HttpCase, new_test_user, tagged

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase


@tagged("post_install", "-at_install")
class TestEntryChannel(MailCase):
    def made_at(self, path):
        """Return a lead made while a request to ``path`` is answered."""
        with patch.object(threading.current_thread(), "url", f"http://localhost{path}", create=True):
            return self.new_lead()

    def test_a_mail(self):
        self.assertEqual(self.deliver(self.mail()).entry_channel, "mail")

    def test_a_mail_that_a_program_hands_over(self):
        with patch.object(threading.current_thread(), "url", "http://localhost/xmlrpc/2/object", create=True):
            self.assertEqual(self.deliver(self.mail()).entry_channel, "mail")

    def test_a_mail_set_aside_of_which_somebody_makes_a_lead(self):
        self.assertFalse(self.deliver(self.mail(headers={"Auto-Submitted": "auto-replied"})))
        aside = self.env["crm.lead.mail.aside"].search([])
        aside.action_make_lead()
        self.assertEqual(aside.lead_id.entry_channel, "mail")

    def test_an_alias_may_say_otherwise(self):
        self.team.alias_id.alias_defaults = repr({"team_id": self.team.id, "entry_channel": "website"})
        self.assertEqual(self.deliver(self.mail()).entry_channel, "website")

    def test_a_website_form(self):
        self.assertEqual(self.made_at("/website/form/crm.lead").entry_channel, "website")

    def test_another_page_of_the_website_is_no_form(self):
        self.assertEqual(self.made_at("/website/formidable").entry_channel, "other")

    def test_a_conversation_whatever_made_the_lead_of_it(self):
        # the field is the live chat's
        for path in ("/chatbot/step/trigger", "/web/dataset/call_kw/discuss.channel/execute_command_lead"):
            with patch.object(threading.current_thread(), "url", f"http://localhost{path}", create=True):
                self.assertEqual(self.env["crm.lead"]._entry_channel({"origin_channel_id": 7}), "livechat")

    def test_an_import(self):
        found = self.env["crm.lead"].load(
            ["name", "email_from"], [["A", "a@example.com"], ["B", "b@example.com"]]
        )
        self.assertEqual(self.env["crm.lead"].browse(found["ids"]).mapped("entry_channel"), ["import"] * 2)

    def test_an_import_of_leads_that_exist_leaves_them_as_they_came(self):
        lead = self.deliver(self.mail())
        self.env["crm.lead"].load([".id", "city"], [[str(lead.id), "Pau"]])
        self.assertEqual((lead.city, lead.entry_channel), ("Pau", "mail"))

    def test_a_program_of_ours(self):
        self.assertEqual(self.new_lead().entry_channel, "other")

    def test_what_a_program_says_is_respected(self):
        self.assertEqual(self.new_lead(entry_channel="website").entry_channel, "website")
        with patch.object(threading.current_thread(), "url", "http://localhost/jsonrpc", create=True):
            self.assertFalse(self.new_lead(entry_channel=False).entry_channel)

    def test_each_of_many_says_its_own(self):
        leads = self.env["crm.lead"].create(
            [{"name": "A"}, {"name": "B", "entry_channel": "mail"}, {"name": "C"}]
        )
        self.assertEqual(leads.mapped("entry_channel"), ["other", "mail", "other"])

    def test_a_copy_comes_in_by_its_own_door(self):
        lead = self.deliver(self.mail())
        self.assertEqual(lead.copy().entry_channel, "other")

    def test_nobody_changes_it_in_a_form_and_everybody_finds_by_it(self):
        lead = self.deliver(self.mail())
        with self.assertRaises(AssertionError), Form(lead) as form:
            form.entry_channel = "api"
        groups = self.env["crm.lead"]._read_group([("id", "=", lead.id)], ["entry_channel"])
        self.assertEqual(groups, [("mail",)])
        for view in ("crm.view_crm_case_leads_filter", "crm.view_crm_case_opportunities_filter"):
            arch = self.env["crm.lead"].get_view(self.env.ref(view).id, "search")["arch"]
            self.assertIn("group_entry_channel", arch)

    def test_creating_leads_takes_no_query_for_it(self):
        def queries(vals):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["crm.lead"].create(vals)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plain, said = {"name": "A"}, {"name": "A", "entry_channel": "api"}
        queries(plain)
        self.assertEqual(queries(plain), queries(said))


@tagged("post_install", "-at_install")
class TestEntryChannelMerged(MailCase):
    def merge(self, *channels):
        leads = self.env["crm.lead"]
        for number, channel in enumerate(channels):
            lead = self.new_lead(f"Devis {number}", entry_channel=channel)
            lead.create_date = datetime(2026, 1, 1 + number)
            leads |= lead
        self.env.flush_all()
        before = leads.read(["entry_channel"])
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor, leads[0])
        return leads, survivor, before

    def test_the_lead_that_remains_keeps_its_own(self):
        leads, survivor, before = self.merge("website", "mail")
        self.assertEqual(survivor.entry_channel, "website")
        self.assertIn("E-mail", survivor.message_ids[0].body, "the note tells how the other came in")
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        self.assertEqual(leads.read(["entry_channel"]), before)

    def test_one_of_whom_nobody_noted_it_gets_no_other_s(self):
        leads, survivor, before = self.merge(False, "mail")
        self.assertFalse(survivor.entry_channel)
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        self.assertEqual(leads.read(["entry_channel"]), before)


@tagged("post_install", "-at_install")
class TestEntryChannelRemote(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "doors", "sales_team.group_sale_manager", password="doors_doors")
        cls.key = cls.env(user=cls.user)["res.users.apikeys"]._generate(
            "rpc", "tests", datetime.now() + timedelta(days=1)
        )
        cls.env.flush_all()

    def channels(self, ids):
        self.env.invalidate_all()
        return self.env["crm.lead"].browse(ids).mapped("entry_channel")

    def call_web(self, model, method, args=(), kwargs=None, route="call_kw"):
        return self.make_jsonrpc_request(
            f"/web/dataset/{route}/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs or {}},
        )

    def test_programs_through_xmlrpc(self):
        proxy = xmlrpc.client.ServerProxy(
            self.xmlrpc_url + "object", transport=self.xmlrpc_object._ServerProxy__transport
        )
        call = (self.env.cr.dbname, self.user.id, "doors_doors", "crm.lead")
        ids = proxy.execute_kw(*call, "create", [[{"name": "A"}, {"name": "B", "entry_channel": "website"}]])
        self.assertEqual(self.channels(ids), ["api", "website"])
        found = proxy.execute_kw(*call, "load", [["name"], [["C"]]])
        self.assertEqual(self.channels(found["ids"]), ["import"])

    def test_programs_through_jsonrpc(self):
        lead_id = self.make_jsonrpc_request(
            "/jsonrpc",
            {
                "service": "object",
                "method": "execute_kw",
                "args": [
                    self.env.cr.dbname,
                    self.user.id,
                    "doors_doors",
                    "crm.lead",
                    "create",
                    [{"name": "A"}],
                ],
            },
        )
        self.assertEqual(self.channels(lead_id), ["api"])

    def test_programs_through_json2(self):
        response = self.url_open(
            "/json/2/crm.lead/create",
            data=json.dumps({"vals_list": [{"name": "A"}]}),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        self.assertEqual(self.channels(response.json()), ["api"])

    def test_people_in_the_web_client(self):
        self.authenticate("doors", "doors_doors")
        (saved,) = self.call_web("crm.lead", "web_save", [[], {"name": "A"}], {"specification": {}})
        quick, _name = self.call_web("crm.lead", "name_create", ["B"])
        copied = self.call_web("crm.lead", "copy", [[saved["id"]]])
        self.assertEqual(self.channels([saved["id"], quick, *copied]), ["manual"] * 3)

    def test_a_button_of_the_web_client_that_makes_leads_is_a_program(self):
        self.authenticate("doors", "doors_doors")
        code = "env['crm.lead'].create({'name': 'By a button'})"
        action = self.env["ir.actions.server"].create(
            {
                "name": "Make a lead",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": code,
            }
        )
        action.group_ids = self.env.ref("base.group_user")
        self.env.flush_all()
        self.call_web("ir.actions.server", "run", [action.ids], {"context": {"active_model": "res.partner"}})
        self.assertEqual(self.env["crm.lead"].search([("name", "=", "By a button")]).entry_channel, "other")

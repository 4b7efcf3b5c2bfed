"""The examples on the page for integrators, run as they stand: by other programs and in other modules."""

import re
import xmlrpc.client
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import HttpCase, new_test_user, tagged

from .common import LeadsCase
from .review.review_common import stranger

PAGE = Path(__file__).parents[1] / "docs" / "en" / "integrator.md"
# what the page writes for the reader's own server
URL, DATABASE = "https://odoo.example.com", "mydb"
LOGIN, KEY = "sales@example.com", "0123456789abcdef0123456789abcdef01234567"


def examples(heading):
    """Return the blocks of Python under a heading of the page, in their order."""
    text = PAGE.read_text(encoding="utf-8")
    _before, section = re.split(rf"^#+ {re.escape(heading)}$", text, flags=re.MULTILINE)
    section, *_others = re.split(r"^##+ ", section, flags=re.MULTILINE)  # one hash is a comment, too
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)


@tagged("post_install", "-at_install")
class TestExamplesOfPrograms(HttpCase):
    """A program's requests go to the server of the tests; all else is the example's."""

    def setUp(self):
        super().setUp()
        self.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        self.user = new_test_user(self.env, LOGIN, "sales_team.group_sale_manager")
        self.key = self.env(user=self.user)["res.users.apikeys"]._generate(
            "rpc", "tests", datetime.now() + timedelta(days=1)
        )
        self.env.flush_all()

    def run_examples(self, *blocks):
        """Run blocks one after the other, as one program; return its variables."""
        names, server_proxy = {}, xmlrpc.client.ServerProxy
        own = {URL: self.base_url(), DATABASE: self.env.cr.dbname, KEY: self.key}
        with (
            patch(
                "xmlrpc.client.ServerProxy",
                lambda url: server_proxy(url, transport=self.xmlrpc_object._ServerProxy__transport),
            ),
            patch("requests.post", self.opener.post),
        ):
            program = "\n".join(blocks)
            for theirs, ours in own.items():
                program = program.replace(f'"{theirs}"', repr(ours))
            exec(program, names)
        self.env.invalidate_all()
        return names

    def make_leads(self, *numbers):
        """Make leads of the strangers of these numbers."""
        leads = self.env["crm.lead"].create(
            [{"name": "Poêle", **stranger(number), "user_id": self.user.id} for number in numbers]
        )
        self.env.flush_all()
        self.env["crm.lead"]._match_flush()
        return leads

    def assert_undone(self, merge_ids, kind):
        merge = self.env["crm.lead.merge"].browse(merge_ids)
        self.assertEqual((len(merge), merge.kind, merge.state), (1, kind, "undone"))

    def test_leads_are_found_merged_and_converted_by_xmlrpc(self):
        names = self.run_examples(*examples("XML-RPC"))
        first, second = leads = self.env["crm.lead"].browse(names["lead_ids"])
        self.assertEqual(names["duplicate_ids"], second.ids)
        self.assertGreater(names["found"][0]["duplicates"][0]["score"], 80)
        self.assertEqual(names["names"]["name"], "Pellets?")
        self.assertGreater(names["moved"]["mail.message"], 0)
        self.assertEqual(names["refused"], [])
        self.assertEqual(names["survivor_ids"], first.ids)
        self.assert_undone(names["merge_ids"], "merge")
        self.assert_undone(names["conversion_ids"], "conversion")
        self.assertEqual(leads.mapped("name"), ["Stove", "Pellets?"])
        self.assertEqual(set(leads.mapped("type")), {"lead"})
        self.assertEqual(set(leads.mapped("entry_channel")), {"api"})

    def test_leads_are_found_and_merged_by_json2(self):
        names = self.run_examples(*examples("/json/2/"))
        first, second = leads = self.env["crm.lead"].browse(names["lead_ids"])
        self.assertEqual([one["lead_id"] for one in names["found"][0]["duplicates"]], second.ids)
        self.assertEqual(names["preview"]["survivor_id"], first.id)
        self.assertEqual(names["survivor_ids"], first.ids)
        self.assert_undone(names["merge_ids"], "merge")
        self.assertEqual(leads.exists(), leads)

    def test_groups_are_found_and_dealt_with(self):
        leads = self.make_leads(1, 1, 2, 2, 3, 3, 4)
        names = self.run_examples(examples("XML-RPC")[0], examples("Groups of duplicates")[0])
        self.assertEqual((names["found"]["leads"], names["found"]["groups"]), (7, 3))
        grouped = {lead_id for group in names["groups"] for lead_id in group["lead_ids"]}
        self.assertEqual(grouped, set(leads[:6].ids))
        groups = self.env["crm.lead.duplicate.group"]
        self.assertEqual(leads.exists(), leads)
        second, third = groups.browse(names["second"]), groups.browse(names["third"])
        self.assertEqual((second.outcome, third.state), ("dismissed", "skipped"))
        self.assertEqual(groups.search([("state", "=", "open")]).lead_ids, leads[:2])

    def test_all_certain_groups_are_merged_and_taken_back(self):
        leads = self.make_leads(1, 1, 2, 2, 3)
        names = self.run_examples(examples("XML-RPC")[0], examples("Groups of duplicates")[1])
        self.assertEqual((names["told"]["groups"], names["told"]["run_id"]), (2, False))
        self.assertEqual(names["told"]["list"][0]["lead_ids"], leads[:2].ids)
        self.assertEqual((names["done"]["merged"], names["done"]["to_do"]), (2, 0))
        self.assertEqual(names["result"], {"undone": 2, "kept": [], "left": 0})
        self.assertEqual(leads.exists(), leads)


@tagged("post_install", "-at_install")
class TestExamplesOfModules(LeadsCase):
    """The classes of a block are added to the registry as if a module had them, and taken off it afterwards."""

    def install(self, block):
        """Add the models that a block extends."""
        names = {"__name__": "odoo.addons.openfire_leads.models.example"}
        exec(block, names)
        made = [one for one in names.values() if getattr(one, "__module__", None) == names["__name__"]]
        self.assertTrue(made)
        for definition in made:
            # registries that are made while the tests run are not to have it
            type(definition)._module_to_models__[definition._module].remove(definition)
            (model,) = definition._inherit
            model_class = self.registry[model]
            self.addCleanup(self.registry.reset_changes)
            self.addCleanup(self.registry._setup_models__, self.cr, [model])
            self.addCleanup(setattr, model_class, "_base_classes__", model_class._base_classes__)
            add_to_registry(self.registry, definition)
            self.registry._setup_models__(self.cr, [model])
        self.registry.clear_all_caches()

    def make_leads(self, *values):
        leads = self.env["crm.lead"].create([{"name": "Stove", **one} for one in values])
        self.env.flush_all()
        leads._match_flush()
        return leads

    def test_another_field_is_compared(self):
        (block,) = examples("Duplicates")
        self.install(block)
        self.env.cr.execute("ALTER TABLE crm_lead ADD COLUMN second_phone varchar")
        person = {"contact_name": "Pierre Richard"}
        lead, other = self.make_leads(
            {**person, "phone": "06 39 98 12 07"}, {**person, "phone": "01 44 55 66 77", "name": "Chimney"}
        )
        self.assertEqual(self.phones(lead, other), "different")
        other.second_phone = "+33639981207"
        self.env.flush_all()
        self.assertEqual(self.phones(lead, other), "exact_mobile")

    def phones(self, lead, other):
        """Return how alike the phones of two leads are."""
        lead._match_flush()
        (evidence,) = (
            one["evidence"]
            for one in lead.find_duplicates(min_score=0, limit=None)[0]["duplicates"]
            if one["lead_id"] == other.id
        )
        return next(part["level"] for part in evidence if part["field"] == "phone")

    def test_a_field_has_a_rule_of_its_own_in_a_merge(self):
        rule, _refusal, _guard = examples("Merging")
        self.install(rule)
        leads = self.make_leads({"expected_revenue": 100}, {"expected_revenue": 300})
        self.assertEqual(leads.merge_opportunity().expected_revenue, 300)

    def test_a_merge_is_refused(self):
        _rule, refusal, _guard = examples("Merging")
        self.install(refusal)
        leads = self.make_leads({"priority": "3"}, {}, {})
        with self.assertRaisesRegex(UserError, "three stars"):
            leads[:2].merge_opportunity()
        self.assertEqual(leads.exists(), leads)
        self.assertEqual(leads[1:].merge_opportunity(), leads[1])

    def test_a_bulk_merge_leaves_groups_out(self):
        *_others, guard = examples("Merging")
        self.install(guard)
        self.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        certain = [stranger(number) for number in (1, 1, 2, 2)]
        self.make_leads({**certain[0], "priority": "3"}, *certain[1:])
        groups = self.env["crm.lead.duplicate.group"].with_user(self.manager)
        groups.scan_groups()
        told = groups.merge_certain()
        self.assertEqual((told["groups"], told["left_out"]), (1, {"vip": 1}))
        self.env["ir.config_parameter"].set_param("my_module.guard_vip", "False")
        self.assertEqual(groups.merge_certain()["groups"], 2)

    def test_an_audit_trail_is_named(self):
        (block,) = examples("Links of other modules to leads")
        self.install(block)
        self.assertIn("my_module.call.log", self.env["crm.lead"]._merge_log_models())
        leads = self.make_leads({}, {})
        self.assertEqual(leads.merge_opportunity(), leads[0])

    def test_a_mail_is_set_aside(self):
        (block,) = examples("Mail")
        self.install(block)
        mail = EmailMessage()
        mail["From"], mail["To"] = "Server <server@example.com>", "demandes@leads.example"
        mail["Subject"], mail["Message-Id"] = "[Monitoring] Disk full", "<monitoring-1@example.com>"
        mail.set_content("Disk full")
        self.env["mail.thread"].message_process(False, mail.as_bytes())
        aside = self.env["crm.lead.mail.aside"].search([("name", "=", mail["Subject"])])
        self.assertEqual((aside.reason, aside.team_id), ("automatic", self.team))
        self.assertFalse(self.env["crm.lead"].search_count([("name", "=", mail["Subject"])]))

    def test_a_door_is_added(self):
        (block,) = examples("How a lead came in")
        self.install(block)
        leads = self.env["crm.lead"]
        self.assertEqual(leads.with_context(from_fair=True).create({"name": "Stove"}).entry_channel, "fair")
        self.assertEqual(leads.create({"name": "Stove"}).entry_channel, "other")

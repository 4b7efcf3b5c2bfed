"""Who may read (r), write (w), create (c) and delete (d) records of the addon's models, group by group."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
# model: what everybody who sells may do, what sales managers may do, what administrators may do besides
TABLE = {
    "crm.lead.duplicate": ("r", "r", ""),
    "crm.lead.duplicate.group": ("r", "r", ""),
    "crm.lead.regroup.queue": ("", "", ""),
    "crm.lead.duplicate.report": ("", "r", ""),
    "crm.lead.scan": ("", "r", ""),
    "crm.lead.scan.batch": ("", "", ""),
    "crm.lead.mail.aside": ("r", "rd", "rd"),
    "crm.lead.import": ("r", "r", ""),
    "crm.lead.merge": ("r", "r", "rd"),
    "crm.lead.merge.line": ("r", "r", "rd"),
    "crm.lead.merge.link": ("r", "r", "rd"),
    "crm.lead.merge.customer": ("", "", ""),
    "crm.lead.merge.run": ("r", "r", ""),
    "crm.lead.merge.run.line": ("r", "r", ""),
    "crm.lead.merge.undo": ("rwcd", "rwcd", ""),
    "crm.lead.merge.arrived": ("rwcd", "rwcd", ""),
    "crm.lead.merge.arrived.line": ("rwcd", "rwcd", ""),
    "crm.lead.duplicate.dismiss": ("rwc", "rwc", ""),
    "crm.lead.duplicate.group.dismiss": ("rwc", "rwc", ""),
    "crm.lead.duplicate.merge": ("rwc", "rwc", ""),
    "crm.lead2opportunity.partner.mass.line": ("rwcd", "rwcd", ""),
    "crm.lead.matching.model": ("", "rwc", ""),
    "crm.lead.matching.example": ("", "rwc", ""),
    "crm.lead.matching.band": ("", "rwc", ""),
    "crm.lead.match.lesson": ("", "r", ""),
    "crm.lead.match.judgement": ("", "", ""),
    "crm.lead.match": ("", "", ""),
    "crm.lead.match.key": ("", "", ""),
    "crm.lead.match.term": ("", "", ""),
    "crm.lead.match.queue": ("", "", ""),
    "crm.partner.match.key": ("", "", ""),
}


@tagged("post_install", "-at_install")
class TestAccessTable(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "leads_portal", "base.group_portal")
        cls.administrator = cls.new_user("administrator", "base.group_system")
        cls.own = cls.new_lead("Own", contact_name="Théodule Vandenbroucke", email_from="tvdb@example.com")
        cls.hidden = cls.new_lead("Secret", user_id=cls.colleague.id, contact_name="Théodule Vandenbroucke",
                                  email_from="tvdb@example.com")  # fmt: skip

    def test_each_group_may_do_what_the_table_says(self):
        for model, (sales, managers, administrators) in TABLE.items():
            for user, allowed in (
                (self.env.ref("base.public_user"), ""),
                (self.portal, ""),
                (self.officer, ""),
                (self.salesperson, sales),
                (self.all_leads, sales),
                (self.manager, managers),
                (self.administrator, administrators),
            ):
                with self.subTest(model=model, user=user.login):
                    records = self.env[model].with_user(user)
                    may = [letter for letter, name in OPERATIONS.items() if records.has_access(name)]
                    self.assertEqual("".join(may), allowed)

    def test_the_table_is_complete(self):
        models = self.env["ir.model.data"].search(
            [("module", "=", "openfire_leads"), ("model", "=", "ir.model")]
        )
        names = set(self.env["ir.model"].browse(models.mapped("res_id")).filtered(
            lambda model: self.env[model.model]._name == model.model and not self.env[model.model]._abstract
        ).mapped("model"))  # fmt: skip
        own = {name for name in names if self.env[name]._original_module == "openfire_leads"}
        self.assertEqual(own, set(TABLE))

    def test_who_sells_nothing_calls_no_verb(self):
        pair = self.env["crm.lead.duplicate"].search(
            [("lead_id", "=", self.own.id), ("other_lead_id", "=", self.hidden.id)]
        )
        self.assertTrue(pair)
        verbs = {
            "find": lambda env: self.own.with_env(env).find_duplicates(),
            "window": lambda env: self.own.with_env(env).get_duplicate_window(),
            "merge with": lambda env: self.own.with_env(env).action_merge_with(self.hidden.ids),
            "merge": lambda env: (self.own | self.hidden).with_env(env).merge_opportunity(),
            "preview": lambda env: env["crm.merge.opportunity"].get_merge_preview(self.own.ids),
            "scan": lambda env: env["crm.lead.duplicate"].scan(),
            "scan these": lambda env: env["crm.lead.duplicate"].scan(self.own.ids),
            "backlog": lambda env: env["crm.lead.duplicate"].backlog(),
            "dismiss": lambda env: pair.with_env(env).action_dismiss(),
            "suspect": lambda env: pair.with_env(env).action_suspect(),
            "close": lambda env: pair.with_env(env).close_window(),
            "show": lambda env: env["crm.lead.matching.model"].action_open(),
            "learn": lambda env: env["crm.lead.matching.model"].action_learn(),
            "use standard": lambda env: env["crm.lead.matching.model"].action_use_standard(),
            "lessons": lambda env: env["crm.lead.matching.model"].action_show_lessons(),
            "scan in the background": lambda env: env["crm.lead.scan"].action_start(),
            "stop a scan": lambda env: env["crm.lead.scan"].action_stop(),
            "work on a scan": lambda env: env["crm.lead.scan"].work_along(),
            "progress of a scan": lambda env: env["crm.lead.scan"].scan_progress(),
            "settings": lambda env: env["res.config.settings"].create({}),
            "scan in settings": lambda env: env["res.config.settings"].action_scan_leads(),
            "failed in settings": lambda env: env["res.config.settings"].action_show_failed_leads(),
        }
        for user in (self.portal, self.officer):
            for name, verb in verbs.items():
                with self.subTest(verb=name, user=user.login), self.assertRaises(AccessError):
                    verb(self.env(user=user))

    def test_a_hidden_lead_is_counted_and_never_named(self):
        own = self.own.with_user(self.salesperson)
        self.assertEqual(own.duplicate_lead_count, 1)
        (found,) = own.find_duplicates()
        self.assertEqual((found["duplicates"], found["hidden"]), ([], 1))
        notice = dict(own.duplicate_notice)
        asked = self.env["res.users"].search([("name", "in", notice.pop("ask")["names"])])
        self.assertTrue((self.own | self.hidden).with_user(asked[:1]).has_access("read"))
        self.assertEqual(notice, {"duplicates": [], "more": 0, "hidden": 1, "lead_ids": []})
        self.assertFalse(own.get_duplicate_window())
        pairs = self.env["crm.lead.duplicate"].with_user(self.salesperson)
        self.assertFalse(pairs.name_search("Secret"))
        self.assertFalse(pairs.search([("other_lead_id.name", "ilike", "Secret")]))
        domain = [("lead_id", "in", (self.own | self.hidden).ids)]
        self.assertFalse(pairs.formatted_read_group(domain, ["other_lead_id"], ["__count"]))
        self.assertFalse(pairs.web_search_read(domain, {"evidence": {}})["records"])
        convert = self.env["crm.lead2opportunity.partner"].with_user(self.salesperson)
        window = convert.with_context(active_id=self.own.id, active_ids=self.own.ids).create({})
        self.assertNotIn("Secret", str(window.similar_leads))
        self.assertEqual(window.duplicated_lead_ids, own)

    def test_no_window_is_pointed_at_a_hidden_lead_to_learn_its_name(self):
        env = self.env(user=self.salesperson)
        mass = env["crm.lead2opportunity.partner.mass"].with_context(active_ids=self.own.ids).create({})
        for model, values in (
            ("crm.lead2opportunity.partner.mass.line", {"wizard_id": mass.id, "lead_id": self.hidden.id}),
            ("crm.lead2opportunity.partner", {"lead_id": self.hidden.id}),
            ("crm.merge.opportunity", {"opportunity_ids": [(6, 0, (self.own | self.hidden).ids)]}),
            ("crm.merge.opportunity", {"survivor_id": self.hidden.id}),
        ):
            # an access error, or a sentence of the window's own
            with self.subTest(model=model), self.assertRaises(UserError) as caught:
                env[model].create(values).read()
            self.assertNotIn(self.hidden.name, str(caught.exception))

    def test_an_administrator_who_does_not_sell_sets_what_is_compared_and_reads_no_lead(self):
        env = self.env(user=self.administrator)
        settings = env["res.config.settings"].create({"lead_suspicion_score": 60})
        settings.execute()
        with self.assertRaises(AccessError):
            env["crm.lead"].search([])

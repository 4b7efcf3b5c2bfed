"""Parameters that were spoilt by hand stop nobody, and Settings refuse what makes no sense."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.common import LeadsCase

PARAMETERS = (
    *("similar_criteria", "survivor_rule", "merge_max_leads", "merge_retention_days", "duplicate_proposal"),
    *("suspicion_score", "certainty_score", "match_lost", "match_won", "match_archived"),
    *("auto_merge", "auto_merge_hour", "auto_merge_limit", "auto_merge_user_id", "guard_won", "guard_orders"),
)
GARBAGE = (
    "",
    "a lot",
    "-5",
    "3.7",
    "²",
    "nan",
    "1e400",
    "None",
    "[]",
    "99999999999999999999",
    "\u202e",
    "x" * 3000,
)


@tagged("post_install", "-at_install")
class TestSpoiltSettings(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].search([("key", "=like", "openfire_leads.%")]).unlink()

    def spoil(self, name, value):
        self.env["ir.config_parameter"].set_param(f"openfire_leads.{name}", value)
        self.env.invalidate_all()

    def test_settings_open_and_are_saved_whatever_the_parameters_say(self):
        usual = self.env["res.config.settings"].create({})
        for name in PARAMETERS:
            for value in GARBAGE:
                with (
                    self.subTest(name=name, value=value[:20]),
                    mute_logger("odoo.addons.openfire_leads", "odoo.addons.base.models.res_config"),
                ):
                    self.spoil(name, value)
                    settings = Form(self.env["res.config.settings"]).save()
                    settings.execute()
                    self.assertEqual(settings.lead_duplicate_proposal, usual.lead_duplicate_proposal)
                    self.assertEqual(settings.merge_survivor_rule, usual.merge_survivor_rule)
                    self.assertEqual(settings.lead_similar_criteria, usual.lead_similar_criteria)
            self.env["ir.config_parameter"].search([("key", "=like", "openfire_leads.%")]).unlink()

    def test_spoilt_parameters_do_not_stop_the_clean_up_nor_clear_anything(self):
        older, newer = self.env["crm.lead"].create([{"name": "Older"}, {"name": "Newer"}])
        (older | newer).merge_opportunity()
        merges = self.env["crm.lead.merge"].search([("survivor_id", "=", older.id)])
        for value in GARBAGE:
            with self.subTest(value=value[:20]):
                self.spoil("merge_retention_days", value)
                merges._gc_merges()
                self.assertTrue(merges.exists())

    def test_spoilt_parameters_do_not_stop_merging(self):
        for value in GARBAGE:
            for name in ("survivor_rule", "merge_max_leads", "suspicion_score"):
                self.spoil(name, value)
            with self.subTest(value=value[:20]), mute_logger("odoo.addons.openfire_leads"):
                older, newer = (
                    self.new_lead(email_from="a@example.com"),
                    self.new_lead(email_from="a@example.com"),
                )
                self.assertEqual((older | newer).with_user(self.manager).merge_opportunity(), older)

    def test_numbers_that_make_no_sense_are_refused_in_words(self):
        for name, values in {
            "merge_max_leads": (-5, 1, 10_001),
            "merge_retention_days": (-1, 36_501),
        }.items():
            for value in values:
                with self.subTest(name=name, value=value), self.assertRaisesRegex(ValidationError, "must be"):
                    self.save_settings(**{name: value})

    def test_no_limit_and_no_end_are_kept(self):
        self.save_settings(merge_max_leads=0, merge_retention_days=0)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual((settings.merge_max_leads, settings.merge_retention_days), (0, 0))
        self.save_settings(merge_max_leads=7, merge_retention_days=30)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual((settings.merge_max_leads, settings.merge_retention_days), (7, 30))

"""Who works on leads is told in a sentence where the database could not do it."""

import json
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

# by PostgreSQL's code of the error: two transactions came in each other's way; the disk is full
SENTENCES = {"40001": "again and again", "53100": "tell your administrator"}
DISK_FULL, SYNTAX = "53100", "42601"
LOGGERS = ("odoo.http", "odoo.service.model", "odoo.addons.openfire_leads.models.ir_http", "odoo.sql_db")


@tagged("post_install", "-at_install", "openfire_faults")
class TestFaultsTold(HttpCase):
    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env, "faults_told", "sales_team.group_sale_manager", password="faults_told"
        )

    def asked(self, model, method, code):
        """Return how the web client is answered where PostgreSQL answers a method with the error ``code``."""

        def fail(records, *_args, **_kwargs):
            records.env.cr.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")

        self.authenticate("faults_told", "faults_told")
        data = {"params": {"model": model, "method": method, "args": [[1]], "kwargs": {}}}
        with (
            patch.object(self.registry[model], method, fail),
            patch("odoo.service.model.time.sleep"),
            mute_logger(*LOGGERS),
        ):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps(data),
                headers={"Content-Type": "application/json"},
            )
        return answer.json()["error"]["data"]

    def test_a_fault_of_the_database_is_told_of_leads_and_their_windows(self):
        for code, sentence in SENTENCES.items():
            for model in ("crm.lead", "crm.lead.merge", "crm.merge.opportunity"):
                with self.subTest(model=model, code=code):
                    said = self.asked(model, "read", code)
                    self.assertTrue(said["name"].startswith("odoo.exceptions."), said["name"])
                    self.assertIn(sentence, said["message"])

    def test_of_other_models_it_is_told_as_odoo_does(self):
        self.assertEqual(self.asked("res.partner", "read", DISK_FULL)["name"], "psycopg2.errors.DiskFull")

    def test_what_is_no_fault_of_the_database_passes(self):
        self.assertEqual(self.asked("crm.lead", "read", SYNTAX)["name"], "psycopg2.errors.SyntaxError")

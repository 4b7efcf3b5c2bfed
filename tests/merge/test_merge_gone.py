from xmlrpc.client import Fault

from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import MissingError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .merge_common import MergeCase

SPECIFICATION = {"name": {}, "user_id": {"fields": {"display_name": {}}}}


@tagged("post_install", "-at_install")
class TestMergedLeadWritten(MergeCase):
    def test_writing_a_merged_lead_from_a_program_names_the_survivor(self):
        leads = self.make_leads(2)
        leads.merge_opportunity()
        with self.assertRaisesRegex(MissingError, "merged into “Request 0”"):
            leads[1].with_user(self.salesman).write({"priority": "2"})

    def test_a_broken_key_to_a_merged_lead_names_the_survivor(self):
        leads = self.make_leads(3)
        leads[:2].merge_opportunity()
        leads[2].unlink()
        meeting = self.env["calendar.event"].create(
            {"name": "Visit", "start": "2026-02-01 10:00:00", "stop": "2026-02-01 11:00:00"}
        )
        self.assertIn("merged into “Request 0”", self.told_of_key(meeting, leads[1]))
        self.assertNotIn("merged", self.told_of_key(meeting, leads[2]))

    def told_of_key(self, meeting, lead):
        """Return what is told when the database finds no lead for the meeting."""
        with (
            self.assertRaises(ForeignKeyViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE calendar_event SET opportunity_id = %s WHERE id = %s", (lead.id, meeting.id)
            )
        return meeting._sql_error_to_message(caught.exception)

    def test_several_merged_leads_name_their_survivors(self):
        leads = self.make_leads(4)
        leads[:2].merge_opportunity()
        leads[2:].merge_opportunity()
        gone = leads[1] + leads[3]
        self.assertRegex(str(gone._merged_error()), "“Request 0” and “Request 2”")
        self.assertRegex(str(gone[::-1]._merged_error()), "“Request 2” and “Request 0”")
        leads[2].user_id = self.colleague
        told = str(gone.with_user(self.salesman)._merged_error())
        self.assertIn("“Request 0”", told)
        self.assertNotIn("Request 2", told)

    def test_a_lead_that_was_deleted_or_is_back_is_no_merged_one(self):
        leads = self.make_leads(3)
        leads[2].unlink()
        self.assertIsNone(leads[2]._merged_error())
        leads[:2].merge_opportunity()
        self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
        self.assertIsNone(leads[1]._merged_error())


@tagged("post_install", "-at_install")
class TestMergedLeadAskedFor(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = {
            "asked_sales": "sales_team.group_sale_salesman",
            "asked_colleague": "sales_team.group_sale_salesman",
            "asked_manager": "sales_team.group_sale_manager",
        }
        cls.salesman, cls.colleague, cls.manager = (
            new_test_user(cls.env, login, groups=group) for login, group in users.items()
        )
        leads = cls.env["crm.lead"].create(
            [{"name": name, "user_id": cls.salesman.id} for name in ("Kept request", "Folded request")]
        )
        cls.survivor = leads.merge_opportunity()
        cls.gone = leads - cls.survivor

    def post(self, path, params):
        """Return the error of a request of the web client, ``None`` if there is none."""
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path, json={"jsonrpc": "2.0", "method": "call", "params": params}).json()
        return answer.get("error", {}).get("data")

    def call(self, model, method, *args, button=False, **kwargs):
        path = "/web/dataset/call_button" if button else "/web/dataset/call_kw"
        return self.post(path, {"model": model, "method": method, "args": args, "kwargs": kwargs})

    def attempts(self):
        """Whatever the web client does with a form of the merged lead that was open all along."""
        gone = self.gone.id
        lead_model = self.env["ir.model"]._get_id("crm.lead")
        todo = self.env.ref("mail.mail_activity_data_todo").id
        activity = {"res_model_id": lead_model, "res_id": gone, "activity_type_id": todo}
        meeting = {"name": "Visit", "start": "2026-02-01 10:00:00", "stop": "2026-02-01 11:00:00"}
        event = self.env["calendar.event"].create({**meeting, "user_id": self.env.user.id})
        values = {"name": "Typed", "user_id": self.env.uid}
        return {
            "read": lambda: self.call("crm.lead", "web_read", [gone], specification=SPECIFICATION),
            "save": lambda: self.call(
                "crm.lead", "web_save", [gone], {"priority": "2"}, specification=SPECIFICATION
            ),
            "save and leave": lambda: self.call(
                "crm.lead", "web_save", [gone], {"referred": "Typed"}, specification={}
            ),
            "type": lambda: self.call(
                "crm.lead", "onchange", [gone], values, ["user_id"], {**SPECIFICATION, "team_id": {}}
            ),
            "button": lambda: self.call("crm.lead", "action_set_won_rainbowman", [gone], button=True),
            "message": lambda: self.post(
                "/mail/message/post",
                {
                    "thread_model": "crm.lead",
                    "thread_id": gone,
                    "post_data": {"body": "Hello", "message_type": "comment"},
                },
            ),
            "activity": lambda: self.call("mail.activity", "create", [activity]),
            "activity's form": lambda: self.call(
                "mail.activity",
                "web_save",
                [],
                {"activity_type_id": todo, "user_id": self.env.uid},
                specification={},
                context={"default_res_model": "crm.lead", "default_res_id": gone},
            ),
            "new meeting": lambda: self.call(
                "calendar.event", "create", [{**meeting, "opportunity_id": gone}]
            ),
            "meeting": lambda: self.call("calendar.event", "write", event.ids, {"opportunity_id": gone}),
        }

    def test_whoever_may_read_the_survivor_is_led_there(self):
        for user in (self.salesman, self.manager):
            self.authenticate(user.login, user.login)
            for what, attempt in self.attempts().items():
                error = attempt()
                with self.subTest(user=user.login, what=what):
                    self.assertTrue(error, "no error at all")
                    self.assertEqual(error["name"], "odoo.exceptions.RedirectWarning", error["debug"])
                    message, action = error["arguments"][:2]
                    self.assertEqual(message, "This lead was merged into “Kept request”.")
                    self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.survivor.id))
                    self.assertEqual(action["views"], [[False, "form"]], "the client opens no other")

    def test_whoever_may_not_read_the_survivor_is_told_no_more_than_that_it_was_merged(self):
        self.authenticate(self.colleague.login, self.colleague.login)
        for what, attempt in self.attempts().items():
            error = attempt()
            with self.subTest(what=what):
                self.assertTrue(error, "no error at all")
                self.assertNotIn("Kept", error["debug"] + error["message"])
                self.assertEqual(error["name"], "odoo.exceptions.MissingError", error["debug"])
                self.assertIn("merged into another one", error["message"])

    def test_what_is_refused_for_another_reason_is_told_as_ever(self):
        self.survivor.user_id = self.colleague
        self.authenticate(self.salesman.login, self.salesman.login)
        error = self.call(
            "crm.lead", "web_save", self.survivor.ids, {"priority": "2"}, specification=SPECIFICATION
        )
        self.assertEqual(error["name"], "odoo.exceptions.AccessError")

    def test_a_lead_that_was_deleted_is_missing_as_ever(self):
        lead = self.env["crm.lead"].create({"name": "Deleted", "user_id": self.salesman.id})
        self.gone = lead.browse(lead.id)
        lead.unlink()
        self.authenticate(self.salesman.login, self.salesman.login)
        for attempt in ("save", "activity", "meeting"):
            error = self.attempts()[attempt]()
            self.assertNotIn("merged", error["message"], attempt)
            self.assertNotEqual(error["name"], "odoo.exceptions.RedirectWarning", attempt)

    # --- programs --------------------------------------------------------------------------

    def ask(self, user, model, verb, *arguments, **keywords):
        """Return what a program is told that calls a verb by XML-RPC."""
        with (
            self.assertRaises(Fault) as caught,
            mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc"),
        ):
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, user.id, user.login, model, verb, list(arguments), keywords
            )
        return caught.exception.faultString

    def test_a_program_is_told_whatever_it_asks_of_the_lead(self):
        verbs = {
            "write": ([{"priority": "2"}], {}),
            "message_post": ([], {"body": "Hello"}),
            "message_subscribe": ([self.env.user.partner_id.ids], {}),
            "activity_schedule": ([], {"act_type_xmlid": "mail.mail_activity_data_todo"}),
            "unlink": ([], {}),
            "copy": ([], {}),
            "action_set_won": ([], {}),
            "action_set_lost": ([], {}),
            "action_archive": ([], {}),
            "convert_opportunity": ([False], {}),
            "preview_merge": ([], {}),
        }
        for verb, (arguments, keywords) in verbs.items():
            ids = (self.gone + self.survivor if verb == "preview_merge" else self.gone).ids
            with self.subTest(verb):
                user = self.manager if verb == "unlink" else self.salesman
                told = self.ask(user, "crm.lead", verb, ids, *arguments, **keywords)
                self.assertIn("This lead was merged into “Kept request”.", told)

    def test_a_program_that_may_not_read_the_survivor_is_told_no_name(self):
        told = self.ask(self.colleague, "crm.lead", "message_post", self.gone.ids)
        self.assertIn("merged into another one", told)
        self.assertNotIn("Kept request", told)

    def test_a_program_is_told_of_other_failures_as_ever(self):
        write = {"priority": "2"}
        self.assertNotIn("merged", self.ask(self.colleague, "crm.lead", "write", self.survivor.ids, write))
        deleted = self.env["crm.lead"].create({"name": "Deleted", "user_id": self.salesman.id})
        deleted.unlink()
        self.assertIn("does not exist", self.ask(self.salesman, "crm.lead", "write", deleted.ids, write))

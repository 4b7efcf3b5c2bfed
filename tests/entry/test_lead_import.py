"""Who imports leads in the web client is told how many of them look like duplicates, with a way to them."""

from datetime import timedelta
from hashlib import md5
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.duplicates.common_duplicates import DuplicatesCase

COLUMNS = ["name", "contact_name", "email_from", "phone"]
TELL_LOG = "odoo.addons.openfire_leads.models.duplicates.crm_lead_duplicate_import"


class ImportCase(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Import = cls.env["crm.lead.import"]
        cls.env.flush_all()
        cls.Lead._match_flush()

    @classmethod
    def row(cls, number):
        """Return a line of somebody who is like nobody else."""
        digest = md5(str(number).encode()).hexdigest()
        word = "".join(chr(97 + int(digit, 16)) for digit in digest)
        phone = f"05{int(digest, 16) % 10**8:08}"
        return [word[:9], f"{word[9:16]} {word[16:24]}", f"{word[24:]}@{word[:8]}.fr", phone]

    def twin(self):
        return ["Encore", *(self.person[name] for name in COLUMNS[1:])]

    def start(self, rows, user=None, columns=COLUMNS):
        """Return an import that the user has mapped in the web client and not begun."""
        lines = [",".join(f'"{value}"' for value in row) for row in [columns, *rows]]
        return (
            self.env["base_import.import"]
            .with_user(user or self.manager)
            .create(
                {
                    **{"res_model": "crm.lead", "file_name": "foire.csv", "file_type": "text/csv"},
                    "file": "\n".join(lines).encode(),
                }
            )
        )

    def execute(self, wizard, columns=COLUMNS, dryrun=False, **options):
        options = {"quoting": '"', "separator": ",", "has_headers": True, **options}
        return wizard.execute_import(columns, columns, options, dryrun=dryrun)

    def sent(self, user=None):
        """Return what was sent to the user's web client about imports, as texts."""
        self.env.cr.precommit.run()
        channel = f'"res.partner",{(user or self.manager).partner_id.id}'
        found = self.env["bus.bus"].search([("message", "like", "openfire_lead_import")], order="id")
        return [one.message for one in found if channel in one.channel.replace(" ", "")]

    def inbox(self, user=None):
        return self.env["mail.message"].search(
            [
                *(("model", "=", "crm.lead.import"), ("message_type", "=", "user_notification")),
                ("notified_partner_ids", "in", (user or self.manager).partner_id.ids),
            ]
        )

    def work_off(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda cron, *args, **kwargs: 1):
            self.env["crm.lead.match.queue"]._cron_work_off()


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestLeadImport(ImportCase):
    def test_a_small_import_is_told_at_once(self):
        known = self._lead()
        wizard = self.start([self.row(1), self.twin()])
        found = self.execute(wizard)
        leads = self.Lead.browse(found["ids"])
        record = leads.import_id
        self.assertRecordValues(
            record, [{"name": "foire.csv", "user_id": self.manager.id, "state": "told", "lead_count": 2}]
        )
        self.assertEqual(leads.mapped("entry_channel"), ["import"] * 2)
        (message,) = self.sent()
        self.assertIn("1 of the 2 imported leads look like duplicates.", message)
        notice = self.inbox()
        self.assertEqual(notice.author_id, self.env.ref("base.partner_root"))
        self.assertIn("1 of the 2", notice.body)
        self.assertIn(f"/odoo/crm-lead-imports/{record.id}", notice.body)
        action = record.with_user(self.manager).action_show_duplicates()
        groups = self.env["crm.lead.duplicate.group"]
        groups._bring_up_to_date(limit=None)
        found = groups.with_user(self.manager).search(action["domain"])
        self.assertEqual(found.lead_ids, known | leads[1])
        self.assertEqual(
            groups.search([("entry_channel", "=", "import"), ("lead_ids", "in", known.ids)]), found
        )
        self.assertEqual(self.Lead.search(record.action_show_leads()["domain"]), leads)

    def test_without_duplicates_a_word_is_enough(self):
        self.execute(self.start([self.row(1), self.row(2)]))
        self.assertIn("None of the 2 imported leads looks like a duplicate.", self.sent()[0])
        self.assertFalse(self.inbox())

    def test_duplicates_within_the_file_count(self):
        self.execute(self.start([self.twin(), self.twin(), self.row(1)]))
        self.assertIn("2 of the 3", self.sent()[0])

    def test_a_large_import_is_told_when_the_queue_has_compared_it(self):
        self._lead()
        record = self.Lead.browse(
            self.execute(self.start([self.twin(), *map(self.row, range(60))]))["ids"]
        ).import_id
        self.assertEqual((record.state, self.sent()), ("comparing", []))
        self.work_off()
        self.assertEqual(record.state, "told")
        self.assertIn("1 of the 61", self.sent()[0])
        self.work_off()
        self.assertEqual((len(self.sent()), len(self.inbox())), (1, 1), "once")

    def test_a_file_that_comes_in_parts_is_one_import(self):
        wizard = self.start([self.twin(), self.row(1), self.twin(), self.row(2), self.row(3)])
        first = self.execute(wizard, limit=2)
        self.assertEqual(first["nextrow"], 2)
        record = self.Lead.browse(first["ids"]).import_id
        self.work_off()
        self.assertEqual((record.state, self.sent()), ("running", []))
        second = self.execute(wizard, limit=2, skip=2)
        third = self.execute(wizard, limit=2, skip=4)
        self.assertEqual(self.Lead.browse(second["ids"] + third["ids"]).import_id, record)
        self.assertEqual(len(self.sent()), 1)
        self.assertIn("2 of the 5", self.sent()[0])

    def test_a_file_that_somebody_gives_up_between_two_parts_is_told_later(self):
        record = self.Lead.browse(self.execute(self.start([self.twin()] * 3), limit=2)["ids"]).import_id
        later = self.env.cr.now() + timedelta(hours=2)
        with patch.object(type(self.env.cr), "now", lambda cr: later):
            self.work_off()
        self.assertEqual(record.state, "told")
        self.assertIn("2 of the 2", self.sent()[0])

    def test_a_trial_leaves_and_tells_nothing(self):
        before = self.Import.search([])
        self.execute(self.start([self.twin(), self.twin()]), dryrun=True)
        self.assertEqual(self.Import.search([]), before)
        self.assertFalse(self.sent())

    def test_an_import_that_fails_leaves_and_tells_nothing(self):
        columns = [*COLUMNS, "country_id"]
        wizard = self.start([[*self.row(1), "Nowhere at all"]], columns=columns)
        with mute_logger("odoo.sql_db"):
            found = self.execute(wizard, columns=columns)
        self.assertFalse(found["ids"])
        self.assertFalse(self.Import.search([]))
        self.assertFalse(self.sent())
        wizard.file = "\n".join([",".join(COLUMNS), ",".join(self.row(1))]).encode()
        self.assertTrue(
            self.Lead.browse(self.execute(wizard)["ids"]).import_id, "it goes on with the same window"
        )

    def test_an_import_that_changes_leads_is_none_of_new_ones(self):
        lead = self._lead()
        columns = [".id", "city"]
        self.execute(self.start([[str(lead.id), "Pau"]], columns=columns), columns=columns)
        self.assertEqual((lead.city, lead.import_id), ("Pau", self.Import))
        self.assertFalse(self.Import.search([]))

    def test_another_model_s_import_is_odoo_s(self):
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "res.partner",
                "file_name": "a.csv",
                "file_type": "text/csv",
                "file": b"name\nAnna\n",
            }
        )
        self.execute(wizard, columns=["name"])
        self.assertFalse(self.Import.search([]))

    def test_a_program_s_load_is_no_import_of_the_web_client(self):
        found = self.Lead.with_context(openfire_loading={"import_id": 1}).load(COLUMNS, [self.twin()])
        lead = self.Lead.browse(found["ids"])
        self.assertEqual((lead.entry_channel, lead.import_id), ("import", self.Import))

    def test_leads_that_cannot_be_compared_hold_up_nothing(self):
        rows = [self.twin(), *map(self.row, range(60))]
        record = self.Lead.browse(self.execute(self.start(rows))["ids"]).import_id
        self.env.cr.execute(
            "UPDATE crm_lead_match_queue SET failures = 1, error = 'x', not_before = now() + interval '1 day'"
        )
        self.work_off()
        self.assertEqual(record.state, "told")

    def test_where_telling_fails_nothing_else_does(self):
        wizard = self.start([self.twin()])
        with patch.object(type(self.Import), "_tell", side_effect=ValueError("no")), mute_logger(TELL_LOG):
            lead = self.Lead.browse(self.execute(wizard)["ids"])
        self.assertEqual(lead.import_id.state, "comparing")
        self.work_off()
        self.assertEqual(lead.import_id.state, "told")

    def test_a_merge_leaves_each_lead_s_import_its_own(self):
        known = self._lead()
        lead = self.Lead.browse(self.execute(self.start([self.twin()]))["ids"])
        record = lead.import_id
        (known | lead).with_context(openfire_merge={"survivor_id": known.id}).merge_opportunity()
        self.assertFalse(known.import_id)
        self.assertEqual(record.lead_count, 0)
        self.env["crm.lead.merge"].search([("survivor_id", "=", known.id)]).action_undo()
        self.assertEqual(lead.exists().import_id, record)


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestLeadImportAccess(ImportCase):
    def test_who_imports_is_told_of_leads_that_he_may_not_read_by_number_only(self):
        other = self._lead(user_id=self.manager.id)
        self.Lead.with_user(self.seller)
        self.execute(self.start([self.twin(), self.row(1)], user=self.seller))
        (message,) = self.sent(self.seller)
        self.assertIn("0 of the 2 imported leads look like duplicates.", message)
        self.assertIn("1 more look like leads that you may not read.", message)
        self.assertNotIn(other.name, message)
        self.assertTrue(self.inbox(self.seller))

    def test_each_reads_the_own_imports(self):
        record = self.Lead.browse(self.execute(self.start([self.row(1)], user=self.seller))["ids"]).import_id
        self.assertEqual(record.with_user(self.seller).duplicate_count, 0)
        self.assertEqual(record.with_user(self.manager).lead_count, 1)
        theirs = self.Lead.browse(self.execute(self.start([self.row(2)]))["ids"]).import_id
        for verb in ("action_show_duplicates", "action_show_leads"):
            with self.assertRaises(AccessError):
                getattr(theirs.with_user(self.seller), verb)()

    def test_it_is_told_in_the_language_of_who_imported(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        seen = []
        told = type(self.Import)._told_text

        def told_text(record, *args):
            seen.append((record.env.lang, record.env.uid))
            return told(record, *args)

        with patch.object(type(self.Import), "_told_text", told_text):
            self.execute(self.start([*[self.twin()] * 2]))
        self.assertEqual(seen, [("fr_FR", self.manager.id)])

    def test_importing_takes_no_more_queries_of_its_own_for_more_leads(self):
        def own_queries(first, last):
            wizard, asked = self.start(list(map(self.row, range(first, last)))), []
            execute = type(self.env.cr).execute

            def counted(cr, query, *args, **kwargs):
                asked.append(getattr(query, "code", query))
                return execute(cr, query, *args, **kwargs)

            with patch.object(type(self.env.cr), "execute", counted):
                self.execute(wizard)
                self.env.flush_all()
            return sum("crm_lead_import" in query for query in asked)

        own_queries(100, 102)
        few = own_queries(200, 202)
        self.assertEqual(own_queries(110, 140), few)
        self.assertLessEqual(few, 12)

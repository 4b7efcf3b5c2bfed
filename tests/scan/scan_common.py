"""Leads to scan in transactions of their own, in ranges of a few leads each."""

from unittest.mock import patch

from odoo import SUPERUSER_ID, api

from odoo.addons.openfire_leads.tests.duplicates.common_duplicates import DuplicatesCase
from odoo.addons.openfire_leads.tests.merge.merge_common import CommittedCase

MODULES = "odoo.addons.openfire_leads.models."
# so small that few leads are many ranges, and many pairs more than are held at a time
SMALL = {
    "scan.crm_lead_scan_steps.STORE_LEADS": 5,
    "duplicates.crm_lead_duplicate_compare.RANGE_LEADS": 20,
    "duplicates.crm_lead_duplicate_compare.RANGE_PAIRS": 40,
    "duplicates.crm_lead_duplicate_compare.PAIRS": 30,
}
PEOPLE = (
    ("Théodule Vandenbroucke", "theodule.vandenbroucke@orange.fr", "06 39 98 12 34"),
    ("Solange Etchegoyen", "sol.etchegoyen@free.fr", "05 59 00 11 22"),
    ("Aldebert Quemener", "aldebert.quemener@laposte.net", "02 98 44 10 20"),
    ("Hildegarde Zimmermann", "hilde.zimmermann@gmx.de", "03 88 10 20 30"),
)


class NoScanCase(DuplicatesCase):
    """Where no scan has been made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Scan = cls.env["crm.lead.scan"]
        cls.Scan.search([]).unlink()


class ScanCase(CommittedCase):
    def setUp(self):
        for name, value in SMALL.items():
            patcher = patch(MODULES + name, value)
            patcher.start()
            self.addCleanup(patcher.stop)
        super().setUp()

    def make(self, env):
        values = []
        for number, (name, email, phone) in enumerate(PEOPLE * 3):
            values.append({"name": f"Devis {number}", "contact_name": name, "email_from": email})
            values.append({"name": f"Poêle {number}", "contact_name": name.upper(), "phone": phone})
        # a block that is too big to compare all of it
        values += [{"name": f"Stand {number}", "email_from": "contact@salon.example"} for number in range(70)]
        leads = env["crm.lead"].create([{"type": "lead", **one} for one in values])
        self.ids = leads.ids
        env["crm.lead"]._match_flush()
        self.queue(env)._cron_work_off()

    def remove(self, env):
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["crm.lead.scan"].search([]).unlink()
        env["crm.lead.duplicate.group"]._cron_bring_up_to_date()

    def queue(self, env):
        return env["crm.lead.match.queue"]

    def act(self, function):
        """Return what ``function`` returns for an environment whose transaction is then committed."""
        with self.registry.cursor() as cr:
            return function(self.environment(cr))

    def start(self):
        return self.act(lambda env: env["crm.lead.scan"]._start().id)

    def work(self):
        self.act(lambda env: env["crm.lead.scan"]._cron_work_off())

    def read(self, scan_id, *names):
        return self.act(lambda env: env["crm.lead.scan"].browse(scan_id).read(names, load=None)[0])

    def found(self, lead_ids=None):
        """Return what is found: ``{pair: (score, evidence, state)}``, and the groups as sorted lists of leads."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT lead_id, other_lead_id, score, evidence::text, state FROM crm_lead_duplicate")
            pairs = {row[:2]: (round(row[2], 4), *row[3:]) for row in cr.fetchall()}
            cr.execute(
                """
                SELECT array_agg(lead_id ORDER BY lead_id) FROM crm_lead_duplicate_group_lead_rel
                  JOIN crm_lead_duplicate_group ON id = group_id AND state <> 'done' GROUP BY group_id ORDER BY 1
                """
            )
            return pairs, [ids for (ids,) in cr.fetchall()]

    def scan_at_one_stroke(self):
        """Forget what is found, and find it by the scan in one transaction."""

        def scan(env):
            env.cr.execute("DELETE FROM crm_lead_duplicate WHERE dismissed_digest IS NULL")
            report = env["crm.lead.duplicate"].scan()
            env["crm.lead.duplicate.group"]._regroup_all()
            return report

        report = self.act(scan)
        return report, self.found()

    def spoil(self):
        """Forget pairs, profiles and keys, as if nobody had ever looked; leave a pair that is none."""

        def spoil(env):
            env.cr.execute("DELETE FROM crm_lead_duplicate WHERE dismissed_digest IS NULL")
            env.cr.execute("DELETE FROM crm_lead_match WHERE lead_id = ANY(%s)", [self.ids[:12]])
            env.cr.execute("INSERT INTO crm_lead_match_key SELECT keys[1], 99 FROM crm_lead_match LIMIT 1")
            env.cr.execute("UPDATE crm_lead_match SET engine = 0 WHERE lead_id = ANY(%s)", [self.ids[12:18]])
            env.cr.execute(
                """
                INSERT INTO crm_lead_duplicate (lead_id, other_lead_id, score, evidence, values_digest, state)
                VALUES (%s, %s, 90, '[]', 'x', 'suspected')
                """,
                [self.ids[0], self.ids[3]],
            )

        self.act(spoil)

    def user_environment(self, cr, login):
        user = self.environment(cr)["res.users"].search([("login", "=", login)])
        return api.Environment(cr, user.id or SUPERUSER_ID, {})

"""Groups of leads for the tests of the review."""

from odoo.addons.openfire_leads.tests.duplicates.common_duplicates import DuplicatesCase

FIRST = ("Adèle", "Bastien", "Corentin", "Delphine", "Edgar", "Fanny", "Gaël", "Hervé", "Inès", "Joël")
LAST = (
    "Etchegoyen",
    "Vandamme",
    "Kerbrat",
    "Schmitt",
    "Poulain",
    "Quilici",
    "Nguyen",
    "Zanetti",
    "Wagner",
    "Oger",
)


def stranger(number):
    """Return values of a lead of somebody who has nothing in common with those of other numbers."""
    first, last = FIRST[number % 10], LAST[(number + number // 10) % 10]
    return {
        "contact_name": f"{first} {last}",
        "email_from": f"{first}.{last}.{number}@example.org".lower(),
        "phone": f"06 39 {number % 97:02d} {number * 37 % 97:02d} {number * 11 % 89:02d}",
        "street": f"{number + 1} {('rue', 'avenue', 'chemin')[number % 3]} {last}",
        "zip": f"{10 + number % 80}{number % 10}00",
        "city": f"{last}-sur-{first}",
    }


class ReviewCase(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Group = cls.env["crm.lead.duplicate.group"]
        # their groups are not the tests' own
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        cls.Group._regroup_all()

    def groups(self, *leads):
        """Return the groups, brought up to date, that ``leads`` are in and that are not done."""
        self.Group._bring_up_to_date(limit=None)
        ids = [lead.id for lead in leads]
        return self.Group.search([("lead_ids", "in", ids), ("state", "!=", "done")])

    @classmethod
    def requesters(cls, count, size=2, **values):
        """Return ``size`` leads of each of ``count`` people who have nothing in common."""
        return [
            cls.Lead.create([{**cls.person, **stranger(number), **values} for _copy in range(size)])
            for number in range(count)
        ]

    def run_of(self, action):
        """Return the bulk run that ``action`` shows."""
        self.assertEqual(action["res_model"], "crm.lead.merge.run")
        return self.env["crm.lead.merge.run"].browse(action["res_id"])

    def work_off(self):
        """Let the scheduled action work off what is at work."""
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_merge_run").method_direct_trigger()
        self.env.invalidate_all()

    def undo(self, action, user):
        """Take back what ``action`` offers to take back, as ``user``."""
        undo = action["params"]["undo"]
        return getattr(self.env[undo["model"]].with_user(user).browse(undo["ids"]), undo["method"])()

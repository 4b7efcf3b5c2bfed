"""A value that many new leads share says less and less, and the pairs that rested on it go."""

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.models.duplicates.match_term import RECOUNTED

from .common_duplicates import DuplicatesCase

FIRST = (
    "Abel",
    "Blaise",
    "Cyrille",
    "Denis",
    "Edgar",
    "Fabien",
    "Gaspard",
    "Hilaire",
    "Ivan",
    "Josse",
    "Kilian",
)
LAST = (
    "Quentric",
    "Rambault",
    "Sigwalt",
    "Tourneur",
    "Urvoy",
    "Vasseur",
    "Wattel",
    "Xiberras",
    "Yvinec",
    "Zeller",
)


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestCommonValues(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Lead.create(
            [
                {"name": f"Demande {first} {last}", "contact_name": f"{first} {last}", "type": "lead",
                 "email_from": f"{first}.{last}@example.org", "user_id": cls.seller.id}
                for first in FIRST for last in LAST
            ]
        )  # fmt: skip
        cls.work_off()
        cls.Pair.scan()

    @classmethod
    def work_off(cls):
        queue = cls.env["crm.lead.match.queue"]
        while queue._work_off():
            pass

    def test_pairs_follow_within_a_turn_of_the_queue_when_a_value_becomes_common(self):
        leads = self.Lead
        scores = []
        for number in range(32):
            leads += self._lead({
                "name": f"Salon n° {number}", "type": "lead", "user_id": self.seller.id,
                "phone": "06 06 06 06 06", "email_from": "visiteur@salon-habitat.fr",
            })  # fmt: skip
            if number % 4 == 3:
                self.work_off()
                scores.append(max(self.scores_among(leads).values()))
        self.assertGreater(scores[0] - scores[-1], 2, "also those of the first leads")
        self.assertEqual(scores, sorted(scores, reverse=True))
        before = self.scores_among(leads)
        self.Pair._scan_leads(leads)
        self.assertEqual(before, self.scores_among(leads))

    def test_counts_follow_new_leads_as_a_count_of_all_leads_would_have_it(self):
        for number in range(5):
            self._lead(email_from=f"lead{number}@example.net", city="Plougastel")
        self.work_off()
        added = self.counts()
        self.env["crm.lead.match.term"]._recount()
        self.assertEqual(added, self.counts())

    def scores_among(self, leads):
        self.Lead._match_flush()
        pairs = self.Pair.search([("lead_id", "in", leads.ids), ("other_lead_id", "in", leads.ids)])
        return {pair: pair.score for pair in pairs}

    def counts(self):
        """Return how often terms occur; those that occurred once at the last count of all are not kept."""
        rows = self.env.execute_query(SQL("SELECT term, count FROM crm_lead_match_term WHERE count > 2"))
        return {term: count for term, count in rows if term != RECOUNTED}

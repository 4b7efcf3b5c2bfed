import random

from odoo.tests import tagged

from .merge_common import MergeCase

SEEDS = (1, 2, 3)


@tagged("post_install", "-at_install")
class TestMergeRandom(MergeCase):
    """Random leads, random merges, chains: undone, the database is what it was."""

    def random_lead_values(self, rng):
        stages = self.env["crm.stage"].search([("is_won", "=", False), ("team_ids", "=", False)])
        choices = {
            "phone": ["01 02 03 04 05", "0611223344", False],
            "email_from": ["a@example.com", "B <b@example.com>", "not a mail", False],
            "city": ["Lyon", "lyon ", "Paris", False],
            "zip": ["69001", False],
            "street": ["1 rue de l'Âtre", "Rue “Œ” 漢字", False],
            "expected_revenue": [0, 0.1, 123456.78],
            "description": ["<p>Note</p>", "<p><br></p>", False],
            "priority": ["0", "1", "3"],
            "type": ["lead", "opportunity"],
            "stage_id": [*stages.ids, False],
            "partner_id": [*self.partners.ids, False, False],
            "user_id": [self.salesman.id, self.colleague.id, False],
            "probability": [0, 12.5, 60],
            "lost_reason_id": [False, self.reason.id],
        }
        return {name: rng.choice(values) for name, values in choices.items()}

    def test_undo_after_random_merges_restores_everything(self):
        self.partners = self.env["res.partner"].create(
            [{"name": f"Customer {i}", "email": f"c{i}@example.com"} for i in range(2)]
        )
        self.reason = self.env["crm.lost.reason"].create({"name": "Price"})
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.merge_and_undo(random.Random(seed))

    def merge_and_undo(self, rng):
        leads = self.make_leads(rng.randint(4, 10))
        for lead in leads:
            lead.write(self.random_lead_values(rng))
            if rng.random() < 0.4:
                self.give_past(lead)
            outcome = rng.random()
            if outcome < 0.15:
                lead.action_set_lost()
            elif outcome < 0.3:
                lead.action_set_won()
        before = self.dump()
        last = self.env["crm.lead.merge"].search([], limit=1, order="id desc").id or 0
        remaining = leads
        while len(remaining) > 1 and rng.random() < 0.9:
            group = remaining.browse(rng.sample(remaining.ids, rng.randint(2, len(remaining))))
            survivor = rng.choice([None, rng.choice(group.ids)])
            group.with_context(openfire_merge={"survivor_id": survivor}).merge_opportunity()
            remaining = remaining.exists()
        self.env["crm.lead.merge"].search([("id", ">", last)]).action_undo()
        # a salesperson that came with a merge was told of it
        additions = (
            *("mail_message", "mail_tracking_value", "mail_notification", "mail_mail"),
            *("mail_message_res_partner_rel", "mail_mail_res_partner_rel"),
        )
        self.assert_same_dump(before, self.dump(), additions=additions)

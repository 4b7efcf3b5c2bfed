"""Leads of a few people in transactions of their own, all that waits done, and what is known of them."""

from odoo.addons.openfire_leads.tests import invariants
from odoo.addons.openfire_leads.tests.merge.merge_common import CommittedCase

PEOPLE = (
    ("Théodule Vandenbroucke", "theodule.vandenbroucke@orange.fr"),
    ("Solange Etchegoyen", "sol.etchegoyen@free.fr"),
    ("Aldebert Quemener", "aldebert.quemener@laposte.net"),
)


def person(number):
    name, email = PEOPLE[number]
    return {"type": "lead", "name": "Stove", "contact_name": name, "email_from": email}


class FaultCase(CommittedCase):
    """Two leads each of some people, with a message and an activity each, grouped."""

    def make(self, env):
        self.before = set(env["crm.lead"].with_context(active_test=False).search([]).ids)
        leads = env["crm.lead"].create(
            [person(number) for number in range(len(PEOPLE)) for _twin in range(2)]
        )
        for lead in leads:
            lead.message_post(body="Hello")
            lead.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
        self.ids = leads.ids
        invariants.settle(env)
        self.known = invariants.remember(env)

    def remove(self, env):
        env["crm.lead.merge.run"].search([]).unlink()
        env["crm.lead.scan"].search([]).unlink()
        leads = env["crm.lead"].with_context(active_test=False).search([("id", "not in", list(self.before))])
        env["crm.lead.merge"].search([("survivor_res_id", "in", [*self.ids, *leads.ids])]).unlink()
        leads.unlink()
        invariants.settle(env)

    def act(self, function):
        """Return what ``function`` returns for an environment whose transaction is then committed."""
        with self.registry.cursor() as cr:
            return function(self.environment(cr))

    def broken(self):
        """Return what does not hold once all that waits is done."""
        self.act(lambda env: env.cr.execute("UPDATE crm_lead_match_queue SET not_before = NULL"))
        self.act(invariants.settle)
        return self.act(lambda env: invariants.broken(env, self.known))

    def pair(self, env, one, two):
        return env["crm.lead.duplicate"].search([("lead_id", "=", one), ("other_lead_id", "=", two)])

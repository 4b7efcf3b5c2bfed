"""Who is told "you have been assigned": by what a click gave in the end, once."""

from odoo.tests import Form, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeAssigned(MergeCase):
    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.last_id = self.env["mail.message"].search([], order="id desc", limit=1).id

    def notices(self, user=None):
        """The notices of an assignment since the test began, of one user or of all."""
        found = self.env["mail.message"].search(
            [
                ("id", ">", self.last_id),
                ("model", "=", "crm.lead"),
                ("message_type", "=", "user_notification"),
            ],
            order="id",
        )
        return found.filtered(lambda one: not user or user.partner_id in one.notified_partner_ids)

    def leads(self, *users):
        """Leads of these users, the oldest first, as they were before the test."""
        leads = self.make_leads(len(users), user_id=False)
        for lead, user in zip(leads, users, strict=True):
            lead.with_context(mail_auto_subscribe_no_notify=True).user_id = user
        self.env.flush_all()
        return leads.with_user(self.manager)

    def test_who_owns_the_survivor_before_and_afterwards_is_not_told(self):
        leads = self.leads(self.salesman, self.colleague)
        survivor = leads.merge_opportunity(user_id=self.salesman.id)
        self.assertEqual(survivor.user_id, self.salesman)
        self.assertFalse(self.notices())

    def test_who_gets_the_survivor_is_told_once(self):
        leads = self.leads(False, self.salesman)
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor.user_id, self.salesman)
        [notice] = self.notices()
        self.assertEqual(
            (notice.res_id, notice.notified_partner_ids), (survivor.id, self.salesman.partner_id)
        )

    def test_who_is_chosen_is_told(self):
        leads = self.leads(self.salesman, self.salesman)
        survivor = leads.merge_opportunity(user_id=self.colleague.id)
        self.assertEqual(self.notices().notified_partner_ids, self.colleague.partner_id)
        self.assertEqual(self.notices().res_id, survivor.id)

    def test_who_merges_for_himself_is_not_told(self):
        leads = self.leads(False, self.manager)
        self.assertEqual(leads.merge_opportunity().user_id, self.manager)
        self.assertFalse(self.notices())

    def window(self, leads, user):
        window = Form(
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.manager)
            .with_context(active_model="crm.lead", active_id=leads[-1].id, active_ids=leads[-1].ids)
        )
        window.name = "merge"
        for lead in leads[:-1]:
            window.duplicated_lead_ids.add(lead.with_user(self.manager))
        window.user_id = user
        return window.save()

    def test_who_has_it_only_on_the_way_is_not_told(self):
        leads = self.leads(False, self.salesman)
        self.window(leads, self.colleague).action_apply()
        self.assertEqual(leads.exists().user_id, self.colleague)
        self.assertEqual(leads.exists().type, "opportunity")
        [notice] = self.notices()
        self.assertEqual(notice.notified_partner_ids, self.colleague.partner_id)

    def test_converting_and_merging_for_who_owns_it_tells_nobody(self):
        leads = self.leads(self.salesman, self.colleague)
        self.window(leads, self.salesman).action_apply()
        self.assertEqual(leads.exists().user_id, self.salesman)
        self.assertFalse(self.notices())

    def test_a_bulk_merge_tells_each_salesperson_once(self):
        groups = [
            self.leads(*users)
            for users in (
                (False, self.salesman),
                (False, self.salesman),
                (self.salesman, False),
                (False, self.colleague),
            )
        ]
        survivors = self.env["crm.lead"].with_user(self.manager)._merge_in_bulk(groups)
        self.assertEqual(len(self.notices()), 2)
        notice = self.notices(self.salesman)
        self.assertEqual(notice.subject, "You have been assigned to 2 leads")
        for position, survivor in enumerate(survivors):
            named = f'o_openfire_assigned_{survivor.id}"' in notice.body
            self.assertEqual(named, position < 2)
        self.assertEqual(self.notices(self.colleague).res_id, survivors[3].id)

    def test_erasing_a_lead_erases_the_notice_that_names_it_with_others(self):
        groups = [self.leads(False, self.salesman) for _number in range(2)]
        survivors = self.env["crm.lead"].with_user(self.manager)._merge_in_bulk(groups)
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", survivors[1].id)])
        merge.line_ids.unlink()
        self.assertIn("erased on request", self.notices(self.salesman).body)

    def test_an_undo_tells_nobody(self):
        leads = self.leads(self.salesman, self.colleague)
        leads.merge_opportunity(user_id=self.colleague.id)
        told = self.notices()
        self.env["crm.lead.merge"].search([], order="id desc", limit=1).with_user(self.manager).action_undo()
        self.assertEqual(leads.mapped("user_id"), self.salesman | self.colleague)
        self.assertEqual(self.notices(), told)

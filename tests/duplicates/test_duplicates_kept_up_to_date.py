"""Pairs appear and go as leads are created, written, archived, merged and deleted."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.models.duplicates.crm_lead_refresh import COMPARE_AT_ONCE

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestPairsFollowLeads(DuplicatesCase):
    def test_a_pair_appears_when_the_second_lead_is_created(self):
        one = self._lead()
        two = self._lead(contact_name="VANDENBROUCKE Theodule", email_from=False, phone="+33 6 39 98 12 34")
        pair = self._pair(one, two)
        self.assertEqual(pair.state, "suspected")
        self.assertGreater(pair.score, 90)
        self.assertTrue({"field", "level", "similarity", "weight"} <= set(pair.evidence[0]))
        self.assertEqual((pair.lead_id, pair.other_lead_id), (one, two))

    def test_strangers_make_no_pair(self):
        one, two = self._lead(), self._lead(self.stranger)
        self.assertFalse(self._pair(one, two))

    def test_a_pair_appears_and_goes_with_the_values(self):
        one, two = self._lead(), self._lead(self.stranger)
        two.write({"email_from": one.email_from, "contact_name": one.contact_name})
        self.assertTrue(self._pair(one, two))
        two.write({"email_from": self.stranger["email_from"], "contact_name": self.stranger["contact_name"]})
        self.assertFalse(self._pair(one, two))

    def test_values_that_come_with_the_customer_count(self):
        one = self._lead()
        customer = self.env["res.partner"].create({"name": "Solange Etchegoyen", "email": "sol@exemple.fr"})
        two = self.Lead.create({"name": "Demande", "type": "lead", "partner_id": customer.id})
        self.assertFalse(self._pair(one, two))
        customer.write({"email": one.email_from, "phone": one.phone})
        self.assertEqual(two.email_from, one.email_from)
        self.assertTrue(self._pair(one, two))

    def test_phones_are_read_by_the_country_of_the_oldest_company_also_once_it_has_moved(self):
        company = self.env["res.company"].search([], order="id", limit=1)
        phones = []
        for country in ("base.fr", "base.be"):
            company.partner_id.country_id = self.env.ref(country)
            lead = self.Lead.create({"name": "Insert", "phone": "02 512 34 56", "country_id": False})
            ((_record, profile),) = self.env["crm.lead.match"]._profiles(lead)
            phones.append(profile.phones)
        self.assertNotEqual(phones[0], phones[1])
        self.assertEqual(phones[1], "3225123456")

    def test_a_deleted_lead_leaves_nothing_behind(self):
        one, two = self._lead(), self._lead()
        self.assertTrue(self._pair(one, two))
        two.unlink()
        self.assertFalse(self.Pair.search([("lead_id", "=", one.id)]))
        self.assertEqual(one.duplicate_lead_count, 0)

    def test_a_merged_lead_takes_its_pairs_along(self):
        one, two, three = self._lead(), self._lead(), self._lead()
        self.assertTrue(self._pair(two, three))
        survivor = (one | two)._merge_opportunity()
        self.assertEqual(self._found(survivor), [three.id])
        self.assertEqual(len(self.Pair.search([("other_lead_id", "=", three.id)])), 1)

    def test_an_archived_lead_is_still_found(self):
        one, two = self._lead(), self._lead()
        two.active = False
        self.assertEqual(self._found(one), [two.id])

    def test_many_leads_are_compared_by_the_queue(self):
        one = self._lead()
        many = self.Lead.create([{**self.stranger, "email_from": f"e{i}@free.fr", "phone": False, "name": f"Lead {i}",
                                  "contact_name": f"Nom{i} Prenom{i}", "street": f"{i} rue {i}"}
                                 for i in range(COMPARE_AT_ONCE)] + [self.person])  # fmt: skip
        self.assertFalse(self._pair(one, many[-1]))
        self.assertEqual(
            self._found(many[-1]), [one.id], "asked about one lead, it does not wait for the queue"
        )
        self.assertEqual(many[-1].duplicate_lead_count, 1)
        self._work_off()
        self.assertTrue(self._pair(one, many[-1]))

    def test_a_bulk_write_goes_through_the_queue(self):
        one = self._lead()
        many = self.Lead.create([{**self.stranger, "name": f"Lead {i}"} for i in range(COMPARE_AT_ONCE + 1)])
        self._work_off()
        many.write({key: self.person[key] for key in ("email_from", "phone", "contact_name")})
        self.env.flush_all()
        self.assertFalse(self._pair(one, many[3]))
        self._work_off()
        self.assertTrue(self._pair(one, many[0]))

    def test_a_refresh_may_be_asked_for_at_once(self):
        one, two = self._lead(), self._lead()
        self.Pair.search([]).sudo().unlink()
        (one | two)._refresh_match(now=True)
        self.assertTrue(self._pair(one, two))

    def _work_off(self):
        queue = self.env["crm.lead.match.queue"]
        self.env["crm.lead"]._match_flush()
        while queue._work_off():
            pass

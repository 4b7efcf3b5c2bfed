"""How rare duplicates are is learnt by the scan, for leads, and nothing that stands there stops anything."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.openfire_leads import matching
from odoo.addons.openfire_leads.models.duplicates import crm_lead_duplicate_scan
from odoo.addons.openfire_leads.models.duplicates.crm_lead_duplicate_refresh import RATE

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestRateOfDuplicates(DuplicatesCase):
    def setUp(self):
        super().setUp()
        self.usual = matching.Model().prior
        self.param = self.env["ir.config_parameter"].sudo()

    def _scan(self, moved):
        prior = self.usual + moved
        with patch.object(
            crm_lead_duplicate_scan.matching, "estimated_prior", return_value=prior
        ) as estimated:
            self.Pair.sudo().scan()
        return estimated.call_args.args

    def test_a_scan_keeps_the_rate_and_scores_with_it(self):
        one, two = (
            self._lead(),
            self._lead(phone=False, street=False, zip=False, city=False, email_from=False),
        )
        self.Pair.sudo().scan()
        before = self._pair(one, two).score
        scores, _statistics, model, share = self._scan(-2.0)
        self.assertTrue(len(scores))
        self.assertEqual((model.prior, share), (self.usual, 1.0))
        self.assertEqual(self.param.get_param(RATE), "-2.0")
        self.assertLess(self._pair(one, two).score, before)
        third = self._lead(phone=False, street=False, zip=False, city=False, email_from=False)
        self.assertEqual(self._pair(one, third).score, self._pair(one, two).score)
        self._scan(0.0)
        self.assertFalse(self.param.get_param(RATE))
        self.assertAlmostEqual(self._pair(one, two).score, before, delta=1)

    def test_it_says_nothing_of_leads_and_customers(self):
        self.param.set_param(RATE, "-3.0")
        self.assertEqual(self.Pair._matching_model().prior, self.usual - 3)
        self.assertEqual(self.Pair._matching_model(of_leads=False).prior, self.usual)

    def test_what_is_no_number_is_not_used(self):
        for value in ("much", "nan", "inf"):
            self.param.set_param(RATE, value)
            with self.assertLogs("odoo.addons.openfire_leads", "WARNING"):
                self.assertEqual(self.Pair._matching_model().prior, self.usual)

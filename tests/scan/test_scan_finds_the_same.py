"""The scan in the background finds what the scan at one stroke finds, whatever comes between its parts."""

from itertools import pairwise
from unittest.mock import patch

import numpy as np

from odoo.tests import tagged

from odoo.addons.openfire_leads.models.duplicates import match_whole

from .scan_common import ScanCase

WHOLE = "odoo.addons.openfire_leads.models.duplicates.match_whole."
ONE_STROKE = "odoo.addons.openfire_leads.models.duplicates.crm_lead_duplicate_scan."


@tagged("post_install", "-at_install", "openfire_scan")
class TestScanFindsTheSame(ScanCase):
    def test_pairs_groups_and_what_is_left_out_are_those_of_the_scan_at_one_stroke(self):
        report, expected = self.scan_at_one_stroke()
        self.assertGreater(len(expected[0]), 20)
        self.assertGreater(report["not_compared"], 0)
        self.spoil()
        scan_id = self.start()
        self.work()
        self.assertEqual(self.found(), expected)
        names = ("state", "total", "done", "pairs", "not_compared", "queued", "groups")
        self.assertEqual(
            self.read(scan_id, *names),
            {
                "id": scan_id,
                "state": "done",
                "total": report["leads"],
                "done": report["leads"],
                "pairs": report["pairs"],
                "not_compared": report["not_compared"],
                "queued": 0,
                "groups": len(expected[1]),
            },
        )
        # one more: the stored pair that was none
        compared = self.read(scan_id, "compared")["compared"]
        self.assertIn(compared - report["compared"], (0, 1))

    def test_with_too_many_leads_to_hold_them_all_it_finds_the_same(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        with patch(WHOLE + "MOST", 5):
            self.start()
            self.work()
        self.assertEqual(self.found(), expected)

    def test_with_leads_whose_ids_lie_far_apart_it_finds_the_same(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        with patch(WHOLE + "_WIDEST", 5):
            self.start()
            self.work()
        self.assertEqual(self.found(), expected)

    def test_where_the_profiles_cannot_be_prepared_at_once_it_finds_the_same(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        unreadable = patch.object(
            self.registry["crm.lead.match"], "_read_profiles", side_effect=ValueError("unreadable")
        )
        with unreadable as read, self.assertLogs(WHOLE.rstrip("."), "ERROR"):
            self.start()
            self.work()
        self.assertTrue(read.called)
        self.assertEqual(self.found(), expected)

    def test_what_was_read_of_all_leads_is_let_go_when_it_is_over(self):
        self.start()
        self.work()
        self.assertFalse(match_whole._kept)

    def test_a_lead_that_has_changed_since_all_were_read_is_left_to_who_changed_it(self):
        one, other = self.ids[0], self.ids[8]
        read = self.registry["crm.lead.match"]._read_whole

        def read_then_change(match, *args):
            whole = read(match, *args)
            self.act(
                lambda env: (
                    env["crm.lead"]
                    .browse(other)
                    .write({"contact_name": "Rosalinde Achterberg", "email_from": "rosa@example.org"})
                )
            )
            return whole

        self.start()
        with patch.object(self.registry["crm.lead.match"], "_read_whole", read_then_change):
            self.work()
        pairs, _groups = self.found()
        self.assertNotIn((one, other), pairs)
        self.assertIn((one, self.ids[16]), pairs)

    def test_a_worker_reads_ahead_while_another_counts_and_finds_the_same(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        ahead, count = [], self.registry["crm.lead.match.term"]._recount

        def read_ahead_then_count(terms):
            self.work()
            ahead.extend(match_whole._kept.values())
            return count(terms)

        self.start()
        with patch.object(self.registry["crm.lead.match.term"], "_recount", read_ahead_then_count):
            self.work()
        self.assertEqual(len(ahead), 1, "what one scan is about to compare")
        self.assertIn("keys", ahead[0])
        self.assertEqual(self.found(), expected)

    def test_how_rare_duplicates_are_is_estimated_on_the_same_pairs(self):
        looked_at = []

        def keep(pairs, usual, scores, compared):
            looked_at.append((scores.tolist(), compared))

        with (
            patch(ONE_STROKE + "RATE_PAIRS", 20),
            patch.object(self.registry["crm.lead.duplicate"], "_keep_rate", keep),
        ):
            self.scan_at_one_stroke()
            self.start()
            self.work()
        at_once, in_parts = looked_at
        self.assertGreater(at_once[1], 60, "not every pair is looked at")
        self.assertLess(len(at_once[0]), at_once[1] / 2)
        self.assertTrue(np.allclose(at_once[0], in_parts[0]))
        self.assertEqual(at_once[1], in_parts[1])

    def test_a_dismissed_pair_stays_dismissed(self):
        def dismiss(env):
            pair = env["crm.lead.duplicate"].search(
                [("lead_id", "in", self.ids), ("other_lead_id", "in", self.ids)], limit=1
            )
            pair.action_dismiss()
            return pair.lead_id.id, pair.other_lead_id.id

        pair = self.act(dismiss)
        self.start()
        self.work()
        self.assertEqual(self.found()[0][pair][2], "dismissed")

    def test_what_waits_in_the_queue_is_compared_by_the_scan_once(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        self.act(lambda env: self.queue(env)._append(self.ids[:30]))
        self.start()
        steps = self.registry["crm.lead.scan"]._step_compare

        def compare(scans, scan, batch):
            # the queue leaves these leads to the scan
            self.assertFalse(self.act(lambda env: self.queue(env)._count_due()))
            return steps(scans, scan, batch)

        with patch.object(self.registry["crm.lead.scan"], "_step_compare", compare):
            self.work()
        self.assertEqual(self.found(), expected)
        with self.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM crm_lead_match_queue WHERE lead_id = ANY(%s)", [self.ids])
            self.assertEqual(cr.fetchone(), (0,))

    def test_a_lead_that_changes_while_it_is_compared_is_compared_as_it_is_then(self):
        one, other = self.ids[0], self.ids[8]
        self.assertIn((one, other), self.found()[0])
        changed = []
        write = self.registry["crm.lead.duplicate"]._write_scanned

        def change_first(pairs, *args):
            if not changed:
                changed.append(True)
                self.act(
                    lambda env: (
                        env["crm.lead"]
                        .browse(other)
                        .write({"contact_name": "Rosalinde Achterberg", "email_from": "rosa@example.org"})
                    )
                )
            return write(pairs, *args)

        scan_id = self.start()
        with patch.object(self.registry["crm.lead.duplicate"], "_write_scanned", change_first):
            self.work()
        self.assertTrue(changed)
        self.assertEqual(self.read(scan_id, "state", "queued"), {"id": scan_id, "state": "done", "queued": 0})
        self.assertNotIn((one, other), self.found()[0])

    def test_leads_made_and_deleted_meanwhile_do_not_disturb_it(self):
        deleted, made = self.ids[1], []
        pair = self.registry["crm.lead.scan"]._step_sample

        def disturb(scans, scan, batch):
            if not made:
                env = self.environment
                with self.registry.cursor() as cr:
                    env(cr)["crm.lead"].browse(deleted).unlink()
                    twin = {"contact_name": "Solange Etchegoyen", "email_from": "sol.etchegoyen@free.fr"}
                    made.append(env(cr)["crm.lead"].create({"name": "New", **twin}).id)
                self.ids.append(made[0])
            return pair(scans, scan, batch)

        self.start()
        with patch.object(self.registry["crm.lead.scan"], "_step_sample", disturb):
            self.work()
        in_background = self.found()
        # the counts of terms are those of before, so scores may differ a little
        pairs, groups = self.scan_at_one_stroke()[1]
        self.assertEqual((in_background[0].keys(), in_background[1]), (pairs.keys(), groups))
        self.assertTrue([pair for pair in in_background[0] if made[0] in pair])

    def test_it_goes_through_many_ranges_the_newest_leads_first(self):
        ranges, pairs = [], []
        compare = self.registry["crm.lead.scan"]._step_compare

        def count(scans, scan, batch):
            ranges.append((batch.first_id, batch.last_id))
            pairs.append(len(scans._pairs_of(scan, batch)))
            return compare(scans, scan, batch)

        self.start()
        with patch.object(self.registry["crm.lead.scan"], "_step_compare", count):
            self.work()
        self.assertGreater(len(ranges), 4)
        self.assertEqual(ranges, sorted(ranges, reverse=True))
        self.assertTrue(all(one[1] < other[0] for other, one in pairwise(ranges)), "they do not overlap")
        self.assertGreater(len(ranges), len(self.ids) / 20 + 1, "ranges of many pairs are cut")
        self.assertLess(max(pairs), 70)

"""An automation merges the survivor with another lead while it is being merged: both merges are undone."""

from unittest.mock import patch

from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeWithinMerge(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.make_leads(3)
        cls.first, cls.second, cls.third = cls.leads
        cls.first.write({"street": "1 rue Haute"})
        cls.second.write({"city": "Lyon", "phone": "+33 4 72 00 00 01", "description": "<p>Oak</p>"})
        cls.third.write(
            {
                "city": "Paris",
                "phone": "+33 1 72 00 00 02",
                "function": "Owner",
                "expected_revenue": 50,
                "description": "<p>Ash</p>",
                "priority": "2",
                "type": "opportunity",
            }
        )
        cls.third.tag_ids = cls.tags[1]
        cls.env.flush_all()

    def merge_within(self, method):
        """Merge the first two; the first time that ``method`` is called on them meanwhile, merge the third too."""
        first, third, busy = self.first, self.third, []
        original = getattr(type(first), method)

        def hooked(leads, *args, **kwargs):
            result = original(leads, *args, **kwargs)
            if first in leads and not busy:
                busy.append(True)
                (first + third).merge_opportunity()
            return result

        with patch.object(type(first), method, hooked):
            (self.first + self.second).merge_opportunity()
        return self.env["crm.lead.merge"].search([], limit=2, order="id desc")

    def assert_both_are_undone(self, method):
        before = self.dump()
        merges = self.merge_within(method)
        self.assertEqual(self.leads.exists(), self.first)
        self.assertEqual(self.first.function, "Owner")
        merges.action_undo()
        self.assertFalse([merge.conflicts for merge in merges if merge.conflicts])
        self.assert_same_dump(before, self.dump())

    def test_while_the_survivor_is_written(self):
        self.assert_both_are_undone("write")

    def test_while_the_note_is_written(self):
        self.assert_both_are_undone("_merge_log_summary")

    def test_while_the_links_move(self):
        self.assert_both_are_undone("_merge_dependences")

    def test_when_the_values_are_set_right(self):
        self.assert_both_are_undone("_merge_settle")

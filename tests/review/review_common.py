"""Groups of leads for the tests of the review."""

from odoo.addons.openfire_leads.tests.duplicates.common_duplicates import DuplicatesCase


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

    def undo(self, action, user):
        """Take back what ``action`` offers to take back, as ``user``."""
        undo = action["params"]["undo"]
        return getattr(self.env[undo["model"]].with_user(user).browse(undo["ids"]), undo["method"])()

"""Who has a group open for review: two reviewers do not get the same one."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import remote_calls

# how long a group stays a reviewer's who gives no sign of life, in minutes
CLAIM_MINUTES = 10


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @remote_calls.checked(one=True, leave_id=remote_calls.one_id)
    def review_claim(self, leave_id=False):
        """Claim this group for review, for 10 minutes from now; done again, it renews the claim.

        Of two who claim it at one instant, one gets it: the other's transaction is made anew by Odoo, and finds it so.

        :param leave_id: the group that the user had open before, which becomes free
        :return: ``{"digest", "state", "reviewer": the name of the one whose it is, ``False`` for the user's own}``;
            ``False`` where there is no such group any more
        :raises AccessError: the user may read none of its leads
        """
        self.browse(leave_id or ()).review_leave()
        group = self.exists()
        if not group:
            return False
        group.check_access("read")
        group._claim()
        return {"digest": group.values_digest, "state": group.state, "reviewer": group._reviewed_by_other()}

    @remote_calls.checked()
    def review_leave(self):
        """Give up the user's own claims on these groups."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead_duplicate_group SET reviewer_id = NULL, reviewed_on = NULL"
                " WHERE id = ANY(%s) AND reviewer_id = %s",
                self.ids,
                self.env.uid,
            )
        )
        self.invalidate_recordset(["reviewer_id", "reviewed_on"], flush=False)
        return True

    def _claim(self):
        # in SQL: whether it is free is looked up and answered by the same statement, and who wrote it last stays
        self.flush_recordset(["state", "reviewer_id", "reviewed_on"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_duplicate_group
                   SET reviewer_id = %(uid)s, reviewed_on = now() AT TIME ZONE 'UTC'
                 WHERE id = ANY(%(ids)s) AND state <> 'done'
                   AND (reviewer_id IS NULL OR reviewer_id = %(uid)s OR NOT %(live)s)
                """,
                uid=self.env.uid,
                ids=self.ids,
                live=self._claim_lives_sql(),
            )
        )
        self.invalidate_recordset(["reviewer_id", "reviewed_on"], flush=False)

    def _claim_lives_sql(self):
        return SQL(
            "COALESCE(reviewed_on > now() AT TIME ZONE 'UTC' - %s * interval '1 minute', false)",
            CLAIM_MINUTES,
        )

    def _reviewed_by_others(self):
        """Return ``{group id: name}`` of those of these groups that somebody else has open."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id, reviewer_id FROM crm_lead_duplicate_group
                    WHERE id = ANY(%s) AND state <> 'done' AND reviewer_id <> %s AND %s""",
                self.ids,
                self.env.uid,
                self._claim_lives_sql(),
            )
        )
        # sudo: a colleague's name
        users = self.env["res.users"].sudo().browse(user_id for _id, user_id in rows)
        return {group_id: user.name for (group_id, _user_id), user in zip(rows, users, strict=True)}

    def _reviewed_by_other(self):
        return self._reviewed_by_others().get(self.id, False)

    def _check_not_claimed(self):
        """
        :raises UserError: somebody else has the group open
        """
        name = self._reviewed_by_other()
        if name:
            raise UserError(
                self.env._("%(name)s is reviewing this group right now: go on with the next one.", name=name)
            )

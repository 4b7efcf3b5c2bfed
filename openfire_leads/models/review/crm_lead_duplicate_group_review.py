"""What a reviewer does with the group on the page: refused where it is not any more what the page shows."""

from odoo import models
from odoo.exceptions import UserError

from ...tools import remote_calls


class CrmLeadDuplicateGroup(models.Model):
    """Each verb gets the digest that the page was given with the group.

    Raised besides what the verb of the same name raises: UserError where the group changed since then, or where
    somebody else has it open.
    """

    _inherit = "crm.lead.duplicate.group"

    @remote_calls.checked(
        one=True,
        digest=remote_calls.text,
        lead_ids=remote_calls.ids,
        survivor_id=remote_calls.one_id,
        picks=remote_calls.lead_of_each,
    )
    def review_merge(self, digest, lead_ids, survivor_id=False, picks=None):
        """Merge leads of this group as chosen on the page.

        :param digest: of the group as shown
        :param lead_ids: the leads to merge
        :param survivor_id: the lead to keep, or ``False`` for the rule's
        :param picks: ``{field name: lead id}``, values picked by hand
        :return: the action that tells of it and offers to take it back
        :raises UserError: also as ``crm.lead.merge_opportunity``
        """
        group = self._as_shown(digest)
        leads = self.env["crm.lead"].browse(dict.fromkeys(lead_ids))
        if leads - group.lead_ids:
            raise group._changed()
        choices = {"survivor_id": survivor_id, "picks": picks}
        survivor = leads.with_context(openfire_merge=choices).merge_opportunity()
        return group._told_merged(survivor.with_env(self.env))

    @remote_calls.checked(one=True, digest=remote_calls.text, reason=remote_calls.text)
    def review_dismiss(self, digest, reason=False):
        """As :meth:`action_dismiss`, for one group as shown."""
        return self._as_shown(digest).action_dismiss(reason)

    @remote_calls.checked(one=True, digest=remote_calls.text, lead_ids=remote_calls.ids)
    def review_leave_out(self, digest, lead_ids):
        """As :meth:`action_leave_out`, for one group as shown."""
        return self._as_shown(digest).action_leave_out(lead_ids)

    @remote_calls.checked(one=True, digest=remote_calls.text)
    def review_skip(self, digest):
        """As :meth:`action_skip`, for one group as shown."""
        return self._as_shown(digest).action_skip()

    def _as_shown(self, digest):
        """Return this group, for one who may deal with it.

        :raises UserError: it is not as it was shown
        """
        self._bring_up_to_date()
        group = self._to_deal_with()
        group._check_not_claimed()
        if group.values_digest != digest:
            raise group._changed()
        return group

    def _changed(self):
        return UserError(
            self.env._("This group changed since you opened it. It is shown as it is now: look at it again.")
        )

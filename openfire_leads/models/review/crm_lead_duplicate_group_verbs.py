"""What people do with groups: merge, dismiss, leave a lead out, skip, take that back."""

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import remote_calls
from ...tools.client_actions import notify_undo
from ..merge.crm_lead_merge import ODOO_MAX_LENGTH


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @remote_calls.checked()
    def action_merge(self):
        """Merge the leads of each of these groups into one: a merge of its own for each, all or none.

        :return: the action that tells of it and offers to take it back
        :raises UserError: a group was dealt with meanwhile, or has too few or too many leads to merge
        :raises AccessError: the user may not change one of the leads
        """
        groups = self._to_deal_with()
        leads = [group._leads_to_merge() for group in groups]
        survivors = self.env["crm.lead"]._merge_in_bulk(leads)
        return groups._told_merged(survivors)

    def _leads_to_merge(self):
        """Return those of the group's leads that a merge joins, for the user: checked that these can be merged.

        :raises UserError: they are too few or too many
        """
        self.ensure_one()
        leads = self.lead_ids._merge_joined()
        if len(leads) < 2:
            raise UserError(
                self.env._(
                    "Of the group “%(name)s” there are not two leads that you may merge.", name=self.title
                )
            )
        leads._merge_check_number(ODOO_MAX_LENGTH)
        return leads

    def _told_merged(self, survivors):
        """Note that these groups were merged, each into one of ``survivors``; return the action that tells of it."""
        self._note_merged(survivors)
        if len(self) == 1:
            message = self.env._("Merged into “%(name)s”.", name=survivors.display_name)
        else:
            message = self.env._("Groups merged, each into one lead: %(count)d.", count=len(self))
        return notify_undo(message, self._name, "action_undo", self.ids)

    @remote_calls.checked(reason=remote_calls.text)
    def action_dismiss(self, reason=False):
        """Remember that the leads of these groups are not duplicates, until a compared value of theirs changes.

        :param reason: why, in the user's words
        :return: the action that tells of it and offers to take it back
        :raises UserError: a group was dealt with meanwhile, or the user may not read two of its leads
        :raises AccessError: the user may change neither lead of a pair
        """
        groups = self._to_deal_with()
        for group in groups:
            pairs = group.pair_ids
            if not pairs:
                raise UserError(
                    self.env._(
                        "Of the group “%(name)s” there are not two similar leads that you may read.",
                        name=group.title,
                    )
                )
            pairs.action_dismiss(reason)
            group._note_done("dismissed", dismissed_pair_ids=pairs.ids)
        if len(groups) == 1:
            message = self.env._("“%(name)s”: not duplicates.", name=groups.title)
        else:
            message = self.env._("Groups that are no duplicates: %(count)d.", count=len(groups))
        return notify_undo(message, self._name, "action_undo", groups.ids)

    @remote_calls.checked(one=True, lead_ids=remote_calls.ids)
    def action_leave_out(self, lead_ids):
        """Remember that these leads of the group are not duplicates of the others, which stay together.

        :param lead_ids: ids of some of its leads
        :return: the action that tells of it and offers to take it back
        :raises UserError: the group was dealt with meanwhile, or none of its pairs joins these leads to the others
        :raises AccessError: the user may change neither lead of a pair
        """
        group = self._to_deal_with()
        left = group.lead_ids & group.lead_ids.browse(lead_ids)  # of those that the user may read
        pairs = group.pair_ids.filtered(lambda pair: len((pair.lead_id | pair.other_lead_id) & left) == 1)
        if not pairs or left != group.lead_ids.browse(lead_ids):
            raise UserError(self.env._("These leads are not in the group any more: look at it again."))
        pairs.action_dismiss(self.env._("Left out of a group of similar leads"))
        self._bring_up_to_date(limit=None)
        names = ", ".join(left.mapped("display_name"))
        message = self.env._("Left out: %(names)s.", names=names)
        return notify_undo(message, pairs._name, "action_suspect", pairs.ids)

    @remote_calls.checked()
    def action_skip(self):
        """Put these groups aside until something of them changes.

        :return: the action that tells of it and offers to take it back
        :raises UserError: a group was dealt with meanwhile
        """
        groups = self._to_deal_with()
        for group in groups.sudo():  # sudo: access is checked; the fields themselves are nobody's to write
            group.write({"state": "skipped", "skipped_digest": group.values_digest, "reviewer_id": False})
        if len(groups) == 1:
            message = self.env._("“%(name)s” is skipped until something of it changes.", name=groups.title)
        else:
            message = self.env._(
                "Groups skipped until something of them changes: %(count)d.", count=len(groups)
            )
        return notify_undo(message, self._name, "action_undo", groups.ids)

    @remote_calls.checked()
    def action_undo(self):
        """Take back what was done with these groups: they are to review again.

        :raises UserError: nothing was done with one of the groups, or as ``crm.lead.merge.action_undo``
        :raises AccessError: as ``crm.lead.merge.action_undo`` and ``crm.lead.duplicate.action_suspect``
        """
        groups = self.exists()
        groups.check_access("read")
        done = groups.filtered(lambda group: group.state == "done")
        skipped = groups.filtered(lambda group: group.state == "skipped")
        # a merge that the journal has no more cannot be undone
        lost = done.filtered(lambda group: group.outcome == "merged" and not group.merge_id)
        if not groups or lost or done | skipped != groups:
            raise UserError(self.env._("Nothing was done with these groups that could be taken back."))
        merges = done.merge_id.filtered(lambda merge: merge.state == "done")
        if merges:
            merges._undo_and_tell()
        pair_ids = [pair_id for group in done.sudo() for pair_id in group.dismissed_pair_ids or ()]
        pairs = self.env["crm.lead.duplicate"].browse(pair_ids).exists()
        if pairs:
            pairs.action_suspect()
        # sudo: access is checked; the fields themselves are nobody's to write
        skipped.sudo().write({"state": "open", "skipped_digest": False})
        done._found_anew()
        return True

    def _found_anew(self):
        """Forget these groups, of which was taken back what was done: what is found of their leads is another group,
        made at once."""
        # sudo: access is checked by what was taken back
        self.sudo().unlink()
        self._bring_up_to_date(limit=None)

    def _to_deal_with(self):
        """Return these groups, for one who may deal with them.

        :raises UserError: one was dealt with, or fell apart, meanwhile
        """
        groups = self.exists()
        groups.check_access("read")
        if not self or groups != self or any(group.state == "done" for group in groups):
            raise UserError(
                self.env._(
                    "A group that you chose was dealt with meanwhile, or is none any more: look again."
                )
            )
        return groups

    def _note_merged(self, survivors):
        """Note that the user merged these groups, each into one of ``survivors``; return the ids of the merges."""
        merges = self.env["crm.lead.merge"].sudo().search(  # sudo: only their ids
            [("survivor_id", "in", survivors.ids), ("kind", "=", "merge")], order="id"
        )  # fmt: skip
        merge_of = {merge.survivor_id.id: merge.id for merge in merges}  # the last one of each
        merge_ids = [merge_of[survivor.id] for survivor in survivors]
        for group, merge_id in zip(self, merge_ids, strict=True):
            group._note_done("merged", merge_id=merge_id)
        return merge_ids

    def _note_done(self, outcome, **values):
        """Note what the user did with this group; ``values``: of further fields."""
        # sudo: access is checked by what was done; the fields themselves are nobody's to write
        self.sudo().write({
            "state": "done",
            "outcome": outcome,
            "done_by_id": self.env.uid,
            "done_on": fields.Datetime.now(),
            "reviewer_id": False,
            **values,
        })  # fmt: skip

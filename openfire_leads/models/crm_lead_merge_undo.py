"""Taking a merge back."""

from odoo import models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL, format_datetime

from .crm_lead_merge_restore import MergeRestorer

# of the last write to the survivor, whoever made it
STAMPS = {"write_uid", "write_date"}


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def action_undo(self, restore=None):
        """Undo these merges, the last one first: the merged leads exist again with their ids, their
        records are theirs again, the survivor has its former values.

        What was changed after the merge is kept, and listed in ``conflicts``, a list of
        ``{"type": "value", "field", "label", "before", "current"}`` for the survivor's values,
        ``{"type": "gone", "lead_id", "field", "before"}`` for links to records deleted meanwhile,
        ``{"type": "changed" or "missing", "table", "model", "count"}`` for rows moved on, deleted,
        or of a module that was uninstalled.

        :param restore: names of fields to give back their former value although they were changed
        :returns: an action that shows the survivor (or the merges, if there are several)
        :raises UserError: undone already, another merge must be undone first, survivor deleted
        :raises AccessError: the user is neither the one who merged nor a manager, or may not write
        """
        for merge in self.sorted("id", reverse=True):
            merge._undo_check()
            merge._undo(set(restore or ()))
        survivor = self.survivor_id
        if len(survivor) == 1:
            return survivor.redirect_lead_opportunity_view()
        return self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_action")

    def undo_conflicts(self):
        """Return the survivor's fields which were changed after the merge, without undoing anything.

        :returns: a list of ``{"type": "value", "field", "label", "before", "current"}``
        """
        self.ensure_one()
        self.check_access("read")
        if not self.survivor_id:
            return []
        self.survivor_id.check_access("read")
        self.env.flush_all()
        changes, _untouched = MergeRestorer(self).survivor_changes()
        conflicts = self._undo_value_conflicts(changes)
        hidden = self._undo_hidden_fields(conflicts, "read")
        return [conflict for conflict in conflicts if conflict["field"] not in hidden]

    # --- checks ----------------------------------------------------------------------------

    def _undo_check(self):
        """Refuse with a sentence that says why, and what to do."""
        self.ensure_one()
        self.check_access("read")
        if not self._may_undo():
            raise AccessError(
                self.env._(
                    "Only %(user)s, who made this merge, and managers can undo it.", user=self.user_id.name
                )
            )
        # sudo: users read the journal, the system writes it
        if not self.sudo().try_lock_for_update():
            raise LockError(self.env._("Somebody else is undoing this merge right now."))
        if self.state != "done":
            raise UserError(
                self.env._(
                    "This merge was already undone by %(user)s on %(date)s.",
                    user=self.undo_user_id.name,
                    date=format_datetime(self.env, self.undo_date),
                )
            )
        # sudo: what was erased does not depend on who looks
        if len(self.sudo().line_ids) != self.lead_count:
            raise UserError(
                self.env._(
                    "The data of this merge was erased from the journal: it cannot be undone any more."
                )
            )
        later = self._undo_later_merges()
        if later:
            raise UserError(
                self.env._(
                    "Undo first what was done with the same leads afterwards: %(merges)s.",
                    merges=", ".join(merge._undo_description() for merge in later),
                )
            )
        self._undo_check_survivor()

    def _undo_check_survivor(self):
        survivor = self.survivor_id
        if survivor:
            survivor.check_access("write")
            if not survivor.try_lock_for_update():
                raise LockError(
                    self.env._("Somebody else is changing “%(name)s” right now.", name=survivor.sudo().name)
                )
        elif self.kind != "merge" or not (
            self.env.su or self.env.user.has_group("sales_team.group_sale_manager")
        ):
            raise UserError(
                self.env._(
                    "“%(name)s” was deleted after the merge. A manager can bring the merged leads back with "
                    "their values; what was deleted together with it stays deleted.",
                    name=self.survivor_name,
                )
            )

    def _undo_later_merges(self):
        """Return the done merges made after this one with its survivor, the last one first."""
        # sudo: merges the user may not see stand in the way all the same
        return self.sudo().search(
            [
                ("state", "=", "done"),
                ("id", ">", self.id),
                ("line_ids.lead_res_id", "=", self.survivor_res_id),
            ],
            order="id desc",
        )

    def _undo_description(self):
        # sudo or not, the names of leads are for those who may read them
        if not self.sudo(False).has_access("read"):
            return self.env._("a merge of %(date)s", date=format_datetime(self.env, self.date))
        return self.env._(
            "“%(merge)s” of %(date)s by %(user)s",
            merge=self.display_name,
            date=format_datetime(self.env, self.date),
            user=self.user_id.name,
        )

    # --- the undo itself -------------------------------------------------------------------

    def _undo(self, restore):
        self.env.flush_all()
        survivor = self.survivor_id
        restorer = MergeRestorer(self, survivor_gone=not survivor)
        restored_ids = restorer.restore_leads() if self.kind == "merge" else []
        restorer.restore_links()
        settled = not survivor or self._undo_survivor(restorer, restore)
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead_merge SET survivor_id = survivor_res_id
                    WHERE survivor_id IS NULL AND survivor_res_id = ANY(%s)""",
                restored_ids,
            )
        )
        self.env.invalidate_all(flush=False)
        leads = survivor + survivor.browse(restored_ids)
        self._undo_recompute(restorer, leads)
        if not settled:
            self._undo_recompute_survivor(survivor)
        # sudo: users read the journal, the system writes it
        self.sudo().write(
            {
                "state": "undone",
                "undo_user_id": self.env.uid,
                "undo_date": self.env.cr.now(),
                "conflicts": restorer.conflicts,
            }
        )
        # what became of former leads is looked up in SQL
        self.env["crm.lead.merge"].flush_model()
        self._undo_done(survivor, survivor.browse(restored_ids))

    def _undo_survivor(self, restorer, restore):
        """Give the survivor its former values; return whether its row is exactly as it was."""
        changes, untouched = restorer.survivor_changes()
        derived = self._undo_derived_fields()
        conflicts = self._undo_value_conflicts(changes)
        restore -= self._undo_hidden_fields(conflicts, "write")
        kept = {conflict["field"] for conflict in conflicts} - restore
        restorer.conflicts += [
            self._undo_without_secrets(conflict) for conflict in conflicts if conflict["field"] in kept
        ]
        columns = [
            column
            for column, (_before, after, current) in changes.items()
            if column not in kept
            and (column not in STAMPS or untouched)
            and (column not in derived or after == current)
        ]
        restorer.restore_survivor(columns)
        return untouched

    def _undo_derived_fields(self):
        """Names of the lead's fields that are only computed: recomputed rather than argued about."""
        return {
            name
            for name, field in self.env["crm.lead"]._fields.items()
            if field.store and field.compute and field.readonly
        }

    def _undo_hidden_fields(self, conflicts, operation):
        """Return the names of the fields in ``conflicts`` that groups keep from the user."""
        Lead = self.env["crm.lead"]
        names = {conflict["field"] for conflict in conflicts} & Lead._fields.keys()
        return {name for name in names if not Lead._has_field_access(Lead._fields[name], operation)}

    def _undo_without_secrets(self, conflict):
        """Return a conflict as everybody who reads the journal may see it."""
        field = self.env["crm.lead"]._fields.get(conflict["field"])
        if field and field.groups:
            return {**conflict, "before": None, "current": None}
        return conflict

    def _undo_value_conflicts(self, changes):
        """Return the values that the merge changed and somebody changed again afterwards."""
        skipped = self._undo_derived_fields() | STAMPS
        lead_fields = self.env["crm.lead"]._fields
        return [
            {
                "type": "value",
                "field": column,
                "label": lead_fields[column]._description_string(self.env)
                if column in lead_fields
                else column,
                "before": before,
                "current": current,
            }
            for column, (before, after, current) in changes.items()
            if column not in skipped and current not in (after, before)
        ]

    def _undo_recompute(self, restorer, leads):
        """Recompute stored fields of other models which depend on what was put back."""
        Lead = self.env["crm.lead"]
        for link in restorer.links:
            model = self.env.get(link["model"]) if link["model"] else None
            field = model._fields.get(link["column"]) if model is not None else None
            if field is None or not Lead._merge_has_stored_dependents(field):
                continue
            rows = self.env.execute_query(
                SQL(
                    """SELECT CASE jsonb_typeof(e) WHEN 'array' THEN (e->>0)::int ELSE (e->>'id')::int END
                         FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) e WHERE k.id = %s""",
                    link["id"],
                )
            )
            # sudo: recomputes whatever depends on the rows, hidden from the user or not
            model.sudo().browse(row[0] for row in rows).exists().modified([link["column"]])
        names = Lead._merge_fields_with_foreign_dependents()
        if names:
            leads = leads.sudo()
            leads.modified(names)
        # the leads' own columns are exact already
        for field in Lead._fields.values():
            if field.store and field.compute:
                self.env.remove_to_compute(field, leads)

    def _undo_recompute_survivor(self, survivor):
        """What was kept changes what depends on it."""
        for name in self._undo_derived_fields():
            self.env.add_to_compute(survivor._fields[name], survivor.sudo())

    def _undo_done(self, survivor, restored):
        """Hook: refresh what is derived from the leads, tell people."""
        (survivor + restored)._refresh_match()
        if survivor:
            body = self.env["ir.qweb"]._render(
                "openfire_leads.crm_lead_merge_undo_note",
                {
                    "kind": self.kind,
                    "date": format_datetime(self.env, self.date),
                    # sudo: names of the leads, for those who read the survivor's chatter
                    "restored": [{"id": lead.id, "name": lead.name} for lead in restored.sudo()],
                    "conflicts": [self._undo_conflict_text(conflict) for conflict in self.conflicts or ()],
                },
                minimal_qcontext=True,
            )
            survivor._message_log(body=body)

    def _undo_conflict_text(self, conflict):
        """Return one of ``conflicts`` as a sentence."""
        if conflict["type"] == "value":
            return self.env._("%(field)s keeps its new value", field=conflict["label"])
        if conflict["type"] == "gone":
            lead_field = self.env["crm.lead"]._fields.get(conflict["field"])
            label = lead_field._description_string(self.env) if lead_field else conflict["field"]
            return self.env._("%(field)s stays empty: it was deleted meanwhile", field=label)
        label = self.env["crm.lead"]._merge_records_label(conflict["model"], conflict["table"])
        if conflict["type"] == "missing":
            return self.env._(
                "%(count)s × %(label)s: their module was uninstalled", count=conflict["count"], label=label
            )
        return self.env._(
            "%(count)s × %(label)s: moved on or deleted since", count=conflict["count"], label=label
        )

"""What was changed since a merge: kept by its undo, and told."""

from odoo import models

from .crm_lead_merge_restore import MergeRestorer

# of the last write to the survivor, whoever made it
STAMPS = {"write_uid", "write_date"}


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

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
        skipped = self._undo_derived_fields() | STAMPS | self._undo_blended(changes).keys()
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

    def _undo_blended(self, changes, restore=()):
        """Return new values for columns of several values (translations, companies, properties), of which
        the merge changed some and somebody others since: ``{column: value}``."""
        blended = {
            column: MergeRestorer.blend(*values)
            for column, values in changes.items()
            if column not in restore and values[2] not in values[:2]
        }
        return {column: value for column, value in blended.items() if value is not None}

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

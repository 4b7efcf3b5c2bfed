"""What was changed since a merge: kept by its undo, and told."""

from odoo import models

from ...merging import conflicting
from ...tools import remote_calls


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    @remote_calls.checked(one=True)
    def undo_conflicts(self):
        """Return the survivor's fields which were changed after the merge, without undoing anything.

        :returns: a list of ``{"type": "value", "field", "label", "before", "current"}``
        """
        self.check_access("read")
        if not self.survivor_id:
            return []
        self.survivor_id.check_access("read")
        self.env.flush_all()
        changes, _untouched = self._undo_restorer().survivor_changes()
        columns = conflicting(changes, self._undo_derived_fields())
        hidden = self._undo_hidden_fields(columns, "read")
        return [
            self._undo_value_conflict(column, changes[column]) for column in columns if column not in hidden
        ]

    def _undo_derived_fields(self):
        """Names of the lead's fields that are only computed: recomputed rather than argued about."""
        return {
            name
            for name, field in self.env["crm.lead"]._fields.items()
            if field.store and field.compute and field.readonly
        }

    def _undo_hidden_fields(self, columns, operation):
        """Return the names of those of these fields that groups keep from the user."""
        Lead = self.env["crm.lead"]
        names = set(columns) & Lead._fields.keys()
        return {name for name in names if not Lead._has_field_access(Lead._fields[name], operation)}

    def _undo_without_secrets(self, conflict):
        """Return a conflict as everybody who reads the journal may see it."""
        field = self.env["crm.lead"]._fields.get(conflict["field"])
        if field and field.groups:
            return {**conflict, "before": None, "current": None}
        return conflict

    def _undo_value_conflict(self, column, change):
        """Return the conflict of a value that the merge changed and somebody changed again afterwards."""
        Lead = self.env["crm.lead"]
        return {
            "type": "value",
            "field": column,
            "label": Lead._merge_field_label(column) if column in Lead._fields else column,
            "before": change.before,
            "current": change.current,
        }

    def _undo_conflict_text(self, conflict):
        """Return one of ``conflicts`` as a sentence."""
        if conflict["type"] == "value":
            return self.env._("%(field)s keeps its new value", field=conflict["label"])
        if conflict["type"] == "gone":
            lead_field = self.env["crm.lead"]._fields.get(conflict["field"])
            label = lead_field._description_string(self.env) if lead_field else conflict["field"]
            return self.env._("%(field)s stays empty: it was deleted meanwhile", field=label)
        if conflict["type"] == "replaced":
            return self._undo_replaced_text(conflict)
        if conflict["type"] == "built":
            return self.env._(
                "It stays an opportunity, because of: %(what)s", what=", ".join(conflict["what"])
            )
        if conflict["type"] == "customer":
            # sudo: the name of a customer that this entry created
            name = self.env["res.partner"].sudo().browse(conflict["partner_id"]).exists().name or ""
            return self.env._(
                "The customer “%(name)s” stays, because of: %(what)s",
                name=name,
                what=", ".join(conflict["what"]),
            )
        return self._undo_rows_text(conflict)

    def _undo_replaced_text(self, conflict):
        field = self.env["crm.lead"]._fields[conflict["field"]]
        return self.env._(
            "%(field)s is “%(value)s” instead: the former one was deleted meanwhile",
            field=field._description_string(self.env),
            value=self._undo_value_text(field.name, conflict["after"]),
        )

    def _undo_rows_text(self, conflict):
        label = self.env["crm.lead"]._merge_records_label(conflict["model"], conflict["table"])
        if conflict["type"] == "unfit":
            field = self.env[conflict["model"]]._fields.get(conflict["field"]) if conflict["model"] else None
            return self.env._(
                "%(field)s (%(count)s × %(label)s): the former value does not fit the field any more",
                field=field._description_string(self.env) if field else conflict["field"],
                count=conflict["count"],
                label=label,
            )
        if conflict["type"] == "missing":
            return self.env._(
                "%(count)s × %(label)s: their module was uninstalled", count=conflict["count"], label=label
            )
        return self.env._(
            "%(count)s × %(label)s: moved on or deleted since", count=conflict["count"], label=label
        )

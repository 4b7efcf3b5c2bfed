"""The entries of the Action menu on leads and opportunities, named and ordered as documented.

The entries are Odoo's own actions; only what the menu says of them is changed, at the moment when it is asked
for. Nothing of it is in the database, so nothing is left of it after the addon is uninstalled, and a name that
an administrator gave to an action stays.
"""

from odoo import api, models


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        bindings = super().get_bindings(model_name)
        if model_name == "crm.lead" and bindings.get("action"):
            bindings["action"] = self._document_lead_bindings(bindings["action"])
        return bindings

    @api.model
    def _lead_binding_labels(self):
        """Return ``{external id of an action: (Odoo's own name, the documented name)}``, in documented order."""
        return {
            "crm.crm_lead_lost_action": ("Mark Lost", self.env._("Mark as lost")),
            "crm.action_crm_send_mass_convert": (
                "Convert to opportunities",
                self.env._("Convert to opportunities"),
            ),
            "crm.action_merge_opportunities": ("Merge", self.env._("Merge leads/opportunities")),
            "crm.action_lead_mass_mail": ("Send email", self.env._("Mass mailing to leads/opportunities")),
            "crm_sms.crm_lead_act_window_sms_composer_single": ("Send SMS", self.env._("Send an SMS")),
        }

    @api.model
    def _document_lead_bindings(self, actions):
        """Return the actions bound to leads, renamed, the documented ones first, all of them in kanban too."""
        source_names = {
            action["id"]: action["name"]
            for action in self.with_context(lang="en_US")._get_bindings("crm.lead").get("action", ())
        }
        first, rest = [], {action["id"]: action for action in actions}
        for external_id, (stock_name, name) in self._lead_binding_labels().items():
            record = self.env.ref(external_id, raise_if_not_found=False)
            action = rest.pop(record.id, None) if record else None
            if not action:
                continue
            if source_names.get(record.id) == stock_name:
                action["name"] = name
            view_types = action["binding_view_types"].split(",")
            if "list" in view_types and "kanban" not in view_types:
                action["binding_view_types"] += ",kanban"
            first.append(action)
        return first + list(rest.values())

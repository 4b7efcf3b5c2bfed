"""Leads that this very transaction creates: what need not be asked of the database about them."""

from odoo import api, models

# their ids, ...
CREATED = "openfire_leads.created"
# ... and of those that are being created just now, which have no message yet
WITHOUT_MESSAGE = "openfire_leads.without_message"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._noted(WITHOUT_MESSAGE).difference_update(leads._ids)
        return leads

    def _create(self, data_list):
        leads = super()._create(data_list)
        # from the first moment: Odoo adds messages and followers before it is done with creating
        for note in (CREATED, WITHOUT_MESSAGE):
            leads._noted(note).update(leads._ids)
        return leads

    def _noted(self, note):
        """Return the set of ids that is forgotten when the transaction ends."""
        return self.env.cr.precommit.data.setdefault(note, set())

    def _not_created_now(self):
        """Return these leads without those of this transaction, which nobody else knows nor has merged with others."""
        created = self._noted(CREATED)
        return self.browse(lead_id for lead_id in self._ids if lead_id not in created)

    # ------------------------------------------------------------
    # THE FIRST MESSAGE
    # ------------------------------------------------------------

    def _message_compute_parent_id(self, parent_id):
        """The first message of a lead follows none: that one is not looked for."""
        if not parent_id and self.ids and self._noted(WITHOUT_MESSAGE).issuperset(self.ids):
            return False
        return super()._message_compute_parent_id(parent_id)

    def _message_create(self, values_list):
        ids = {values.get("res_id") for values in values_list if values.get("model") == self._name}
        self._noted(WITHOUT_MESSAGE).difference_update(ids)
        return super()._message_create(values_list)

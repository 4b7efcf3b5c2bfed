"""Which lead survives a merge."""

from odoo import models

SURVIVOR_RULES = ("oldest", "confidence")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_survivor_rule(self):
        """Return ``oldest`` or ``confidence`` (system parameter ``openfire_leads.survivor_rule``).

        Anything else than a known rule counts as the default, ``oldest``: a typing error
        in a parameter must not stop the salespeople.
        """
        # sudo: salespeople cannot read system parameters
        rule = self.env["ir.config_parameter"].sudo().get_param("openfire_leads.survivor_rule")
        return rule if rule in SURVIVOR_RULES else SURVIVOR_RULES[0]

    def _merge_sort(self):
        """Return the leads of one merge by the rule, the survivor first, the others in order of precedence.

        Rule ``oldest``: by creation date, then by id; rule ``confidence``: as :meth:`_sort_by_confidence_level`
        says. Override to bring another policy in; values are filled in this order too.
        """
        if self._merge_survivor_rule() == "confidence":
            return self._sort_by_confidence_level(reverse=True)
        return self.sorted(lambda lead: (lead.create_date, lead.id))

    def _merge_order(self, survivor_id=None):
        """Return the leads in the order of :meth:`_merge_sort`, behind the survivor that was chosen, if any."""
        ordered = self._merge_sort()
        chosen = ordered.filtered(lambda lead: lead.id == survivor_id)
        return (chosen + (ordered - chosen)).with_prefetch(self._prefetch_ids)

    def _sort_by_confidence_level(self, reverse=False):
        """Let :meth:`_merge_opportunity` take the order that the merge has already settled.

        Everywhere else (website visitors, …) Odoo's order stays as it is.
        """
        run = self._merge_run()
        if run and set(run.order) == set(self._ids):
            return self.browse(run.order).with_prefetch(self._prefetch_ids)
        return super()._sort_by_confidence_level(reverse=reverse)

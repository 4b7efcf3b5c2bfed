"""Contacts keep their match keys up to date."""

from odoo import api, models
from odoo.exceptions import MissingError

from .partner_match_key import PENDING, STORE_AT_ONCE


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _match_compared_fields(self):
        """Return the names of the stored fields whose values are compared."""
        return {
            "name", "is_company", "parent_id", "company_name", "email", "phone",
            "street", "street2", "zip", "city", "state_id", "country_id",
        }  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._refresh_match()
        return partners

    def _write_multi(self, vals_list):
        super()._write_multi(vals_list)
        compared = self._match_compared_fields()
        changed = [one.id for one, vals in zip(self, vals_list, strict=True) if not compared.isdisjoint(vals)]
        self.browse(changed)._refresh_match()
        moved = {one.id for one, vals in zip(self, vals_list, strict=True) if "country_id" in vals}
        companies = self.env["crm.lead.match"]._company_countries().values() if moved else ()
        if any(partner_id in moved for partner_id, _country in companies):
            self.env.registry.clear_cache()

    def _refresh_match(self):
        """Bring the match keys of these partners up to date before the transaction is committed."""
        if not self:
            return
        data = self.env.cr.precommit.data
        if PENDING not in data:
            data[PENDING] = set()
            self.env.cr.precommit.add(self.env["res.partner"].sudo()._match_flush)
        data[PENDING].update(self._ids)

    @api.model
    def _match_flush_firms(self):
        """Deal with the partners that this transaction has marked, if companies or their contacts are among them."""
        pending = self.sudo().browse(self.env.cr.precommit.data.get(PENDING, ()))
        try:
            firms = any(partner.is_company or partner.parent_id for partner in pending)
        except MissingError:
            # deleted in the same transaction, which is rare enough not to look first
            firms = True
        if firms:
            self._match_flush()

    @api.model
    def _match_flush(self):
        """Deal with the partners that this transaction has marked."""
        self.env["res.partner"].flush_model(self._match_compared_fields())
        data = self.env.cr.precommit.data
        if PENDING not in data:
            return
        partners = self.sudo().with_context(active_test=False).browse(sorted(data.pop(PENDING)))
        keys = self.env["crm.partner.match.key"]
        if len(partners) > STORE_AT_ONCE:
            keys._forget(partners.ids)
            return
        try:
            keys._store(partners)
        except MissingError:
            # Deleted in this transaction, or gone with a savepoint, and the cache knows nothing of it: rare
            # enough not to look first.
            self.env.flush_all()
            self.env.invalidate_all()
            keys._store(partners.exists())

"""The mail alias of a team: refuse what cannot be an address, in words that say what to do.

Odoo repairs an alias in silence (``"日本"`` becomes ``"??"``, ``"sales@elsewhere.com"`` becomes ``"sales"``)
and tells of a clash in terms of record ids.
The default values of the alias say the same as the team, whoever writes them.
"""

from ast import literal_eval

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import remove_accents


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("alias_name"):
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                self._check_alias_name(vals, company.alias_domain_id, self.env["mail.alias"])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("alias_name"):
            for team in self:
                team._check_alias_name(vals, team.alias_domain_id, team.sudo().alias_id)
        return super().write(vals)

    @api.model
    def _check_alias_name(self, vals, domain, own_alias):
        """Raise a ValidationError when the alias in ``vals`` cannot be a mail address, or is another one's.

        :param dict vals: values about to be written, with ``alias_name`` and perhaps ``alias_domain_id``
        :param domain: ``mail.alias.domain`` unless ``vals`` give another one
        :param own_alias: ``mail.alias`` that may hold the name already
        """
        if "alias_domain_id" in vals:
            domain = domain.browse(vals["alias_domain_id"])
        name, at, host = vals["alias_name"].strip().partition("@")
        if at and host.strip().lower() != (domain.name or "").lower():
            raise ValidationError(
                self.env._(
                    "“%(address)s” cannot be the mail alias: its domain must be “%(domain)s”. "
                    "Type only what comes before the @, or choose another domain.",
                    address=vals["alias_name"],
                    domain=domain.name or "",
                )
            )
        clean = self.env["mail.alias"]._sanitize_alias_name(name)
        if not clean or not remove_accents(name).isascii() or not any(char.isalnum() for char in clean):
            raise ValidationError(
                self.env._(
                    "“%(name)s” cannot be a mail alias: use letters without accents, digits, dots, hyphens "
                    "and underscores only.",
                    name=vals["alias_name"],
                )
            )
        # sudo: an alias of a record that the user may not see is taken all the same
        same_name = [("alias_name", "=", clean), ("alias_domain_id", "=", domain.id)]
        others = self.env["mail.alias"].sudo().search(same_name) - own_alias
        if others:
            raise ValidationError(
                self.env._(
                    "The address %(address)s is already used by %(owner)s. "
                    "Choose another one, or change that one first.",
                    address=others[0].display_name,
                    owner=self._describe_alias_owner(others[0]),
                )
            )

    def _sync_alias_defaults(self):
        """Make the type and the team in the default values of the alias agree with the team; keep the others."""
        for team in self:
            defaults = literal_eval(team.alias_defaults or "{}")
            wanted = {**defaults, **team._alias_get_creation_values()["alias_defaults"]}
            if defaults != wanted:
                team.alias_id.write({"alias_defaults": wanted})

    @api.model
    def _describe_alias_owner(self, alias):
        """Return who uses an alias, in words: “Sales Team: Paris”."""
        model = alias.alias_parent_model_id.model or alias.alias_model_id.model
        res_id = alias.alias_parent_thread_id or alias.alias_force_thread_id
        name = self.env["ir.model"]._get(model).name if model else ""
        owner = self.env[model].sudo().browse(res_id).exists() if model in self.env and res_id else None
        return f"{name}: {owner.display_name}" if owner else name


class MailAlias(models.Model):
    _inherit = "mail.alias"

    def write(self, vals):
        result = super().write(vals)
        if "alias_defaults" in vals and not self.env.context.get("openfire_keep_alias_defaults"):
            # sudo: whoever may write the alias may not see its team
            teams = self.env["crm.team"].sudo().with_context(active_test=False)
            teams.search([("alias_id", "in", self.ids)])._sync_alias_defaults()
        return result

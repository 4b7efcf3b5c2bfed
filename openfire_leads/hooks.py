"""Uninstalling: take back what Odoo does not take back by itself."""

from ast import literal_eval

from odoo.tools import SQL

MODULE = "openfire_leads"


def uninstall_hook(env):
    """Leave the database as if the addon had never been there; runs before Odoo deletes the addon's records."""
    _restore_alias_types(env)
    _forget_foreign_keys(env)
    _forget_parameters(env)
    _forget_triggers(env)


def _restore_alias_types(env):
    """Give each team's alias the type that stock Odoo gives it: a lead needs the general switch too."""
    general = env["crm.team"]._leads_in_general()
    for team in env["crm.team"].with_context(active_test=False).search([]):
        defaults = literal_eval(team.alias_defaults or "{}")
        stock_type = "lead" if general and team.use_leads else "opportunity"
        if defaults.get("type") != stock_type:
            alias = team.alias_id.with_context(openfire_keep_alias_defaults=True)
            alias.write({"alias_defaults": {**defaults, "type": stock_type}})


def _forget_foreign_keys(env):
    """Delete what Odoo noted about foreign keys that the addon added to Odoo's models.

    Odoo notes them without an external id, and so forgets to delete the notes with the columns.
    """
    constraints = env["ir.model.constraint"].search([("module.name", "=", MODULE), ("type", "=", "f")])
    known = env["ir.model.data"].search(
        [("model", "=", "ir.model.constraint"), ("res_id", "in", constraints.ids)]
    )
    constraints.filtered(lambda constraint: constraint.id not in known.mapped("res_id")).unlink()


def _forget_parameters(env):
    """Delete the parameters that the settings wrote."""
    env["ir.config_parameter"].search([("key", "=like", f"{MODULE}.%")]).unlink()


def _forget_triggers(env):
    """Drop the functions that note which leads are to be grouped anew, with their triggers."""
    for name in ("", "_updated", "_profile"):
        env.cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(f"openfire_leads_regroup{name}"))
        )

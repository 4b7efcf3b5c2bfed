"""Which value of which lead the survivor ends with, field by field.

Odoo lists the fields it combines; whatever it does not list (fields made in the database, other
modules' fields) follows the same rule here, found by walking the registry.
"""

from odoo import api, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import is_html_empty

# set by the ORM or by the outcome (see crm_lead_merge_outcome), never filled from another lead
NOT_FILLED = {*models.MAGIC_COLUMNS, "active", "probability", "date_closed", "parent_path"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_data(self, fnames=None):
        """Return the values for the survivor (``self[0]``), from leads in order of precedence.

        1. what Odoo and the other modules say for the fields they list;
        2. the same rule for every field nobody lists: the survivor's value, else the first one set;
        3. rule ``oldest`` only: the address as a block, the outcome of the furthest lead;
        4. what the user picked by hand.

        Outside a merge of ours (no ``openfire_merge_run`` in the context) it is Odoo's own.
        """
        run = self._merge_run()
        if run and run.ready is not None:
            return run.ready
        if not run:
            return super()._merge_data(fnames)
        # sudo: nothing may be lost because a field is kept from the user who merges, and may write the leads
        data = super(CrmLead, self.sudo())._merge_data(fnames)
        self._merge_fill_unlisted(data)
        self._merge_respect_company(data)
        if run.rule == "oldest":
            self._merge_keep_together(data)
            data.update(self._merge_data_address())
            data.update(self._merge_data_outcome(data))
        self._merge_apply_choices(data)
        unique = self._merge_unique_fields() & data.keys()
        if not run.unlinks:
            # the leads that have such a value keep it
            data = {fname: value for fname, value in data.items() if fname not in unique}
        run.data = data
        if run.rule == "oldest" and not run.preview:
            data = self._merge_keep_changes(data)
        if not run.preview:
            data = dict(data)  # run.data stays as it is
            run.late = {fname: data.pop(fname) for fname in unique & data.keys()}
            run.restricted = {fname: data.pop(fname) for fname in self._merge_restricted_fields(data)}
        return data

    @api.model
    def _merge_unique_fields(self):
        """Return the names of fields nobody lists whose values the database allows on one lead only."""
        return self._merge_unique_columns(self._merge_fingerprint()) - set(self._merge_get_fields())

    def _merge_restricted_fields(self, fnames):
        """Return which of these fields the user may not write: groups keep them from him."""
        if self.env.su:
            return []
        return [fname for fname in fnames if not self._has_field_access(self._fields[fname], "write")]

    @api.model
    @tools.ormcache()
    def _merge_fillable_fields(self):
        """Return the names of the fields which a merge may fill by writing, in registry order.

        Left out: what is derived (computed and read-only), what moves as rows (relations to many,
        attachments), and what is combined column by column (translations, values per company,
        properties: see crm_lead_merge_columns).
        """
        return tuple(
            name
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and name not in NOT_FILLED
            and not field.related
            and not (field.compute and field.readonly and not field.inverse)
            and not field.translate
            and not field.company_dependent
            and field.type not in ("one2many", "many2many", "properties", "properties_definition")
        )

    def _merge_is_blank(self, fname):
        """Whether the lead says nothing in that field."""
        value = self[fname]
        if self._fields[fname].type == "html":
            return is_html_empty(value)
        return not value

    def _merge_write_value(self, fname):
        """Return the lead's value of a field as ``write`` takes it."""
        return self._fields[fname].convert_to_write(self[fname], self)

    def _merge_companion(self, fname):
        """Return the field which a field's value means nothing without: currency, model of a reference, plan."""
        field = self._fields[fname]
        name = None
        if fname == "recurring_revenue":
            name = "recurring_plan"
        elif field.type == "monetary":
            name = field.get_currency_field(self)
        elif field.type == "many2one_reference":
            name = field.model_field
        return name if name in self._merge_fillable_fields() else None

    def _merge_fill_unlisted(self, data):
        """Add to ``data`` the fields that nobody lists: the first value set, in order of precedence."""
        # sudo: nothing may be lost because a field is hidden from the user who merges
        leads = self.sudo()
        companions = {}
        for fname in self._merge_fillable_fields():
            if fname in data:
                continue
            origin = next((lead for lead in leads if lead._merge_says(fname, leads)), leads[:1])
            inside = origin._merge_points_to(fname, leads)
            data[fname] = False if inside else origin._merge_write_value(fname)
            companion = self._merge_companion(fname)
            if companion and origin != leads[:1]:
                companions[companion] = origin._merge_write_value(companion)
        data.update(companions)

    def _merge_says(self, fname, leads):
        """Whether the lead has a value in that field which means something outside of ``leads``."""
        return not self._merge_is_blank(fname) and not self._merge_points_to(fname, leads)

    def _merge_keep_together(self, data):
        """Take a recurring revenue with its plan: so much per month is not so much per year."""
        origin = next((lead for lead in self if lead.recurring_revenue), None)
        if origin and "recurring_plan" in data:
            data["recurring_plan"] = origin.recurring_plan.id

    def _merge_points_to(self, fname, leads):
        """Whether the lead's value is one of ``leads``: between leads that become one, no link remains."""
        field, value = self._fields[fname], self[fname]
        if field.type in ("many2one", "reference"):
            return bool(value) and value._name == self._name and value.id in leads._ids
        if field.type == "many2one_reference":
            return bool(value) and self[field.model_field] == self._name and value in leads._ids
        return False

    def _merge_respect_company(self, data):
        """Leave out what may not be used in the survivor's company (only the superuser gets that far)."""
        if len(self.company_id) < 2:
            return
        company = self[0].company_id or self.company_id[:1]
        allowed = self.filtered(lambda lead: not lead.company_id or lead.company_id == company)
        for fname, field in self._fields.items():
            if fname in data and field.type == "many2one" and field.check_company:
                origin = next((lead for lead in allowed if lead[fname]), allowed[:1])
                data[fname] = origin[fname].id
        data["company_id"] = company.id

    def _merge_apply_choices(self, data):
        """Apply what the user picked: a lead's value per field, or a value of his own."""
        picks = self.env.context.get("openfire_merge_picks") or {}
        values = self.env.context.get("openfire_merge_values") or {}
        # picks are read as the user: only what is written could pass by the groups of a field
        if self._merge_restricted_fields(fname for fname in values if fname in self._fields):
            raise AccessError(self.env._("You may not write all of the fields that were chosen."))
        for fname in {*picks, *values}:
            if fname.partition(".")[0] not in self._merge_choosable_fields():
                raise UserError(self.env._("The field “%(field)s” cannot be chosen in a merge.", field=fname))
        for fname, lead_id in picks.items():
            if lead_id not in self._ids:
                raise UserError(
                    self.env._(
                        "The value of “%(field)s” must come from one of the leads merged.", field=fname
                    )
                )
            if "." not in fname:  # a property: see crm_lead_merge_columns
                origin = self.browse(lead_id)
                inside = origin._merge_points_to(fname, self)
                data[fname] = False if inside else origin._merge_write_value(fname)
                companion = self._merge_companion(fname)
                if companion and companion not in picks:
                    data[companion] = origin._merge_write_value(companion)
        data.update(values)

    @api.model
    def _merge_choosable_fields(self):
        """Return the names of the fields whose value a user may pick."""
        listed = (
            name
            for name in self._merge_get_fields()
            if name in self._fields and self._fields[name].type not in ("one2many", "many2many")
        )
        # hand-picked notes replace the joined ones; the creation date is the survivor's
        return {*self._merge_fillable_fields(), *listed, "probability", "lead_properties"} - {"create_date"}

    def _merge_keep_changes(self, data):
        """Return ``data`` without what the survivor has already: writing it again would only cost time.

        Kept all the same: editable computed fields (name, phone, …) next to a change they depend
        on, which would otherwise be computed anew from the customer; the stage next to the team,
        because Odoo checks the one against the other.
        """
        run = self.env.context["openfire_merge_run"]
        changed = {fname for fname, value in data.items() if self._merge_is_change(fname, value)}
        kept = set(changed)
        for fname in data.keys() - changed:
            field = self._fields[fname]
            if field.compute and any(
                dep.partition(".")[0] in changed for dep in self.pool.field_depends[field]
            ):
                kept.add(fname)
        if run.team_id or "team_id" in kept:
            kept.add("stage_id")
        return {fname: value for fname, value in data.items() if fname in kept}

    def _merge_is_change(self, fname, value):
        """Whether writing ``value`` would change the survivor, rows that move anyway left aside."""
        field = self._fields[fname]
        # sudo: compares only, see _merge_fill_unlisted
        survivor = self[0].sudo()
        if field.type in ("one2many", "many2many"):
            everything = set(self.sudo()[fname]._ids)
            if isinstance(value, models.BaseModel):
                return set(value._ids) != everything
            return any(
                command[0] != Command.LINK
                and not (command[0] == Command.SET and set(command[2]) == everything)
                for command in value or ()
            )
        if isinstance(value, models.BaseModel):
            value = value.id
        return (value or False) != (survivor._merge_write_value(fname) or False)

    def _inverse_email_from(self):
        """Merging leads is no reason to change their customer's e-mail."""
        if not self._merge_run():
            super()._inverse_email_from()

    def _inverse_phone(self):
        """Merging leads is no reason to change their customer's phone."""
        if not self._merge_run():
            super()._inverse_phone()

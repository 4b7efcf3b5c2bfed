"""A lead as plain values, for the rules of merging."""

from odoo import api, models, tools
from odoo.tools import is_html_empty

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC

from ...merging.values import Sheet, Standing

# decided by the outcome or by the ORM, or true of one lead only: never filled from another lead
NOT_FILLED = {
    *models.MAGIC_COLUMNS,
    *("active", "probability", "date_closed", "parent_path"),
    *("entry_channel", "import_id"),
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_sheets(self, read=None):
        """Return one ``Sheet`` for each of these leads, in their order.

        :param read: what :meth:`_merge_read` returns, for these leads among others, if they were read before
        """
        read = self._merge_read() if read is None else read
        linking = self._merge_linking_fields()
        html = {name for name in self._merge_sheet_fields() if self._fields[name].type == "html"}
        sheets = []
        for lead in self:
            found = read[lead.id]
            said = frozenset(
                name
                for name, value in found.items()
                if value
                and not (name in linking and lead._merge_points_to(name, self))
                and not (name in html and is_html_empty(value))
            )
            sheets.append(Sheet(lead.id, found, said, lead._merge_standing()))
        return sheets

    def _merge_read(self, names=None):
        """Return ``{lead id: {field name: value as write() takes it}}``, of what decides a merge or of other fields.

        Field by field: what the ORM asks for each value of each record anew is the same for all records.
        """
        read = {lead.id: {} for lead in self}
        places = [(lead.id, lead, read[lead.id]) for lead in self]
        for name in self._merge_sheet_fields() if names is None else names:
            field = self._fields[name]
            if field.compute and field.store:
                field.recompute(self)
            cache, is_record = field._get_cache(self.env), field.type == "many2one"
            for lead_id, lead, values in places:
                try:
                    value = cache[lead_id]
                    value = value or False if is_record else field.convert_to_record(value, lead)
                except KeyError:  # not in the cache
                    value = lead[name]
                values[name] = field.convert_to_write(value, lead)
        return read

    def _merge_standing(self):
        stage = self.stage_id
        return Standing(
            type=self.type,
            won_status=self.won_status,
            active=self.active,
            stage_id=stage.id,
            stage_sequence=stage.sequence,
            probability=self.probability,
            automated=self.is_automated_probability,
            date_closed=self.date_closed,
        )

    @api.model
    @tools.ormcache()
    def _merge_sheet_fields(self):
        """Return the names of the fields whose values decide a merge."""
        listed = [
            name
            for name in self._merge_get_fields()
            if name in self._fields and self._fields[name].type not in ("one2many", "many2many")
        ]
        more = [*PARTNER_ADDRESS_FIELDS_TO_SYNC, "lost_reason_id", "probability", "active"]
        return tuple(dict.fromkeys([*self._merge_fillable_fields(), *listed, *more]))

    @api.model
    @tools.ormcache()
    def _merge_fillable_fields(self):
        """Return the names of the fields which a merge may fill by writing, in registry order.

        Left out: what is derived (computed and read-only), what moves as rows (relations to many,
        attachments), and what is combined column by column (translations, values per company, properties).
        Fields that are kept together in one column (sparse ones) are filled one by one, not their column.
        """
        sparse = {self._merge_container(field) for field in self._fields.values()} - {None}
        return tuple(
            name
            for name, field in self._fields.items()
            if (field.store or self._merge_container(field))
            and field.column_type
            and name not in NOT_FILLED
            and name not in sparse
            and not field.related
            and not (field.compute and field.readonly and not field.inverse)
            and not field.translate
            and not field.company_dependent
            and field.type not in ("one2many", "many2many", "properties", "properties_definition")
        )

    @api.model
    @tools.ormcache()
    def _merge_linking_fields(self):
        """Return the names of the fields that may refer to a lead."""
        return frozenset(
            name
            for name in self._merge_sheet_fields()
            if self._fields[name].type in ("reference", "many2one_reference")
            or self._fields[name].comodel_name == self._name
        )

    @api.model
    def _merge_links_leads(self, fname):
        """Whether a field's values are leads, so that those between the leads of a merge do not remain."""
        return self._fields[fname].comodel_name == self._name

    @api.model
    def _merge_container(self, field):
        """Return the name of the field in which a sparse field is kept, None of another field.

        Odoo's module ``base_sparse_field`` adds the attribute.
        """
        return getattr(field, "sparse", None)

    def _merge_is_blank(self, fname):
        """Whether the lead says nothing in that field."""
        value = self[fname]
        if self._fields[fname].type == "html":
            return is_html_empty(value)
        return not value

    def _merge_points_to(self, fname, leads):
        """Whether the lead's value is one of ``leads``: between leads that become one, no link remains."""
        field, value = self._fields[fname], self[fname]
        if field.type in ("many2one", "reference"):
            return bool(value) and value._name == self._name and value.id in leads._ids
        if field.type == "many2one_reference":
            return bool(value) and self[field.model_field] == self._name and value in leads._ids
        return False

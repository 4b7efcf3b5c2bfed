"""What people group, filter and export by: not what only the program reads."""

from odoo import api, models

# Odoo's own, of records that the system writes
LOG_FIELDS = {"create_uid", "write_uid", "write_date"}


class PlainFields(models.AbstractModel):
    """Mixin: keeps ``_technical_fields`` out of the web client's menus; code and other programs read them as ever."""

    _name = "openfire.plain.fields"
    _description = "Fields Without the Technical Ones in Menus"

    _technical_fields = frozenset()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        result = super().fields_get(allfields, attributes)
        for name in result.keys() & (LOG_FIELDS | self._technical_fields):
            for attribute in result[name].keys() & {"groupable", "searchable", "sortable", "exportable"}:
                result[name][attribute] = False
        return result

"""What the tables of the matching have in common."""

from odoo import api, models
from odoo.tools import SQL


class CrmLeadMatchTable(models.AbstractModel):
    """A table of derived data, written and read by SQL only, whose columns are no fields."""

    _name = "crm.lead.match.table"
    _description = "Table of the Matching"
    _auto = False
    _log_access = False

    def _check_removed_columns(self, log=False):
        # columns without a field are not left-overs here
        return

    @api.model
    def _stored_values_sql(self, model):
        """Return the expression for the compared values of ``model``'s rows, as a JSON array."""
        columns = [SQL.identifier(name) for name in _compared_columns(model)]
        return SQL("jsonb_build_array(%s)", SQL(", ").join(columns))

    @api.model
    def _differing(self, records, stored):
        """Return those of ``records`` whose compared values in the cache are not those in the database.

        :param stored: ``{id: values}``, as by :meth:`_stored_values_sql`
        """
        names = _compared_columns(records)

        def differs(record):
            cached = [record[name].id if record._fields[name].relational else record[name] for name in names]
            return [value or None for value in cached] != [value or None for value in stored[record.id]]

        return records.browse(stored).filtered(differs)


def _compared_columns(model):
    """Return the names of the compared fields of ``model`` whose columns hold what the cache holds."""
    return sorted(
        name
        for name in model._match_compared_fields()
        if (field := model._fields.get(name))
        and field.store
        and not field.translate
        and field.type in ("char", "text", "many2one", "selection", "boolean", "integer")
    )

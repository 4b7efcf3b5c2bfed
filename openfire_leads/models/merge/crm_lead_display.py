"""Values of leads as plain text, for the preview and the summary of a merge."""

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime, formatLang, html2plaintext


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_display(self, fname):
        """Return a field's value as plain text in the user's language."""
        # sudo: names of linked records, as the web client shows them
        field, value = self._fields[fname], self.sudo()[fname]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "monetary" or (field.type in ("float", "integer") and value):
            currency = self.sudo()[field.get_currency_field(self)] if field.type == "monetary" else None
            digits = 0 if field.type == "integer" else 2
            return formatLang(self.env, value, digits=digits, currency_obj=currency or None) if value else ""
        if not value:
            return ""
        if field.relational or field.type == "reference":
            return ", ".join(name or "" for name in value.mapped("display_name"))
        displays = {
            "selection": lambda: field.convert_to_export(value, self),
            "date": lambda: format_date(self.env, value),
            "datetime": lambda: format_datetime(self.env, value),
            "html": lambda: html2plaintext(value),
            "binary": lambda: self.env._("File"),
        }
        return str(displays.get(field.type, lambda: value)())

    @api.model
    def _merge_display_raw(self, fname, raw):
        """Return a value as its column or the journal keeps it, in JSON, as text for people."""
        field = self._fields[fname]
        if field.type == "datetime" and raw:
            raw = fields.Datetime.to_datetime(raw[:19].replace("T", " "))
        if field.type == "many2one":
            raw = self.env[field.comodel_name].browse(raw or ()).exists()
        return self.new({fname: raw})._merge_display(fname)

    def _merge_properties(self):
        """Return the lead's properties: definitions with their values, as the user reads them, no separators.

        Amounts have the currency that they are in as their ``unit``.
        """
        definitions = self.read(["lead_properties"])[0]["lead_properties"] or []
        found = [one for one in definitions if one.get("name") and one.get("type") != "separator"]
        for one in found:
            if one["type"] == "monetary" and one.get("currency_field") in self._fields:
                # sudo: the currency of the lead's company
                one["unit"] = self.sudo()[one["currency_field"]]
        return found

    @api.model
    def _merge_raw_property(self, definition):
        """Return a property's value as the column holds it: ids without names."""
        value = definition.get("value")
        if definition["type"] == "many2one" and value:
            return value[0]
        if definition["type"] == "many2many" and value:
            return [record[0] for record in value]
        return value

    def _merge_display_property(self, definition):
        value, kind = definition.get("value"), definition["type"]
        if kind == "boolean":
            return self.env._("Yes") if value else ""
        if not value:
            return ""
        if kind == "monetary":
            return self._merge_amount_text(value, definition.get("unit"))
        if kind == "many2one":
            return str(value[1])
        if kind == "many2many":
            return ", ".join(str(record[1]) for record in value)
        if kind in ("selection", "tags"):
            labels = {option[0]: option[1] for option in definition.get(kind) or []}
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(labels.get(option, str(option)) for option in chosen)
        return html2plaintext(value) if kind == "html" else str(value)

"""Columns that hold several values, combined key by key: translations, values per company, properties."""

import json

from odoo import api, models, tools
from odoo.tools import SQL

from .crm_lead_merge_journal import MergeJournal

BLANKS = (None, False, "", [], 0)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_json_columns(self):
        """Return ``(translated fields, fields with a value per company, properties)``, by name."""
        stored = [(name, field) for name, field in self._fields.items() if field.store and field.column_type]
        return (
            tuple(name for name, field in stored if field.translate),
            tuple(name for name, field in stored if field.company_dependent),
            tuple(name for name, field in stored if field.type == "properties"),
        )

    def _merge_combine_columns(self, runs):
        """Fill what the survivors leave blank in columns of several values, from the journal's rows.

        - translations: all of the first lead that has any, for translations of two texts do not mix;
        - values per company: company by company;
        - properties: name by name, those that the survivor's team knows.
        """
        for survivor, run in zip(self, runs, strict=True):
            if run.json_columns:
                survivor._merge_combine_lead(run.json_columns, set(run.order))

    def _merge_combine_lead(self, rows, inside):
        """Combine one survivor's columns with ``rows``: ``[(lead id, {column: value})]`` in order.

        Links between the leads of the merge, whose ids are ``inside``, do not remain.
        """
        translated, by_company, properties = self._merge_json_columns()
        columns = [*translated, *by_company, *properties]
        self.flush_recordset(columns)
        current = dict(zip(columns, self._merge_read_columns(columns), strict=True))
        changes = {}
        for name in columns:
            texts = [(lead_id, values[name]) for lead_id, values in rows if values.get(name)]
            if name in translated:
                value = current[name] or next((text for _lead, text in texts), None)
            elif name in by_company:
                links = self._fields[name].comodel_name == self._name
                values = [current[name] or {}, *(text for _lead, text in texts)]
                value = self._merge_by_key(
                    {key: text for key, text in own.items() if not links or text not in inside}
                    for own in values
                )
            else:
                value = self._merge_known_properties(name, current[name] or {}, texts, inside)
            if (value or current[name]) and value != current[name]:
                changes[name] = value
        if changes:
            self._merge_write_columns(changes)

    def _merge_read_columns(self, columns):
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s FROM crm_lead WHERE id = %s",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                self.id,
            )
        )
        return row

    def _merge_write_columns(self, changes):
        """Write whole columns: every language and every company at once, which the ORM cannot."""
        sets = [SQL("%s = %s::jsonb", SQL.identifier(n), json.dumps(v)) for n, v in changes.items()]
        self.env.cr.execute(SQL("UPDATE crm_lead SET %s WHERE id = %s", SQL(", ").join(sets), self.id))
        self.invalidate_recordset(list(changes))
        # sudo: recomputes whatever depends on them
        self.sudo().modified(list(changes))

    @staticmethod
    def _merge_by_key(values):
        """Return one dict: each key's first value that is not blank, else the first."""
        combined = {}
        for value in values:
            for key, text in value.items():
                if combined.get(key) in BLANKS and (key not in combined or text not in BLANKS):
                    combined[key] = text
        return combined

    def _merge_known_properties(self, name, current, texts, inside):
        """Return the properties column: only names in the survivor's definition, picks first."""
        field = self._fields[name]
        # sudo: the definition belongs to the team, which the user may not read
        container = self.sudo()[field.definition_record]
        definition = container[field.definition_record_field] if container else []
        known = {line["name"] for line in definition or []}
        links = {line["name"] for line in definition or [] if line.get("comodel") == self._name}
        by_lead = {lead_id: self._merge_without(values, links, inside) for lead_id, values in texts}
        current = self._merge_without(current, links, inside)
        picks = self.env.context.get("openfire_merge_picks") or {}
        picked = {
            fname.partition(".")[2]: by_lead.get(lead_id, {}).get(fname.partition(".")[2])
            for fname, lead_id in picks.items()
            if fname.startswith(f"{name}.")
        }
        others = [{key: text for key, text in values.items() if key in known} for values in by_lead.values()]
        return {**self._merge_by_key([current, *others]), **{k: v for k, v in picked.items() if k in known}}

    @staticmethod
    def _merge_without(properties, links, inside):
        """Return properties whose ``links`` lead to none of the leads ``inside``."""
        return {
            name: ([item for item in value if item not in inside] if isinstance(value, list) else False)
            if name in links and (isinstance(value, list) or value in inside)
            else value
            for name, value in properties.items()
        }

    # --- what Odoo does by itself while the survivor is written -----------------------------

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        """Keep the counts of predictive scoring right, and journal how they change.

        A sale that one of the merged leads has counted already is not counted again.
        """
        run = self._merge_run()
        if not run or not run.merge_id or not self:
            return super()._pls_increment_frequencies(from_state=from_state, to_state=to_state)
        if to_state in run.counted_states:
            return None
        columns = SQL("SELECT id, won_count, lost_count FROM crm_lead_scoring_frequency")
        # sudo: salespeople do not read the frequencies
        Frequency = self.env["crm.lead.scoring.frequency"].sudo()
        Frequency.flush_model()
        before = {row[0]: row[1:] for row in self.env.execute_query(columns)}
        result = super()._pls_increment_frequencies(from_state=from_state, to_state=to_state)
        Frequency.flush_model()
        rows = []
        for frequency_id, *counts in self.env.execute_query(columns):
            won, lost = before.get(frequency_id, (0, 0))
            delta = {"won_count": float(counts[0] - won), "lost_count": float(counts[1] - lost)}
            if any(delta.values()):
                rows.append([frequency_id, delta, frequency_id not in before])
        if rows:
            MergeJournal(self.env, [run]).add(run, "delta", Frequency._table, rows)
        return result

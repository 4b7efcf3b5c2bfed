"""Links for which a merge is refused: told in words, before it is made and where it fails."""

from dataclasses import replace

from odoo import api, models

from ...merging import BarredLink, Batch, can_refuse, find_refusals, touched
from .crm_lead_merge_result import NAMED


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _merge_refusal_texts(self, run):
        """Return for which links this merge would be refused, as sentences."""
        links = [link for link in self._merge_links() if can_refuse(link)]
        if not links:
            return []
        self.env.flush_all()
        # any number of a merge: rows that clash are told from the survivor's by it
        batch = Batch.of([replace(run, merge_id=0)])
        # sudo: whether such rows exist, whoever may read them
        found = touched(self.sudo().env, batch, links)
        return [self._merge_refusal_text(refusal) for refusal in find_refusals(self.env, batch, found)]

    @api.model
    def _merge_refusal_text(self, refusal):
        """Return the sentence for one :class:`~..merging.Refusal`: what it is about, and what to do."""
        link = refusal.link
        if isinstance(link, BarredLink):
            return self._merge_barred_text(link)
        return self.env._(
            "These leads cannot be merged as things are. %(label)s: the lead that would remain has the same as "
            "%(records)s already, and these cannot be set aside, for others refer to them. %(holder)s: delete "
            "%(holders)s, or have them refer to something else, then merge.",
            label=self._merge_records_label(link.model, link.table),
            records=self._merge_named(link.model, refusal.row_ids),
            holder=self._merge_records_label(refusal.holder, refusal.key.table),
            holders=self._merge_named(refusal.holder, refusal.holder_ids),
        )

    @api.model
    def _merge_barred_text(self, link):
        """Return the sentence for rows that nobody can move; they would be lost with their lead."""
        columns = ", ".join(link.key.columns)
        if not link.key.readable:
            return self.env._(
                "The table %(table)s refers to leads (%(column)s), but Odoo may not read or change it, so they cannot "
                "be merged: what it has of these leads could be lost. An administrator of the database can give Odoo "
                "the right to.",
                table=link.table,
                column=columns,
            )
        return self.env._(
            "The table %(table)s refers to one of these leads otherwise than by its number (%(column)s), so they "
            "cannot be merged: those rows cannot follow to the lead that would remain. Have them changed or removed "
            "first.",
            table=link.table,
            column=columns,
        )

    @api.model
    def _merge_named(self, model_name, ids):
        """Return what to call records: those that the user may read by their names, the others by their numbers."""
        records = self.env[model_name].browse(ids) if model_name in self.env else self.browse()
        readable = records._filtered_access("read")
        names = [self.env._("“%(name)s”", name=record.display_name) for record in readable]
        numbers = [self.env._("no. %(number)s", number=one) for one in ids if one not in readable._ids]
        return self._merge_enumerated(names + numbers, NAMED)

    def _merge_rule_words(self):
        """Return a function that puts a :class:`~..merging.LinkError` into a sentence.

        Translated beforehand: after the database has refused, it answers no more questions.
        """
        by_rule = self.env._(
            "“%(label)s” (%(table)s, %(column)s) cannot be moved to the lead that would remain, so nothing was merged: "
            "the rule “%(rule)s” of the table %(ruled)s does not allow it. Change the records that are in the way, or "
            "have an administrator change the rule, then merge again."
        )
        otherwise = self.env._(
            "“%(label)s” (%(table)s, %(column)s) cannot be moved to the lead that would remain, so nothing was merged: "
            "the database does not allow it. An administrator finds the reason in the server's log."
        )

        def sentence(error):
            return (by_rule if error.rule else otherwise) % {
                "label": self.env[error.model]._description if error.model in self.env else error.table,
                "table": error.table,
                "column": error.column,
                "rule": error.rule,
                "ruled": error.ruled_table,
            }

        return sentence

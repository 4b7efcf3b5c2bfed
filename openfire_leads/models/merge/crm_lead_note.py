"""The note a merge leaves in the survivor's chatter: every losing value and where it came from."""

from odoo import api, models, tools
from odoo.tools import format_date, is_html_empty

from .crm_lead_preview import FIRST_FIELDS, HIDDEN_FIELDS


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_log_summary(self, merged_followers, opportunities_tail):
        """Log what each merged lead said that the survivor does not say, and the way to the journal.

        Takes the place of Odoo's summary, which repeats whatever the leads have in common and leaves
        out the fields it does not know. Logged, not posted: it notifies nobody, as Odoo's note.
        """
        run = self._merge_run()
        if not run:
            return super()._merge_log_summary(merged_followers, opportunities_tail)
        self._merge_keep_column_files(run)
        body = self.env["ir.qweb"]._render(
            "openfire_leads.crm_lead_merge_note",
            {
                "merge_id": run.merge_id,
                "merged": [lead._merge_note_lead(run) for lead in opportunities_tail],
                "replaced": self._merge_note_lines(run),
            },
            minimal_qcontext=True,
        )
        if run.in_bulk:
            run.body = body
            return None
        return self._message_log(body=body)

    def _merge_note_lead(self, run):
        return {
            "name": self.name,
            "type": self._merge_display("type"),
            "date": format_date(self.env, self.create_date),
            "values": self._merge_note_lines(run),
        }

    def _merge_note_lines(self, run):
        """Return :meth:`_merge_note_values` as lines of text, punctuated as the user's language has it."""
        return [
            self.env._("%(label)s: %(value)s", label=label, value=value)
            for label, value in self._merge_note_values(run)
        ]

    def _merge_note_values(self, run):
        """Return ``[(label, text)]`` of what this lead says and the survivor will not.

        Fields kept from some users by groups are left out, as everybody reads the chatter; the
        journal has them all.
        """
        plan, decided = run.plan, run.plan.decisions
        said = self._merge_values_before(plan, self._merge_note_fields())
        said = {
            fname: own
            for fname, own in said.items()
            if own and not (self._fields[fname].type == "html" and is_html_empty(own))
        }
        survivor = self.browse(run.survivor_id)
        stays = survivor._merge_values_before(plan, [fname for fname in said if fname not in decided])
        values = []
        for fname, own in said.items():
            kept = decided[fname].value if fname in decided else stays[fname]
            if not self._merge_note_says(plan, fname, own, kept):
                values.append((self._merge_field_label(fname), self._merge_note_text(plan, fname)))
        values += self._merge_note_apart(plan)
        if plan.files:
            values += self._merge_note_files(plan)
        if "lead_properties" in plan.columns:
            values += self._merge_note_properties(plan)
        return values

    def _merge_note_says(self, plan, fname, own, kept):
        """Whether the result says what this lead says in a field."""
        if self._fields[fname].type == "monetary":
            return self._merge_same_amount(plan, fname, own, kept, self._merge_currency(self.sudo(), fname))
        return own == kept or self._merge_is_part(fname, own, kept)

    def _merge_note_text(self, plan, fname):
        kind = self._fields[fname].type
        if kind == "binary":
            return self._merge_kept_file()
        text = self._merge_display(fname)
        return self._merge_note_amount(plan, fname, text) if kind == "monetary" else text

    def _merge_note_apart(self, plan):
        """Return ``[(label, text)]`` of the texts in all languages and the values of all companies that gave way.

        Companies that the user does not work in are left out; the journal has them.
        """
        values, gave_way = [], plan.gave_way.get(self.id)
        if not gave_way:
            return values
        own_key = {False: self.env.lang or "en_US", True: str(self.env.company.id)}
        for fname, lost in gave_way.items():
            field = self._fields[fname]
            if field.groups:
                continue
            label = self._merge_field_label(fname)
            names = self._merge_key_names(field.company_dependent)
            first = own_key[field.company_dependent]
            texts = set()
            for key in sorted(lost.keys() & names.keys(), key=lambda key: (key != first, key)):
                text = self._merge_display_raw(fname, lost[key])
                if text not in texts or field.company_dependent:
                    plain = key == first or (not texts and not field.company_dependent)
                    named = self.env._("%(field)s (%(part)s)", field=label, part=names[key])
                    values.append((label if plain else named, text))
                texts.add(text)
        return values

    def _merge_key_names(self, by_company):
        """Return ``{key of a column of several values: what it stands for}``: companies, or languages."""
        if by_company:
            return {str(company.id): company.name for company in self.env.user.company_ids}
        return dict(self.env["res.lang"].get_installed())

    def _merge_is_part(self, fname, own, kept):
        """Whether the survivor says it among other things, as with joined notes."""
        return self._fields[fname].type in ("html", "text") and own in (kept or "")

    @api.model
    @tools.ormcache()
    def _merge_note_fields(self):
        """Return the names of the fields to compare, the important ones first."""
        names = {*self._merge_choosable_fields(), "type", "entry_channel"} - HIDDEN_FIELDS
        names = {name for name in names if not self._fields[name].groups}
        first = [name for name in FIRST_FIELDS if name in names]
        return (*first, *sorted(names.difference(first)))

    def _merge_note_properties(self, plan):
        """Return the properties that stay behind, because the survivor says otherwise or has no such one."""
        values = []
        for definition in self._merge_properties():
            fname = f"lead_properties.{definition['name']}"
            text = self._merge_display_property(definition)
            decision = plan.properties.get(fname)
            own = self._merge_raw_property(definition)
            if text and not (decision and self._merge_same_property(plan, definition, own, decision.value)):
                text = self._merge_note_amount(plan, fname, text)
                values.append((definition.get("string") or definition["name"], text))
        return values

    def _merge_same_property(self, plan, definition, own, kept):
        """Whether the result says what this lead says in a property."""
        unit = definition.get("unit")
        fname = f"lead_properties.{definition['name']}"
        return self._merge_same_amount(plan, fname, own, kept, unit) if unit else own == kept

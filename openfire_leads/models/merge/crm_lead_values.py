"""Writing what the plan of a merge decided."""

import json

from odoo import api, models, tools
from odoo.fields import Command
from odoo.tools import SQL

from ...merging import Turn, changed_columns
from ...merging.values import many_differ, same


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_data(self, fnames=None):
        """Return what the plan says for the survivor (``self[0]``), to be written by Odoo's verb.

        Outside a merge it is Odoo's own.
        """
        run = self._merge_run()
        if not run or not run.plan:
            return super()._merge_data(fnames)
        values = run.plan.values
        later = {
            *self._merge_unique_fields(),
            *self._merge_restricted_fields(values),
            *self._merge_dropped_choices(values),
            *self._merge_inverse_fields(),
        }
        data = {name: value for name, value in values.items() if name not in later}
        if run.rule == "oldest":
            data = self._merge_keep_changes(run, data)
        run.data = {name: self._merge_as_command(name, value) for name, value in data.items()}
        return dict(run.data)

    @api.model
    def _merge_as_command(self, fname, value):
        """Return a value of the plan as ``write`` takes it."""
        kind = self._fields[fname].type
        if kind not in ("one2many", "many2many") or not all(
            isinstance(record_id, int) for record_id in value
        ):
            return value
        # records that belong to one lead only have moved already: none is to be taken off
        return [Command.set(value)] if kind == "many2many" else [Command.link(one) for one in value]

    def _merge_restricted_fields(self, fnames):
        """Return which of these fields the user may not write: groups keep them from him."""
        if self.env.su:
            return []
        return [fname for fname in fnames if not self._has_field_access(self._fields[fname], "write")]

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_inverse_fields(self):
        """Return the names of the columns whose ``write`` writes on elsewhere, by the inverse of a computed field.

        They are written as they are: a merge changes no other record's values, as no undo would give them back. The
        inverses of Odoo's e-mail and phone write nothing while leads are merged, see below.
        """
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and field.inverse
            and field.inverse not in ("_inverse_email_from", "_inverse_phone")
        )

    def _merge_raw_values(self, values):
        """Return ``{column: value}`` of those of ``values`` that are written as they are, not by ``write``."""
        raw = self._merge_dropped_choices(values)
        for name in self._merge_inverse_fields() & values.keys() - raw.keys():
            raw[name] = self._fields[name].convert_to_column_insert(values[name], self, values)
        return raw

    def _merge_dropped_choices(self, values):
        """Return ``{field name: value}`` of those of ``values`` that their selections no longer offer.

        ``write`` refuses them, yet a lead has them, and loses them no more than any other.
        """
        return {
            name: values[name]
            for name in self._merge_selections() & values.keys()
            if values[name] and values[name] not in self._fields[name].get_values(self.env)
        }

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_selections(self):
        return frozenset(
            name for name, field in self._fields.items() if field.type == "selection" and field.store
        )

    def _merge_keep_changes(self, run, data):
        """Return ``data`` without what the survivor has already: writing it again would only cost time.

        Kept all the same: editable computed fields (name, phone, …) next to a change they depend
        on, which would otherwise be computed anew from the customer; the stage next to the team,
        because Odoo checks the one against the other.
        """
        # sudo: compares only
        known, leads = run.plan.sheets[0].values, self.sudo()
        changed = {fname for fname, value in data.items() if leads._merge_is_change(known, fname, value)}
        kept = set(changed)
        for fname in data.keys() - changed:
            field = self._fields[fname]
            if field.compute and any(
                dep.partition(".")[0] in changed for dep in self.pool.field_depends[field]
            ):
                kept.add(fname)
        if "team_id" in kept:
            kept.add("stage_id")
        return {fname: value for fname, value in data.items() if fname in kept}

    def _merge_is_change(self, known, fname, value):
        """Whether writing ``value`` would change the survivor, whose sheet has the values ``known``; rows that move
        anyway are left aside."""
        if self._fields[fname].type in ("one2many", "many2many"):
            return many_differ(value, self[fname].ids)
        return not same(value, known[fname] if fname in known else self[0]._merge_write_value(fname))

    def _merge_write_value(self, fname):
        """Return the lead's value of a field as ``write`` takes it."""
        return self._fields[fname].convert_to_write(self[fname], self)

    def _merge_values_before(self, plan, fnames):
        """Return ``{field name: value}`` that the lead, one of those of ``plan``, had before the merge, as ``write``
        takes them."""
        known = plan.sheet(self.id).values
        return {fname: known[fname] if fname in known else self._merge_write_value(fname) for fname in fnames}

    def _merge_recomputed_fields(self, plan):
        """Return the names of the fields decided that Odoo may have computed anew while it wrote others."""
        return {
            name
            for name in plan.values
            if self._fields[name].compute or name == "active" or name in plan.currencies
        }

    def _merge_read_again(self, runs):
        """Read of these survivors what is compared with the plans of their merges.

        Odoo forgot all of them when it deleted the others, and would read them in whole.
        """
        names = {name for run in runs for name in self._merge_recomputed_fields(run.plan)}
        # sudo: as where they are compared
        self.sudo().fetch([*names, "automated_probability"])

    def _merge_settle(self, runs):
        """Write on these survivors what is left of the plans of their merges, so that these are what there is."""
        self._merge_read_again(runs)
        turn = Turn()
        for survivor, run in zip(self.with_context(openfire_merge=turn), runs, strict=True):
            turn.run = run
            survivor._merge_settle_one(run)
        turn.run = None

    def _merge_settle_one(self, run, ahead=False):
        """Write what Odoo's ``write`` could not, or decided by itself, so that the plan is what there is.

        What another merge, or a conversion, changed that was made meanwhile stays as that one left it.

        - values of fields kept from the user, and those that only one lead may have;
        - fields that Odoo computed anew from others that were written: team, company, stage, chances; amounts, which
          it rounds in the currency that they had;
        - the closing date;
        - columns of several values, choices that a selection no longer offers, and what would be written elsewhere.

        :param ahead: the merged leads are there still: they have what only one lead may have
        """
        plan = run.plan
        since = {name for merge_id in run.inner_ids for name in changed_columns(self.env, merge_id)}
        # sudo: values of leads that the user may write, in fields that groups keep from him
        survivor = self.sudo()
        unique = self._merge_unique_fields()
        planned = {
            name: value
            for name, value in plan.values.items()
            if name not in since and ((run.unlinks and not ahead) or name not in unique)
        }
        raw = survivor._merge_raw_values(planned)
        names = {*unique, *self._merge_restricted_fields(planned)} & planned.keys() - raw.keys()
        values = {name: planned[name] for name in names}
        current = survivor._merge_read(planned.keys() & self._merge_recomputed_fields(plan) - raw.keys())
        for name, value in current[survivor.id].items():
            if not same(planned[name], value):
                values[name] = planned[name]
        probability = plan.decisions["probability"].value
        predicted = plan.outcome.predicted
        if predicted is None and plan.outcome.automated:
            predicted = probability
        if not since and predicted is not None and not same(survivor.automated_probability, predicted):
            values["automated_probability"] = predicted
        if values:
            # in one stroke: each of the others would make Odoo predict again
            if not since:
                values["probability"] = probability
            if not since and predicted is not None:
                values["automated_probability"] = predicted
            survivor.write({name: self._merge_as_command(name, value) for name, value in values.items()})
        closed = plan.outcome.date_closed if "date_closed" not in since else None
        if closed and self.date_closed != closed:
            self.write({"date_closed": closed})
        columns = {
            # a pick of a blank: the column holds nothing, rather than nothing for each key
            name: SQL("%s::jsonb", json.dumps(v)) if v or name not in plan.apart else None
            for name, v in plan.columns.items()
            if name not in since
        }
        if columns:
            self._merge_write_columns(columns)
        raw = {
            name: value
            for name, value in raw.items()
            if not same(plan.values[name], survivor._merge_write_value(name))
        }
        if raw:
            self._merge_write_columns(raw)

    def _merge_write_columns(self, changes):
        """Write whole columns as they are: every language and company at once, or a value that the ORM refuses."""
        self.flush_recordset(list(changes))
        sets = [SQL("%s = %s", SQL.identifier(name), value) for name, value in changes.items()]
        self.env.cr.execute(SQL("UPDATE crm_lead SET %s WHERE id = %s", SQL(", ").join(sets), self.id))
        self.invalidate_recordset(list(changes))
        # sudo: recomputes whatever depends on them
        self.sudo().modified(list(changes))

    def _inverse_email_from(self):
        """Merging leads is no reason to change their customer's e-mail."""
        if not self._merge_own_run():
            super()._inverse_email_from()

    def _inverse_phone(self):
        """Merging leads is no reason to change their customer's phone."""
        if not self._merge_own_run():
            super()._inverse_phone()

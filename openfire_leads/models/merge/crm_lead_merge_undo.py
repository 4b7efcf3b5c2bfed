"""Taking a merge back."""

import logging

from odoo import models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL, format_datetime, sql

from ...merging import (
    STAMPS,
    MissingTargetError,
    Restorer,
    RestoreRuleError,
    Settlement,
    changed_columns,
    conflicting,
    execute_planned,
    record_ids,
    settle,
)
from ...tools import remote_calls

_logger = logging.getLogger(__name__)


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    @remote_calls.checked(restore=remote_calls.names)
    def action_undo(self, restore=None):
        """Undo these merges, the last one first: the merged leads exist again with their ids, their
        records are theirs again, the survivor has its former values.

        What was changed after the merge is kept, and listed in ``conflicts``, a list of
        ``{"type": "value", "field", "label", "before", "current"}`` for the survivor's values,
        ``{"type": "gone", "lead_id", "field", "before"}`` for links to records deleted meanwhile,
        ``{"type": "replaced", "lead_id", "field", "before", "after"}`` for those that lead elsewhere now (a stage),
        ``{"type": "unfit", "table", "model", "field", "count"}`` for values that a field, changed since, does not take,
        ``{"type": "changed" or "missing", "table", "model", "count"}`` for rows moved on, deleted,
        or of a module that was uninstalled. A conversion that the same click made is taken back as well; on which
        something was built stays: ``{"type": "built", "merge_id", "what": [labels]}``.

        :param restore: names of fields to give back their former value although they were changed
        :returns: an action that shows the survivor (or the merges, if there are several)
        :raises UserError: undone already, another merge must be undone first, survivor deleted, no such field
        :raises AccessError: the user is neither the one who merged nor a manager, or may not write
        """
        self._undo_check_restore(restore or ())
        # what belongs to another one of them is taken back with it
        for merge in self.filtered(lambda merge: merge.parent_id not in self).sorted("id", reverse=True):
            merge._undo_check()
            merge._undo(set(restore or ()))
        survivor = self.survivor_id
        if len(survivor) == 1:
            return survivor.redirect_lead_opportunity_view()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_action"),
            "domain": [("id", "in", self.ids)],
        }

    # --- checks ----------------------------------------------------------------------------

    def _undo_check_restore(self, restore):
        """Refuse names that are no lead's field, nor a column left of one."""
        columns = set(restore) - self.env["crm.lead"]._fields.keys()
        columns -= sql.table_columns(self.env.cr, "crm_lead").keys() if columns else set()
        if columns:
            raise UserError(self.env._("Leads have no field “%(field)s” to restore.", field=min(columns)))

    def _undo_check(self):
        """Refuse with a sentence that says why, and what to do."""
        self.ensure_one()
        self.check_access("read")
        if not self._may_undo():
            raise AccessError(self._in_words("not_yours", user=self.user_id.name))
        # sudo: users read the journal, the system writes it
        if not self.sudo().try_lock_for_update():
            raise LockError(self._in_words("busy"))
        if self.state != "done":
            raise UserError(
                self._in_words(
                    "undone",
                    user=self.undo_user_id.name,
                    date=format_datetime(self.env, self.undo_date),
                )
            )
        if self.kind == "link":
            raise UserError(
                self.env._("Choose another customer on the lead instead: what gave way is in its chatter.")
            )
        if self.is_erased:
            raise UserError(self._in_words("erased"))
        later = self._undo_later_merges()[self]
        if later:
            raise UserError(
                self.env._(
                    "Undo first what was done with the same leads afterwards: %(merges)s.",
                    merges=", ".join(merge._undo_description() for merge in later),
                )
            )
        self._undo_check_survivor()

    def _undo_check_survivor(self):
        refusal = self._undo_survivor_refusal()
        if refusal:
            raise refusal
        survivor = self.survivor_id
        if survivor and not survivor.try_lock_for_update():
            raise LockError(
                self.env._("Somebody else is changing “%(name)s” right now.", name=survivor.sudo().name)
            )

    def _undo_survivor_refusal(self):
        """Return the error for a survivor that is gone, or that the user may not change; None if there is none."""
        survivor = self.survivor_id
        if survivor:
            if survivor.has_access("write"):
                return None
            return AccessError(self._in_words("survivor_not_yours", name=self.survivor_name))
        if self.kind == "merge" and (self.env.su or self.env.user.has_group("sales_team.group_sale_manager")):
            return None
        return UserError(self._in_words("survivor_gone", name=self.survivor_name))

    def _undo_later_merges(self):
        """Return for each of these the done merges made afterwards that must be undone first, the last one first.

        That is what merged its survivor once more, unless both left alone what the other one changed. A later
        conversion contradicts no merge: what it changed is kept. What was erased cannot be undone, and so stands in
        nobody's way.

        :return: ``{merge: merges}``
        """
        self.env["crm.lead.merge"].flush_model(["state"])
        later = dict.fromkeys(self, self.sudo().browse())
        rows = execute_planned(
            self.env,
            SQL(
                """SELECT m.id, later.id FROM crm_lead_merge m
                     JOIN crm_lead_merge_line line ON line.lead_res_id = m.survivor_res_id AND line.merge_id > m.id
                     JOIN crm_lead_merge later ON later.id = line.merge_id
                    WHERE m.id = ANY(%s) AND later.state = 'done' AND later.kind != 'link'
                      AND (later.kind = 'merge' OR m.kind = 'conversion')
                      AND later.lead_count = (SELECT count(*) FROM crm_lead_merge_line WHERE merge_id = later.id)
                 ORDER BY later.id DESC""",
                self.ids,
            ),
        )
        for merge_id, later_id in rows:
            merge, other = self.browse(merge_id), self.sudo().browse(later_id)
            if merge.sudo()._undo_overlaps(other):
                # sudo: merges the user may not see stand in the way all the same
                later[merge] |= other
        return later

    def _undo_overlaps(self, later):
        """Return whether undoing this entry alone would take away the ground of a ``later`` one.

        Two merges into one survivor do not overlap when they changed other values of it, and when the later one set
        no record aside for another that this one had moved.
        """
        if "conversion" in (self.kind, later.kind) or self.survivor_res_id != later.survivor_res_id:
            return True
        changed = changed_columns(self.env, self.id) & changed_columns(self.env, later.id)
        if changed - self._undo_derived_fields() - STAMPS:
            return True
        moved = {link.table_name for link in self.link_ids if link.action == "moved"}
        return any(link.table_name in moved for link in later.link_ids if link.action == "removed")

    def _undo_description(self):
        # sudo or not, the names of leads are for those who may read them
        if not self.sudo(False).has_access("read"):
            return self._in_words("description", date=format_datetime(self.env, self.date))
        return self.env._(
            "“%(merge)s” of %(date)s by %(user)s",
            merge=self.display_name,
            date=format_datetime(self.env, self.date),
            user=self.user_id.name,
        )

    # --- the undo itself -------------------------------------------------------------------

    def _undo_parts(self):
        """Take back what the same click made after this merge; return as conflicts what stays."""
        kept = []
        # sudo: the user may take the merge back, and so what belongs to it
        for part in (
            self.sudo().child_ids.filtered(lambda part: part.state == "done").sorted("id", reverse=True)
        ):
            built = part._undo_built()
            if built:
                kept.append({"type": "built", "merge_id": part.id, "what": built})
            elif not part.is_erased:
                part._undo(set())
        return kept

    def _undo_built(self):
        """Hook: return in words what was built on this entry since and would lose its ground."""
        return []

    def _undo_kept(self):
        """Hook: return as conflicts what this undo leaves as it is, found out before anything changes."""
        return []

    def _undo(self, restore):
        self.env.flush_all()
        self._take_along()
        kept = self._undo_parts() + self._undo_kept()
        survivor = self.survivor_id
        restorer = self._undo_restorer()
        restored_ids, untouched = self._undo_rows(restorer, restore)
        self.env.cr.execute(
            SQL(
                # what the journal keeps of a lead is as secret as the lead itself, now that it exists again
                """WITH line AS (
                       UPDATE crm_lead_merge_line SET lead_id = lead_res_id
                        WHERE lead_id IS NULL AND lead_res_id = ANY(%(leads)s))
                   UPDATE crm_lead_merge SET survivor_id = survivor_res_id
                    WHERE survivor_id IS NULL AND survivor_res_id = ANY(%(leads)s)""",
                leads=restored_ids,
            )
        )
        self.env.invalidate_all(flush=False)
        self._undo_stages(restorer.conflicts)
        survivor._merge_forget_system_cache({entry.table for entry in restorer.entries})
        leads = survivor + survivor.browse(restored_ids)
        # read together from now on
        survivor = survivor.with_prefetch(leads._ids)
        restored = (leads - survivor).with_prefetch(leads._ids)
        self._undo_read_again(leads)
        self._undo_recompute(restorer, survivor, restored)
        if not untouched:
            self._undo_recompute_survivor(survivor)
        # sudo: users read the journal, the system writes it
        self.sudo().write(
            {
                "state": "undone",
                "undo_user_id": self.env.uid,
                "undo_date": self.env.cr.now(),
                "kept_conflicts": kept + restorer.conflicts,
            }
        )
        # what became of former leads is looked up in SQL
        self.env["crm.lead.merge"].flush_model()
        self._undo_done(survivor, restored)

    def _undo_restorer(self):
        """Return what puts rows back for this merge."""
        return Restorer(
            self.env,
            self.id,
            self.survivor_res_id,
            self.env["crm.lead"]._merge_structure,
            survivor_gone=not self.survivor_id,
        )

    def _undo_rows(self, restorer, restore):
        """Put all rows back; return the ids of the leads that exist again, and whether nobody has
        written to the survivor since.

        :raises UserError: the database does not take one of the rows
        """
        # beforehand: after the database has refused, it answers no more questions
        refusal = {name: self._in_words(name) for name in ("refused", "refused_by_rule")}
        lead = self.survivor_id
        settlement, untouched = self._undo_settle(restorer, restore) if lead else (Settlement(), True)
        unique = lead._merge_unique_columns(lead._merge_fingerprint())
        try:
            restored_ids = restorer.restore(settlement, unique=unique, with_leads=self.kind == "merge")
        except MissingTargetError as error:
            raise UserError(self._undo_missing_message(error)) from error
        except RestoreRuleError as error:
            _logger.info("The undo of merge %s was refused: %s", self.id, error)
            text = refusal["refused_by_rule" if error.rule else "refused"]
            raise UserError(text % {"rule": error.rule, "table": error.ruled_table}) from error
        return restored_ids, untouched

    def _undo_missing_message(self, error):
        """Return the sentence for a lead that cannot exist again without a record deleted since."""
        field = self.env["crm.lead"]._fields.get(error.column)
        return self.env._(
            "“%(field)s” must not be empty, and what one of the merged leads had there was deleted since "
            "(%(record)s no. %(number)s), so nothing was undone. Have the field allow to be empty, then undo again.",
            field=field._description_string(self.env) if field else error.column,
            record=self.env["crm.lead"]._merge_records_label(
                field.comodel_name if field else None, error.table
            ),
            number=error.value,
        )

    def _undo_settle(self, restorer, restore):
        """Return the :class:`~..merging.Settlement` of the survivor's columns, and whether its row is exactly
        as the merge left it. What is kept is reported to ``restorer``."""
        changes, untouched = restorer.survivor_changes()
        derived = self._undo_derived_fields()
        restore -= self._undo_hidden_fields(conflicting(changes, derived), "write")
        settlement = settle(changes, untouched=untouched, derived=derived, restore=restore)
        restorer.conflicts += [
            self._undo_without_secrets(self._undo_value_conflict(column, changes[column]))
            for column in settlement.kept
        ]
        return settlement, untouched

    def _undo_read_again(self, leads):
        """Read what is asked for from here on, as all was forgotten: Odoo would read each record in whole.

        Of these leads and of this entry for the notes, the action and the comparison with other leads; of the user and
        the company for the author of the note, and for the date in it.
        """
        names = {*leads._match_compared_fields(), "type", "user_id", "company_id", "team_id"}
        # sudo: what the user is told of it is decided where it is told
        leads.sudo().fetch(names)
        self.fetch(["kind", "date", "survivor_id", "survivor_res_id"])
        self.env.user.fetch(["partner_id"])
        self.env.user.partner_id.fetch(["name", "email", "tz"])
        self.env.company.fetch(["alias_domain_id"])

    def _undo_recompute(self, restorer, survivor, restored):
        """Recompute stored fields of other models which depend on what was put back."""
        Lead = self.env["crm.lead"]
        leads = survivor + restored
        for entry in restorer.entries:
            model = self.env.get(entry.model) if entry.model else None
            field = model._fields.get(entry.column) if model is not None else None
            if field is not None and Lead._merge_has_stored_dependents(field):
                ids = record_ids(self.env, entry)
                # sudo: recomputes whatever depends on the rows, hidden from the user or not
                records = model.sudo().browse(ids).exists()
                Lead._merge_announce(records, [entry.column])
                # but for what the journal has put back with the row
                for name in entry.along:
                    if name in model._fields and model._fields[name].compute:
                        self.env.remove_to_compute(model._fields[name], records)
        names = Lead._merge_fields_with_foreign_dependents()
        if names:
            leads = leads.sudo()
            Lead._merge_announce(leads, names)
        # the leads' own columns are exact already
        for field in Lead._fields.values():
            if field.store and field.compute:
                self.env.remove_to_compute(field, leads)
        # but for fields that are newer than the merge, here and in other rows that exist again
        for model, names, ids in restorer.uncomputed(restored.ids):
            records = self.env[model].sudo().browse(ids).exists()
            for name in names:
                self.env.add_to_compute(records._fields[name], records)

    def _undo_stages(self, conflicts):
        """Give leads whose stage was deleted meanwhile another one of their team, and tell so in ``conflicts``.

        That is the first one in which nothing is won, or for a won lead the first in which it is.
        """
        for conflict in conflicts:
            if conflict["type"] != "gone" or conflict["field"] != "stage_id":
                continue
            # sudo: as the rest of the row, whoever may see its stage
            lead = self.env["crm.lead"].sudo().browse(conflict["lead_id"])
            won = [("is_won", "=", lead.won_status == "won")]
            stage = lead._stage_find(domain=[*won, ("fold", "=", False)]) or lead._stage_find(domain=won)
            if stage:
                # in SQL: the rest of the row is as the journal has it
                self.env.cr.execute(SQL("UPDATE crm_lead SET stage_id = %s WHERE id = %s", stage.id, lead.id))
                lead.invalidate_recordset(["stage_id"])
                conflict.update(type="replaced", after=stage.id)

    def _undo_recompute_survivor(self, survivor):
        """What was kept changes what depends on it."""
        for name in self._undo_derived_fields():
            self.env.add_to_compute(survivor._fields[name], survivor.sudo())

    def _undo_done(self, survivor, restored):
        """Hook: refresh what is derived from the leads, tell people."""
        (survivor + restored)._refresh_match()
        if survivor:
            self._notes_undone()
            body = self.env["ir.qweb"]._render(
                "openfire_leads.crm_lead_merge_undo_note",
                {
                    "kind": self.kind,
                    "merge_id": self.id,
                    "date": format_datetime(self.env, self.date),
                    "restored": self._undo_note_leads(survivor, restored),
                    "conflicts": [self._undo_conflict_text(conflict) for conflict in self.conflicts or ()],
                },
                minimal_qcontext=True,
            )
            survivor._message_log(body=body)

    def _undo_note_leads(self, survivor, restored):
        """Return how the note names the leads that exist again to all who read the survivor's chatter.

        By their names those of the survivor's salesperson and of nobody that its company may see, the others by
        their numbers.
        """
        # sudo: whose the survivor is
        owner, company = survivor.sudo().user_id, survivor.sudo().company_id
        return [
            {
                "id": lead.id,
                "name": lead.name
                if lead.user_id <= owner and lead.company_id <= company
                else self.env._("lead no. %(number)s", number=lead.id),
            }
            # sudo: whom each lead belongs to, whether the user may read it or not
            for lead in restored.sudo()
        ]

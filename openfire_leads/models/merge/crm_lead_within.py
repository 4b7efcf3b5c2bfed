"""A merge that an automation makes while another one is being made of the same leads: it is made after that one.

Before it begins, what the other one still has before it is moved and written. So it finds the survivor as the other
merge leaves it, and each is in the journal with what it did itself; Odoo's own verb, when it comes to write, finds that
done. Who is being merged away is, for whoever merges it meanwhile, the lead that it goes into, which remains.
"""

from contextlib import contextmanager
from dataclasses import replace

from odoo import models

from ...merging import Journal

# what Odoo's verb adds to the values, or takes from them
BY_THE_WAY = {"user_id", "team_id"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_being_made(self):
        """Return ``[(journal, run)]`` of the merges of this transaction that are not finished, and of which these leads
        are, the outer ones first."""
        own = set(self._ids)
        return [
            (journal, run)
            for journal, run in Journal.being_made(self.env)
            if run.plan and not own.isdisjoint(run.order if run.unlinks else (run.survivor_id,))
        ]

    def _merge_within(self, user_id, team_id, auto_unlink, max_length):
        """Merge these leads, some of which are being merged already; parameters and result as
        :meth:`_merge_opportunity`.

        Those that go into another one are that one already, and that one remains, whoever was chosen.

        :raises LockError: two of them are remaining of merges that are not finished
        """
        being_made = self._merge_being_made()
        into = {
            lead_id: run.survivor_id
            for _journal, run in being_made
            if run.unlinks
            for lead_id in run.merged_ids
        }
        leads = self.browse(dict.fromkeys(into.get(lead_id, lead_id) for lead_id in self._ids))
        if len(leads) < 2:
            return leads
        held = leads.filtered(lambda lead: lead.id in {run.survivor_id for _journal, run in being_made})
        if len(held) > 1:
            raise held._merge_lock_error()
        leads._merge_check_number(max_length)
        choices = self._merge_choices(user_id, team_id)
        picks = {name: into.get(lead_id, lead_id) for name, lead_id in choices.picks.items()}
        with self._merge_completing(being_made):
            return leads._merge_alone(replace(choices, survivor_id=held.id, picks=picks), auto_unlink)

    @contextmanager
    def _merge_completing(self, being_made):
        """Have all of these merges moved and written what they still have before them, when the block begins.

        Where the block fails, and is taken back, they do so once more when Odoo's verb comes to it.
        """
        former = [(run, run.moved, run.written) for _journal, run in being_made if not run.completed]
        try:
            for journal, run in being_made:
                self._merge_complete(journal, run)
                run.relations.journal(journal.runs)
            yield
        except BaseException:
            for run, moved, written in former:
                run.moved, run.written, run.completed, run.ahead = moved, written, False, False
            raise
        for journal, run in being_made:
            run.relations.look([one.survivor_id for one in journal.runs])

    def _merge_complete(self, journal, run):
        """Move and write now what this merge still has before it, but for what only one lead may have."""
        if run.completed:
            return
        run.completed = True
        # sudo: as the user who merges, who may; but what guards an automation from starting itself is in the context
        context = {**journal.env.context, **self.env.context, "lang": journal.env.context.get("lang")}
        env = self.env(user=journal.env.uid, su=True, context={**context, "openfire_merge": run})
        leads = env["crm.lead"].browse(run.order)
        survivor = leads[0]
        if not run.moved:
            leads._merge_move_links([run])
        if not run.written:
            run.data = leads._merge_data(leads._merge_get_fields())
            survivor.write(dict(run.data))  # Odoo adds to what it is given
            run.ahead = True
        env.flush_all()
        survivor._merge_settle_one(run, ahead=True)
        env.flush_all()

    def write(self, vals):
        run = self._merge_run()
        if (
            run
            and run.data
            and self._ids == (run.survivor_id,)
            and run.data.keys() - BY_THE_WAY <= vals.keys()
        ):
            if run.ahead and self._merge_is_ahead(run):
                vals = {name: vals[name] for name in vals.keys() - run.data.keys() - BY_THE_WAY}
            run.written, run.ahead = True, False
            if not vals:
                return True
        return super().write(vals)

    def _merge_is_ahead(self, run):
        """Whether a merge for which this one was completed stands: who made it may have taken it back with a
        savepoint, and so all that was done before."""
        # sudo: whether it stands does not depend on who may read it
        return bool(self.env["crm.lead.merge"].sudo().browse(run.inner_ids).exists())

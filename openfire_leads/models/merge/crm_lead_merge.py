"""The one way in for merging: Odoo's own verb, with checks before and a journal around it."""

import time

from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL
from odoo.tools.i18n import format_list

from ...merging import Choices, Journal, Run, Turn, note_recomputed
from ...tools import remote_calls
from ...tools.transactions import is_tried_again

# what Odoo passes when nobody chose a limit
ODOO_MAX_LENGTH = 5
DEFAULT_MAX_LEADS = 100
# how long a job waits for leads that are in use, in seconds, one after the other
MOMENTS = (0, 0.2, 0.5, 1, 2)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @remote_calls.checked(
        user_id=remote_calls.existing_id("res.users"), team_id=remote_calls.existing_id("crm.team")
    )
    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=ODOO_MAX_LENGTH):
        """Merge these leads into one of them. Adds to Odoo's verb:

        - the survivor and the order of precedence follow :meth:`_merge_sort`;
        - more than five leads may be merged, by everybody (see :meth:`_merge_max_leads`);
        - the leads are locked and checked first; a refusal says why, and changes nothing;
        - a salesperson or a team by whom the survivor would change company is refused.

        The context key ``openfire_merge`` may hold what was chosen, as a dict, each part optional:

        - ``survivor_id``: id of the lead that shall survive;
        - ``picks``: ``{field name: lead id}``, take the field from that lead;
        - ``values``: ``{field name: value to write}``, take this very value;
        - ``deletes``: whoever merges without deleting the merged leads does so right afterwards.

        :param max_length: a limit other than Odoo's usual five is taken as it is, 0 or None is none
        :returns: the survivor
        :raises UserError: less than two leads, too many of them, leads of several companies, a survivor or a value
            chosen that is none of them
        :raises LockError: somebody else is changing one of them
        :raises AccessError: the user may not write one of them
        """
        if len(set(self._ids)) < len(self._ids):  # a client may name a lead twice
            return self.union()._merge_opportunity(user_id, team_id, auto_unlink, max_length)
        run = self._merge_run()
        if len(self._ids) < 2 or (run and not run.entered and set(run.order) == set(self._ids)):
            if run:
                run.entered = True
            with self._merge_holding(run):
                return super()._merge_opportunity(
                    user_id=user_id, team_id=team_id, auto_unlink=auto_unlink, max_length=max_length
                )
        if self._merge_being_made():
            return self._merge_within(user_id, team_id, auto_unlink, max_length)
        self._merge_check_number(max_length)
        return self._merge_alone(self._merge_choices(user_id, team_id), auto_unlink)

    def _merge_alone(self, choices, auto_unlink):
        """Merge these leads, of which none is being merged already; see :meth:`_merge_opportunity`.

        :param choices: ``merging.Choices``
        """
        rows = self._merge_lock()
        self.check_access("write")
        self._merge_check(choices)
        run = self._merge_start(choices, unlinks=auto_unlink, rows=rows)
        journal = Journal(self.env, [run])
        run.entered = True
        with journal.writing(), self._assigned_told_once() as assigned, self._merge_protecting():
            with self._merge_holding(run):
                leads = self._merge_ordered(run, assigned)
                # a part of Odoo's verb, called by it alone or by what stands in for it
                survivor = super(CrmLead, leads)._merge_opportunity(
                    user_id=choices.user_id, team_id=choices.team_id, auto_unlink=auto_unlink, max_length=0
                )
            survivor._merge_finish([run], journal)
        return survivor.with_env(self.env)

    @api.model
    def _merge_run(self):
        """Return the merge that is going on, or None. What a client puts into the context is none."""
        run = self.env.context.get("openfire_merge")
        if isinstance(run, Turn):
            return run.run
        return run if isinstance(run, Run) else None

    def _merge_own_run(self):
        """Return the merge that is going on if it is one of these leads, or None: what an automation rule does to other
        leads meanwhile, with the same context, has nothing to do with it."""
        run = self._merge_run()
        return run if run and set(run.order).issuperset(self._ids) else None

    @api.model
    def _merge_choices(self, user_id=False, team_id=False):
        """Return the ``Choices`` of the merge that is asked for: those in the context, salesperson and team."""
        chosen = self.env.context.get("openfire_merge")
        if chosen and not isinstance(chosen, dict | Run | Turn):
            raise UserError(self.env._("“openfire_merge” must say by name what was chosen for the merge."))
        chosen = chosen if isinstance(chosen, dict) else {}
        values = chosen.get("values") or {}
        if not isinstance(values, dict):
            raise UserError(self.env._("“values” must say for each field, by its name, its value."))
        return Choices(
            survivor_id=remote_calls.one_id(self.env, "survivor_id", chosen.get("survivor_id") or False)
            or None,
            picks=remote_calls.lead_of_each(self.env, "picks", chosen.get("picks")),
            values=self._merge_checked_values(values),
            user_id=user_id,
            team_id=team_id,
        )

    @api.model
    def _merge_checked_values(self, given):
        """Return the values to write that were chosen, if their fields can hold them. What is no field, or none to be
        chosen, the plan refuses."""
        for name, value in given.items():
            field = self._fields.get(name)
            if field is None or isinstance(value, models.BaseModel):
                continue
            if field.type == "many2one":
                remote_calls.existing_id(field.comodel_name)(self.env, name, value)
            elif not field.relational and not remote_calls.fits(field, self.browse(), value):
                raise UserError(
                    self.env._(
                        "The field “%(field)s” cannot hold %(value)s.", field=name, value=repr(value)[:100]
                    )
                )
        return given

    def _merge_start(self, choices, unlinks=True, in_bulk=False, rows=None):
        """Plan one merge; return its ``Run``. ``rows``: see :meth:`_merge_plan`."""
        plan = self._merge_plan(choices, rows)
        later = {}
        if not unlinks:
            # the leads that have such a value keep it as long as they exist
            unique = self._merge_unique_fields()
            later = {name: value for name, value in plan.values.items() if name in unique and value}
            plan = plan if self._merge_deletes() else plan.without(unique)
        counted = frozenset(self.mapped("won_status")) & {"won", "lost"}
        return Run(
            plan.order,
            plan.rule,
            plan=plan,
            unlinks=unlinks,
            later=later,
            counted=counted,
            in_bulk=in_bulk,
        )

    @api.model
    def _merge_deletes(self):
        """Whether whoever merges without deleting the merged leads has said to do so right afterwards."""
        chosen = self.env.context.get("openfire_merge")
        return isinstance(chosen, dict) and bool(chosen.get("deletes"))

    def _merge_ordered(self, run, assigned, turn=None):
        """Return the leads of a merge in its order, with the merge and the notices that wait in the context.

        :param turn: the ``Turn`` of the merges that are made in one environment, if this is one of them
        """
        leads = self.browse(run.order).with_prefetch(self._prefetch_ids)
        return leads.with_context(openfire_merge=turn or run, openfire_assigned=assigned)

    def _merge_holding(self, run):
        """Return a context in which the survivor's team is not computed anew from the salesperson: the plan decides it.

        Odoo leaves a team that does not change out of what it writes, and would choose one of any company then.
        """
        survivor = self.browse(run.survivor_id if run else ())
        return self.env.protecting([self._fields["team_id"]], survivor)

    def _merge_finish(self, runs, journal):
        """After Odoo's part: write what is left of the plan, and close the journal.

        ``self`` are the survivors, in the order of the runs.
        """
        for run in runs:
            run.ahead = False
        # what Odoo computes anew is computed before it is compared with the plan
        self.env.flush_all()
        self._merge_settle(runs)
        self._merge_log_texts(runs)
        self.env.flush_all()
        # moved together: the links are those of each of the runs
        for link in runs[0].recomputed:
            merge_ids = [run.merge_id for run in runs]
            note_recomputed(self.env, merge_ids, link.table, link.column, link.recomputed)
        if runs[0].relations:
            runs[0].relations.journal(runs)
        journal.close()
        # they are found by the merged leads' e-mails and phones from now on
        self._refresh_match()
        self._merge_wait(runs)

    # ------------------------------------------------------------
    # ODOO'S OWN STEPS
    # ------------------------------------------------------------

    def _sort_by_confidence_level(self, reverse=False):
        """Let :meth:`_merge_opportunity` take the order that the merge has already settled.

        Everywhere else (website visitors, …) Odoo's order stays as it is.
        """
        run = self._merge_run()
        if run and set(run.order) == set(self._ids):
            return self.browse(run.order).with_prefetch(self._prefetch_ids)
        return super()._sort_by_confidence_level(reverse=reverse)

    def _merge_dependences(self, opportunities):
        """Move every link of the merged leads, in SQL, then let Odoo and the other modules do theirs.

        They find nothing left to move, unless they add something of their own.
        """
        run = self._merge_run()
        if run and (not run.moved or run.ahead):
            self._merge_move_links([run])
        return super()._merge_dependences(opportunities)

    def _merge_dependences_history(self, opportunities):
        """Messages and activities are among the links moved in SQL, with the subject Odoo gives them."""
        if self._merge_run():
            return True
        return super()._merge_dependences_history(opportunities)

    def _merge_dependences_attachments(self, opportunities):
        """Attachments are among the links moved in SQL, with the name Odoo gives them."""
        if self._merge_run():
            return True
        return super()._merge_dependences_attachments(opportunities)

    def _merge_dependences_calendar_events(self, opportunities):
        """Meetings are among the links moved in SQL, also those that the user may not see."""
        if self._merge_run():
            return True
        return super()._merge_dependences_calendar_events(opportunities)

    def _merge_followers(self, opportunities):
        """Followers are among the links moved in SQL: all of them, or Odoo's choice (rule ``confidence``)."""
        if self._merge_run():
            return {}
        return super()._merge_followers(opportunities)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _merge_max_leads(self):
        """Return how many leads one merge may take: ``openfire_leads.merge_max_leads``, 0 for no limit."""
        # sudo: salespeople cannot read system parameters
        value = self.env["ir.config_parameter"].sudo().get_param("openfire_leads.merge_max_leads")
        return int(value) if value and value.isdecimal() else DEFAULT_MAX_LEADS

    def _merge_check_number(self, max_length):
        """Refuse a selection that can only be a slip of the hand."""
        if not max_length or self.env.su:
            return
        limit = self._merge_max_leads() if max_length == ODOO_MAX_LENGTH else max_length
        if limit and len(self._ids) > limit:
            raise UserError(
                self.env._(
                    "You selected %(count)s leads. At most %(limit)s can be merged into one: "
                    "select fewer of them, or ask an administrator to raise the limit in the settings.",
                    count=len(self._ids),
                    limit=limit,
                )
            )

    def _merge_check(self, choices):
        """Refuse leads of several companies, and people that the leads' company does not know."""
        self._merge_check_company()
        self._merge_check_assignment(choices)

    def _merge_lock(self):
        """Lock the leads until the end of the transaction, always in the same order.

        Rows that somebody else holds are skipped rather than waited for, so that two merges
        of overlapping sets cannot block one another: one goes on, the other gets a sentence.

        A request is told at once, and a person tries again. A job, for which nobody does, gives who is at work a
        moment to finish: mostly that is a message being written.

        :returns: as :meth:`_merge_column_rows`, read on the same occasion
        """
        self.env.flush_all()
        for pause in (0,) if is_tried_again(self.env) else MOMENTS:
            time.sleep(pause)
            rows = self._merge_column_rows(SQL("ORDER BY id FOR UPDATE SKIP LOCKED"))
            missing = self.browse(set(self._ids) - rows.keys())
            locked = missing.exists()
            if not locked:
                break
        if locked:
            raise locked._merge_lock_error()
        if missing:
            raise UserError(self._merge_missing_message(missing))
        return rows

    def _merge_lock_error(self):
        """Return the error that says that these leads are in use; it names those that the user may read."""
        named = self._filtered_access("read")
        names = [self.env._("“%(name)s”", name=name) for name in named.mapped("name")]
        if len(named) < len(self):
            hidden = len(self - named)
            names.append(self.env["crm.lead.merge"]._name_hidden(hidden))
        return LockError(
            self.env._(
                "Somebody else is changing %(names)s right now. Nothing was merged: try again in a moment.",
                names=format_list(self.env, names),
            )
        )

    @api.model
    def _merge_survivor_message(self):
        return self.env._("The lead that remains must be one of those that are merged.")

    def _merge_check_company(self):
        """Refuse leads of several companies: orders, teams and customers of one may not go to the other.

        The superuser passes, as in Odoo (assignment by cron): see the values' own company check.
        """
        companies = self.company_id
        if len(companies) > 1 and not self.env.su:
            raise UserError(
                self.env._(
                    "These leads belong to different companies (%(companies)s). "
                    "Merge the leads of one company at a time.",
                    # sudo: names only, of the companies of leads that the user may write
                    companies=", ".join(companies.sudo().mapped("name")),
                )
            )

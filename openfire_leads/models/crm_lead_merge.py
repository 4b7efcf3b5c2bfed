"""The one way in for merging: Odoo's own verb, with checks before and a journal around it."""

from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from .crm_lead_merge_journal import MergeJournal

# what Odoo passes when nobody chose a limit
ODOO_MAX_LENGTH = 5
DEFAULT_MAX_LEADS = 100


class MergeRun:
    """What the steps of one merge share. Travels in the context as ``openfire_merge_run``.

    :param order: ids of all leads, the survivor first, the others in order of precedence
    :param rule: the survivor rule in force, ``oldest`` or ``confidence``
    :param user_id: the salesperson asked for, or False
    :param team_id: the sales team asked for, or False
    """

    def __init__(self, order, rule, user_id=False, team_id=False, kind="merge"):
        self.kind = kind
        self.order = tuple(order)
        self.rule = rule
        self.user_id = user_id
        self.team_id = team_id
        # what Odoo's write would decide differently: see _merge_settle_outcome
        self.date_closed = False
        self.automated = False
        # the journal's record, the links that had rows, whether they were moved
        self.merge_id = None
        self.preview = False
        # outcomes that predictive scoring has counted for one of the leads already
        self.counted_states = frozenset()
        # what _merge_data said, for the summary; what of it the user may not write himself; what can
        # only be written when the merged leads are gone; whether they will be
        self.data = {}
        self.restricted = {}
        self.late = {}
        self.unlinks = True
        # several merges at once: values known before anything moves, the note written at the end
        self.ready = None
        self.body = None
        self.touched = ()
        # of a conversion: customers with a higher id were created by it
        self.last_partner_id = 0
        # followers with a higher id came with the merge
        self.last_follower_id = 0
        # [(lead id, {column: value})] in order, for the columns of several values
        self.json_columns = []
        self.moved = False
        self.texts = {}

    @property
    def survivor_id(self):
        return self.order[0]

    @property
    def merged_ids(self):
        return self.order[1:]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=ODOO_MAX_LENGTH):
        """Merge these leads into one of them. Adds to Odoo's verb:

        - the survivor and the order of precedence follow :meth:`_merge_sort`;
        - more than five leads may be merged, by everybody (see :meth:`_merge_max_leads`);
        - the leads are locked and checked first; a refusal says why, and changes nothing.

        Context keys, all optional:

        - ``openfire_merge_survivor_id``: id of the lead that shall survive;
        - ``openfire_merge_picks``: ``{field name: lead id}``, take the field from that lead;
        - ``openfire_merge_values``: ``{field name: value to write}``, take this very value.

        :param max_length: a limit other than Odoo's usual five is taken as it is, 0 or None is none
        :returns: the survivor
        :raises UserError: less than two leads, too many of them, leads of several companies
        :raises LockError: somebody else is changing one of them
        :raises AccessError: the user may not write one of them
        """
        if len(set(self._ids)) < len(self._ids):  # a client may name a lead twice
            return self.union()._merge_opportunity(user_id, team_id, auto_unlink, max_length)
        run = self._merge_run()
        if len(self._ids) < 2 or (run and set(run.order) == set(self._ids)):
            return super()._merge_opportunity(
                user_id=user_id, team_id=team_id, auto_unlink=auto_unlink, max_length=max_length
            )
        self._merge_check_number(max_length)
        self._merge_lock()
        self.check_access("write")
        run = self._merge_start(user_id, team_id)
        run.unlinks = auto_unlink
        journal = MergeJournal(self.env, [run])
        journal.open()
        survivor = super(CrmLead, self._merge_ordered(run))._merge_opportunity(
            user_id=user_id, team_id=team_id, auto_unlink=auto_unlink, max_length=0
        )
        survivor._merge_finish([run], journal)
        return survivor.with_env(self.env)

    @api.model
    def _merge_run(self):
        """Return the run that is going on, or None. What a client puts into the context is no run."""
        run = self.env.context.get("openfire_merge_run")
        return run if isinstance(run, MergeRun) else None

    def _merge_start(self, user_id=False, team_id=False):
        """Settle who survives and in which order values count; return the run."""
        self._merge_check_company()
        run = MergeRun(self._merge_sort()._ids, self._merge_survivor_rule(), user_id, team_id)
        run.counted_states = frozenset(self.mapped("won_status")) & {"won", "lost"}
        return run

    def _merge_ordered(self, run):
        """Return the leads of a run in its order, with the run in the context."""
        leads = self.browse(run.order).with_prefetch(self._prefetch_ids)
        return leads.with_context(openfire_merge_run=run)

    def _merge_finish(self, runs, journal):
        """After Odoo's part: put right what its ``write`` decided otherwise, and close the journal.

        ``self`` are the survivors, in the order of the runs.
        """
        for survivor, run in zip(self, runs, strict=True):
            remaining = survivor.with_context(openfire_merge_run=run)
            if run.restricted or run.late:
                # sudo: values of leads that the user may write, in fields that groups keep from him
                remaining.sudo().write({**run.restricted, **run.late})
            remaining._merge_settle_outcome(run)
        self._merge_combine_columns(runs)
        self.env.flush_all()
        journal.close()
        # they are found by the merged leads' e-mails and phones from now on
        self._refresh_match()

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

    def _merge_lock(self):
        """Lock the leads until the end of the transaction, always in the same order.

        Rows that somebody else holds are skipped rather than waited for, so that two merges
        of overlapping sets cannot block one another: one goes on, the other gets a sentence.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT id FROM crm_lead WHERE id IN %s ORDER BY id FOR UPDATE SKIP LOCKED", self._ids)
        )
        missing = self.browse(set(self._ids) - {row[0] for row in rows})
        if not missing:
            return
        locked = missing.exists()
        if locked:
            raise locked._merge_lock_error()
        raise UserError(self._merge_missing_message(missing))

    def _merge_lock_error(self):
        """Return the error that says that these leads are in use; it names those that the user may read."""
        named = self._filtered_access("read")
        names = [f"“{name}”" for name in named.mapped("name")]
        if len(named) < len(self):
            names.append(self.env._("%(count)s leads you may not see", count=len(self - named)))
        return LockError(
            self.env._(
                "Somebody else is changing %(names)s right now. Nothing was merged: try again in a moment.",
                names=", ".join(names),
            )
        )

    def _merge_missing_message(self, missing):
        """Say what became of the leads which are no longer there."""
        if len(missing) == 1:
            return self.env._("One of the selected leads no longer exists. Nothing was merged: select again.")
        return self.env._(
            "%(count)s of the selected leads no longer exist. Nothing was merged: select again.",
            count=len(missing),
        )

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

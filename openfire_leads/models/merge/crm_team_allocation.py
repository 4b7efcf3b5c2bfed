"""Which leads the allocation to teams merges, unseen by anybody: those of one address, as in Odoo, and certain pairs;
none that somebody told apart."""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from ...tools import languages


@dataclass(eq=False)
class Allocation:
    """An allocation that goes on; in the context, for Odoo's verb hands on nothing else.

    :ivar known: the leads whose duplicates are those of the pairs by now
    """

    known: set = field(default_factory=set)


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _allocate_leads(self, *args, **kwargs):
        """Extend: what is merged follows the pairs."""
        teams = self.with_context(openfire_allocation=Allocation())
        return super(CrmTeam, teams)._allocate_leads(*args, **kwargs)

    def _allocate_leads_deduplicate(self, leads, duplicates_cache=None):
        """Extend: the duplicates that Odoo looked up beforehand follow the pairs, all of them the first time.

        What is merged is noted in the language of those who get it.
        """
        cache = {} if duplicates_cache is None else duplicates_cache
        allocation = self.env.context.get("openfire_allocation")
        known = allocation.known if isinstance(allocation, Allocation) else set()
        while todo := self._allocation_look_up(leads, cache).keys() - known:
            cache.update(self.env["crm.lead"]._follow_pairs({lead: cache[lead] for lead in todo}))
            known.update(todo)
        for lead in leads:
            # those found with another are looked up with it
            if len(cache.get(lead, ())) > 1:
                lang = languages.of_readers(self.env, self.env["res.users"], self)
                cache[lead] = cache[lead].with_context(lang=lang)
        return super()._allocate_leads_deduplicate(leads, duplicates_cache=cache)

    @api.model
    def _allocation_look_up(self, leads, cache):
        """Add to ``cache`` the duplicates that Odoo finds of ``leads``, but for those found with another; return it."""
        grouped = set()
        for lead in leads:
            if lead.id in grouped:
                continue
            if lead not in cache:
                cache[lead] = lead._get_lead_duplicates(email=lead.email_from)
            grouped.update(cache[lead]._ids)
        return cache


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _follow_pairs(self, found):
        """Return for each lead which ones to merge with it unasked, itself among them where there are any.

        1. those found by an exact criterion, and those with which it makes a certain pair, if they are open;
        2. without those that somebody told apart from it, or from one another;
        3. only what is of its company, or of none.

        :param dict found: ``{lead: leads found by an exact criterion}``
        """
        ids = {lead_id for lead, others in found.items() for lead_id in (lead.id, *others._ids)}
        certain, apart = self._certain_and_apart(ids)
        more = {other_id for lead in found for other_id in certain.get(lead.id, ())} - ids
        if more:
            # they may have been told apart from one another too
            apart.update(self._certain_and_apart(ids | more)[1])
        ours = self.browse(more).exists().filtered(lambda lead: lead._duplicate_status() == "open")
        ours = ours._filtered_access("write")
        mergeable = {*ours._ids, *ids}
        merged = {}
        for lead, others in found.items():
            group = lead | others | ours.browse(one for one in certain.get(lead.id, ()) if one in mergeable)
            group = lead._not_told_apart(group, apart)
            company = lead.company_id or group.company_id[:1]
            group = group.browse(other.id for other in group if other.company_id <= company)
            # of a lead without others Odoo's own look-up tells whether it is there
            merged[lead] = group if len(group) > 1 else others & lead
        return merged

    def _not_told_apart(self, group, apart):
        """Return this lead with those of ``group`` that nobody told apart from it, nor from one another."""
        near = [other_id for other_id in group._ids if (self.id, other_id) not in apart]
        return self | self.browse(one for one in near if not any((one, other) in apart for other in near))

    @api.model
    def _certain_and_apart(self, lead_ids):
        """Return the certain pairs of some leads as ``{id: ids}``, and those told apart as a set of ``(id, id)``."""
        pairs = self.env["crm.lead.duplicate"]
        pairs.flush_model(["state"])
        certain, apart = {}, set()
        # What is known of leads, whoever may read the others. As it is: leads that this transaction has changed are
        # not compared for it.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead_id, other_lead_id, state, score FROM crm_lead_duplicate
                 WHERE lead_id = ANY(%(leads)s) OR other_lead_id = ANY(%(leads)s) ORDER BY id
                """,
                leads=list(lead_ids),
            )
        )
        certainty = rows and pairs._matching_model().certainty
        for one, two, state, score in rows:
            if state == "dismissed":
                apart.update([(one, two), (two, one)])
            elif score >= certainty:
                certain.setdefault(one, []).append(two)
                certain.setdefault(two, []).append(one)
        return certain, apart

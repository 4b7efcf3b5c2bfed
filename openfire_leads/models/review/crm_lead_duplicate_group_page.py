"""What the page shows: the groups, how many are left, what was done today; and one group with its merge."""

from datetime import timedelta
from itertools import pairwise

from odoo import api, models
from odoo.fields import Domain

from ...tools import remote_calls
from ...tools.days import midnight

# groups listed at first, and rows of the queue dealt with before they are
PAGE = 40
AT_ONCE = 500
# as far as groups are counted, as Odoo's lists do: to count all that may be read takes seconds where leads are many
MOST_COUNTED = 10_000
# the last groups that somebody dealt with tell how long one takes; a longer pause between two of them is a break
LATEST = 50
BREAK = timedelta(minutes=5)


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @api.model
    @remote_calls.checked(
        domain=remote_calls.domain("crm.lead.duplicate.group"),
        limit=remote_calls.count,
        lead_ids=remote_calls.optional_ids,
    )
    def review_page(self, domain=None, limit=PAGE, lead_ids=None):
        """Return the groups to list, and the counts above them.

        :param domain: which groups
        :param limit: how many of them at most, the likeliest first
        :param lead_ids: leads whose group is asked for
        :return: a dict::

            {
                "rows": [{"id", "title", "score", "certain", "state", "lead_count", "hidden_count", "reasons",
                          "reviewer": name of the one who has it open or False}],
                "total": 120, "left": 80,            # of all groups in question, and of those those to review:
                                                     # counted up to 10,000
                "today": [{"name", "count", "own"}], # who dealt with how many, as far as the user sees these
                "pace": 12.5,                        # seconds that the user takes for one; 0: not known
                "waiting": 0,                        # leads that are yet to be compared
                "found_id": False,                   # the group of ``lead_ids``, if any is to review or skipped
            }
        """
        self._bring_up_to_date(AT_ONCE)
        domain = Domain(domain or Domain.TRUE)
        groups = self.search(domain, limit=limit)
        listed_all = limit is None or len(groups) < limit
        total = len(groups) if listed_all else self.search_count(domain, MOST_COUNTED)
        return {
            "rows": groups._review_rows(),
            "total": total,
            "left": self.search_count(domain & Domain("state", "=", "open"), MOST_COUNTED),
            "today": self._review_today(),
            "pace": self._review_pace(),
            "waiting": self.env["crm.lead.duplicate"].backlog()["waiting"],
            "found_id": self.search(
                [("lead_ids", "in", lead_ids), ("state", "!=", "done")], limit=1
            ).id if lead_ids else False,
        }  # fmt: skip

    @remote_calls.checked()
    def review_sheets(self):
        """Return what the page shows of each of these groups, see :meth:`review_open`; claims none of them.

        Those that are gone, or that the user may not read, are left out.
        """
        self._bring_up_to_date(AT_ONCE)
        return [group._review_sheet() for group in self.exists()._filtered_access("read")]

    @remote_calls.checked(one=True, leave_id=remote_calls.one_id)
    def review_open(self, leave_id=False):
        """Claim this group, see :meth:`review_claim`, and return what the page shows of it.

        :param leave_id: the group that the user had open before, which becomes free
        :return: ``False`` where there is no such group any more, else a dict::

            {
                "id", "title", "state", "score", "certain", "lead_count", "hidden_count", "reviewer": as listed,
                "digest": "…",                  # to pass on to the verbs, which tell by it whether it changed
                "lead_ids": [1, 2], "won_ids": [2], # those that the user may read; of these, those that are won
                "include_won": True,            # whether a merge takes the latter along, by the rule in Settings
                "links": [{"lead_id", "other_lead_id", "names": [a, b], "score", "certain", "reasons": [texts]}],
                "ask": {"names": […], "asked": False}, # of hidden leads, False where nobody is to be asked
                "preview": as of ``crm.merge.opportunity.get_merge_preview``, False for less than two leads,
                "told": "Merged by …",          # what was done with it, if it is done
            }

        :raises AccessError: the user may read none of its leads
        """
        self._bring_up_to_date(AT_ONCE)
        claim = self.review_claim(leave_id)
        return claim and self._review_sheet()

    # ------------------------------------------------------------
    # The list
    # ------------------------------------------------------------

    def _review_rows(self):
        reviewers = self._reviewed_by_others()
        return [
            {
                **group._review_head(),
                "reasons": group.reasons,
                "reviewer": reviewers.get(group.id, False),
            }
            for group in self
        ]

    def _review_head(self):
        return {
            "id": self.id,
            "title": self.title or self.env._("Group of %(count)d leads", count=self.lead_count),
            "state": self.state,
            "score": self.score,
            "certain": self.certain,
            "lead_count": self.lead_count,
            "hidden_count": self.hidden_count,
        }

    @api.model
    def _review_today(self):
        found = self._read_group(
            [("state", "=", "done"), ("done_on", ">=", midnight(self.env.user))], ["done_by_id"], ["__count"]
        )
        # sudo: colleagues' names
        today = [
            {"name": user.sudo().name, "count": count, "own": user == self.env.user} for user, count in found
        ]
        return sorted(today, key=lambda line: (not line["own"], -line["count"], line["name"]))

    @api.model
    def _review_pace(self):
        done = self.search_fetch(
            [("done_by_id", "=", self.env.uid), ("done_on", ">=", midnight(self.env.user))],
            ["done_on"], order="done_on desc", limit=LATEST,
        )  # fmt: skip
        times = sorted(set(done.mapped("done_on")))
        gaps = [later - former for former, later in pairwise(times)]
        gaps = [gap.total_seconds() for gap in gaps if gap < BREAK]
        return round(sum(gaps) / len(gaps), 1) if gaps else 0

    # ------------------------------------------------------------
    # One group
    # ------------------------------------------------------------

    def _review_sheet(self):
        self.ensure_one()
        leads = self.lead_ids._merge_sort()
        won = leads.filtered(lambda lead: lead.won_status == "won")
        merged = leads._merge_joined()
        live = self.state != "done"
        return {
            **self._review_head(),
            "reviewer": self._reviewed_by_other(),
            "digest": self.values_digest,
            "lead_ids": leads.ids,
            "won_ids": won.ids,
            "include_won": leads._merge_joins_won(),
            "links": [pair._review_link() for pair in self.pair_ids],
            "ask": self._describe_whom_to_ask(),
            # the window's own: what it shows is what the page shows
            "preview": live
            and len(merged) > 1
            and self.env["crm.merge.opportunity"].get_merge_preview(merged.ids),
            "told": self._review_told(),
        }

    def _review_told(self):
        """Return as a sentence by whom this group was dealt with, or ``False``."""
        if self.state != "done":
            return False
        # sudo: a colleague's name
        by = self.done_by_id.sudo().name
        if self.outcome == "merged":
            return self.env._("Merged by %(name)s.", name=by)
        return self.env._("Not duplicates, says %(name)s.", name=by)


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    def _review_link(self):
        leads = (self.lead_id, self.other_lead_id)
        return {
            "lead_id": self.lead_id.id,
            "other_lead_id": self.other_lead_id.id,
            "names": [lead._name_of_requester() for lead in leads],
            "score": self.score,
            "certain": self.certain,
            "reasons": self._reasons(self.evidence),
        }

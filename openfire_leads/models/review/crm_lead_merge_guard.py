"""Which groups a bulk run leaves to people: the guard rails, as data, and each decided for many groups at once."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Planned(NamedTuple):
    """A group as it was when it was planned to be merged.

    :param group_id: id of the ``crm.lead.duplicate.group``
    :param lead_ids: ids of all its leads, sorted
    :param digest: of the compared values of its leads, see the group's ``values_digest``
    :param certain: whether it is merged because it is certain: then it must still be, and not be skipped
    """

    group_id: int
    lead_ids: tuple
    digest: str
    certain: bool


class Guard(NamedTuple):
    """One guard rail.

    :param label: why a group is left out, as one reads it in a list
    :param parameter: the system parameter that switches it off with ``False``, or ``None``: it always holds
    """

    label: str
    parameter: str | None = None


class CrmLeadMergeGuard(models.AbstractModel):
    """What holds a bulk run back. A guard rail is a code in :meth:`_guards` and the method ``_guard_<code>``."""

    _name = "crm.lead.merge.guard"
    _description = "Guard Rails of Bulk Merges"

    @api.model
    def _guards(self):
        """Return ``{code: Guard}``, in the order in which reasons are told: the first one that holds is the group's.

        To override: add a code here, and a method ``_guard_<code>(planned)`` that takes a list of :class:`Planned`
        and returns the set of the ids of those groups that are to be left out.
        """
        return {
            "changed": Guard(self.env._("Changed meanwhile")),
            "hidden": Guard(self.env._("With leads that you may not read or change")),
            "undone": Guard(self.env._("Merged before, and taken back")),
            "company": Guard(self.env._("Of several companies")),
            "number": Guard(self.env._("Too few or too many leads for one merge")),
            "won": Guard(self.env._("With a won opportunity"), "openfire_leads.guard_won"),
            "orders": Guard(self.env._("With orders or quotations"), "openfire_leads.guard_orders"),
            "salespeople": Guard(self.env._("Of several salespeople"), "openfire_leads.guard_salespeople"),
            "customers": Guard(self.env._("Of several customers"), "openfire_leads.guard_customers"),
        }

    @api.model
    def _guards_on(self):
        """Return the codes of the guard rails that hold, in their order."""
        # sudo: salespeople cannot read parameters
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return [
            code
            for code, guard in self._guards().items()
            if not guard.parameter or get_param(guard.parameter) != "False"
        ]

    @api.model
    def _guard_reasons(self, planned):
        """Return why groups are to be left out of a bulk run of the user's: ``{group id: [codes]}``, the first code
        being the one to tell; groups that may be merged are not in it. A few queries, however many groups.

        Of a group with leads that the user may not read nothing else is told: it would be about those leads too.

        :param planned: list of :class:`Planned`
        """
        self.env["crm.lead"]._match_flush()
        self.env.flush_all()
        reasons = {}
        for code in self._guards_on():
            for group_id in getattr(self, f"_guard_{code}")(planned):
                reasons.setdefault(group_id, []).append(code)
        return {
            group_id: ["hidden"] if "hidden" in codes and "changed" not in codes else codes
            for group_id, codes in reasons.items()
        }

    # ------------------------------------------------------------
    # THOSE THAT ALWAYS HOLD
    # ------------------------------------------------------------

    @api.model
    def _guard_changed(self, planned):
        """Leads, values or pairs are not what they were: asked of the tables themselves, groups may lag behind."""
        certainty = self.env["crm.lead.duplicate"]._matching_model().certainty
        known = {
            row[0]: row[1:]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT id, state, score, array_agg(lead_id ORDER BY lead_id) FROM crm_lead_duplicate_group
                      JOIN crm_lead_duplicate_group_lead_rel ON group_id = id WHERE id = ANY(%s) GROUP BY id
                    """,
                    [group.group_id for group in planned],
                )
            )
        }
        digests = self.env["crm.lead.duplicate.group"]._digests_now(
            {lead_id for group in planned for lead_id in group.lead_ids}
        )
        changed = self._groups_dismissed(planned)
        for group in planned:
            state, score, lead_ids = known.get(group.group_id, ("done", 0, []))
            if (
                state == "done"
                or tuple(lead_ids) != group.lead_ids
                or not digests.keys() >= set(group.lead_ids)
                or self.env["crm.lead.duplicate.group"]._digest(group.lead_ids, digests) != group.digest
                or (group.certain and (state != "open" or score < certainty))
            ):
                changed.add(group.group_id)
        return changed

    @api.model
    def _groups_dismissed(self, planned):
        """Return the groups of which two leads are no duplicates any more, as somebody has said."""
        return self._guard_query(
            planned,
            """
            SELECT DISTINCT one.group_id FROM member one
              JOIN crm_lead_duplicate pair ON pair.lead_id = one.lead_id AND pair.state = 'dismissed'
              JOIN member other ON other.lead_id = pair.other_lead_id AND other.group_id = one.group_id
            """,
        )

    @api.model
    def _guard_hidden(self, planned):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        leads = Lead.browse({lead_id for group in planned for lead_id in group.lead_ids}).exists()
        open_ids = set(leads._filtered_access("read")._filtered_access("write").ids)
        return {group.group_id for group in planned if not open_ids.issuperset(group.lead_ids)}

    @api.model
    def _guard_undone(self, planned):
        """Two of the leads were merged, and somebody took that back: the machine does not do it again."""
        return self._guard_query(
            planned,
            """
            SELECT DISTINCT group_id FROM member
              JOIN crm_lead_merge_line line ON line.lead_res_id = member.lead_id
              JOIN crm_lead_merge undone ON undone.id = line.merge_id
             WHERE undone.state = 'undone' AND undone.kind = 'merge'
          GROUP BY group_id, undone.id HAVING count(*) > 1
            """,
        )

    @api.model
    def _guard_company(self, planned):
        """No merge joins leads of several companies, whoever asks for it."""
        return self._guard_different(planned, "company_id")

    @api.model
    def _guard_number(self, planned):
        Lead, most = self.env["crm.lead"], self.env["crm.lead"]._merge_max_leads()
        left = set()
        if not Lead._merge_joins_won():
            won = self._guard_query(
                planned,
                """
                SELECT group_id FROM member JOIN crm_lead lead ON lead.id = lead_id
              GROUP BY group_id HAVING count(*) FILTER (WHERE lead.won_status IS DISTINCT FROM 'won') < 2
                """,
            )
            left |= won
        return left | {group.group_id for group in planned if most and len(group.lead_ids) > most}

    # ------------------------------------------------------------
    # THOSE THAT A SETTING SWITCHES OFF
    # ------------------------------------------------------------

    @api.model
    def _guard_won(self, planned):
        return self._guard_query(
            planned,
            "SELECT group_id FROM member JOIN crm_lead lead ON lead.id = lead_id WHERE lead.won_status = 'won'",
        )

    @api.model
    def _guard_orders(self, planned):
        lead_ids = {lead_id for group in planned for lead_id in group.lead_ids}
        # sudo: that there is an order says so little that whoever may change the lead may know
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        linked = set()
        for name in self._guard_order_fields():
            linked |= set(Lead.search([("id", "in", list(lead_ids)), (name, "!=", False)]).ids)
        return {group.group_id for group in planned if not linked.isdisjoint(group.lead_ids)}

    @api.model
    def _guard_order_fields(self):
        """Return the names of the lead's fields that hold orders, of the modules that are installed. To override."""
        return [name for name in ("order_ids",) if name in self.env["crm.lead"]._fields]

    @api.model
    def _guard_salespeople(self, planned):
        return self._guard_different(planned, "user_id")

    @api.model
    def _guard_customers(self, planned):
        return self._guard_different(planned, "partner_id")

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @api.model
    def _guard_different(self, planned, column):
        """Return the groups whose leads have different values, but for those that have none, in a column."""
        return self._guard_query(
            planned,
            """
            SELECT group_id FROM member JOIN crm_lead lead ON lead.id = lead_id
          GROUP BY group_id HAVING count(DISTINCT lead.%s) > 1
            """,
            SQL.identifier(column),
        )

    @api.model
    def _guard_query(self, planned, query, *parameters):
        """Return the set of group ids that ``query`` selects; ``member`` is the table of planned groups and leads."""
        members = [(group.group_id, lead_id) for group in planned for lead_id in group.lead_ids]
        rows = self.env.execute_query(
            SQL(
                "WITH member AS (SELECT * FROM unnest(%s::int[], %s::int[]) AS member (group_id, lead_id)) %s",
                [group_id for group_id, _lead_id in members],
                [lead_id for _group_id, lead_id in members],
                SQL(query, *parameters),
            )
        )
        return {group_id for (group_id,) in rows}

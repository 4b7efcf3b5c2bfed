"""What became of a merged lead: its former id, e-mail and phone lead to the survivor."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import remote_calls
from .crm_lead_merge_journal import LISTED
from .crm_lead_merge_result import NAMED


# imported after the matching, whose hook for further contacts is filled here
class CrmLead(models.Model):
    _inherit = "crm.lead"

    merge_count = fields.Integer("Merges and Conversions", compute="_compute_merge_count")

    def _compute_merge_count(self):
        # most leads have no entry at all, and every form asks
        saved = self._origin._not_created_now()._merge_with_entries()
        counts = dict.fromkeys(saved.ids, 0)
        former = saved._merge_former_ids()
        # a lead that was only converted has no other merged into it, nor has one whose merges were undone
        owners = {res_id: lead_id for lead_id in saved.ids for res_id in (lead_id, *former.get(lead_id, ()))}
        groups = owners and self.env["crm.lead.merge"]._read_group(
            self._merge_listed(list(owners)), ["survivor_res_id"], ["__count"]
        )
        for res_id, count in groups:
            counts[owners[res_id]] += count
        for lead in self:
            lead.merge_count = counts.get(lead._origin.id, 0)

    @remote_calls.checked(one=True)
    def action_view_merges(self):
        """Show the merges and conversions of this lead, and of those merged into it."""
        self.check_access("read")
        ids = [self.id, *self._merge_former_ids().get(self.id, ())]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_action"),
            "domain": list(self._merge_listed(ids)),
            "context": {"create": False},
        }

    @api.model
    def _merge_listed(self, ids):
        """Return the domain of the entries that are listed of leads with these ids, one for what one click did."""
        return LISTED & Domain("survivor_res_id", "in", ids)

    def _merge_with_entries(self):
        """Return those of these leads into which others were merged, or that were converted, undone or not."""
        if not self.ids:
            return self
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT survivor_res_id FROM crm_lead_merge WHERE survivor_res_id = ANY(%s)",
                self.ids,
            )
        )
        return self.browse(lead_id for (lead_id,) in rows)

    def _merge_former_ids(self):
        """Return ``{lead id: ids of the leads merged into it}``, also by way of others, for leads with any."""
        if not self.ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE former(survivor, lead) AS (
                       SELECT m.survivor_res_id, l.lead_res_id
                         FROM crm_lead_merge m JOIN crm_lead_merge_line l ON l.merge_id = m.id
                        WHERE m.survivor_res_id = ANY(%s) AND m.state = 'done' AND l.sequence > 0
                    UNION
                       SELECT f.survivor, l.lead_res_id
                         FROM former f
                         JOIN crm_lead_merge m ON m.survivor_res_id = f.lead AND m.state = 'done'
                         JOIN crm_lead_merge_line l ON l.merge_id = m.id AND l.sequence > 0)
                   SELECT survivor, array_agg(lead ORDER BY lead) FROM former GROUP BY survivor""",
                self.ids,
            )
        )
        return dict(rows)

    @api.model
    def _merge_resolve(self, lead_ids):
        """Return ``{id of a merged lead: id of the lead it went into}``, the last one of a chain.

        Leads that exist, that were never merged or whose survivor is gone are left out.
        """
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE way(lead, target) AS (
                       SELECT l.lead_res_id, m.survivor_res_id
                         FROM crm_lead_merge_line l JOIN crm_lead_merge m ON m.id = l.merge_id
                        WHERE l.lead_res_id = ANY(%s) AND l.sequence > 0 AND m.state = 'done'
                          AND m.kind = 'merge'
                    UNION
                       SELECT w.lead, m.survivor_res_id
                         FROM way w
                         JOIN crm_lead_merge_line l ON l.lead_res_id = w.target AND l.sequence > 0
                         JOIN crm_lead_merge m ON m.id = l.merge_id AND m.state = 'done'
                          AND m.kind = 'merge')
                   SELECT w.lead, s.id FROM way w JOIN crm_lead s ON s.id = w.target
                    WHERE NOT EXISTS (SELECT FROM crm_lead l WHERE l.id = w.lead)""",
                list(lead_ids),
            )
        )
        return dict(rows)

    def _merge_missing_message(self, missing):
        """Say what became of the leads which are no longer there.

        Named are who merged them, and into what, as far as the user may read these merges.
        """
        merges = self.env["crm.lead.merge"].search(
            [
                ("state", "=", "done"),
                ("line_ids", "any", [("lead_res_id", "in", missing.ids), ("sequence", ">", 0)]),
            ]
        )
        if not merges and len(missing) == 1:
            return self.env._(
                "One of the selected leads no longer exists, or you may not see it any more. Nothing was merged: "
                "select again."
            )
        if not merges:
            return self.env._(
                "%(count)s of the selected leads no longer exist, or you may not see them any more. Nothing was "
                "merged: select again.",
                count=len(missing),
            )
        return self.env._(
            "Some of these leads no longer exist: meanwhile %(what)s. Nothing was merged: select again.",
            what=", ".join(
                self.env._(
                    "%(user)s merged %(names)s into “%(survivor)s”",
                    user=merge.user_id.name,
                    names=self._merge_quoted((merge.merged_names or "").split("\n"), NAMED),
                    survivor=merge.survivor_name,
                )
                for merge in merges
            ),
        )

    def _match_extra_contacts(self):
        """Add the e-mails and phones that gave way: they go on matching.

        Those of the leads merged into these, and what a merge, a conversion or a customer replaced on them.
        """
        extra = super()._match_extra_contacts()
        for lead_id, email, phone in self._former_contacts(self._origin._not_created_now().ids):
            lead = self.browse(lead_id)
            mine = extra.setdefault(lead_id, {"emails": [], "phones": []})
            if email and email != lead.email_from and email not in mine["emails"]:
                mine["emails"].append(email)
            if phone and phone != lead.phone and phone not in mine["phones"]:
                mine["phones"].append(phone)
        return extra

    @api.model
    def _former_contacts(self, lead_ids):
        """Return ``[(lead id, e-mail, phone), ...]`` that gave way on these leads and on those merged into them."""
        if not lead_ids:
            return []
        return self.env.execute_query(
            SQL(
                """WITH RECURSIVE former(survivor, lead) AS (
                       SELECT id, id FROM unnest(%s::int[]) AS own(id)
                    UNION
                       SELECT f.survivor, l.lead_res_id
                         FROM former f
                         JOIN crm_lead_merge m ON m.survivor_res_id = f.lead AND m.state = 'done'
                         JOIN crm_lead_merge_line l ON l.merge_id = m.id AND l.sequence > 0)
                   SELECT survivor, email, phone FROM (
                       SELECT f.survivor, l.lead_res_id, l.id,
                              CASE WHEN l.sequence > 0 OR l.values_after->>'email_from' != l.email_from
                                   THEN l.email_from END AS email,
                              CASE WHEN l.sequence > 0 OR l.values_after->>'phone' != l.phone
                                   THEN l.phone END AS phone
                         FROM former f
                         JOIN crm_lead_merge_line l ON l.lead_res_id = f.lead
                         JOIN crm_lead_merge m ON m.id = l.merge_id AND m.state = 'done'
                   ) contact
                    WHERE email IS NOT NULL OR phone IS NOT NULL
                 ORDER BY survivor, lead_res_id, id""",
                lead_ids,
            )
        )

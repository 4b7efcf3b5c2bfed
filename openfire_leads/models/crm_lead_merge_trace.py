"""What became of a merged lead: its former id, e-mail and phone lead to the survivor."""

from odoo import api, fields, models
from odoo.exceptions import MissingError, RedirectWarning
from odoo.tools import SQL

from .crm_lead_match_refresh import CREATED


# imported after the matching, whose hook for further contacts is filled here
class CrmLead(models.Model):
    _inherit = "crm.lead"

    merge_count = fields.Integer("Merges", compute="_compute_merge_count")

    def _compute_merge_count(self):
        counts = {lead.id: 0 for lead in self}
        former = self._merge_former_ids()
        owners = {res_id: lead_id for lead_id, ids in former.items() for res_id in (lead_id, *ids)}
        groups = self.env["crm.lead.merge"]._read_group(
            [("survivor_res_id", "in", list(owners))], ["survivor_res_id"], ["__count"]
        )
        for res_id, count in groups:
            counts[owners[res_id]] += count
        for lead in self:
            lead.merge_count = counts.get(lead.id, 0)

    def action_view_merges(self):
        """Show the merges into this lead, and into those merged into it."""
        self.ensure_one()
        ids = [self.id, *self._merge_former_ids().get(self.id, ())]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_action"),
            "domain": [("survivor_res_id", "in", ids)],
            "context": {"create": False},
        }

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

    def web_read(self, specification):
        """Offer the survivor to who opens a merged lead by an old link."""
        try:
            values = super().web_read(specification)
        except MissingError:
            self._merge_redirect()
            raise
        if not values:
            self._merge_redirect()
        return values

    def _merge_redirect(self):
        """Refuse with a way to the survivor, if this is one lead that was merged into one the user may read."""
        survivor = (
            self.browse(self._merge_resolve(self.ids).get(self.id, ())) if len(self) == 1 else self.browse()
        )
        if survivor and survivor.has_access("read"):
            raise RedirectWarning(
                self.env._("This lead was merged into “%(name)s”.", name=survivor.name),
                survivor.redirect_lead_opportunity_view(),
                self.env._("Open it"),
            )

    def _merge_missing_message(self, missing):
        """Name who merged the missing leads, and into what, as far as the user may read these merges."""
        merges = self.env["crm.lead.merge"].search(
            [
                ("state", "=", "done"),
                ("line_ids", "any", [("lead_res_id", "in", missing.ids), ("sequence", ">", 0)]),
            ]
        )
        if not merges:
            return super()._merge_missing_message(missing)
        return self.env._(
            "Some of these leads no longer exist: meanwhile %(what)s. Nothing was merged: select again.",
            what=", ".join(
                self.env._(
                    "%(user)s merged “%(names)s” into “%(survivor)s”",
                    user=merge.user_id.name,
                    names=(merge.merged_names or "").replace("\n", ", "),
                    survivor=merge.survivor_name,
                )
                for merge in merges
            ),
        )

    def _explain_missing(self):
        """Say into what the lead was merged, if it was."""
        survivor_id = self._merge_resolve(self.ids).get(self.id)
        survivor = self.browse(survivor_id or ())
        if not survivor or not survivor.has_access("read"):
            return super()._explain_missing()
        return self.env._("This lead was merged into “%(name)s” meanwhile.", name=survivor.name)

    def _match_extra_contacts(self):
        """Add the e-mails and phones of the leads merged into these: they go on matching."""
        extra = super()._match_extra_contacts()
        created = self.env.cr.precommit.data.get(CREATED, ())
        ids = [lead._origin.id for lead in self if lead._origin.id and lead.id not in created]
        former = self.browse(ids)._merge_former_ids()
        if not former:
            return extra
        rows = self.env.execute_query(
            SQL(
                """SELECT l.lead_res_id, l.email_from, l.phone
                     FROM crm_lead_merge_line l JOIN crm_lead_merge m ON m.id = l.merge_id
                    WHERE l.lead_res_id = ANY(%s) AND l.sequence > 0 AND m.state = 'done'""",
                [lead_id for lead_ids in former.values() for lead_id in lead_ids],
            )
        )
        contacts = {lead_id: (email, phone) for lead_id, email, phone in rows}
        for lead in self.browse(former):
            mine = extra.setdefault(lead.id, {"emails": [], "phones": []})
            for lead_id in former[lead.id]:
                email, phone = contacts.get(lead_id, (None, None))
                if email and email != lead.email_from and email not in mine["emails"]:
                    mine["emails"].append(email)
                if phone and phone != lead.phone and phone not in mine["phones"]:
                    mine["phones"].append(phone)
        return extra

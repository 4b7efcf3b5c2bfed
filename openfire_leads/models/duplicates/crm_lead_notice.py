"""The notice on the lead's form: who is likely the same requester, and why."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import remote_calls

# how many duplicates the notice and the window name
NAMED = 3
# what is shown of them
SHOWN = (
    *("name", "type", "active", "won_status", "stage_id", "user_id", "create_date"),
    *("contact_name", "partner_name", "email_from"),
    # what Odoo's record rules look at besides
    "company_id",
)
# first what can be worked on
STATUS_ORDER = {"open": 0, "won": 1, "lost": 2, "archived": 3}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    duplicate_notice = remote_calls.PlainJson(
        "Likely Duplicates",
        compute="_compute_duplicate_notice",
        compute_sudo=False,
        help="The likeliest duplicates that you may read, with the reasons.",
    )

    @api.depends("duplicates_found", "duplicates_readable")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_duplicate_notice(self):
        shown = self._duplicate_proposal() != "off"
        for lead in self:
            lead.duplicate_notice = shown and lead._get_duplicate_notice()

    @api.model
    def _duplicate_proposal(self):
        """Return the setting: ``window``, ``notice`` or ``off``."""
        proposal = self.env["ir.config_parameter"].sudo().get_param("openfire_leads.duplicate_proposal")
        return proposal if proposal in ("notice", "off") else "window"

    @api.model
    def _search_named(self, lead_ids):
        """Return those leads that the user may read, with what the notice shows of them, in one query."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads.search_fetch([("id", "in", list(lead_ids))], SHOWN) if lead_ids else leads

    def _get_duplicate_notice(self, pair_filter=None):
        """Return what the notice shows, ``False`` if there is nothing to say.

        :param pair_filter: takes the stored pair of a duplicate (as superuser, empty for one found on the spot) and
            returns whether to name it
        :return: ``{"duplicates": [...], "more": int, "hidden": int, "ask": whom to ask about the hidden ones,
            "lead_ids": ids of all that may be named}``; see :meth:`_describe_duplicate` and
            :meth:`_describe_whom_to_ask`
        """
        self.ensure_one()
        # sudo: what the user may not read is counted only
        found = self.sudo().duplicates_found or []
        lead_model = self.env["crm.lead"].with_context(active_test=False)
        readable = lead_model.browse(self.duplicates_readable)
        # sudo: who may read both leads may read their pair
        stored = self.env["crm.lead.duplicate"].sudo().browse(pair_id for *_line, pair_id in found if pair_id)
        pairs = {pair.id: pair for pair in stored}
        # sudo: what names a stage or a salesperson is shown with a lead one may read, as in every list of Odoo's
        named = [
            (readable.browse(other_id).sudo(), score, evidence, pair_id)
            for other_id, score, evidence, pair_id in found
            if other_id in readable._ids
            and (pair_filter is None or pair_filter(pairs.get(pair_id, stored.browse())))
        ]
        named.sort(key=lambda line: (STATUS_ORDER[line[0]._duplicate_status()], -round(line[1], 1)))
        hidden = len(found) - len(readable)
        if not named and (not hidden or pair_filter):
            return False
        shown = readable.browse(other.id for other, *_rest in named[:NAMED]).sudo()
        # names only: users and stages have many columns more
        shown.filtered(_shows_stage).stage_id.fetch(["name"])
        shown.user_id.fetch(["partner_id"])
        shown.user_id.partner_id.fetch(["name"])
        return {
            # only those that are shown: each takes names of others
            "duplicates": [self._describe_duplicate(*line) for line in named[:NAMED]],
            "more": len(named[NAMED:]),
            "hidden": hidden,
            "ask": bool(hidden and pair_filter is None)
            and self._describe_whom_to_ask(lead_model.browse(self._ids_found()) - readable),
            "lead_ids": [other.id for other, *_line in named],
        }

    def _describe_duplicate(self, other, score, evidence, pair_id):
        """Return one duplicate as the notice and the window show it."""
        pair_model = self.env["crm.lead.duplicate"]
        return {
            "lead_id": other.id,
            "pair_id": pair_id or False,
            "name": other.display_name,
            "contact": other.contact_name or other.partner_name or other.email_from or "",
            "type": other.type,
            "status": other._duplicate_status(),
            "status_label": other._duplicate_status_label(),
            "stage": other.stage_id.name if _shows_stage(other) else "",
            "user": other.user_id.partner_id.name or "",
            "date": fields.Date.to_string(other.create_date),
            "score": score,
            "certain": score >= pair_model._matching_model().certainty,
            "reasons": pair_model._reasons(evidence),
        }

    def _duplicate_status_label(self):
        """Return what is remarkable of a duplicate's status, nothing for an open one."""
        return {
            "won": self.env._("customer already"),
            "lost": self.env._("lost"),
            "archived": self.env._("archived"),
        }.get(self._duplicate_status(), "")

    @remote_calls.checked(one=True)
    def get_duplicate_window(self):
        """Return what the window after saving proposes for this lead, ``False`` if nothing.

        Only open leads are proposed for merging, and pairs on which this user has closed the window are not
        proposed again as long as their values stay the same.

        :return: as :meth:`_get_duplicate_notice`
        """
        self.check_access("read")
        if self._duplicate_proposal() != "window" or not self.active or self.won_status != "pending":
            return False

        def is_new(pair):
            if not pair:
                return False
            other = pair.other_lead_id if pair.lead_id == self else pair.lead_id
            closed = pair.closed_digests or {}  # the user's own memory
            return other._duplicate_status() == "open" and closed.get(str(self.env.uid)) != pair.values_digest

        return self._get_duplicate_notice(is_new)

    # ------------------------------------------------------------
    # MERGING FROM A PROPOSAL
    # ------------------------------------------------------------

    @remote_calls.checked(one=True, other_lead_ids=remote_calls.ids)
    def action_merge_with(self, other_lead_ids):
        """Open the merge window on this lead and others.

        :param other_lead_ids: ids of the leads to merge with it
        """
        others = self.with_context(active_test=False).browse(other_lead_ids).exists()
        return (self | others)._open_merge_window()

    def _open_merge_window(self):
        """Return the action of the merge window on these leads, the oldest first."""
        self.check_access("read")
        if len(self.exists()) < 2:
            raise UserError(self.env._("These leads were merged or deleted meanwhile."))
        leads = self.sorted(lambda lead: (lead.create_date, lead.id))
        action = self.env["ir.actions.actions"]._for_xml_id("crm.action_merge_opportunities")
        action["context"] = {"active_model": "crm.lead", "active_ids": leads.ids, "active_id": leads[0].id}
        return action


def _shows_stage(lead):
    """Return whether the stage is told of a duplicate."""
    return lead.type == "opportunity"

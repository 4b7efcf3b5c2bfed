"""Where in the pipeline the survivor stands after a merge, and its address (rule ``oldest``)."""

from odoo import models

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC

AREA_FIELDS = {"state_id", "country_id"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_furthest(self):
        """Return the lead whose stage, probability and outcome the survivor takes.

        Among the opportunities if there are any: won before open before lost, then the later
        stage, the higher probability, and the order of precedence. Leads only: the survivor,
        unless it is lost and another one is not.
        """
        opportunities = self.filtered(lambda lead: lead.type == "opportunity")
        if not opportunities and self[0].won_status != "lost":
            return self[0]
        return max(
            opportunities or self,
            key=lambda lead: (
                lead.won_status == "won",
                lead.won_status != "lost",
                lead.stage_id.sequence,
                lead.probability,
            ),
        )

    def _merge_data_outcome(self, data):
        """Return stage, probability, archived or not, and lost reason, all from one lead.

        A lost reason goes when the result has a chance; it stays in the summary and in the journal.
        """
        picks = self.env.context.get("openfire_merge_picks") or {}
        picked = picks.get("stage_id")
        furthest = self.browse(picked) if picked in self._ids else self._merge_furthest()
        survivor = self[0]
        reasons = self.filtered("lost_reason_id")
        outcome = {
            "active": any(lead.active for lead in self),
            "lost_reason_id": False if furthest.probability else reasons[:1].lost_reason_id.id,
        }
        stage = self._merge_stage_in_team(furthest, data)
        if stage:
            outcome["stage_id"] = stage.id
        if furthest == survivor:
            return outcome
        run = self.env.context["openfire_merge_run"]
        run.automated = furthest.is_automated_probability and furthest.won_status == "pending"
        if not run.automated:
            outcome["probability"] = furthest.probability
        if survivor.won_status != furthest.won_status:
            outcome["date_closed"] = run.date_closed = furthest.date_closed
        return outcome

    def _merge_stage_in_team(self, furthest, data):
        """Return the furthest lead's stage, or the one as far in the pipeline of the survivor's team."""
        stage = furthest.stage_id
        run = self.env.context["openfire_merge_run"]
        team_id = run.team_id or data.get("team_id")
        if not stage or not team_id or not stage.team_ids or team_id in stage.team_ids.ids:
            return stage
        stages = self.env["crm.stage"].search(
            ["|", ("team_ids", "=", False), ("team_ids", "in", team_id)], order="sequence, id"
        )
        alike = stages.filtered(lambda other: other.is_won == stage.is_won)
        before = alike.filtered(lambda other: other.sequence <= stage.sequence)
        return before[-1:] or alike[:1] or stage

    def _merge_settle_outcome(self, run):
        """Put right what Odoo's ``write`` decides by itself: the closing date, an automated probability."""
        if run.date_closed and self.date_closed != run.date_closed:
            self.write({"date_closed": run.date_closed})
        if run.automated and not self.is_automated_probability:
            self.write({"probability": self.automated_probability})

    def _merge_data_address(self):
        """Return the address: the first lead's that has one, completed where another agrees with it.

        Two addresses agree when no part contradicts and they have a part in common; a country or
        state alone agrees with any address in it. So no address is ever mixed from two places.
        """
        address = {}
        for lead in self:
            other = {fname: lead[fname] for fname in PARTNER_ADDRESS_FIELDS_TO_SYNC if lead[fname]}
            if not address:
                address = other
            elif self._merge_addresses_agree(address, other):
                address = {**other, **address}
        return {
            fname: self._fields[fname].convert_to_write(address.get(fname, self[0][fname]), self[0])
            for fname in PARTNER_ADDRESS_FIELDS_TO_SYNC
        }

    @staticmethod
    def _merge_addresses_agree(address, other):
        """Whether two addresses (non-blank parts only) can be one."""

        def plain(value):
            return " ".join(value.casefold().split()) if isinstance(value, str) else value

        common = address.keys() & other.keys()
        if any(plain(address[fname]) != plain(other[fname]) for fname in common):
            return False
        return bool(common) or address.keys() <= AREA_FIELDS or other.keys() <= AREA_FIELDS

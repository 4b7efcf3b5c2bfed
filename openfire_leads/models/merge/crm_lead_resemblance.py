"""Whether the leads to merge resemble one another, before people of different requests become one."""

from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_resemblance(self):
        """Return for each of these leads which other one of them it resembles most, and why.

        Stored pairs tell it; a lead that has none with the others is compared on the spot. A pair of which
        somebody said that they are no duplicates does not count.

        :returns: ``{lead id: {"lead_id": the other one or False, "score": 0 to 100, "alike": whether it is
            suspected, "certain": …, "reasons": [texts], "alike_ids": ids of all that it resembles}}``
        """
        leads = self._origin
        model = self.env["crm.lead.duplicate"]._matching_model()
        pairs = self.env["crm.lead.duplicate"].search(
            [("lead_id", "in", leads.ids), ("other_lead_id", "in", leads.ids)]
        )
        dismissed = {
            frozenset((pair.lead_id.id, pair.other_lead_id.id)) for pair in pairs if pair.state == "dismissed"
        }
        found = {lead.id: {} for lead in leads}
        for pair in pairs.filtered(lambda pair: pair.state != "dismissed"):
            found[pair.lead_id.id][pair.other_lead_id.id] = (pair.score, pair.evidence)
            found[pair.other_lead_id.id][pair.lead_id.id] = (pair.score, pair.evidence)
        for lead in leads:
            if found[lead.id]:
                continue
            others = leads.filtered(
                lambda other, lead=lead: other != lead and frozenset((lead.id, other.id)) not in dismissed
            )
            found[lead.id] = lead._compare_with(others) if others else {}
        return {lead_id: self._merge_resembled(scores, model) for lead_id, scores in found.items()}

    def _merge_resembled(self, scores, model):
        """Return one value of :meth:`_merge_resemblance`.

        :param scores: ``{other id: (score, evidence)}``
        """
        best = max(scores, key=lambda other_id: (scores[other_id][0], -other_id), default=False)
        score, evidence = scores.get(best, (0.0, []))
        return {
            "lead_id": best,
            "score": round(score, 1),
            "alike": score >= model.suspicion,
            "certain": score >= model.certainty,
            "reasons": self.env["crm.lead.duplicate"]._reasons(evidence),
            "alike_ids": [other_id for other_id, (one, _lines) in scores.items() if one >= model.suspicion],
        }

    def _merge_resemblance_warnings(self, resemblance):
        """Return sentences that name the leads which do not resemble the others.

        Those that resemble each other are one requester; the largest such group is taken for the one meant.

        :param resemblance: as of :meth:`_merge_resemblance`
        """
        groups = self._merge_resembling_groups(resemblance)
        if len(groups) < 2:
            return []
        if len(groups) == len(self):
            return [
                self.env._("These leads do not resemble one another: they may be of different requesters.")
            ]
        alone = self.browse(lead.id for group in groups[1:] if len(group) == 1 for lead in group)
        warnings = [
            self.env._(
                "%(names)s resemble each other, but none of the other leads: they may be of another requester.",
                names=self._merge_quoted(group.mapped("name")),
            )
            for group in groups[1:]
            if len(group) > 1
        ]
        if len(alone) == 1:
            warnings.append(
                self.env._(
                    "%(name)s does not resemble the other leads: it may be of another requester.",
                    name=self._merge_quoted(alone.mapped("name")),
                )
            )
        elif alone:
            warnings.append(
                self.env._(
                    "%(names)s do not resemble the other leads: they may be of other requesters.",
                    names=self._merge_quoted(alone.mapped("name")),
                )
            )
        return warnings

    def _merge_resembling_groups(self, resemblance):
        """Return these leads in groups that resemble each other, the largest first; of equal ones the first lead's."""
        group_of = {lead_id: {lead_id} for lead_id in self._ids}
        for lead_id, line in resemblance.items():
            for other_id in line["alike_ids"]:
                joined = group_of[lead_id] | group_of[other_id]
                group_of.update(dict.fromkeys(joined, joined))
        groups = {
            min(group): self.filtered(lambda lead, g=group: lead.id in g) for group in group_of.values()
        }
        return sorted(groups.values(), key=lambda group: (-len(group), self._ids.index(group[0].id)))

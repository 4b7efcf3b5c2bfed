"""Where in the pipeline the survivor stands after a merge, and what follows from that in Odoo."""

from contextlib import contextmanager

from odoo import api, models, tools
from odoo.api import NewId

from ...merging import values
from ...merging.plan import ASKED, COMBINED, FILLED, PICKED, RECOMPUTED, SURVIVOR, Decision, Outcome


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_furthest(self, sheets):
        """Return the sheet of the lead whose stage and chances the survivor takes (rule ``oldest``)."""
        return values.furthest(sheets)

    def _merge_decide_stage(self, sheets, rule, choices, decisions, fresh=False):
        """Decide stage, archived or not and lost reason, with what follows from them in Odoo but for the chances.

        :param fresh: see :meth:`_merge_draft`
        :returns: the sheet of the lead that is furthest, and the result as an unsaved record; the decisions are
            completed
        """
        furthest = self._merge_furthest(sheets) if rule == "oldest" else sheets[0]
        by_id = {sheet.id: sheet for sheet in sheets}
        picked = by_id.get(choices.picks.get("stage_id"))
        if picked and self._merge_stage_decides(picked, furthest):
            furthest = picked
        if rule == "oldest":
            self._merge_decide_standing(sheets, furthest, choices, decisions)
        result = self._merge_imagine(sheets[0], decisions, fresh)
        self._merge_follow_odoo(sheets[0], result, rule, choices, decisions)
        return furthest, result

    def _merge_decide_outcome(self, draft):
        """Decide the chances of a ``Draft``; they are predicted, unless they were with those of others.

        :returns: the ``Outcome``; the decisions are completed
        """
        if not draft.asked:
            self._merge_predict([draft])
        furthest = draft.furthest
        automated = self._merge_decide_probability(draft)
        status = self._merge_won_status(draft.result, draft.decisions)
        closed = None
        if draft.rule == "oldest" and draft.sheets[0].standing.won_status != status:
            closed = furthest.standing.date_closed
        return Outcome(furthest.id, status, automated, draft.predicted, closed)

    @staticmethod
    def _merge_stage_decides(picked, furthest):
        """Whether the stage picked from a lead brings that lead's outcome along.

        So it does where either of the two is won. The stage of a lost lead is a stage: it loses nothing.
        """
        if picked.standing.won_status == "lost":
            return furthest.standing.won_status == "won"
        return True

    def _merge_decide_standing(self, sheets, furthest, choices, decisions):
        """Decide stage, archived or not and lost reason from the lead that is furthest."""
        standing = furthest.standing
        stays_lost = standing.won_status == "lost" and not any(
            sheet.standing.won_status != "lost" for sheet in sheets
        )
        if "stage_id" not in choices.names and standing.stage_id:
            how = SURVIVOR if furthest is sheets[0] else FILLED
            decisions["stage_id"] = Decision("stage_id", standing.stage_id, how, furthest.id)
        active = standing.won_status == "won" or any(
            sheet.standing.active for sheet in sheets if sheet.standing.won_status != "lost"
        )
        decisions["active"] = Decision("active", active and not stays_lost, COMBINED)
        if "lost_reason_id" not in choices.names:
            origin = values.first_said(sheets, "lost_reason_id")
            decisions["lost_reason_id"] = (
                values.decision(sheets, "lost_reason_id", origin)
                if stays_lost
                else Decision("lost_reason_id", False, RECOMPUTED)
            )

    def _merge_imagine(self, survivor, decisions, fresh=False):
        """Return the survivor as an unsaved record with the values decided: what follows from them is read off.

        :param fresh: see :meth:`_merge_draft`
        """
        known = {}
        for name, one in decisions.items():
            field = self._fields[name]
            if field.type == "one2many" or values.same(one.value, survivor.values.get(name)):
                continue
            known[name] = one.value
            if field.type == "many2many" and all(isinstance(record_id, int) for record_id in one.value):
                # these, as they are written: to ids, Odoo would add those of the survivor
                known[name] = self.env[field.comodel_name].browse(one.value)
        result = self.new(origin=self[0])
        # unsaved records of one origin are one in the cache: what another plan imagined is forgotten
        if not fresh and any(result._ids[0] in field._get_cache(self.env) for field in self._fields.values()):
            result.invalidate_recordset(flush=False)
        # in the cache only, and without what would follow by itself: each is asked for where it counts
        result._update_cache(known, validate=False)
        return result

    @contextmanager
    def _merge_only_imagining(self):
        """Forget in the end what plans of these leads have imagined.

        For windows: while one is open, the leads that it lists are unsaved records too. The client would take what was
        imagined for changes of theirs, and write them when its button is pressed.
        """
        try:
            yield
        finally:
            self.browse(NewId(lead_id) for lead_id in self._ids).invalidate_recordset(flush=False)

    def _merge_nothing_imagined(self):
        """Whether the cache has no value of an unsaved lead: no plan of this environment has imagined one.

        One look at the cache's ids, of which those of unsaved records are false, spares each plan of a batch its own.
        """
        return all(all(field._get_cache(self.env)) for field in self._fields.values())

    def _merge_follow_odoo(self, sheet, result, rule, choices, decisions):
        """Decide team, company and stage as Odoo computes them from what was decided.

        The team follows a salesperson who was chosen; a survivor that gets one from another lead keeps its own.

        :param sheet: the survivor's
        """
        survivor = self[0]
        user = decisions.get("user_id")
        chosen = user and user.how in (PICKED, ASKED) and user.value != survivor.user_id.id
        odoo_asks = rule != "oldest" and (
            (user and user.value != survivor.user_id.id) or result.type != survivor.type
        )
        if "team_id" not in choices.names and (chosen or odoo_asks):
            team = result.team_id
            result._compute_team_id()
            company = self._merge_decided(decisions, "company_id")
            if company and not self._merge_fits_company(result.team_id, company):
                # a team of another company would take the lead along with it
                result._update_cache({"team_id": team}, validate=False)
            self._merge_note_follow(result, "team_id", decisions)
        related = ("user_id", "team_id", "partner_id", "company_id")
        # what was decided, not what ``result`` says: reading that may have computed it anew from the team
        changed = any(
            name in decisions and not values.same(decisions[name].value, sheet.values[name])
            for name in related
        )
        if changed and not self._merge_decided(decisions, "company_id"):
            result._compute_company_id()
            self._merge_note_follow(result, "company_id", decisions)
        stage = self._merge_decided(decisions, "stage_id")
        if result.team_id and stage:
            in_team = self._merge_stage_in_team(stage, result.team_id, rule)
            if in_team != stage:
                decisions["stage_id"] = Decision("stage_id", in_team.id, RECOMPUTED)
                stage = in_team
        # computing the team made Odoo look for a stage of its own
        result._update_cache({"stage_id": stage.id}, validate=False)

    def _merge_decided(self, decisions, name):
        """Return the record that a many2one field will refer to."""
        field = self._fields[name]
        if name in decisions:
            return self.env[field.comodel_name].browse(decisions[name].value or ())
        return self[0][name]

    def _merge_note_follow(self, result, name, decisions):
        value = self._fields[name].convert_to_write(result[name], result)
        if name not in decisions or not values.same(decisions[name].value, value):
            decisions[name] = Decision(name, value, RECOMPUTED)

    @api.model
    def _merge_stage_in_team(self, stage, team, rule):
        """Return a stage, or the one as far in the pipeline of a team that does not use it.

        Rule ``confidence``: as in Odoo, the team's first stage.
        """
        if not stage.team_ids or team in stage.team_ids:
            return stage
        stages = self.env["crm.stage"].search(
            ["|", ("team_ids", "=", False), ("team_ids", "in", team.ids)], order="sequence, id"
        )
        if rule != "oldest":
            return stages[:1]
        alike = stages.filtered(lambda other: other.is_won == stage.is_won)
        before = alike.filtered(lambda other: other.sequence <= stage.sequence)
        return before[-1:] or alike[:1] or stage

    def _merge_decide_probability(self, draft):
        """Decide the probability; return whether it is the predicted one.

        A won stage is 100 %, whatever was picked: Odoo allows nothing else there.
        """
        result, decisions, furthest = draft.result, draft.decisions, draft.furthest
        standing = furthest.standing
        how = SURVIVOR if furthest.id == self[0].id else FILLED
        if result.stage_id.is_won:
            if standing.won_status != "won":
                how = RECOMPUTED
            decisions["probability"] = Decision("probability", 100.0, how, furthest.id)
            if result.stage_id != self[0].stage_id:
                decisions["active"] = Decision("active", True, RECOMPUTED)
            return False
        if "probability" in draft.choices.names:
            return False
        active = decisions["active"].value if "active" in decisions else self[0].active
        if standing.won_status == "lost" and not active:
            decisions["probability"] = Decision("probability", 0.0, how, furthest.id)
            return False
        if standing.automated or standing.won_status != "pending":
            value = self[0].automated_probability if draft.predicted is None else draft.predicted
            decisions["probability"] = Decision("probability", value, RECOMPUTED)
            return True
        decisions["probability"] = Decision("probability", standing.probability, how, furthest.id)
        return False

    @api.model
    def _merge_predict(self, drafts):
        """Note on these drafts the probability that Odoo predicts for the result, in per cent.

        ``None`` where nothing changes that predictions rest on, or where Odoo cannot predict: the survivor's stays
        as it is. Asked for team by team: of several leads of a team without a past, Odoo leaves out but the first.
        """
        rests_on = ["stage_id", "team_id", *self._pls_get_safe_fields()]
        derived = {name: sources for name, sources in self._merge_derived().items() if name in rests_on}
        by_team = {}
        for draft in drafts:
            draft.asked = True
            if draft.result.stage_id.is_won:
                draft.predicted = 100.0
            elif self._merge_chances_change(draft, rests_on):
                draft.result._update_cache(self._merge_unchanged(draft, derived), validate=False)
                by_team.setdefault(draft.result.team_id.id, []).append(draft)
        for members in by_team.values():
            results = self.browse().concat(*(draft.result for draft in members))
            predicted, _tooltip = results._pls_get_naive_bayes_probabilities()
            staged = [draft for draft in members if draft.result.stage_id]
            if staged and staged[0].result.id not in predicted:
                continue
            for draft in members:
                draft.predicted = predicted.get(draft.result.id)

    @api.model
    def _merge_chances_change(self, draft, rests_on):
        """Whether anything of the survivor changes that its predicted probability rests on, its fields ``rests_on``."""
        survivor = draft.sheets[0]
        return (
            draft.furthest.id != survivor.id
            or any(sheet.standing.won_status != "pending" for sheet in draft.sheets)
            or any(self._merge_differs(draft, name) for name in rests_on)
        )

    @api.model
    def _merge_unchanged(self, draft, derived):
        """Return ``{field name: the survivor's value}`` of those of ``derived`` that are computed from nothing which
        changes: for an unsaved record Odoo would compute them anew, and read each phone once more.

        :param derived: ``{field name: names of the fields that it is computed from}``
        """
        decided, survivor = draft.decisions.keys(), draft.result._origin
        return {
            name: survivor[name]
            for name, sources in derived.items()
            if not any(self._merge_differs(draft, source) for source in sources & decided)
        }

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_derived(self):
        """Return ``{field name: names of the fields that it is computed from, directly or by way of others}`` of the
        lead's stored fields that are only computed."""
        derived = {
            name: set()
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly
        }
        for name, field in self._fields.items():
            for dependent in self.pool.get_dependent_fields(field):
                if dependent.model_name == self._name and dependent.name in derived:
                    derived[dependent.name].add(name)
        return derived

    @api.model
    def _merge_differs(self, draft, name):
        """Whether a field is decided otherwise than the survivor has it."""
        decision, survivor = draft.decisions.get(name), draft.sheets[0]
        if decision is None:
            return False
        if self._fields[name].type in ("one2many", "many2many"):
            return values.many_differ(decision.value, draft.result._origin[name].ids)
        return not values.same(decision.value, survivor.values.get(name))

    def _merge_won_status(self, result, decisions):
        """Return what Odoo will say of the result: won, lost or pending."""
        probability = decisions["probability"].value if "probability" in decisions else self[0].probability
        active = decisions["active"].value if "active" in decisions else self[0].active
        if probability == 100 and result.stage_id.is_won:
            return "won"
        return "lost" if not active and not probability else "pending"

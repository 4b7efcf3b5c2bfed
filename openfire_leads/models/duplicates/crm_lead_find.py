"""Look duplicates up: the API, and Odoo's own fields."""

import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ... import matching
from ...tools import remote_calls
from .crm_lead_refresh import DEPENDENT
from .match_key import UNSAVED

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # Looked up once for the count, the list and the notice. For the server alone: it names leads that the user may
    # not read.
    duplicates_found = fields.Json(
        compute="_compute_duplicates_found", compute_sudo=True, groups=fields.NO_ACCESS
    )
    # Those of them that the user may read, found out once for the list and the notice.
    duplicates_readable = fields.Json(compute="_compute_duplicates_readable", compute_sudo=False)

    # ------------------------------------------------------------
    # ODOO'S OWN FIELDS
    # ------------------------------------------------------------

    # Odoo computes them as superuser, and so names leads that the user may not read.
    duplicate_lead_ids = fields.Many2many(compute_sudo=False)
    duplicate_lead_count = fields.Integer(compute_sudo=False)

    @api.depends(lambda self: tuple(sorted(self._match_asked_fields())))
    def _compute_duplicates_found(self):
        found = self._likely_duplicates()
        for lead in self:
            lead.duplicates_found = found[lead.id]

    @api.depends("duplicates_found")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_duplicates_readable(self):
        found = {lead: lead._ids_found() for lead in self}
        readable = set(self._search_named({other_id for ids in found.values() for other_id in ids})._ids)
        for lead, ids in found.items():
            lead.duplicates_readable = [other_id for other_id in ids if other_id in readable]

    def _ids_found(self):
        """Return the ids of the lead's likely duplicates, also of those that the user may not read."""
        # sudo: to count them; whoever names them looks at what the user may read
        return [other_id for other_id, *_rest in self.sudo().duplicates_found or ()]

    @api.depends("duplicates_found", "duplicates_readable")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_potential_lead_duplicates(self):
        """The leads of the stored pairs; a lead being edited is looked up as it stands.

        With Odoo's criteria (see :meth:`_match_honours_odoo_criteria`) also those that Odoo finds. Those that
        the user may not read are counted, as in Odoo, but not named.
        """
        found = {lead: lead._ids_found() for lead in self}
        named = {lead: self.browse(lead.duplicates_readable) for lead in self}
        if self._match_honours_odoo_criteria():
            # sudo: what Odoo finds is counted, and named as the user
            super(CrmLead, self.sudo())._compute_potential_lead_duplicates()
            for lead in self:
                by_odoo = lead.sudo().duplicate_lead_ids - lead - lead._origin - self.browse(found[lead])
                found[lead] += by_odoo.ids
                named[lead] += self._search_named(by_odoo.ids)
        # Odoo checks access to each that is assigned: what the record rules look at is read for all at once
        self._origin.union(*named.values()).with_context(active_test=False)._filtered_access("read")
        for lead in self:
            lead.duplicate_lead_ids = named[lead] + lead
            lead.duplicate_lead_count = len(found[lead])

    def onchange(self, values, field_names, fields_spec):
        """Leave what was found as the form shows it, where a value is but written another way."""
        if field_names and self._match_respelling_fields().issuperset(field_names):
            fields_spec = {name: spec for name, spec in fields_spec.items() if name not in DEPENDENT}
        return super().onchange(values, field_names, fields_spec)

    def action_show_potential_duplicates(self):
        """Call the list what it is, and begin with the list: side by side, not by stage."""
        action = super().action_show_potential_duplicates()
        # the client shows the latter, where it is given
        action["name"] = action["display_name"] = self.env._("Similar Leads")
        action["views"] = sorted(action["views"], key=lambda view: view[1] != "list")
        return action

    @api.model
    def _match_honours_odoo_criteria(self):
        """Return whether same company e-mail domain, phone or company suffice for two leads to be called similar.

        So it is where the administrator has chosen Odoo's criteria: ``openfire_leads.similar_criteria`` is
        ``odoo``. Anything else counts as the default, ``pairs``.
        """
        # sudo: salespeople cannot read system parameters
        criteria = self.env["ir.config_parameter"].sudo().get_param("openfire_leads.similar_criteria")
        return criteria == "odoo"

    # ------------------------------------------------------------
    # API
    # ------------------------------------------------------------

    @remote_calls.checked(min_score=remote_calls.score, limit=remote_calls.count)
    def find_duplicates(self, min_score=None, limit=20):
        """Return the likely duplicates of these leads, the likeliest first.

        :param min_score: the least score to report, 0 to 100; the suspicion score of the settings if ``None``
        :param limit: how many to name for each lead; ``None`` for all
        :return: one dict for each lead, in order::

                {"lead_id": int, "hidden": int, "duplicates": [
                    {"lead_id": int, "score": float, "evidence": [{"field", "level", "similarity", "weight"}, …]}, …
                ]}

            ``hidden`` counts those that the caller may not read. Dismissed pairs, and leads that the settings
            leave out (lost, won, archived), are neither named nor counted.
        :raises UserError: when ``min_score`` is no score or ``limit`` is no number
        """
        self.check_access("read")
        # The pairs are looked up as superuser; whom the caller may read is found out below.
        found = self.sudo()._likely_duplicates(min_score)
        others = self.with_context(active_test=False).browse(
            {other[0] for one in found.values() for other in one}
        )
        readable = set(others._filtered_access("read")._ids)
        result = []
        for lead in self:
            named = [other for other in found[lead.id] if other[0] in readable]
            result.append({
                "lead_id": lead.id,
                "duplicates": [
                    {"lead_id": other_id, "score": score, "evidence": evidence}
                    for other_id, score, evidence, _pair_id in (named if limit is None else named[:limit])
                ],
                "hidden": len(found[lead.id]) - len(named),
            })  # fmt: skip
        return result

    # ------------------------------------------------------------
    # LOOKING UP
    # ------------------------------------------------------------

    def _likely_duplicates(self, min_score=None):
        """Return ``{lead.id: [(other_id, score, evidence, id of the stored pair or None), ...]}``, the likeliest first.

        Stored pairs are read. Compared on the spot are leads that are being edited, those asked about at a score
        below what is stored, and a single one that awaits its turn in the queue.
        """
        self._match_flush()
        pair_model = self.env["crm.lead.duplicate"].sudo()
        suspicion = pair_model._matching_model().suspicion
        least = suspicion if min_score is None else min_score
        live = self.filtered(lambda lead: not isinstance(lead.id, int))
        saved = self - live
        found = {lead.id: [] for lead in self}
        if least < suspicion:
            live = self
        else:
            stored, awaiting = saved._stored_duplicates(least)
            found.update(stored)
            if len(saved) == 1 and awaiting:
                live = self
        for lead in live:
            try:
                found[lead.id] = lead._compared_duplicates(least)
            except psycopg2.Error:
                raise
            except Exception:
                if lead.id:
                    raise
                # a form being filled in is not to be lost for it
                _logger.exception("A lead that is being edited cannot be compared")
        return found

    def _stored_duplicates(self, least):
        """Return what :meth:`_likely_duplicates` does, as stored, and which leads await comparison."""
        found, awaiting = {lead_id: [] for lead_id in self.ids}, set()
        if not found:
            return found, awaiting
        self.env["crm.lead.duplicate"].flush_model()
        self.env["crm.lead"].flush_model(["active", "won_status"])
        for lead_id, *other in self.env.execute_query(
            SQL(
                """
                SELECT pair.lead_id, other.id, pair.score, pair.evidence, pair.id
                  FROM (
                        SELECT lead_id, other_lead_id, score, evidence, id FROM crm_lead_duplicate
                         WHERE lead_id = ANY(%(leads)s) AND state = 'suspected' AND score >= %(least)s
                     UNION ALL
                        SELECT other_lead_id, lead_id, score, evidence, id FROM crm_lead_duplicate
                         WHERE other_lead_id = ANY(%(leads)s) AND state = 'suspected' AND score >= %(least)s
                       ) AS pair (lead_id, other_lead_id, score, evidence, id)
                  JOIN crm_lead other ON other.id = pair.other_lead_id
                 WHERE %(taking_part)s
             UNION ALL
                SELECT lead_id, NULL, NULL, NULL, NULL FROM (%(awaiting)s) awaiting
              ORDER BY 3 DESC, 2
                """,
                leads=list(found),
                least=least,
                taking_part=self._match_taking_part_sql("other"),
                awaiting=self.env["crm.lead.match.queue"]._awaiting_sql(self.ids),
            )
        ):
            if other[0]:
                found[lead_id].append(tuple(other))
            else:
                awaiting.add(lead_id)
        return found, awaiting

    def _compared_duplicates(self, least):
        """Compare one lead, as it stands in the cache, with those stored."""
        self.ensure_one()
        if not (self.email_from or self.phone or isinstance(self.id, int)):
            # a name alone finds nobody: there is more to come before the form is saved
            return []
        ((record, profile),) = self.env["crm.lead.match"].sudo()._profiles(self)
        lead_id = self._origin.id or UNSAVED
        self.env["crm.lead"].flush_model(["active", "won_status"])
        pair_model = self.env["crm.lead.duplicate"].sudo()
        ranked = pair_model._look_up(
            {lead_id: profile},
            {lead_id: matching.keys(profile)},
            min_score=least,
            condition=self._match_taking_part_sql("other"),
            behind=self,
        ).ranked[lead_id]
        pairs, dismissed = {}, ()
        if ranked and lead_id != UNSAVED:
            digest = self.env["crm.lead.match"]._digest(record)
            others = [other_id for other_id, _comparison in ranked]
            pairs, dismissed = pair_model._stored_with(lead_id, digest, others)
        return [
            (other_id, comparison.score, comparison.evidence, pairs.get(other_id))
            for other_id, comparison in ranked
            if other_id not in dismissed
        ]

    # ------------------------------------------------------------
    # WHO TAKES PART
    # ------------------------------------------------------------

    @api.model
    def _match_taking_part_sql(self, alias):
        """Return the condition on the lead ``alias`` for being proposed as a duplicate, by the settings."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        column = SQL.identifier
        left_out = {
            "lost": SQL("%s = 'lost'", column(alias, "won_status")),
            "won": SQL("%s = 'won'", column(alias, "won_status")),
            "archived": SQL(
                "%s = 'pending' AND NOT %s", column(alias, "won_status"), column(alias, "active")
            ),
        }
        conditions = [
            SQL("(%s) IS NOT TRUE", condition)
            for kind, condition in left_out.items()
            if get_param(f"openfire_leads.match_{kind}", "True") == "False"
        ]
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")

    def _duplicate_status(self):
        """Return what a salesperson should know first of a duplicate: open, won, lost or archived."""
        self.ensure_one()
        if self.won_status != "pending":
            return self.won_status
        return "open" if self.active else "archived"

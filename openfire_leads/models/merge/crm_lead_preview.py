"""What a merge would do, told before it is done."""

from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...merging import (
    ASKED,
    COMBINED,
    DROPPED,
    RECOMPUTED,
    Batch,
    Decision,
    Run,
    TextLink,
    count_records,
    doubtful_texts,
    touched,
)
from ...tools import remote_calls
from .crm_lead_merge import ODOO_MAX_LENGTH

# shown first, in this order; all other fields follow by their labels
FIRST_FIELDS = (
    *("name", "type", "partner_id", "contact_name", "partner_name", "function", "email_from", "phone"),
    *("website", "street", "street2", "zip", "city", "state_id", "country_id", "user_id", "team_id"),
    *("stage_id", "probability", "expected_revenue", "priority", "tag_ids", "description"),
)
# decided by the outcome, by the ORM, or shown with another field
HIDDEN_FIELDS = {"active", "date_closed", "create_date", "color", "message_bounce", "lead_properties"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.readonly
    @remote_calls.checked(
        survivor_id=remote_calls.existing_id("crm.lead"),
        picks=remote_calls.lead_of_each,
        user_id=remote_calls.existing_id("res.users"),
        team_id=remote_calls.existing_id("crm.team"),
    )
    def preview_merge(self, survivor_id=None, picks=None, user_id=False, team_id=False):
        """Return what merging these leads would do. Writes nothing; the user sees what he may read.

        :param survivor_id: id of the lead that shall survive, instead of the rule's
        :param picks: ``{field name: lead id}``, take these fields from these leads
        :param user_id: salesperson asked for
        :param team_id: sales team asked for
        :returns: a JSON-able dict::

            {
                "survivor_id": 12,
                "rule": "oldest",
                "leads": [                  # order of precedence, the survivor first
                    {"id": 12, "name": "…", "type": "opportunity", "create_date": "2026-01-31 10:00:00",
                     "create_date_display": "…", "stage": "New", "user": "Mitchell Admin",
                     "won_status": "pending", "active": true, "can_write": true,
                     # the other one that it is most like; see _merge_resemblance
                     "resemblance": {"lead_id": 13, "score": 93.2, "alike": true, "certain": false,
                                     "reasons": ["same phone"], "alike_ids": [13]}},
                ],
                "fields": [                 # only those where the leads differ, the important first
                    {"name": "phone", "label": "Phone", "type": "char",
                     "choosable": true,     # a click may take another lead's value (see picks)
                     "combined": false,     # true: the result unites several (tags, notes)
                     # or filled, combined, picked, asked, recomputed, converted, dropped (see merging.plan)
                     "how": "survivor",
                     "values": [{"lead_id": 12, "display": "01 02…", "blank": false}],  # as in leads
                     "result": {"lead_id": 12, "display": "01 02…"}},  # lead_id false: none of theirs
                ],
                "links": [                  # what moves to the survivor, the most numerous first
                    {"model": "mail.message", "label": "Message", "count": 7, "by_lead": {"13": 7}},
                ],
                "outcome": {"lead_id": 12, "won_status": "pending", "messages": ["…"]},
                "blockers": ["…"],          # why the merge would be refused; empty if it would not
                # what to look at twice: leads that do not resemble the others, amounts in another currency
                "warnings": ["…"],
            }

        :raises UserError: less than two leads; a choice that is none of them, or no choice at all
        """
        if len(self._ids) < 2:
            raise UserError(self.env._("Select at least two leads or opportunities to merge them."))
        self.check_access("read")
        choices = self._merge_choices(user_id, team_id)
        choices = replace(choices, survivor_id=survivor_id or None, picks=dict(picks or {}))
        plan = self._merge_plan(choices)
        leads = self.browse(plan.order)
        run = Run(plan.order, plan.rule, plan=plan)
        resemblance = leads._merge_resemblance()
        return {
            "survivor_id": plan.survivor_id,
            "rule": plan.rule,
            "leads": [{**lead._merge_preview_lead(), "resemblance": resemblance[lead.id]} for lead in leads],
            "fields": leads._merge_preview_fields(plan),
            "links": leads._merge_preview_links(run),
            "outcome": leads._merge_preview_outcome(plan),
            **leads._merge_preview_remarks(choices, run, resemblance),
        }

    def _merge_preview_of_window(self, user_id=False, team_id=False):
        """Return the ``blockers`` and ``warnings`` of :meth:`preview_merge` for a window that shows no more than that.

        Of less than two leads there is nothing to say, and of too many no more than that.
        """
        choices = self._merge_choices(user_id, team_id)
        leads = self._filtered_access("read")
        if len(leads) < 2:
            return {"blockers": [], "warnings": []}
        try:
            leads._merge_check_number(ODOO_MAX_LENGTH)
        except UserError as error:
            return {"blockers": [str(error)], "warnings": []}
        plan = leads._merge_plan(choices)
        leads = leads.browse(plan.order)
        return leads._merge_preview_remarks(
            choices, Run(plan.order, plan.rule, plan=plan), leads._merge_resemblance()
        )

    def _merge_preview_remarks(self, choices, run, resemblance):
        """Return the ``blockers`` and ``warnings`` of :meth:`preview_merge`."""
        return {
            "blockers": self._merge_preview_blockers(choices, run),
            "warnings": [
                *self._merge_resemblance_warnings(resemblance),
                *self._merge_currency_warnings(run.plan),
                *self._merge_preview_texts(run),
            ],
        }

    def _merge_preview_lead(self):
        self.ensure_one()
        # sudo: the names of the lead's stage and salesperson, as the web client shows them
        lead = self.sudo()
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "create_date": str(self.create_date)[:19],
            "create_date_display": format_datetime(self.env, self.create_date),
            "stage": lead.stage_id.display_name or "",
            "user": lead.user_id.display_name or "",
            "won_status": self.won_status,
            "active": self.active,
            "can_write": self.has_access("write"),
        }

    def _merge_preview_blockers(self, choices, run):
        """Return the reasons for which the merge would be refused."""
        blockers = []
        for check in (
            lambda: self._merge_check_number(ODOO_MAX_LENGTH),
            self._merge_check_changeable,
            self._merge_check_company,
            lambda: self._merge_check_assignment(choices),
        ):
            try:
                check()
            except UserError as error:
                blockers.append(str(error))
        return [*blockers, *self._merge_refusal_texts(run)]

    def _merge_check_changeable(self):
        """Name the leads which the user may read only, in words of a salesperson's."""
        read_only = self - self._filtered_access("write")
        if read_only:
            raise UserError(
                self.env._(
                    "You may read %(names)s, but not change them: leave them out, or ask somebody who may.",
                    names=self._merge_quoted(read_only.mapped("name")),
                )
                if len(read_only) > 1
                else self.env._(
                    "You may read “%(names)s”, but not change it: leave it out, or ask somebody who may.",
                    names=read_only.name,
                )
            )

    # --- fields ----------------------------------------------------------------------------

    def _merge_preview_fields(self, plan):
        """Return the fields in which the leads and the result differ, for :meth:`preview_merge`."""
        # what the user may not see is merged, not shown
        infos = self.fields_get(attributes=["string", "type"])
        names = [
            fname
            for fname, info in infos.items()
            if (self._fields[fname].store or self._merge_container(self._fields[fname]))
            and fname not in HIDDEN_FIELDS
            and fname not in plan.files
            and (fname in plan.decisions or fname in plan.apart or self._merge_is_united(fname))
        ]
        names.sort(
            key=lambda fname: (
                FIRST_FIELDS.index(fname) if fname in FIRST_FIELDS else len(FIRST_FIELDS),
                self._merge_field_label(fname),
            )
        )
        choosable = self._merge_choosable_fields() | self._merge_apart_fields()
        shown = []
        for fname in names:
            displays = [lead._merge_display(fname) for lead in self]
            decision = self._merge_preview_decision(plan, fname)
            result = self._merge_preview_result(plan, decision, displays)
            if len({*displays, result}) == 1:
                continue
            shown.append(
                {
                    "name": fname,
                    "label": self._merge_field_label(fname),
                    "type": infos[fname]["type"],
                    "choosable": fname in choosable and decision.how != ASKED,
                    "combined": decision.how == COMBINED,
                    "how": decision.how,
                    "values": [
                        {"lead_id": lead.id, "display": display, "blank": lead._merge_is_blank(fname)}
                        for lead, display in zip(self, displays, strict=True)
                    ],
                    "result": {"lead_id": decision.origin or False, "display": result},
                }
            )
        return [
            *shown,
            *self._merge_preview_files(plan, infos),
            *self._merge_preview_properties(plan),
        ]

    @api.model
    def _merge_is_united(self, fname):
        """Whether a field of several records is united by a merge: all that people put in, not what is computed."""
        field = self._fields[fname]
        return field.type == "many2many" and not (field.compute and field.readonly)

    def _merge_preview_decision(self, plan, fname):
        """Return the plan's decision; rows of many2many fields all move to the survivor."""
        if fname in plan.apart:
            return plan.apart[fname]
        if self._fields[fname].type not in ("one2many", "many2many"):
            return plan.decisions[fname]
        return Decision(fname, self.sudo()[fname].ids, COMBINED)

    def _merge_preview_result(self, plan, decision, displays):
        """Return the text of what a decision gives, ``displays`` being the leads' own, in their order."""
        if decision.field in plan.currencies:
            return self._merge_result_amount(plan, decision.field)
        # what a lead does not say in its company is the default there, for the result as for the lead
        as_shown = decision.value or (
            self._fields[decision.field].company_dependent and not self._merge_links_leads(decision.field)
        )
        if decision.origin in self._ids and as_shown:
            return displays[self._ids.index(decision.origin)]
        return self.new({decision.field: decision.value})._merge_display(decision.field)

    def _merge_preview_properties(self, plan):
        """Return the properties in which the leads differ, each as a field ``lead_properties.<name>``.

        One that the result cannot hold is shown with an empty result, not to be chosen: it stays in the note.
        """
        texts, definitions = {}, {}
        for lead in self:
            for definition in lead._merge_properties():
                definitions.setdefault(definition["name"], definition)
                texts.setdefault(definition["name"], {})[lead.id] = self._merge_display_property(definition)
        shown = []
        for name, by_lead in texts.items():
            fname = f"lead_properties.{name}"
            decision = plan.properties.get(fname)
            origin = decision.origin if decision else None
            displays = [by_lead.get(lead.id, "") for lead in self]
            result = (
                self._merge_result_amount(plan, fname)
                if fname in plan.currencies
                else by_lead.get(origin, "")
            )
            if len({*displays, result}) == 1:
                continue
            shown.append(
                {
                    "name": fname,
                    "label": definitions[name].get("string") or name,
                    "type": definitions[name]["type"],
                    "choosable": fname not in plan.dropped,
                    "combined": False,
                    "how": DROPPED if fname in plan.dropped else decision.how if decision else RECOMPUTED,
                    "values": [
                        {"lead_id": lead.id, "display": display, "blank": not display}
                        for lead, display in zip(self, displays, strict=True)
                    ],
                    "result": {"lead_id": origin or False, "display": result},
                }
            )
        return shown

    # --- links and outcome -----------------------------------------------------------------

    def _merge_preview_links(self, run):
        """Return how many records of each model would go to the survivor, by lead."""
        self.env.flush_all()
        counts = count_records(self.env, Batch.of([run]), self._merge_links())
        links = [
            {
                "model": name,
                "label": self._merge_records_label(name, name),
                "count": sum(by_lead.values()),
                "by_lead": {str(lead_id): count for lead_id, count in by_lead.items()},
            }
            for name, by_lead in counts.items()
        ]
        return sorted(links, key=lambda link: (-link["count"], link["label"]))

    def _merge_preview_texts(self, run):
        """Return sentences about texts (saved filters, domains) that name a lead and cannot be changed safely."""
        texts = [link for link in self._merge_links() if isinstance(link, TextLink)]
        # sudo: counted only, whoever may read them
        found = touched(self.sudo().env, Batch.of([run]), texts) if texts else ()
        return [self._merge_text_warning(link, len(ids)) for link, ids in doubtful_texts(found).items()]

    def _merge_preview_outcome(self, plan):
        """Return whether the survivor will be won, lost or open, and why."""
        outcome = plan.outcome
        furthest = self.browse(outcome.lead_id)
        messages = []
        if outcome.won_status == "won" and furthest.won_status == "won":
            messages.append(
                self.env._("“%(name)s” is won: the lead that remains will be won.", name=furthest.name)
            )
        for lead in self - (furthest if outcome.won_status == furthest.won_status else self.browse()):
            if lead.won_status == "won":
                messages.append(
                    self.env._("“%(name)s” is won and goes into it too.", name=lead.name)
                    if outcome.won_status == "won"
                    else self.env._("“%(name)s” is won; the lead that remains will not be.", name=lead.name)
                )
            elif lead.won_status == "lost" and outcome.won_status != "lost":
                messages.append(
                    self.env._(
                        "“%(name)s” is lost; the lead that remains will not be. "
                        "Its lost reason is kept in the history.",
                        name=lead.name,
                    )
                )
        if outcome.won_status == "lost":
            messages.append(
                self.env._("All of them are lost: the lead that remains is lost too.")
                if all(lead.won_status == "lost" for lead in self)
                else self.env._("“%(name)s” is lost: the lead that remains is lost too.", name=furthest.name)
            )
        return {"lead_id": outcome.lead_id, "won_status": outcome.won_status, "messages": messages}

"""From leads to the plan of their merge: read once, decided by `merging`, read by everybody."""

from dataclasses import replace

from odoo import api, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC

from ...merging import columns, values
from ...merging.errors import UnknownFieldError, UnknownLeadError
from ...merging.plan import ASKED, COMBINED, PICKED, Decision, Draft, Findings, Plan
from .crm_lead_files import FILES

SURVIVOR_RULES = ("oldest", "confidence")
AREA_FIELDS = frozenset({"state_id", "country_id"})


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # THE PLAN
    # ------------------------------------------------------------

    def _merge_plan(self, choices, rows=None):
        """Return the ``Plan`` of merging these leads; writes nothing.

        1. what Odoo and the other modules say for the fields they list;
        2. the same rule for every field nobody lists: the survivor's value, else the first one set;
        3. rule ``oldest`` only: the address as a block, stage and chances of the furthest lead;
        4. what the user chose by hand;
        5. what follows from all that in Odoo: team, company, stage, predicted probability;
        6. columns of several values, key by key;
        7. amounts in the currency of the result, and files.

        :param choices: ``merging.Choices``
        :param rows: what :meth:`_merge_column_rows` returns, for these leads among others, if it was asked before;
            or ``merging.Findings``, when many merges are planned together
        :raises UserError: a choice that cannot be followed
        :raises AccessError: a value asked for in a field that the user may not write
        """
        draft = rows.draft(self._ids, choices) if isinstance(rows, Findings) else None
        draft = draft or self._merge_draft(choices)
        leads = self.browse(draft.order).with_prefetch(self._prefetch_ids)
        outcome = leads._merge_decide_outcome(draft)
        # sudo: as in the draft
        everything = leads.sudo()
        plan = Plan(draft.order, draft.rule, choices, draft.decisions, outcome, sheets=draft.sheets)
        if rows is None:
            rows = everything._merge_column_rows()
        plan = everything._merge_decide_columns(plan, rows)
        plan = everything._merge_convert(plan)
        return everything._merge_decide_files(plan, rows)

    def _merge_draft(self, choices, read=None, fresh=False):
        """Return the ``Draft`` of a plan: steps 1 to 5 of :meth:`_merge_plan`, but for the predicted probability.

        :param read: see :meth:`_merge_sheets`
        :param fresh: no value of an unsaved record of the leads is in the cache, see :meth:`_merge_imagine`
        """
        rule = self._merge_survivor_rule()
        leads = self._merge_order(choices.survivor_id)
        leads._merge_check_choices(choices)
        # sudo: nothing may be lost because a field is kept from the user who merges, and may write the leads
        everything = leads.sudo()
        sheets = everything._merge_sheets(read)
        decisions = everything._merge_decide(sheets, rule)
        leads._merge_decide_choices(sheets, choices, decisions)
        furthest, result = leads._merge_decide_stage(sheets, rule, choices, decisions, fresh)
        return Draft(rule, choices, sheets, decisions, furthest, result)

    def _merge_decide(self, sheets, rule):
        """Return ``{field name: Decision}`` by the rules, before anybody chooses."""
        # without a merge in the context it is Odoo's own, with what other modules make of it
        plain = self.with_context(openfire_merge=None) if self.env.context.get("openfire_merge") else self
        listed = plain._merge_data(self._merge_get_fields())
        apart, decisions = self._merge_apart_fields(), {}
        for name, value in listed.items():
            if self._merge_is_elsewhere(name) or name in apart:
                continue
            if self._fields[name].type in ("one2many", "many2many"):
                ids = value.ids if isinstance(value, models.BaseModel) else values.many_ids(value)
                decisions[name] = Decision(name, ids, COMBINED)
            else:
                plain = value.id if isinstance(value, models.BaseModel) else value
                decisions[name] = values.traced(sheets, name, plain)
        unlisted = [name for name in self._merge_fillable_fields() if name not in decisions]
        filled = values.fill(sheets, unlisted, self._merge_companions(unlisted))
        decisions.update(filled)
        if rule == "oldest":
            if any("recurring_revenue" in sheet.said for sheet in sheets):
                # so much per month is not so much per year
                origin = values.first_said(sheets, "recurring_revenue")
                decisions["recurring_plan"] = values.decision(sheets, "recurring_plan", origin)
            decisions.update(values.address(sheets, PARTNER_ADDRESS_FIELDS_TO_SYNC, AREA_FIELDS))
        self._merge_respect_company(sheets, decisions)
        return decisions

    def _merge_companions(self, names):
        """Return ``{field: field that its value means nothing without}`` for those of ``names`` with one."""
        found = {name: self._merge_companion(name) for name in names}
        return {name: companion for name, companion in found.items() if companion}

    def _merge_companion(self, fname):
        """Return the field which a field's value means nothing without: currency, model of a reference, plan."""
        field = self._fields[fname]
        name = None
        if fname == "recurring_revenue":
            name = "recurring_plan"
        elif field.type == "monetary":
            name = field.get_currency_field(self)
        elif field.type == "many2one_reference":
            name = field.model_field
        return name if name in self._merge_fillable_fields() else None

    # ------------------------------------------------------------
    # WHO SURVIVES
    # ------------------------------------------------------------

    def _merge_survivor_rule(self):
        """Return ``oldest`` or ``confidence`` (system parameter ``openfire_leads.survivor_rule``).

        Anything else than a known rule counts as the default, ``oldest``: a typing error
        in a parameter must not stop the salespeople.
        """
        # sudo: salespeople cannot read system parameters
        rule = self.env["ir.config_parameter"].sudo().get_param("openfire_leads.survivor_rule")
        return rule if rule in SURVIVOR_RULES else SURVIVOR_RULES[0]

    def _merge_sort(self):
        """Return the leads of one merge by the rule, the survivor first, the others in order of precedence.

        Rule ``oldest``: by creation date, then by id; rule ``confidence``: as :meth:`_sort_by_confidence_level`
        says. Override to bring another policy in; values are filled in this order too.
        """
        if self._merge_survivor_rule() == "confidence":
            return self._sort_by_confidence_level(reverse=True)
        return self.sorted(lambda lead: (lead.create_date, lead.id))

    def _merge_order(self, survivor_id=None):
        """Return the leads in the order of :meth:`_merge_sort`, behind the survivor that was chosen, if any."""
        ordered = self._merge_sort()
        chosen = ordered.filtered(lambda lead: lead.id == survivor_id)
        return (chosen + (ordered - chosen)).with_prefetch(self._prefetch_ids)

    # ------------------------------------------------------------
    # CHOICES
    # ------------------------------------------------------------

    def _merge_check_choices(self, choices):
        """Refuse choices that cannot be followed, in words."""
        if choices.survivor_id and choices.survivor_id not in self._ids:
            raise UserError(self._merge_survivor_message())
        if not choices.picks and not choices.values:
            return
        # picks are read as the user: only what is written could pass by the groups of a field
        if choices.values and self._merge_restricted_fields(self._fields.keys() & choices.values.keys()):
            raise AccessError(self.env._("You may not write all of the fields that were chosen."))
        try:
            choices.check(self._ids, self._merge_choosable_fields(), self._merge_apart_fields())
        except UnknownFieldError as error:
            raise UserError(
                self.env._("The field “%(field)s” cannot be chosen in a merge.", field=str(error))
            ) from None
        except UnknownLeadError as error:
            raise UserError(
                self.env._(
                    "The value of “%(field)s” must come from one of the leads merged.", field=str(error)
                )
            ) from None

    def _merge_decide_choices(self, sheets, choices, decisions):
        """Put what the user chose in the place of what the rules say."""
        by_id = {sheet.id: sheet for sheet in sheets}
        for name, lead_id in choices.picks.items():
            if "." in name or name in self._merge_apart_fields():
                continue  # see _merge_decide_columns and _merge_decide_files
            decisions[name] = values.decision(sheets, name, by_id[lead_id], PICKED)
            companion = self._merge_companion(name)
            if companion and companion not in choices.picks:
                decisions[companion] = values.decision(sheets, companion, by_id[lead_id], PICKED)
        for name, value in choices.asked.items():
            decisions[name] = Decision(name, value, ASKED)

    @api.model
    def _merge_choosable_fields(self):
        """Return the names of the fields that ``write`` sets and whose value a user may pick."""
        listed = (
            name
            for name in self._merge_get_fields()
            if name in self._fields
            and self._fields[name].type not in ("one2many", "many2many")
            and not self._merge_is_elsewhere(name)
        )
        # hand-picked notes replace the joined ones; the creation date is the survivor's, and so is the company,
        # which what belongs to it could not follow
        names = {*self._merge_fillable_fields(), *listed, "probability", "lead_properties"}
        return names - {"create_date", "company_id", *self._merge_apart_fields()}

    @api.model
    @tools.ormcache()
    def _merge_apart_fields(self):
        """Return the names of the fields that are not written by ``write``, and may be picked all the same."""
        translated, by_company, _properties = self._merge_json_columns()
        return frozenset((*translated, *by_company, *self._merge_file_fields()))

    @api.model
    def _merge_is_elsewhere(self, fname):
        """Whether a field's value is another record's: writing it would change that one, which a merge never does."""
        field = self._fields[fname]
        return bool(field.related) or not field.store

    # ------------------------------------------------------------
    # COLUMNS OF SEVERAL VALUES
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_json_columns(self):
        """Return ``(translated fields, fields with a value per company, properties)``, by name."""
        stored = [(name, field) for name, field in self._fields.items() if field.store and field.column_type]
        return (
            tuple(name for name, field in stored if field.translate),
            tuple(name for name, field in stored if field.company_dependent),
            tuple(name for name, field in stored if field.type == "properties"),
        )

    def _merge_column_rows(self, ending=None):
        """Return ``{lead id: {column: value}}`` of these leads' columns of several values, without the empty ones.

        Read in SQL: the ORM knows one language and one company at a time. On the same occasion are read, under the
        name of the model of files, ``{field name: [id, size, checksum]}`` of those in binary fields.

        :param ending: what the query ends with, as SQL
        """
        names = [name for kind in self._merge_json_columns() for name in kind]
        self.flush_recordset(names)
        found = [SQL.identifier(name) for name in ("id", *names)]
        if self._merge_file_fields():
            names.append(FILES)
            found.append(self._merge_files_sql())
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM crm_lead WHERE id = ANY(%s) %s",
                SQL(", ").join(found),
                list(self._ids),
                ending or SQL(),
            )
        )
        return {
            lead_id: {name: value for name, value in zip(names, read, strict=True) if value}
            for lead_id, *read in rows
        }

    def _merge_decide_columns(self, plan, rows):
        """Return the plan with what becomes of the columns of several values; ``rows`` as they are."""
        translated, by_company, properties = self._merge_json_columns()
        decided, origins, dropped, apart, gave_way = {}, {}, {}, {}, {}
        for name in [*translated, *by_company, *properties]:
            own = [(lead_id, rows.get(lead_id, {}).get(name) or {}) for lead_id in self._ids]
            if not any(value for _lead_id, value in own):
                continue
            if name in properties:
                decided[name] = self._merge_decide_properties(name, own, plan, origins, dropped)
                continue
            if self._merge_links_leads(name):
                own = columns.outside(own, self._ids)
            decide = self._merge_decide_text if name in translated else self._merge_decide_by_company
            decided[name], apart[name] = decide(name, own, plan)
            for lead_id, theirs in own:
                lost = columns.given_up(theirs, decided[name])
                if lost:
                    gave_way.setdefault(lead_id, {})[name] = lost
        if not decided:
            return plan
        return replace(plan.with_columns(decided, origins, dropped), apart=apart, gave_way=gave_way)

    def _merge_decide_text(self, name, own, plan):
        """Return the column of a translated field, and the decision on it."""
        picked = plan.choices.picks.get(name)
        origin = columns.text_origin(own, picked)
        texts = dict(own)[origin]
        return texts, Decision(name, texts or False, plan.came(origin, picked is not None), origin)

    def _merge_decide_by_company(self, name, own, plan):
        """Return the column of a field with a value per company, and the decision on the value in this one.

        A choice is about what was shown: the value in this company.
        """
        company = str(self.env.company.id)
        picked = plan.choices.picks.get(name)
        combined = columns.by_company(own, {company: picked} if picked else None)
        value = combined.get(company)
        origin = picked or columns.origin_of(own, company, value)
        return combined, Decision(name, value, plan.came(origin, picked is not None), origin)

    def _merge_decide_properties(self, name, own, plan, origins, dropped):
        """Return the properties column of the survivor; note where each comes from, and what nobody can hold."""
        definition = self._merge_property_lines(name, plan)
        known = {line["name"] for line in definition}
        links = {line["name"] for line in definition if line.get("comodel") == self._name}
        picks = {
            fname.partition(".")[2]: lead_id
            for fname, lead_id in plan.choices.picks.items()
            if fname.startswith(f"{name}.")
        }
        value, sources = columns.properties(own, known, picks, links, self._ids)
        for key, lead_id in sources.items():
            origins[f"{name}.{key}"] = (lead_id, key in picks)
        for lead_id, theirs in own:
            for key, one in theirs.items():
                if key not in known and one not in columns.BLANKS:
                    dropped.setdefault(f"{name}.{key}", lead_id)
        return value

    def _merge_property_lines(self, name, plan):
        """Return the definitions of the properties that the survivor can have."""
        field = self._fields[name]
        record_field = field.definition_record
        container = self[0][record_field]
        if record_field in plan.decisions:
            container = container.browse(plan.decisions[record_field].value or ())
        return (container[field.definition_record_field] if container else None) or []

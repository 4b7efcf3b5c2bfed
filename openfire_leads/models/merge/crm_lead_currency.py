"""Amounts keep their worth: what is in another currency than the result's is converted, and the user is told."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import formatLang

from ...merging.plan import CONVERTED


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_convert(self, plan):
        """Return the plan with the amounts in the currency of the result that come from a lead with another one.

        That may be the currency of a lead's company, or one of its own that is decided for several amounts at once.
        The rate is today's, of the company of the result. Without any rate an amount stays the number that it is.
        """
        amounts = {
            name: self._fields[name].get_currency_field(self)
            for name, one in plan.decisions.items()
            if self._fields[name].type == "monetary" and one.value
        }
        of_properties = self._merge_monetary_properties(plan)
        if not amounts and not of_properties:
            return plan
        result = self._merge_imagine(plan.sheets[0], plan.decisions)
        company = self._merge_decided(plan.decisions, "company_id") or self.env.company
        decisions, properties = {**plan.decisions}, {**plan.properties}
        currencies, unrated = {}, set()
        for found, units in ((decisions, amounts), (properties, of_properties)):
            for name, unit in units.items():
                source, target = self._merge_origin(found[name])[unit], result[unit]
                currencies[name] = target.id
                found[name] = self._merge_exchange(found[name], source, target, company)
                if self._merge_is_unrated(found[name], source, target):
                    unrated.add(name)
        columns = {**plan.columns}
        for fname in of_properties:
            name, _dot, key = fname.partition(".")
            columns[name] = {**columns[name], key: properties[fname].value}
        return replace(
            plan,
            decisions=decisions,
            columns=columns,
            properties=properties,
            currencies=currencies,
            unrated=frozenset(unrated),
        )

    def _merge_monetary_properties(self, plan):
        """Return ``{"<field>.<property>": field with its currency}`` of the amounts among the properties."""
        found = {}
        for name in self._merge_json_columns()[2]:
            for line in self._merge_property_lines(name, plan) if name in plan.columns else ():
                decision = plan.properties.get(f"{name}.{line['name']}")
                unit = line.get("currency_field")
                if line["type"] == "monetary" and unit in self._fields and decision and decision.value:
                    found[decision.field] = unit
        return found

    def _merge_origin(self, decision):
        """Return the lead that a value comes from, empty where it is none of theirs."""
        return self.browse(decision.origin if decision.origin in self._ids else ())

    def _merge_exchange(self, decision, source, target, company):
        """Return the decision on an amount in the currency ``target``; as it is where there is no rate."""
        if (
            not source
            or not target
            or source == target
            or not self._merge_has_rates(source | target, company)
        ):
            return decision
        amount = source._convert(decision.value, target, company, fields.Date.context_today(self))
        return decision._replace(value=amount, how=CONVERTED)

    @staticmethod
    def _merge_is_unrated(decision, source, target):
        """Whether an amount changed currency as the number that it is."""
        return bool(source and target and source != target and decision.how != CONVERTED)

    def _merge_currency(self, lead, fname):
        """Return the currency of an amount of a lead's, empty where there is none."""
        return lead[self._fields[fname].get_currency_field(self)]

    def _merge_has_rates(self, currencies, company):
        """Whether all these currencies can be converted: the company's own, and those with a rate in it."""
        others = currencies - company.currency_id
        # sudo: the rates of the company of leads that the user may read
        groups = (
            self.env["res.currency.rate"]
            .sudo()
            ._read_group(
                [
                    ("currency_id", "in", others.ids),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                ["currency_id"],
            )
        )
        return len(groups) == len(others)

    # ------------------------------------------------------------
    # What people are told
    # ------------------------------------------------------------

    def _merge_result_amount(self, plan, fname):
        """Return the amount that the result will have in a field or property, as text in its currency."""
        decision = plan.decisions.get(fname) or plan.properties[fname]
        return self._merge_amount_text(
            decision.value, self.env["res.currency"].browse(plan.currencies[fname] or ())
        )

    @api.model
    def _merge_amount_text(self, value, currency):
        return formatLang(self.env, value, digits=2, currency_obj=currency or None) if value else ""

    def _merge_changes_currency(self, plan, fname):
        """Whether the result takes this lead's amount into another currency."""
        decision = plan.decisions.get(fname) or plan.properties.get(fname)
        if decision is None or decision.origin != self.id:
            return False
        return decision.how == CONVERTED or fname in plan.unrated

    def _merge_currency_warnings(self, plan):
        """Return a sentence for each amount that changes currency, of the fields that the user may see."""
        warnings = []
        for fname in plan.currencies:
            origin = self.filtered(lambda lead, fname=fname: lead._merge_changes_currency(plan, fname))
            if origin and self._has_field_access(self._fields[fname.partition(".")[0]], "read"):
                warnings.append(origin._merge_currency_warning(plan, fname))
        return warnings

    def _merge_currency_warning(self, plan, fname):
        label, amount = self._merge_field_label(fname.partition(".")[0]), None
        if "." in fname:
            for definition in self._merge_properties():
                if fname.endswith(f".{definition['name']}"):
                    label = definition.get("string") or definition["name"]
                    amount = self._merge_display_property(definition)
        told = {
            "field": label,
            "amount": amount or self._merge_display(fname),
            "result": self._merge_result_amount(plan, fname),
        }
        if fname in plan.unrated:
            return self.env._(
                "%(field)s: %(amount)s would become %(result)s, the same number, as there is no exchange "
                "rate. Enter the rate first, or correct the amount afterwards.",
                **told,
            )
        return self.env._("%(field)s: %(amount)s becomes %(result)s, at today's rate.", **told)

    def _merge_note_amount(self, plan, fname, amount):
        """Return this lead's amount as the note tells it: with what became of it, where that is in another currency."""
        if not self._merge_changes_currency(plan, fname):
            return amount
        result = self._merge_result_amount(plan, fname)
        if fname in plan.unrated:
            return self.env._(
                "%(amount)s, became %(result)s without an exchange rate", amount=amount, result=result
            )
        return self.env._(
            "%(amount)s, converted into %(result)s at the rate of the day", amount=amount, result=result
        )

    def _merge_same_amount(self, plan, fname, own, kept, currency):
        """Whether this lead's amount is the result's: the number, and the currency that it is in."""
        return own == kept and plan.currencies.get(fname, currency.id) == currency.id

"""Amounts keep their worth: what is in another currency than the result's is converted, and the user is told."""

from dataclasses import replace

from odoo import fields, models
from odoo.tools import formatLang

from ...merging.plan import CONVERTED


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_convert(self, sheets, decisions):
        """Convert the amounts decided that come from a lead with another currency than the result will have.

        That may be the currency of a lead's company, or one of its own that is decided for several amounts at once.
        The rate is today's, of the company of the result. Without any rate an amount stays the number that it is.

        :returns: ``({field name: id of the currency of the result}, names of the amounts without a rate)``
        """
        amounts = [
            name for name, one in decisions.items() if self._fields[name].type == "monetary" and one.value
        ]
        if not amounts:
            return {}, set()
        result = self._merge_imagine(sheets[0], decisions)
        company = self._merge_decided(decisions, "company_id") or self.env.company
        currencies, unrated = {}, set()
        for name in amounts:
            decision = decisions[name]
            target = self._merge_currency(result, name)
            origin = self.browse(decision.origin if decision.origin in self._ids else ())
            source = self._merge_currency(origin, name)
            currencies[name] = target.id
            if not source or not target or source == target:
                continue
            if not self._merge_has_rates(source | target, company):
                unrated.add(name)
                continue
            amount = source._convert(decision.value, target, company, fields.Date.context_today(self))
            decisions[name] = replace(decision, value=amount, how=CONVERTED)
        return currencies, unrated

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
        """Return the amount that the result will have, as text in its currency."""
        value = plan.decisions[fname].value
        currency = self.env["res.currency"].browse(plan.currencies[fname] or ())
        return formatLang(self.env, value, digits=2, currency_obj=currency or None) if value else ""

    def _merge_changes_currency(self, plan, fname):
        """Whether the result takes this lead's amount into another currency."""
        decision = plan.decisions.get(fname)
        if decision is None or decision.origin != self.id:
            return False
        return decision.how == CONVERTED or fname in plan.unrated

    def _merge_currency_warnings(self, plan):
        """Return a sentence for each amount that changes currency, of the fields that the user may see."""
        warnings = []
        for fname in plan.currencies:
            origin = self.filtered(lambda lead, fname=fname: lead._merge_changes_currency(plan, fname))
            if not origin or not self._has_field_access(self._fields[fname], "read"):
                continue
            told = {
                "field": self._merge_field_label(fname),
                "amount": origin._merge_display(fname),
                "result": self._merge_result_amount(plan, fname),
            }
            if fname in plan.unrated:
                warnings.append(
                    self.env._(
                        "%(field)s: %(amount)s would become %(result)s, the same number, as there is no exchange "
                        "rate. Enter the rate first, or correct the amount afterwards.",
                        **told,
                    )
                )
            else:
                warnings.append(
                    self.env._("%(field)s: %(amount)s becomes %(result)s, at today's rate.", **told)
                )
        return warnings

    def _merge_note_amount(self, plan, fname):
        """Return this lead's amount as the note tells it: with what became of it, where that is in another currency."""
        amount = self._merge_display(fname)
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

    def _merge_same_amount(self, plan, fname, own, kept):
        """Whether this lead's amount is the result's: the number, and the currency that it is in."""
        currency = self._merge_currency(self.sudo(), fname)
        return own == kept and plan.currencies.get(fname, currency.id) == currency.id

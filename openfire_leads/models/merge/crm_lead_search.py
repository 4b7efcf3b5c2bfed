"""The search box finds a lead by the e-mails and phones that gave way, as Odoo finds it by those it has."""

import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.phone_validation.models.mail_thread_phone import PHONE_REGEX_PATTERN

LIKE = {"like": "LIKE", "ilike": "ILIKE", "=like": "LIKE", "=ilike": "ILIKE", "=": "="}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    former_email = fields.Char(
        store=False,
        search="_search_former_email",
        exportable=False,
        help="Finds leads by the e-mails of those merged into them, and by what a customer's e-mail replaced",
    )

    @api.model
    def _search_former_email(self, operator, value):
        if operator == "in":
            return Domain.OR(self._search_former_email("=", one) for one in value)
        if operator not in LIKE or not value or not isinstance(value, str):
            return NotImplemented
        pattern = f"%{value.strip()}%" if operator in ("like", "ilike") else value.strip()
        return self._search_given_way(
            "email_from", SQL("l.email_from %s %s", SQL(LIKE[operator]), pattern)
        ) | self._search_given_way(
            "email_from", SQL("l.email_normalized %s %s", SQL(LIKE[operator]), pattern.lower())
        )

    def _search_phone_mobile_search(self, operator, value):
        """Find leads by their former numbers too, typed as Odoo lets them be typed."""
        domain = super()._search_phone_mobile_search(operator, value)
        digits = re.sub(PHONE_REGEX_PATTERN, "", value) if isinstance(value, str) else ""
        if operator not in LIKE or not digits:
            return domain
        terms = [digits]
        if digits.startswith(("+", "00")):
            bare = digits.removeprefix("+").removeprefix("00")
            terms = [f"+{bare}", f"00{bare}"]
        patterns = [term if operator == "=" else f"%{term}%" for term in terms]
        number = SQL("regexp_replace(l.phone, %s, '', 'g')", PHONE_REGEX_PATTERN)
        return domain | self._search_given_way(
            "phone", SQL("(%s ILIKE ANY(%s) OR l.phone_sanitized ILIKE ANY(%s))", number, patterns, patterns)
        )

    @api.model
    def _search_given_way(self, column, condition):
        """Return the domain of the leads whose journal has, under a condition on its lines ``l``, a value of this
        column that gave way: a merged lead's, or one that a merge, a conversion or a customer replaced."""
        self.env["crm.lead.merge"].flush_model(["state", "survivor_res_id"])
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE found(lead) AS (
                       SELECT m.survivor_res_id
                         FROM crm_lead_merge_line l JOIN crm_lead_merge m ON m.id = l.merge_id
                        WHERE m.state = 'done' AND %(condition)s
                          AND (l.sequence > 0 OR l.values_after->>%(column)s != l.%(field)s)
                    UNION
                       SELECT m.survivor_res_id
                         FROM found f
                         JOIN crm_lead_merge_line l ON l.lead_res_id = f.lead AND l.sequence > 0
                         JOIN crm_lead_merge m ON m.id = l.merge_id AND m.state = 'done')
                   SELECT lead FROM found""",
                condition=condition,
                column=column,
                field=SQL.identifier(column),
            )
        )
        return Domain("id", "in", [row[0] for row in rows])

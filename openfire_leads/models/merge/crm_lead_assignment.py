"""Who gets the lead that remains after a merge: it keeps its own salesperson and team, and never changes company."""

from odoo import api, models, tools
from odoo.exceptions import UserError

from ...merging import RECOMPUTED, Decision, values


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_assignment(self):
        """Return the salesperson and the team that merging these leads gives when nobody asks for others.

        The survivor's own; what it lacks comes from the others, in order of precedence.

        :returns: ``(res.users, crm.team)``
        """
        if not self:
            return self.env["res.users"], self.env["crm.team"]
        decided = self._merge_plan(self._merge_choices()).values
        return (
            self.env["res.users"].browse(decided["user_id"] or ()),
            self.env["crm.team"].browse(decided["team_id"] or ()),
        )

    def _merge_check_assignment(self, choices):
        """Refuse a salesperson or a team by whom the lead that remains would change company.

        The superuser passes, as in :meth:`_merge_check_company`.

        :param choices: ``merging.Choices``
        :raises UserError: one of them does not work in the leads' company
        """
        if self.env.su or len(self.sudo().company_id) > 1:
            return
        # sudo: companies of users, teams and leads, to compare them and to name them
        leads = self.sudo()
        user, team = leads._merge_chosen(choices, "user_id"), leads._merge_chosen(choices, "team_id")
        company = leads.company_id[:1]
        survivor = leads._merge_order(choices.survivor_id)[:1]
        if company and not survivor.company_id:
            # it takes the others' company, and its own people stay
            user, team = user or survivor.user_id, team or survivor.team_id
        company = company or team.company_id
        if not company:
            return
        if not self._merge_fits_company(team, company):
            raise UserError(
                self.env._(
                    "“%(team)s” is a sales team of %(other)s, and the leads belong to %(company)s. "
                    "Choose a team of %(company)s.",
                    team=team.name,
                    other=team.company_id.name,
                    company=company.name,
                )
            )
        if not self._merge_fits_company(user, company):
            raise UserError(
                self.env._(
                    "%(user)s does not work in %(company)s, the company of these leads. "
                    "Choose a salesperson of %(company)s.",
                    user=user.name,
                    company=company.name,
                )
            )

    def _merge_chosen(self, choices, fname):
        """Return the record asked for or picked for a many2one field, empty if nobody chose."""
        record = self.env[self._fields[fname].comodel_name]
        if fname in choices.asked:
            return record.browse(choices.asked[fname] or ())
        return self.browse(choices.picks.get(fname) or ())[fname] if fname in choices.picks else record

    @staticmethod
    def _merge_fits_company(record, company):
        """Whether a lead of that company may refer to the record, as Odoo's own check says."""
        if not record:
            return True
        return bool(record.sudo().filtered_domain(record._check_company_domain(company)))

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_company_fields(self):
        """Return the names of the fields whose record must be of the lead's company."""
        return frozenset(
            name for name, field in self._fields.items() if field.type == "many2one" and field.check_company
        )

    def _merge_respect_company(self, sheets, decisions):
        """Leave out what may not be used in the survivor's company: it would take the lead along with it."""
        company = self[:1].company_id or self.company_id[:1]
        if not company:
            return
        allowed = [sheet for sheet in sheets if sheet.values["company_id"] in (False, company.id)]
        for fname in self._merge_company_fields() & decisions.keys():
            field, decision = self._fields[fname], decisions[fname]
            foreign = len(self.company_id) > 1 and decision.value not in {
                sheet.values.get(fname) for sheet in allowed
            }
            value = self.env[field.comodel_name].browse(decision.value or ())
            own = decision.value == sheets[0].values.get(fname)
            if not foreign and (own or self._merge_fits_company(value, company)):
                continue
            fitting = (
                sheet
                for sheet in allowed
                if sheet.values.get(fname)
                and self._merge_fits_company(value.browse(sheet.values[fname]), company)
            )
            origin = next(fitting, None)
            decisions[fname] = (
                values.decision(sheets, fname, origin) if origin else Decision(fname, False, RECOMPUTED)
            )
        decisions["company_id"] = values.traced(sheets, "company_id", company.id)

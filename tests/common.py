"""Who and what the tests work with: users of each group, two teams, two companies."""

import unittest
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user

import odoo.addons.openfire_leads

# The translation is generated from the sources: a checkout in between may be without it.
needs_french = unittest.skipUnless(
    (Path(odoo.addons.openfire_leads.__file__).parent / "i18n" / "fr.po").exists(),
    "no French translation yet",
)


class LeadsCase(TransactionCase):
    """People and teams.

    ============== ===================================== ========= ==========
    user           group                                 team      company
    ============== ===================================== ========= ==========
    salesperson    sees only their own leads             team      main
    colleague      sees only their own leads             other     main
    all_leads      sees all leads                        team      main
    manager        sales manager                         team (l.) main
    foreigner      sales manager                         -         second
    officer        no access to sales                    -         main
    ============== ===================================== ========= ==========

    ``team`` comes first in the order of teams and has the alias ``demandes@leads.example``; ``other_team``
    comes second and has the alias ``autres@leads.example``. The general switch of leads is off.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False, "mail_create_nolog": False})
        cls.set_general_leads(False)
        cls.main_company = cls.env.company
        cls.second_company = cls.env["res.company"].create({"name": "Second Company"})
        cls.alias_domain = cls.env["mail.alias.domain"].create({"name": "leads.example"})
        cls.main_company.alias_domain_id = cls.alias_domain
        cls.salesperson = cls.new_user("salesperson", "sales_team.group_sale_salesman")
        cls.colleague = cls.new_user("colleague", "sales_team.group_sale_salesman")
        cls.all_leads = cls.new_user("all_leads", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls.new_user("manager", "sales_team.group_sale_manager")
        cls.foreigner = cls.new_user("foreigner", "sales_team.group_sale_manager", company=cls.second_company)
        cls.officer = cls.new_user("officer", "base.group_user")
        cls.env["crm.team"].search([]).write({"sequence": 9999})
        cls.team = cls.new_team("Team", "demandes", 1, cls.manager, cls.salesperson | cls.all_leads)
        cls.other_team = cls.new_team("Other Team", "autres", 2, cls.env["res.users"], cls.colleague)

    @classmethod
    def new_user(cls, login, groups, company=None):
        company = company or cls.main_company
        return new_test_user(
            cls.env,
            login=f"leads_{login}",
            name=login.replace("_", " ").title(),
            email=f"{login}@company.example",
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def new_team(cls, name, alias, sequence, leader, members):
        return cls.env["crm.team"].create(
            {
                "name": name,
                "sequence": sequence,
                "alias_name": alias,
                "user_id": leader.id,
                "company_id": False,
                "crm_team_member_ids": [(0, 0, {"user_id": member.id}) for member in members],
            }
        )

    @classmethod
    def set_general_leads(cls, used):
        """Move the general switch the way the Settings do, without going through them."""
        verb = "_apply_group" if used else "_remove_group"
        getattr(cls.env.ref("base.group_user"), verb)(cls.env.ref("crm.group_use_lead"))

    @classmethod
    def save_settings(cls, **values):
        """Open Settings, change values, save; returns the settings."""
        settings = cls.env["res.config.settings"].create(values)
        settings.set_values()
        return settings

    @classmethod
    def new_lead(cls, name="Devis poêle", **values):
        values = {"type": "lead", "team_id": cls.team.id, "user_id": cls.salesperson.id, **values}
        return cls.env["crm.lead"].create({"name": name, **values})


class TourUser:
    """To be mixed into a :class:`LeadsCase`: a member of ``team`` who speaks ``lang``, and no other leads."""

    lang = None
    tour_login = None
    tour_groups = None
    # Odoo's own runner leaves inherited tests out otherwise
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lang = cls.env["res.lang"].with_context(active_test=False).search([("code", "=", cls.lang)])
        if not lang.active:
            cls.env["base.language.install"].create({"lang_ids": [(6, 0, lang.ids)]}).lang_install()
        cls.user = new_test_user(cls.env, cls.tour_login, cls.tour_groups, name="Tour User", lang=cls.lang)
        cls.team.member_ids |= cls.user
        cls.env["crm.lead"].search([]).active = False

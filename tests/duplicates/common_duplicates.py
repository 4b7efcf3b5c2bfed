"""Leads and users for the tests of duplicates."""

from odoo.tests import TransactionCase, new_test_user


class DuplicatesCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, no_reset_password=True, mail_notrack=True)
        )
        cls.seller = new_test_user(cls.env, "pairs_seller", "sales_team.group_sale_salesman")
        cls.seller_of_all = new_test_user(
            cls.env, "pairs_seller_of_all", "sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = new_test_user(cls.env, "pairs_manager", "sales_team.group_sale_manager")
        cls.Lead = cls.env["crm.lead"]
        cls.Pair = cls.env["crm.lead.duplicate"]
        cls.person = {
            "name": "Poêle à granulés",
            "contact_name": "Théodule Vandenbroucke",
            "email_from": "theodule.vandenbroucke@orange.fr",
            "phone": "06 39 98 12 34",
            "street": "12 rue des Capucines",
            "zip": "59190",
            "city": "Hazebrouck",
            "country_id": cls.env.ref("base.fr").id,
            "user_id": cls.seller.id,
            "type": "lead",
        }
        cls.stranger = {
            "name": "Insert bois",
            "contact_name": "Solange Etchegoyen",
            "email_from": "sol.etchegoyen@free.fr",
            "phone": "05 59 00 11 22",
            "street": "3 chemin du Lac",
            "zip": "64200",
            "city": "Biarritz",
            "country_id": cls.env.ref("base.fr").id,
            "user_id": cls.seller.id,
            "type": "lead",
        }

    @classmethod
    def _lead(cls, base=None, **values):
        return cls.Lead.create({**(base or cls.person), **values})

    def _pair(self, one, two):
        one, two = sorted((one.id, two.id))
        return self.Pair.search([("lead_id", "=", one), ("other_lead_id", "=", two)])

    def _found(self, lead, **kwargs):
        (result,) = lead.find_duplicates(**kwargs)
        return [line["lead_id"] for line in result["duplicates"]]

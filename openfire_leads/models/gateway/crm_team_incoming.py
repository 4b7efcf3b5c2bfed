"""What a team wants of mail from somebody who has an open lead or opportunity."""

from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    incoming_known = fields.Selection(
        [
            ("lead", "Make a lead and point it out"),
            ("join", "When certain, join the open one"),
        ],
        string="Mail from Known Requesters",
        default="lead",
        help="What becomes of a mail to the alias whose sender has an open lead or opportunity already.\n"
        "Make a lead and point it out: it makes a lead of its own, which names the other one.\n"
        "When certain, join the open one: it goes to the conversation of the open one, if there is exactly one "
        "and its requester is certainly the same. Its salesperson is told, and can make a lead of it.",
    )

"""What a case of the differential test does, and the facts that come of it.

Each fact is named ``<kind> <what>``; its kind says how the addon's may differ from stock Odoo's, see
``devtools/differential.py``.
"""

from datetime import datetime, timedelta
from email.message import EmailMessage
from html import unescape

from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import html2plaintext

LABELS = "abcdef"


class Scene:
    """The leads of one case, in a transaction of its own."""

    def __init__(self, env, world, case):
        self.env = env(
            user=world["boss"][1], context={"allowed_company_ids": [world["main"][1], world["second"][1]]}
        )
        self.world, self.case = world, case
        self.names = {(model, record_id): name for name, (model, record_id) in world.items()}
        self.leads = self.env["crm.lead"]
        for number, values in enumerate(case["leads"]):
            self.leads += self._make(number, values)
        self.env.flush_all()
        self.before = {
            lead: {name: lead[name] for name in ("email_from", "phone", "contact_name", "user_id", "active")}
            for lead in self.leads
        }

    def _make(self, number, values):
        values = dict(values)
        state, past = values.pop("state", "open"), values.pop("past", False)
        lead = self.env["crm.lead"].create({name: self.real(value) for name, value in values.items()})
        lead.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            (datetime(2026, 1, 1) + timedelta(days=number), lead.id),
        )
        lead.invalidate_recordset(["create_date"])
        if past:
            self._give_past(lead, LABELS[number])
        if state == "won":
            lead.action_set_won()
        elif state == "lost":
            lead.action_set_lost()
        elif state == "archived":
            lead.active = False
        return lead

    def _give_past(self, lead, label):
        follower = self.env["res.partner"].create({"name": f"Follower {label}"})
        lead.message_post(body=f"Said to {label}", subject=f"Subject {label}")
        lead.message_subscribe(follower.ids)
        lead.activity_schedule("mail.mail_activity_data_todo", summary=f"To do {label}")
        self.env["ir.attachment"].create(
            {"name": f"file {label}", "raw": b"x", "res_model": "crm.lead", "res_id": lead.id}
        )
        self.env["calendar.event"].create(
            {
                "name": f"Visit {label}",
                "start": "2026-02-01 10:00:00",
                "stop": "2026-02-01 11:00:00",
                "opportunity_id": lead.id,
            }
        )

    def real(self, value):
        """Return a value with the ids of the world's records in the place of their names."""
        if isinstance(value, list):
            return [Command.set([self.real(item) for item in value])]
        return self.world[value[1:]][1] if isinstance(value, str) and value[:1] == "@" else value

    def name(self, record):
        """Return what a record is called in both databases."""
        return self.names.get((record._name, record.id)) or record.display_name or ""

    def labels(self, leads):
        return sorted(
            LABELS[self.leads.ids.index(lead_id)] for lead_id in leads.ids if lead_id in self.leads.ids
        )

    def selected(self, order=None):
        order = order or self.case.get("select") or LABELS[: len(self.leads)]
        return self.leads.browse(self.leads[LABELS.index(label)].id for label in order)

    def window(self, model, leads, **context):
        """Return a window's form, filled as the case says."""
        context = {"active_model": "crm.lead", "active_ids": leads.ids, "active_id": leads[:1].id, **context}
        form = Form(self.env[model].with_context(**{key: value for key, value in context.items() if value}))
        for name, value in self.case.get("choose", {}).items():
            if isinstance(value, list):
                for item in value:
                    getattr(form, name).add(self.env[self.world[item[1:]][0]].browse(self.real(item)))
            elif isinstance(value, str) and value.startswith("@"):
                setattr(form, name, self.env[self.world[value[1:]][0]].browse(self.real(value)))
            else:
                setattr(form, name, value)
        return form


# Actions ---------------------------------------------------------------------


def find(scene):
    one, two = scene.leads
    window = scene.window("crm.lead2opportunity.partner", one)
    proposed = scene.env["crm.lead"].browse(window.duplicated_lead_ids.ids)
    return {
        "more found": scene.labels(one.duplicate_lead_ids - one),
        "more found from the other": scene.labels(two.duplicate_lead_ids - two),
        "least counted": one.duplicate_lead_count,
        "more proposed for merging": scene.labels(proposed - one),
        "more ways proposed": [window.name] if window.name == "merge" else [],
        "filled customer proposed": scene.name(window.partner_id) if window.partner_id else "",
    }


def convert(scene):
    leads = scene.leads.filtered(lambda lead: lead.type == "lead") or scene.leads
    scene.window("crm.lead2opportunity.partner", leads[-1]).save().action_apply()
    return what_is_left(scene)


def convert_in_mass(scene):
    window = scene.window(
        "crm.lead2opportunity.partner.mass",
        scene.selected(),
        active_id=scene.case.get("active_id", scene.selected()[:1].id),
    )
    window.save().action_mass_convert()
    return what_is_left(scene)


def merge(scene):
    scene.selected().merge_opportunity()
    return what_is_left(scene)


def merge_in_the_window(scene):
    scene.window("crm.merge.opportunity", scene.selected()).save().action_merge()
    return what_is_left(scene)


def receive(scene):
    message = EmailMessage()
    for name, value in scene.case["headers"].items():
        message[name] = value
    message["Message-Id"] = "<differential@example.com>"
    message.set_content("Bonjour,\n\nje voudrais un devis pour un poêle.\n\nThéodule")
    model = scene.env["crm.lead"].sudo().with_context(active_test=False)
    before = model.search([])
    scene.env["mail.thread"].sudo().message_process(False, message.as_bytes())
    made = model.search([]) - before
    text = " ".join(html2plaintext(lead.description or "") for lead in made)
    text += " ".join(html2plaintext(body) for body in made.message_ids.mapped("body") if body)
    return {
        "least leads": len(made),
        "more words": sorted(word for word in ("devis", "poêle", "Bonjour") if word in text),
        "filled e-mail": ", ".join(lead.email_normalized or "" for lead in made),
        "filled contact": ", ".join(lead.contact_name or "" for lead in made),
        "filled customer": ", ".join(scene.name(lead.partner_id) for lead in made if lead.partner_id),
        "filled subject": ", ".join(made.mapped("name")),
        "filled team": ", ".join(scene.name(lead.team_id) for lead in made if lead.team_id),
        "same type": sorted(set(made.mapped("type"))),
    }


ACTIONS = {
    "find": find,
    "convert": convert,
    "convert in mass": convert_in_mass,
    "merge": merge,
    "merge in the window": merge_in_the_window,
    "receive": receive,
}

# Facts -----------------------------------------------------------------------


def what_is_left(scene):
    """Return the facts of the leads that exist after conversion or merging."""
    scene.env.flush_all()
    scene.env.invalidate_all()
    left = scene.leads.exists().sudo()
    facts = {"same number of leads": len(left)}
    for fact, values in {
        "types": left.mapped("type"),
        "outcomes": left.mapped("won_status"),
        "stages": left.stage_id and left.mapped("stage_id.name"),
        "probabilities": [str(round(lead.probability)) for lead in left],
        "salespeople": [scene.name(lead.user_id) for lead in left if lead.user_id],
        "teams": [scene.name(lead.team_id) for lead in left if lead.team_id],
        "companies": [scene.name(lead.company_id) for lead in left if lead.company_id],
        "customers": [scene.name(lead.partner_id) for lead in left if lead.partner_id],
        "customers' mails": [
            lead.partner_id.email_normalized for lead in left if lead.partner_id.email_normalized
        ],
        "mails": [lead.email_from for lead in left if lead.email_from],
        "phones": [lead.phone for lead in left if lead.phone],
        "subjects": left.mapped("name"),
    }.items():
        facts[f"chosen {fact}"] = sorted(values)
    return {**facts, **_kept(scene, left), **_wrongs(scene, left)}


def _kept(scene, left):
    """What people would look for: in the fields, in the chatter, among what hangs on the leads."""
    text = " ".join(html2plaintext(unescape(str(body))) for body in left.message_ids.mapped("body"))
    text += " ".join(
        str(value)
        for values in left.read(["email_from", "phone", "contact_name"])
        for value in values.values()
    )
    text += " ".join(html2plaintext(lead.description or "") for lead in left)
    text += " ".join(
        f"{lead.partner_id.email} {lead.partner_id.phone} {lead.partner_id.name}" for lead in left
    )
    env = scene.env(su=True)
    on_leads = [("res_model", "=", "crm.lead"), ("res_id", "in", left.ids)]
    kept = {
        fact: {values[name] for values in scene.before.values() if values[name] and values[name] in text}
        for name, fact in (("email_from", "mails"), ("phone", "phones"), ("contact_name", "names"))
    }
    kept["notes"] = {note for note in ("Première note", "Seconde note") if note in text}
    kept["tags"] = set(left.tag_ids.mapped("name"))
    # Odoo writes in front or behind from which lead they come
    subjects, files = (
        " ".join(filter(None, left.message_ids.mapped("subject"))),
        env["ir.attachment"].search(on_leads),
    )
    kept["messages"] = {f"Subject {label}" for label in LABELS if f"Subject {label}" in subjects}
    kept["activities"] = set(left.activity_ids.filtered("summary").mapped("summary"))
    kept["files"] = {name.partition(" (")[0] for name in files.mapped("name")}
    kept["followers"] = {
        name for name in left.message_follower_ids.partner_id.mapped("name") if name.startswith("Follower")
    }
    kept["meetings"] = set(env["calendar.event"].search([("opportunity_id", "in", left.ids)]).mapped("name"))
    return {f"more {fact} kept": sorted(values) for fact, values in kept.items()}


def _wrongs(scene, left):
    """What must not happen unless it happens in stock Odoo as well."""
    hopeless = any(lead.won_status == "pending" and lead.active and not lead.probability for lead in left)
    assigned = any(values["user_id"] for values in scene.before.values())
    chosen = any(name in scene.case.get("choose", {}) for name in ("user_id", "user_ids", "team_id"))
    wrongs = {
        "open without a chance": hopeless,
        "archived, though one in use went into it": any(values["active"] for values in scene.before.values())
        and len(left) < len(scene.leads)
        and any(not lead.active for lead in left),
        "nobody's, though somebody's before": assigned and any(not lead.user_id for lead in left),
        "in other hands, though nobody chose so": not chosen
        and any(
            scene.before[lead]["user_id"] and scene.before[lead]["user_id"] != lead.user_id
            for lead in left.sudo(False)
        ),
        "team of another company": any(
            lead.team_id.company_id and lead.company_id and lead.team_id.company_id != lead.company_id
            for lead in left
        ),
    }
    return {"never wrong": sorted(wrong for wrong, so in wrongs.items() if so)}

"""What is written on a lead while it is merged away, or later under its former id, goes to the survivor."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .merge_common import CommittedCase, MergeCase


def note(lead):
    return lead._message_log(body="Noted")


def notify(lead):
    lead.message_notify(body="Told", partner_ids=lead.env.user.partner_id.ids)
    return lead.env["mail.message"].search([("model", "=", "crm.lead"), ("res_id", "=", lead.id)], limit=1)


def template(lead):
    values = {
        "name": "Thanks",
        "model_id": lead.env["ir.model"]._get_id("crm.lead"),
        "body_html": "<p>Thanks</p>",
    }
    made = lead.env["mail.template"].create({**values, "email_to": "x@example.com"})
    mail = lead.env["mail.mail"].browse(made.send_mail(lead.id))
    made.unlink()
    return mail.mail_message_id


def external_id(lead):
    values = {"module": "__left_behind__", "name": f"lead_{lead.id}", "model": "crm.lead", "res_id": lead.id}
    return lead.env["ir.model.data"].create(values)


def file_linked_later(lead):
    file = lead.env["ir.attachment"].search([("name", "=", "left behind.txt")])
    file.write({"res_model": "crm.lead", "res_id": lead.id})
    return file


def activity_moved(lead):
    activity = lead.env["mail.activity"].search([("summary", "=", "left behind")])
    activity.write({"res_id": lead.id})
    return activity


def message(lead):
    return lead.message_post(body="Said")


def follower(lead):
    lead.message_subscribe(lead.env["res.partner"].search([("name", "=", "Left Behind")]).ids)
    return lead.message_follower_ids.filtered(lambda one: one.partner_id.name == "Left Behind")


class Row(NamedTuple):
    """A row of a table that stands for a model's which is not installed."""

    env: object
    table: str
    id: int

    @property
    def res_id(self):
        self.env.cr.execute(SQL("SELECT res_id FROM %s WHERE id = %s", SQL.identifier(self.table), self.id))
        return self.env.cr.fetchone()[0]


def row(lead, table, columns, values):
    lead.env.cr.execute(
        SQL("INSERT INTO %s (%s) VALUES %s RETURNING id", SQL.identifier(table), SQL(columns), values)
    )
    return Row(lead.env, table, lead.env.cr.fetchone()[0])


def rating(lead):
    model_id = lead.env["ir.model"]._get_id("crm.lead")
    if "rating.rating" not in lead.env:
        values = ("crm.lead", model_id, lead.id, "crm.lead", model_id, lead.id)
        columns = "res_model, res_model_id, res_id, parent_res_model, parent_res_model_id, parent_res_id"
        return row(lead, "left_behind_rating", columns, values)
    values = {"res_model_id": model_id, "res_id": lead.id, "rating": 5}
    return lead.env["rating.rating"].create(
        {**values, "parent_res_model_id": model_id, "parent_res_id": lead.id}
    )


def mailing_trace(lead):
    if "mailing.trace" not in lead.env:
        return row(lead, "left_behind_trace", "model, res_id", ("crm.lead", lead.id))
    return lead.env["mailing.trace"].create({"model": "crm.lead", "res_id": lead.id, "trace_type": "mail"})


def sms(lead):
    """An SMS and its notification, which refer to the message on the lead."""
    said = lead._message_log(body="Sent by SMS")
    if "sms.sms" in lead.env:
        sent = lead.env["sms.sms"].create({"number": "+33 6 39 98 12 34", "mail_message_id": said.id})
        values = {"notification_type": "sms", "sms_id_int": sent.id, "mail_message_id": said.id}
        lead.env["mail.notification"].create({**values, "res_partner_id": lead.env.user.partner_id.id})
    return said


DOORS = (
    rating,
    mailing_trace,
    sms,
    note,
    notify,
    template,
    external_id,
    file_linked_later,
    activity_moved,
    message,
    follower,
)


@tagged("post_install", "-at_install")
class TestMergeLeftBehind(CommittedCase):
    """Jobs, which nobody tries again: each way in, in both orders of commit."""

    def make(self, env):
        env.cr.execute(
            """CREATE TABLE IF NOT EXISTS left_behind_trace (id serial PRIMARY KEY, model varchar, res_id integer);
               CREATE TABLE IF NOT EXISTS left_behind_rating (id serial PRIMARY KEY,
                   res_model varchar, res_model_id integer, res_id integer,
                   parent_res_model varchar, parent_res_model_id integer, parent_res_id integer)"""
        )
        # as the installation of a module does
        env.registry.clear_cache("stable")
        leads = env["crm.lead"].create([{"name": f"Busy {number}"} for number in range(4)])
        self.ids = leads.ids
        env["ir.attachment"].create({"name": "left behind.txt", "raw": b"plan"})
        env["res.partner"].create({"name": "Left Behind"})
        leads[3].activity_schedule("mail.mail_activity_data_todo", summary="left behind", user_id=env.uid)

    def remove(self, env):
        env.cr.execute("DROP TABLE left_behind_trace, left_behind_rating")
        env.registry.clear_cache("stable")
        env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)]).unlink()
        env["mail.message"].search([("model", "=", "crm.lead"), ("res_id", "in", self.ids)]).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["ir.model.data"].search([("module", "=", "__left_behind__")]).unlink()
        env["ir.attachment"].search([("name", "=like", "left behind.txt%")]).unlink()
        env["res.partner"].search([("name", "=", "Left Behind")]).unlink()

    def leads(self, cr, *positions):
        return self.environment(cr)["crm.lead"].browse([self.ids[position] for position in positions])

    def place(self, record):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            if isinstance(record, Row):
                return record._replace(env=env).res_id
            return env[record._name].browse(record.id).res_id

    def each_door(self):
        for number, door in enumerate(DOORS):
            with self.subTest(door.__name__):
                if number:
                    self._clean_up()
                    with self.registry.cursor() as cr:
                        self.make(self.environment(cr))
                yield door

    def undo(self):
        with self.registry.cursor() as cr:
            merges = self.environment(cr)["crm.lead.merge"]
            for merge in merges.search([("survivor_res_id", "in", self.ids), ("state", "=", "done")]):
                merge.action_undo()

    def look_for_it(self):
        with self.registry.cursor() as cr:
            self.environment(cr)["crm.lead.merge"]._cron_take_along()

    def test_what_is_committed_before_the_merge_is_on_the_survivor_when_that_is_committed(self):
        for door in self.each_door():
            with self.registry.cursor() as writer, self.registry.cursor() as merger:
                written = door(self.leads(writer, 1))
                writer.flush()
                self.leads(merger, 0, 1).merge_opportunity()
                writer.commit()
                merger.commit()
            self.assertEqual(self.place(written), self.ids[0])
            self.undo()
            self.assertEqual(self.place(written), self.ids[1])

    def test_what_is_committed_after_the_merge_is_taken_along_by_the_job(self):
        for door in self.each_door():
            with self.registry.cursor() as writer, self.registry.cursor() as merger:
                lead = self.leads(writer, 1)
                lead.mapped("name")  # its snapshot is older than the merge
                self.leads(merger, 0, 1).merge_opportunity()
                merger.commit()
                written = door(lead)
                writer.commit()
            self.assertEqual(self.place(written), self.ids[1])
            self.look_for_it()
            self.assertEqual(self.place(written), self.ids[0])
            self.undo()
            self.assertEqual(self.place(written), self.ids[1])

    def test_a_chain_of_merges_is_followed_and_undone_step_by_step(self):
        with self.registry.cursor() as cr:
            self.leads(cr, 1, 2).merge_opportunity()
            cr.commit()
            self.leads(cr, 0, 1).merge_opportunity()
            cr.commit()
            written = external_id(self.leads(cr, 2))
        self.look_for_it()
        self.assertEqual(self.place(written), self.ids[0])
        with self.registry.cursor() as cr:
            merges = self.environment(cr)["crm.lead.merge"]
            merges.search([("survivor_res_id", "=", self.ids[0])]).action_undo()
        self.assertEqual(self.place(written), self.ids[1])
        self.undo()
        self.assertEqual(self.place(written), self.ids[2])

    def test_a_follower_who_follows_the_survivor_by_now_does_not_stop_the_undo(self):
        with self.registry.cursor() as cr:
            follower(self.leads(cr, 1))
            self.leads(cr, 0, 1).merge_opportunity()
            cr.commit()
            partner = self.environment(cr)["res.partner"].search([("name", "=", "Left Behind")])
            self.environment(cr)["mail.followers"].create(
                {"res_model": "crm.lead", "res_id": self.ids[1], "partner_id": partner.id}
            )
        self.undo()
        with self.registry.cursor() as cr:
            followed = [lead.message_partner_ids.filtered(lambda one: one.name == "Left Behind")
                        for lead in self.leads(cr, 0, 1)]  # fmt: skip
            self.assertEqual([len(partners) for partners in followed], [0, 1])

    def test_of_another_model_with_the_same_id_nothing_is_moved(self):
        with self.registry.cursor() as cr:
            self.leads(cr, 0, 1).merge_opportunity()
            values = {
                "module": "__left_behind__",
                "name": "other",
                "model": "res.partner",
                "res_id": self.ids[1],
            }
            other = self.environment(cr)["ir.model.data"].create(values)
        self.look_for_it()
        self.assertEqual(self.place(other), self.ids[1])

    def test_a_job_that_merges_waits_a_moment_for_a_message_being_written(self):
        held = "odoo.addons.openfire_leads.models.merge.crm_lead_hold.is_tried_again"
        with self.registry.cursor() as user, self.registry.cursor() as merger, ThreadPoolExecutor(1) as pool:
            with patch(held, lambda env: True):
                written = self.leads(user, 1).message_post(body="Wait for me")
                user.flush()
            merging = pool.submit(lambda: self.leads(merger, 0, 1).merge_opportunity())
            time.sleep(0.3)
            self.assertFalse(merging.done())
            user.commit()
            merging.result(timeout=30)
            merger.commit()
        self.assertEqual(self.place(written), self.ids[0])

    def test_a_merge_that_is_being_undone_is_left_alone(self):
        with self.registry.cursor() as cr:
            self.leads(cr, 0, 1).merge_opportunity()
            cr.commit()
            written = external_id(self.leads(cr, 1))
        with self.registry.cursor() as undoer:
            self.environment(undoer)["crm.lead.merge"].search(
                [("survivor_res_id", "=", self.ids[0])]
            )._undo_check()
            self.look_for_it()
            self.assertEqual(self.place(written), self.ids[1])

    def test_a_job_that_writes_on_a_lead_being_merged_neither_waits_nor_fails(self):
        with self.registry.cursor() as writer, self.registry.cursor() as merger:
            lead = self.leads(writer, 1)
            lead.mapped("name")
            self.leads(merger, 0, 1).merge_opportunity()
            merger.flush()
            written = lead.message_post(body="From a job")
            writer.commit()
            merger.commit()
        self.assertEqual(self.place(written), self.ids[0])

    @mute_logger("odoo.addons.openfire_leads.models.merge.crm_lead_left_behind")
    def test_a_merge_stands_though_nothing_could_be_looked_for_afterwards(self):
        failing = patch.object(self.registry["crm.lead.merge"], "_take_along", side_effect=ValueError)
        with failing, self.registry.cursor() as cr:
            self.leads(cr, 0, 1).merge_opportunity()
        with self.registry.cursor() as cr:
            self.assertEqual(self.leads(cr, 0, 1).exists().ids, self.ids[:1])


@tagged("post_install", "-at_install")
class TestMergePostsOnSiblings(MergeCase):
    """What an automation rule, or another module's method, does to the merged leads while they are being merged."""

    def merge_posting(self, method, merge):
        """Merge while each call of this method of leads, Odoo's and all modules' included, notes something on leads."""
        model = self.env.registry["crm.lead"]
        original = getattr(model, method)

        def posting(records, *args, **kwargs):
            self.leads[1]._message_log(body=f"On {method}")
            self.leads[1].activity_schedule("mail.mail_activity_data_todo", summary=f"On {method}")
            return original(records, *args, **kwargs)

        with patch.object(model, method, posting):
            merge()

    def assert_on_survivor(self, what):
        survivor = self.leads[0]
        self.assertIn(what, "".join(survivor.message_ids.mapped("body")))
        self.assertIn(what, survivor.activity_ids.mapped("summary"))
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        self.assertNotIn(what, "".join(survivor.message_ids.mapped("body")))
        self.assertIn(what, "".join(self.leads[1].message_ids.mapped("body")))
        self.assertIn(what, self.leads[1].activity_ids.mapped("summary"))

    def test_what_is_posted_on_a_sibling_during_a_merge_is_on_the_survivor(self):
        for method in ("write", "unlink"):
            for in_bulk in (False, True):
                with self.subTest(method, in_bulk=in_bulk):
                    self.leads = self.make_leads(2)
                    self.leads[1].city = "Lyon"
                    merge = (
                        (lambda: self.leads._merge_in_bulk([self.leads]))
                        if in_bulk
                        else self.leads.merge_opportunity
                    )
                    self.merge_posting(method, merge)
                    self.assert_on_survivor(f"On {method}")

    def test_looking_for_it_takes_one_query(self):
        leads = self.make_leads(2)
        leads.merge_opportunity()
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        self.env.flush_all()
        merge._take_along()
        with self.assertQueryCount(2):  # who is gone, and what is on them
            merge._take_along()


@tagged("post_install", "-at_install")
class TestMergeFormerId(MergeCase):
    """What names a merged lead afterwards, where nothing keeps it from that."""

    def test_what_names_the_former_id_in_values_and_texts_follows_too(self):
        self.add_fields(
            [("x_by_company_id", "many2one", {"relation": "crm.lead", "company_dependent": True})]
        )
        self.add_fields(
            [
                ("x_lead_id", "many2one", {"relation": "crm.lead"}),
                ("x_other_id", "many2one", {"relation": "crm.lead", "company_dependent": True}),
            ],
            "res.partner",
        )
        leads = self.make_leads(4)
        first, second, third, bystander = leads
        team = self.env["crm.team"].create(
            {
                "name": "Own",
                "lead_properties_definition": [
                    {"name": name, "string": name, "type": kind, "comodel": "crm.lead"}
                    for name, kind in (("aaaa111111111111", "many2one"), ("bbbb222222222222", "many2many"))
                ],
            }
        )
        bystander.team_id = team
        (first + second + third).merge_opportunity()
        # what wrote it knew the leads from before
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner SET x_other_id = %(company)s WHERE id = %(partner)s;
                   UPDATE crm_lead SET x_by_company_id = %(company)s, lead_properties = %(properties)s
                    WHERE id = %(bystander)s;
                   UPDATE crm_team SET lead_properties_definition = jsonb_set(
                          lead_properties_definition, '{0,default}', %(id)s) WHERE id = %(team)s;
                   INSERT INTO ir_default (field_id, json_value) VALUES (%(field)s, %(text)s);
                   INSERT INTO ir_filters (name, model_id, domain, active, context, sort)
                   VALUES ('Late', 'crm.lead', %(domain)s, TRUE, '{}', '[]'),
                       ('Not one', 'crm.lead', %(color)s, TRUE, '{}', '[]')
                """,
                company=json.dumps({str(self.env.company.id): second.id}),
                partner=self.manager.partner_id.id,
                properties=json.dumps(
                    {"aaaa111111111111": second.id, "bbbb222222222222": [third.id, bystander.id]}
                ),
                bystander=bystander.id,
                id=str(second.id),
                team=team.id,
                field=self.env["ir.model.fields"]._get("res.partner", "x_lead_id").id,
                text=str(third.id),
                domain=f"[('id', '=', {second.id})]",
                color=f"[('color', '=', {second.id})]",
            )
        )
        self.env.invalidate_all()
        merge = self.last_merge()
        merge._take_along()
        self.env.invalidate_all()
        self.assertEqual(self.manager.partner_id.x_other_id, first)
        self.assertEqual(bystander.x_by_company_id, first)
        self.assertEqual(bystander.lead_properties["aaaa111111111111"], first)
        self.assertEqual(bystander.lead_properties["bbbb222222222222"], first + bystander)
        self.assertEqual(team.lead_properties_definition[0]["default"], first.id)
        self.assertEqual(self.env["ir.default"]._get("res.partner", "x_lead_id"), first.id)
        filters = self.env["ir.filters"].search([("name", "in", ("Late", "Not one"))], order="id")
        self.assertEqual(
            filters.mapped("domain"), [f"[('id', '=', {first.id})]", f"[('color', '=', {second.id})]"]
        )
        self.assertFalse(self.env["crm.lead"]._merge_behind(merge._runs_of_gone()))
        merge.action_undo()
        self.env.invalidate_all()
        self.assertEqual((bystander.x_by_company_id, self.manager.partner_id.x_other_id), (second, second))
        self.assertEqual(filters[0].domain, f"[('id', '=', {second.id})]")
        self.assertEqual(bystander.lead_properties["bbbb222222222222"], third + bystander)

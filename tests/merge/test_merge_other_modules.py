"""Links of other community modules, where they are installed; without any of them there is nothing to test."""

from odoo.tests import tagged

from .merge_common import MergeCase

# model, field that refers to leads, further values
LINKS = [
    ("sale.order", "opportunity_id", {"partner_id": True}),
    ("event.registration", "lead_ids", {"event_id": True, "name": "Guest"}),
    ("website.visitor", "lead_ids", {"access_token": "0123456789abcdef0123456789abcdef"}),
    ("rating.rating", "res_id", {"res_model_id": True}),
    ("mailing.trace", "res_id", {"model": "crm.lead", "trace_type": "mail"}),
    ("snailmail.letter", "res_id", {"model": "crm.lead", "partner_id": True}),
]


@tagged("post_install", "-at_install")
class TestMergeOtherModules(MergeCase):
    def values(self, model, field, extra, lead):
        values = dict(extra)
        if values.get("partner_id"):
            values["partner_id"] = self.manager.partner_id.id
        if values.get("res_model_id"):
            values["res_model_id"] = self.env["ir.model"]._get_id("crm.lead")
        if values.get("event_id"):
            values["event_id"] = (
                self.env["event.event"]
                .create(
                    {"name": "Fair", "date_begin": "2026-12-01 08:00:00", "date_end": "2026-12-02 18:00:00"}
                )
                .id
            )
        if values.get("access_token"):
            values["access_token"] = f"{lead.id:032x}"
        many = self.env[model]._fields[field].type == "many2many"
        values[field] = [(6, 0, lead.ids)] if many else lead.id
        return values

    def test_records_of_other_modules_move_and_come_back(self):
        leads = self.make_leads(3)
        records = []
        for model, field, extra in LINKS:
            if model in self.env and field in self.env[model]._fields:
                for lead in leads[1:]:
                    record = self.env[model].create(self.values(model, field, extra, lead))
                    records.append((record, field))
        if not records:
            self.skipTest("no module with links to leads is installed")
        before = self.dump()
        # a salesperson, who may see none of them
        survivor = leads.with_user(self.salesman).merge_opportunity()
        for record, field in records:
            owner = record[field]
            self.assertEqual(owner if isinstance(owner, int) else owner.id, survivor.id, record)
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.with_user(self.salesman).action_undo()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

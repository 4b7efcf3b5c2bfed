"""Random work on a dozen leads, merged and undone in any order: after each step nothing is lost, and all is where a
plain model of what was done says that it must be."""

import random
from collections import defaultdict
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .merge_common import MergeCase

SEEDS = (1, 2, 3)
STEPS = 60
FIELDS = (
    *("name", "city", "street", "function", "email_from", "phone", "description", "expected_revenue"),
    *("priority", "type", "user_id", "date_deadline"),
)
# kept by the leads that they are of
THINGS = {"mail.message": "model", "mail.activity": "res_model", "ir.attachment": "res_model"}


class Model:
    """What must be where, by the rules of merge and undo alone.

    :param places: ``{(model, id): id of the lead}`` of what was put on leads
    :param values: ``{lead id: {field: value}}`` of the leads that exist
    :param tags: ``{lead id: ids of its tags}``, likewise
    :param merges: ``{merge id: what it did}`` of those that stand, in order
    """

    def __init__(self):
        self.places, self.values, self.tags, self.merges = {}, {}, {}, {}

    def merge(self, merge_id, survivor_id, merged_ids, after, tags_after):
        """Note a merge; what the survivor has after it is taken from the database."""
        before = {lead_id: self.values[lead_id] for lead_id in (survivor_id, *merged_ids)}
        tags = {lead_id: self.tags[lead_id] for lead_id in before}
        moved = {thing: place for thing, place in self.places.items() if place in merged_ids}
        self.merges[merge_id] = (survivor_id, merged_ids, before, after, tags, moved)
        self.places.update(dict.fromkeys(moved, survivor_id))
        for lead_id in merged_ids:
            del self.values[lead_id], self.tags[lead_id]
        self.values[survivor_id], self.tags[survivor_id] = after, tags_after

    def undo(self, merge_id):
        """Note an undo: what was changed since stays."""
        survivor_id, merged_ids, before, after, tags, moved = self.merges.pop(merge_id)
        current = self.values[survivor_id]
        self.values[survivor_id] = {
            name: before[survivor_id][name]
            if before[survivor_id][name] != after[name] and current[name] == after[name]
            else current[name]
            for name in FIELDS
        }
        came = set().union(*(tags[lead_id] for lead_id in merged_ids)) - tags[survivor_id]
        self.tags[survivor_id] = self.tags[survivor_id] - came
        for lead_id in merged_ids:
            self.values[lead_id], self.tags[lead_id] = before[lead_id], tags[lead_id]
        for thing, place in moved.items():
            if self.places[thing] == survivor_id:
                self.places[thing] = place


@tagged("post_install", "-at_install")
class TestMergeSequences(MergeCase):
    def setUp(self):
        super().setUp()
        self.Lead = self.env["crm.lead"]
        self.Merge = self.env["crm.lead.merge"]

    def test_nothing_is_lost_whatever_is_done_in_whatever_order(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.work(seed)

    def work(self, seed):
        self.rng, self.model, self.log = random.Random(seed), Model(), []
        self.last = self.Merge.search([], limit=1, order="id desc").id or 0
        for _number in range(12):
            self.create()
        steps = {
            self.create: 1,
            self.merge: 6,
            self.merge_in_bulk: 1,
            self.merge_what_is_gone: 1,
            self.comment: 4,
            self.schedule: 3,
            self.attach: 3,
            self.write: 6,
            self.tag: 2,
            self.undo: 5,
            self.undo_several: 1,
        }
        for _number in range(STEPS):
            [step] = self.rng.choices(list(steps), list(steps.values()))
            self.log.append(step.__name__)
            step()
            self.check()
        for merge_id in sorted(self.model.merges, reverse=True):
            self.log.append(f"last undo of {merge_id}")
            self.Merge.browse(merge_id).action_undo()
            self.model.undo(merge_id)
            self.check()
        self.assertFalse(self.model.merges)

    # --- steps -----------------------------------------------------------------------------

    def leads(self):
        return self.Lead.browse(sorted(self.model.values))

    def some(self, count):
        leads = self.leads()
        return leads.browse(self.rng.sample(leads.ids, min(count, len(leads))))

    def random_values(self, count):
        choices = {
            "name": ["Stove", "Chimney", "Pellets"],
            "city": ["Lyon", "Paris", False],
            "street": ["1 rue Haute", "2 rue Basse", False],
            "function": ["Owner", "Tenant", False],
            "email_from": ["a@example.com", "b@example.com", False],
            "phone": ["01 02 03 04 05", "06 11 22 33 44", False],
            "description": ["<p>Oak</p>", "<p>Ash</p>", False],
            "expected_revenue": [0, 0.1, 123456.78],
            "priority": ["0", "1", "2", "3"],
            "type": ["lead", "opportunity"],
            "user_id": [self.salesman.id, self.colleague.id, False],
            "date_deadline": ["2026-12-01", "2026-12-31", False],
        }
        return {name: self.rng.choice(choices[name]) for name in self.rng.sample(sorted(choices), count)}

    def create(self):
        lead = self.Lead.create({"name": "Request", "user_id": False, **self.random_values(8)})
        self.model.tags[lead.id] = set()
        self.read(lead)

    def read(self, lead):
        """Have the model know a lead's values as they are."""
        self.env.flush_all()
        self.model.values[lead.id] = self.values(lead)

    def values(self, lead):
        return {name: lead._fields[name].convert_to_read(lead[name], lead, False) for name in FIELDS}

    def put(self, record, lead):
        self.model.places[record._name, record.id] = lead.id

    def some_of(self, leads):
        return leads.browse(self.rng.choice(leads.ids))

    @property
    def ways(self):
        return [self.comment, self.schedule, self.attach]

    def comment(self, lead=None):
        lead = lead or self.some(1)
        self.put(lead.message_post(body="Said"), lead)

    def schedule(self, lead=None):
        lead = lead or self.some(1)
        self.put(lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.uid), lead)

    def attach(self, lead=None):
        lead = lead or self.some(1)
        values = {"name": "plan.txt", "raw": b"plan", "res_model": "crm.lead", "res_id": lead.id}
        self.put(self.env["ir.attachment"].create(values), lead)

    def write(self):
        lead = self.some(1)
        values = self.random_values(self.rng.randint(1, 3))
        lead.write(values)
        self.read(lead)

    def tag(self):
        lead = self.some(1)
        tag = self.rng.choice(self.tags)
        lead.tag_ids = [Command.link(tag.id)]
        self.model.tags[lead.id] = self.model.tags[lead.id] | {tag.id}

    def merge(self):
        leads = self.some(self.rng.randint(2, 4))
        if len(leads) < 2:
            return
        chosen = {"survivor_id": self.rng.choice([None, *leads.ids])}
        with self.automated(leads):
            leads.with_context(openfire_merge=chosen)._merge_opportunity()
        self.note_merges()

    @contextmanager
    def automated(self, leads):
        """Have an automation put something on one of the leads while they are merged, sometimes."""
        model, step = (
            self.env.registry["crm.lead"],
            self.rng.choice(["write", "unlink", "_merge_log_summary", None]),
        )
        if not step:
            yield
            return
        original, lead, put = getattr(model, step), self.some_of(leads), self.rng.choice(self.ways)
        waiting = [put]

        def hooked(records, *args, **kwargs):
            if waiting:
                waiting.pop()(lead)
            return original(records, *args, **kwargs)

        with patch.object(model, step, hooked):
            yield

    def merge_in_bulk(self):
        leads = self.some(4)
        if len(leads) == 4:
            self.Lead._merge_in_bulk([leads[:2], leads[2:]])
            self.note_merges()

    def note_merges(self):
        self.env.flush_all()
        self.env.invalidate_all()
        known = max(self.model.merges, default=0)
        new = self.Merge.search([("id", ">", max(known, self.last))], order="id")
        for merge in new:
            lead = merge.survivor_id
            tags = set(lead.tag_ids.ids)
            self.model.merge(merge.id, lead.id, tuple(merge.merged_ids), self.values(lead), tags)
            self.last = merge.id

    def merge_what_is_gone(self):
        gone = [lead_id for merge in self.model.merges.values() for lead_id in merge[1]]
        if gone and self.leads():
            leads = self.some(1) + self.Lead.browse(self.rng.choice(gone))
            with self.assertRaises(UserError), self.env.cr.savepoint():
                leads._merge_opportunity()

    def undo(self):
        if self.model.merges:
            # mostly the last one: the others are often in the way of each other
            ids = sorted(self.model.merges)
            self.undo_these([ids[-1] if self.rng.random() < 0.5 else self.rng.choice(ids)])

    def undo_several(self):
        ids = sorted(self.model.merges)
        self.undo_these(self.rng.sample(ids, min(len(ids), 3)))

    def undo_these(self, ids):
        merges = self.Merge.browse(ids)
        allowed = merges[:1].can_undo if len(merges) == 1 else None
        try:
            with self.env.cr.savepoint():
                merges.action_undo()
        except UserError as error:
            self.assertIn("Undo first", str(error))
            self.assertNotEqual(allowed, True, "said to be possible")
            self.assertNotEqual(ids, [max(self.model.merges)], "the last one is in nobody's way")
            self.env.invalidate_all()
            return
        self.assertNotEqual(allowed, False, "said to be impossible")
        for merge_id in sorted(ids, reverse=True):
            self.model.undo(merge_id)

    # --- checks ----------------------------------------------------------------------------

    def check(self):
        """Compare the database with the model."""
        self.env.flush_all()
        self.env.invalidate_all()
        what = ", ".join(self.log)
        merged = defaultdict(int)
        entries = self.Merge.search([("state", "=", "done"), ("id", "in", list(self.model.merges))])
        self.assertEqual(set(entries.ids), set(self.model.merges), what)
        for entry in entries:
            for lead_id in entry.merged_ids:
                merged[lead_id] += 1
        known = {*self.model.values, *merged}
        there = set(self.Lead.browse(known).exists().ids)
        self.assertEqual(there, set(self.model.values), what)
        self.assertFalse(there & set(merged), what)
        self.assertFalse([lead_id for lead_id, times in merged.items() if times != 1], what)
        for name in THINGS:
            expected = {key[1]: place for key, place in self.model.places.items() if key[0] == name}
            records = self.env[name].browse(expected).exists()
            found = {record.id: record.res_id for record in records}
            self.assertEqual(found, expected, f"{name}: {what}")
            self.assertEqual(set(records.mapped(THINGS[name])), {"crm.lead"} if records else set(), what)
        for lead in self.leads():
            self.assertEqual(self.values(lead), self.model.values[lead.id], what)
            self.assertEqual(set(lead.tag_ids.ids), self.model.tags[lead.id], what)

"""The public verbs called by other programs, through XML-RPC and JSON-2: wrong arguments are refused in words."""

import json
import math
import xmlrpc.client
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

OWN = "odoo.addons.openfire_leads."
# What the web client and Odoo itself call: their arguments are Odoo's affair.
ODOO_VERBS = {
    "message_process",
    *(
        "create",
        "load",
        "execute_import",
        "write",
        "unlink",
        "default_get",
        "fields_get",
        "web_read",
        "get_bindings",
    ),
    *("message_new", "message_parse", "message_post", "message_route", "message_subscribe"),
    *(
        "onchange",
        "get_values",
        "set_values",
        "redirect_lead_opportunity_view",
        "action_show_potential_duplicates",
    ),
}
NO_IDS = ["1", 0, -1, True, None, 2**40, 1.5, {}]
NO_NUMBERS = ["1", True, -1, [], {}]
GONE = 2**31 - 2
# (model, verb): {argument: wrong values}; what takes none, or is for one record, is in the table all the same
WRONG = {
    ("crm.lead", "find_duplicates"): {
        "min_score": [*NO_NUMBERS, 101, 2**40, math.nan, math.inf],
        "limit": [*NO_NUMBERS, 1.5, math.nan],
    },
    ("crm.lead", "preview_merge"): {
        "survivor_id": ["1", "abc", 0, -1, True, 2**40, GONE, "stranger"],
        "picks": [["phone"], "phone", {"phone": "abc"}, {"phone": None}, {"phone": GONE}, {"no_field": "lead"},
                  {"id": "lead"}, {"phone": "stranger"}, 1, True],
        "user_id": ["1", 0, True, GONE, [1]],
        "team_id": ["1", 0, True, GONE, [1]],
    },
    ("crm.lead", "get_duplicate_window"): {},
    ("crm.lead", "action_merge_with"): {"other_lead_ids": ["1", 5, None, *([one] for one in NO_IDS), [GONE]]},
    ("crm.lead", "action_view_merges"): {},
    ("crm.lead", "action_ask_about_duplicates"): {},
    ("crm.lead", "convert_opportunity"): {
        "partner": ["1", 0, True, GONE, [1]],
        "user_ids": ["1", 5, True, *([one] for one in NO_IDS), [GONE]],
        "team_id": ["1", True, GONE],
    },
    ("crm.lead.import", "action_show_duplicates"): {},
    ("crm.lead.import", "action_show_leads"): {},
    ("crm.lead.mail.aside", "action_make_lead"): {},
    ("crm.lead.mail.aside", "action_open_joined"): {},
    ("crm.lead.duplicate", "scan"): {"lead_ids": ["1", 5, True, {}, *([one] for one in NO_IDS), [GONE]]},
    ("crm.lead.duplicate", "backlog"): {},
    ("crm.lead.duplicate", "action_dismiss"): {"reason": [1, True, ["why"], {}]},
    ("crm.lead.duplicate", "action_suspect"): {},
    ("crm.lead.duplicate.group", "scan_groups"): {},
    ("crm.lead.duplicate.group", "action_merge"): {},
    ("crm.lead.duplicate.group", "action_dismiss"): {"reason": [1, True, ["why"], {}]},
    ("crm.lead.duplicate.group", "action_leave_out"): {"lead_ids": ["1", 5, None, *([one] for one in NO_IDS)]},
    ("crm.lead.duplicate.group", "action_skip"): {},
    ("crm.lead.duplicate.group", "action_undo"): {},
    ("crm.lead.duplicate.group", "review_page"): {
        "domain": ["abc", 5, [["no_such_field", "=", 1]], [["id"]], {"id": 1}],
        "limit": ["1", -1, 1.5],
        "lead_ids": ["1", 5, *([one] for one in NO_IDS)],
    },
    ("crm.lead.duplicate.group", "review_sheets"): {},
    ("crm.lead.duplicate.group", "review_open"): {"leave_id": ["1", 0, True, 2**40, {}]},
    ("crm.lead.duplicate.group", "review_claim"): {"leave_id": ["1", 0, True, 2**40, {}]},
    ("crm.lead.duplicate.group", "review_leave"): {},
    ("crm.lead.duplicate.group", "review_ask"): {},
    ("crm.lead.duplicate.group", "review_merge"): {
        "digest": [1, ["d"], {}],
        "lead_ids": ["1", 5, None, *([one] for one in NO_IDS)],
        "survivor_id": NO_IDS,
        "picks": [5, "phone", ["phone"], {"phone": "abc"}],
    },
    ("crm.lead.duplicate.group", "review_dismiss"): {"digest": [1, ["d"]], "reason": [1, True, ["why"], {}]},
    ("crm.lead.duplicate.group", "review_leave_out"): {
        "digest": [1, ["d"]],
        "lead_ids": ["1", 5, None, *([one] for one in NO_IDS)],
    },
    ("crm.lead.duplicate.group", "review_skip"): {"digest": [1, ["d"]]},
    ("crm.lead.scan", "action_start"): {},
    ("crm.lead.scan", "action_stop"): {},
    ("crm.lead.scan", "scan_progress"): {},
    ("crm.lead.scan", "work_along"): {},
    ("crm.lead.duplicate.group", "merge_certain"): {
        "dry_run": ["yes", 1, None, []],
        "limit": [*NO_NUMBERS, 1.5, math.nan],
    },
    ("crm.lead.duplicate.group", "action_plan_certain"): {},
    ("crm.lead.duplicate.group", "action_plan_merges"): {},
    ("crm.lead.merge.run", "action_start"): {},
    ("crm.lead.merge.run", "action_stop"): {},
    ("crm.lead.merge.run", "action_resume"): {},
    ("crm.lead.merge.run", "action_undo"): {},
    ("crm.lead.merge.run", "action_undo_in_background"): {},
    ("crm.lead.merge.run", "action_show_merges"): {},
    ("crm.lead.duplicate", "action_merge"): {},
    ("crm.lead.duplicate", "action_open_lead"): {},
    ("crm.lead.duplicate", "action_open_other_lead"): {},
    ("crm.lead.duplicate", "close_window"): {},
    ("crm.lead.merge", "action_undo"): {"restore": ["phone", 1, True, [1], ["no_field"], {"phone": 1}]},
    ("crm.lead.merge", "action_undo_or_ask"): {},
    ("crm.lead.merge", "action_ask_undo"): {},
    ("crm.lead.merge", "action_show_arrived"): {},
    ("crm.lead.merge", "undo_choices"): {},
    ("crm.lead.merge", "undo_conflicts"): {},
    ("crm.lead.merge.undo", "action_undo"): {},
    ("crm.lead.merge.arrived", "action_move"): {},
    ("crm.lead.duplicate.dismiss", "action_dismiss"): {},
    ("crm.lead.duplicate.group.dismiss", "action_dismiss"): {},
    ("crm.lead.duplicate.merge", "action_merge"): {},
    ("crm.lead.duplicate.merge", "action_undo"): {},
    ("crm.lead.matching.model", "action_open"): {},
    ("crm.lead.matching.model", "action_show_settings"): {},
    ("crm.lead.matching.model", "action_show_lessons"): {},
    ("crm.lead.matching.model", "action_learn"): {},
    ("crm.lead.matching.model", "action_use_standard"): {},
    ("crm.merge.opportunity", "action_merge"): {},
    ("crm.merge.opportunity", "action_undo_merge"): {},
    ("crm.merge.opportunity", "get_merge_result"): {},
    ("crm.merge.opportunity", "get_merge_preview"): {
        "lead_ids": ["1", 5, None, *([one] for one in NO_IDS)],
        "survivor_id": ["1", 0, True, 2**40],
        "picks": [["phone"], {"phone": "abc"}],
        "user_id": ["1", GONE],
        "team_id": ["1", GONE],
    },
    ("crm.lead2opportunity.partner", "action_apply"): {},
    ("crm.lead2opportunity.partner", "action_compare"): {},
    ("crm.lead2opportunity.partner", "action_undo_merge"): {},
    ("crm.lead2opportunity.partner", "get_merge_result"): {},
    ("crm.lead2opportunity.partner.mass", "action_apply"): {},
    ("crm.lead2opportunity.partner.mass", "action_compare"): {},
    ("crm.lead2opportunity.partner.mass", "action_mass_convert"): {},
    ("crm.lead2opportunity.partner.mass", "action_undo_merge"): {},
    ("crm.lead2opportunity.partner.mass", "get_merge_result"): {},
    ("res.config.settings", "action_scan_leads"): {},
    ("res.config.settings", "action_show_failed_leads"): {},
}  # fmt: skip
FOR_ONE = {
    *(
        "get_duplicate_window",
        "action_merge_with",
        "action_view_merges",
        "action_ask_about_duplicates",
        "action_open_lead",
        "action_open_other_lead",
        "action_open_joined",
        "action_show_duplicates",
        "action_show_leads",
    ),
    *("action_show_arrived", "action_move"),
    *("action_undo_or_ask", "action_ask_undo", "undo_choices", "undo_conflicts", "action_undo_merge"),
    *("get_merge_result", "action_compare", "action_apply", "action_mass_convert"),
    *("action_leave_out", "review_ask", "review_merge", "review_dismiss", "review_leave_out", "review_skip"),
}
MODEL_VERBS = {
    "scan",
    "backlog",
    "scan_groups",
    "action_open",
    "get_merge_preview",
    "review_page",
    "scan_progress",
    "work_along",
    "action_start",
    "merge_certain",
    "action_plan_certain",
}


class Refused(Exception):
    """A call was refused in words."""


def public_verbs(env):
    """Return ``{(model, verb)}`` of what the addon defines and other programs may call."""
    found = set()
    for name in env:
        model = env[name]
        for cls in type(model).mro():
            if cls.__module__.startswith(OWN):
                for verb, function in vars(cls).items():
                    if callable(function) and not verb.startswith("_"):
                        found.add((name, verb))
    return {(name, verb) for name, verb in found if _is_public(env[name], verb)}


def _is_public(model, verb):
    try:
        get_public_method(model, verb)
    except (AccessError, AttributeError):
        return False
    return not model._abstract


class CallsMixin:
    @classmethod
    def set_up_records(cls):
        cls.user = new_test_user(
            cls.env, "remote_user", "sales_team.group_sale_salesman", password="remote_user_1"
        )
        cls.other = new_test_user(cls.env, "remote_other", "sales_team.group_sale_salesman")
        values = {
            "name": "Poêle à granulés", "type": "lead", "user_id": cls.user.id, "phone": "06 39 98 12 34",
            "contact_name": "Théodule Vandenbroucke", "email_from": "theodule.vandenbroucke@orange.fr",
        }  # fmt: skip
        leads = cls.env["crm.lead"].create([values] * 5)
        cls.lead, cls.twin, cls.merged, _into, cls.third = leads
        cls.stranger = cls.env["crm.lead"].create({**values, "user_id": cls.other.id})
        cls.env.flush_all()
        cls.env["crm.lead"]._match_flush()
        leads[3].city = "Hazebrouck"
        survivor = leads[2:4].with_user(cls.user).merge_opportunity()
        cls.merge = cls.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)])
        survivor.city = "Lille"
        cls.pair = cls.env["crm.lead.duplicate"].search(
            [("lead_id", "=", cls.lead.id), ("other_lead_id", "=", cls.twin.id)]
        )
        cls.env.flush_all()
        cls.env["crm.lead"]._match_flush()
        groups = cls.env["crm.lead.duplicate.group"]
        groups._bring_up_to_date(limit=None)
        cls.group = groups.search([("lead_ids", "in", cls.lead.ids), ("state", "=", "open")])

    def records(self, model):
        own = {
            "crm.lead": self.lead | self.twin,
            "crm.lead.duplicate": self.pair,
            "crm.lead.duplicate.group": self.group,
            "crm.lead.merge": self.merge,
        }
        return own.get(model, self.env[model])

    def put_in(self, value):
        """Put real ids in the place of ``"lead"`` and ``"stranger"``."""
        known = {"lead": self.lead.id, "stranger": self.stranger.id}
        if isinstance(value, dict):
            return {key: self.put_in(item) for key, item in value.items()}
        return known.get(value, value) if isinstance(value, str) else value

    def wrong_calls(self):
        """Yield ``(model, verb, ids, arguments)`` of every wrong call of the table."""
        for (model, verb), arguments in WRONG.items():
            records = self.records(model)
            ids = None if verb in MODEL_VERBS else records[:1].ids if verb in FOR_ONE else records.ids
            needed = {}
            if verb == "get_merge_preview":
                needed = {"lead_ids": (self.lead | self.twin).ids}
            elif verb == "convert_opportunity":
                needed = {"partner": False}
            elif "digest" in arguments:
                needed = {"digest": "0", **({"lead_ids": self.lead.ids} if "lead_ids" in arguments else {})}
            for name, values in arguments.items():
                for value in values:
                    yield model, verb, ids, {**needed, name: self.put_in(value)}
            if ids is not None and verb not in (
                "action_show_settings",
                "action_scan_leads",
                "action_show_failed_leads",
            ):
                for wrong in ("abc", ["1"], [True], [None], [0], [2**40]):
                    yield model, verb, wrong, needed
            if verb in FOR_ONE:
                yield (
                    model,
                    verb,
                    [],
                    {**needed, **{name: [] for name in ("other_lead_ids", "lead_ids") if name in arguments}},
                )
                yield model, verb, [GONE, GONE - 1], needed

    def state(self):
        """What a call that is refused must not change."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT (SELECT array_agg(l::text ORDER BY id) FROM crm_lead l),
                      (SELECT array_agg(d::text ORDER BY id) FROM crm_lead_duplicate d),
                      (SELECT array_agg(m::text ORDER BY id) FROM crm_lead_merge m)"""
        )
        return self.env.cr.fetchone()


@tagged("post_install", "-at_install")
class TestVerbs(CallsMixin, TransactionCase):
    """Without the wire: what the table says of each verb."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_records()

    def test_each_public_verb_is_in_the_table(self):
        found = {(model, verb) for model, verb in public_verbs(self.env) if verb not in ODOO_VERBS}
        self.assertEqual(sorted(found), sorted(WRONG))

    def test_asking_about_an_undo_undoes_nothing(self):
        merge = self.merge.with_user(self.user)
        self.merge.survivor_id.city = False
        self.assertEqual(merge.action_ask_undo()["res_model"], "crm.lead.merge.undo")
        self.assertEqual(merge.state, "done")
        merge.action_undo()
        with self.assertRaises(UserError):
            merge.action_ask_undo()

    def test_a_survivor_that_is_none_of_the_leads_is_refused(self):
        leads = (self.lead | self.twin).with_user(self.user)
        with self.assertRaisesRegex(UserError, "must be one of those"):
            leads.with_context(openfire_merge={"survivor_id": self.third.id}).merge_opportunity()
        for picks in (["phone"], {"phone": "abc"}, "phone"):
            with self.subTest(picks=picks), self.assertRaises(UserError):
                leads.with_context(openfire_merge={"picks": picks}).merge_opportunity()
        self.assertEqual(len(leads.exists()), 2)
        window = self.env["crm.merge.opportunity"].with_user(self.user)
        preview = window.get_merge_preview(leads.ids, survivor_id=self.third.id)
        self.assertIn("must be one of those", "".join(preview["blockers"]))

    def test_values_that_their_fields_cannot_hold_are_refused(self):
        leads = (self.lead | self.twin).with_user(self.user)
        wrong = {
            "user_id": ["x", -1, GONE, [1]],
            "stage_id": ["x", GONE, True],
            "probability": ["abc", [1]],
            "expected_revenue": ["abc", {"amount": 1}],
            "color": ["abc", 2**40],
            "date_deadline": ["soon", 5],
            "type": ["offer"],
            "priority": ["9"],
            "no_field": [1],
        }
        for name, values in wrong.items():
            for value in values:
                with self.subTest(name=name, value=value), self.assertRaisesRegex(UserError, name):
                    leads.with_context(openfire_merge={"values": {name: value}}).merge_opportunity()
        self.assertEqual(len(leads.exists()), 2)
        right = {"color": 3, "expected_revenue": "12.5", "date_deadline": "2030-01-31", "type": "opportunity"}
        survivor = leads.with_context(openfire_merge={"values": right}).merge_opportunity()
        self.assertEqual((survivor.color, survivor.expected_revenue), (3, 12.5))

    def test_only_leads_that_one_may_read_are_named_as_duplicates(self):
        lead = self.lead.with_user(self.user)
        self.assertIn(self.stranger, self.lead.duplicate_lead_ids)
        self.assertNotIn(self.stranger, lead.duplicate_lead_ids)
        self.assertIn(self.twin, lead.duplicate_lead_ids)
        self.assertNotIn(self.stranger.id, lead.read(["duplicate_lead_ids"])[0]["duplicate_lead_ids"])
        self.assertEqual(
            lead.duplicate_lead_count, self.lead.duplicate_lead_count, "they are counted, as in Odoo"
        )
        self.env["ir.config_parameter"].set_param("openfire_leads.similar_criteria", "odoo")
        self.env.invalidate_all()
        self.assertIn(self.stranger, self.lead.duplicate_lead_ids)
        self.assertNotIn(self.stranger, lead.duplicate_lead_ids)

    def test_the_context_of_a_window_is_checked(self):
        for model in (
            "crm.lead2opportunity.partner",
            "crm.lead2opportunity.partner.mass",
            "crm.merge.opportunity",
        ):
            for context in ({"active_ids": "abc"}, {"active_ids": ["1"]}, {"active_ids": [True]}):
                with self.subTest(model=model, context=context), self.assertRaises(UserError):
                    self.env[model].with_context(active_model="crm.lead", **context).create({})
        convert = self.env["crm.lead2opportunity.partner"]
        for context in ({"active_id": "abc"}, {"default_lead_id": [1]}, {"active_id": GONE}):
            with self.subTest(context=context), self.assertRaises(UserError):
                convert.with_context(**context).create({})

    def test_no_field_holds_what_xml_rpc_cannot_carry(self):
        merge = self.merge.with_user(self.user)
        merge.action_undo()
        for records in (self.merge, self.merge.line_ids, self.merge.link_ids, self.pair):
            with self.subTest(model=records._name):
                self.assertTrue(records)
                xmlrpc.client.dumps((json.loads(json.dumps(records.read(), default=str)),), allow_none=False)


@tagged("post_install", "-at_install")
class TestRemoteCalls(CallsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_records()
        cls.key = cls.env(user=cls.user)["res.users.apikeys"]._generate(
            "rpc", "tests", datetime.now() + timedelta(days=1)
        )
        cls.env.flush_all()

    def call_xmlrpc(self, model, verb, ids, arguments):
        positional = [] if ids is None else [ids]
        proxy = xmlrpc.client.ServerProxy(
            self.xmlrpc_url + "object", transport=self.xmlrpc_object._ServerProxy__transport, allow_none=True
        )
        try:
            return proxy.execute_kw(
                self.env.cr.dbname, self.user.id, "remote_user_1", model, verb, positional, arguments
            )
        except xmlrpc.client.Fault as fault:
            self.assertIn(fault.faultCode, (2, 4), fault.faultString[-800:])
            raise Refused(fault.faultString) from fault

    def call_json2(self, model, verb, ids, arguments):
        response = self.url_open(
            f"/json/2/{model}/{verb}",
            data=json.dumps({**({} if ids is None else {"ids": ids}), **arguments}),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        if response.ok:
            return response.json()
        self.assertIn(response.status_code, (403, 404, 422), response.text[-800:])
        raise Refused(response.json()["message"])

    def refused_by(self, call, *, carries=lambda value: True):
        before = self.state()
        for model, verb, ids, arguments in self.wrong_calls():
            if not carries((ids, arguments)):
                continue
            with self.subTest(model=model, verb=verb, ids=ids, arguments=arguments):
                with self.assertRaises(Refused) as refusal:
                    call(model, verb, ids, arguments)
                self.assertNotIn("Traceback", str(refusal.exception))
                self.assertGreater(len(str(refusal.exception)), 15)
        self.env.invalidate_all()
        self.assertEqual(self.state(), before, "a call that is refused changes nothing")

    def test_wrong_arguments_through_xmlrpc_are_refused_in_words(self):
        def carries(value):
            try:
                xmlrpc.client.dumps((value,), allow_none=True)
            except (OverflowError, TypeError):
                return False  # the protocol itself knows no such number
            return True

        self.refused_by(self.call_xmlrpc, carries=carries)

    def test_wrong_arguments_through_json2_are_refused_in_words(self):
        self.refused_by(self.call_json2)

    def test_unknown_arguments_are_refused_in_words(self):
        with self.assertRaisesRegex(Refused, "find_duplicates"):
            self.call_xmlrpc("crm.lead", "find_duplicates", self.lead.ids, {"score": 1})
        with self.assertRaises(Refused):
            self.call_json2("crm.lead", "find_duplicates", self.lead.ids, {"score": 1})

    def test_what_the_verbs_return_can_be_carried(self):
        both = (self.lead | self.twin).ids
        picks = {"phone": self.twin.id}
        calls = [
            ("crm.lead", "find_duplicates", both, {"min_score": 0, "limit": None}),
            ("crm.lead", "preview_merge", both, {"survivor_id": self.twin.id, "picks": picks}),
            ("crm.lead", "get_duplicate_window", self.lead.ids, {}),
            ("crm.lead", "action_merge_with", self.lead.ids, {"other_lead_ids": self.twin.ids}),
            ("crm.lead", "action_view_merges", self.merge.survivor_id.ids, {}),
            ("crm.lead", "action_show_potential_duplicates", self.lead.ids, {}),
            ("crm.merge.opportunity", "get_merge_preview", None, {"lead_ids": both, "picks": picks}),
            ("crm.lead.duplicate", "scan", None, {"lead_ids": both}),
            ("crm.lead.duplicate", "action_merge", self.pair.ids, {}),
            ("crm.lead.duplicate", "action_open_lead", self.pair.ids, {}),
            ("crm.lead.duplicate", "action_open_other_lead", self.pair.ids, {}),
            ("crm.lead.duplicate", "close_window", self.pair.ids, {}),
            ("crm.lead.duplicate", "action_dismiss", self.pair.ids, {"reason": "Two people"}),
            ("crm.lead.duplicate", "action_suspect", self.pair.ids, {}),
            ("crm.lead.duplicate.group", "review_page", None, {"domain": [("state", "=", "open")]}),
            ("crm.lead.duplicate.group", "review_sheets", self.group.ids, {}),
            ("crm.lead.duplicate.group", "review_open", self.group.ids, {}),
            ("crm.lead.duplicate.group", "review_claim", self.group.ids, {}),
            ("crm.lead.duplicate.group", "review_leave", self.group.ids, {}),
            ("crm.lead.merge", "undo_conflicts", self.merge.ids, {}),
            ("crm.lead.merge", "undo_choices", self.merge.ids, {}),
            ("crm.lead.merge", "action_ask_undo", self.merge.ids, {}),
            ("crm.lead.merge", "action_undo_or_ask", self.merge.ids, {}),
            *((records._name, "read", records.ids, {}) for records in (self.lead, self.pair, self.merge)),
            ("crm.lead.merge.line", "read", self.merge.line_ids.ids, {}),
            ("crm.lead.merge.link", "read", self.merge.link_ids.ids, {}),
        ]
        for model, verb, ids, arguments in calls:
            for call in (self.call_xmlrpc, self.call_json2):
                with self.subTest(model=model, verb=verb, call=call.__name__):
                    self.assertIsNotNone(call(model, verb, ids, arguments))
        self.assertEqual(self.merge.state, "done", "nothing but asking")
        self.assertIsNotNone(
            self.call_xmlrpc("crm.lead.merge", "action_undo", self.merge.ids, {"restore": ["city"]})
        )
        lead = self.third.ids
        self.assertIsNotNone(self.call_xmlrpc("crm.lead", "convert_opportunity", lead, {"partner": False}))

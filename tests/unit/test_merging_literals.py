"""Ids in domains, contexts and values: only those of leads change, and nothing else of the text."""

import pytest

from openfire_leads.merging.literals import FORMS, Doubt, rewritten

OF_LEADS = {"id", "lead_id", "lead_ids", "parent_id.lead_id"}


def refers(path):
    return None if path == "res_id" else path in OF_LEADS


def change(text, form):
    return rewritten(text, FORMS[form], refers, "crm.lead", {12: 7, 13: 7})


@pytest.mark.parametrize(
    ("form", "text", "expected", "found"),
    [
        ("domain", "[('lead_id', '=', 12)]", "[('lead_id', '=', 7)]", {12}),
        (
            "domain",
            "[('lead_id','in',[12, 5,13]),('x','=',12)]",
            "[('lead_id','in',[7, 5,7]),('x','=',12)]",
            {12, 13},
        ),
        ("domain", "['|', ('parent_id.lead_id', '=', 12), '!', ['id', '=', 13]]", None, {12, 13}),
        (
            "domain",
            "[('lead_id', '=', 12), ('user_id', '=', uid)]",
            "[('lead_id', '=', 7), ('user_id', '=', uid)]",
            {12},
        ),
        (
            "domain",
            "[('parent_id', 'any', [('lead_id', '=', 12)])]",
            "[('parent_id', 'any', [('lead_id', '=', 7)])]",
            {12},
        ),
        (
            "domain",
            "  [('name', '=', 'é'), ('lead_id', '=', 12)]\n",
            "  [('name', '=', 'é'), ('lead_id', '=', 7)]\n",
            {12},
        ),
        (
            "domain",
            "[('name', '=', '12'), ('active', '=', True)]",
            "[('name', '=', '12'), ('active', '=', True)]",
            set(),
        ),
        ("domain", "[('about', '=', 'crm.lead,12')]", "[('about', '=', 'crm.lead,7')]", {12}),
        ("domain", "[('res_id', '=', 12)]", "[('res_id', '=', 12)]", set()),
        ("values", "{'lead_id': 12, 'size': 12}", "{'lead_id': 7, 'size': 12}", {12}),
        ("values", "{'lead_ids': [(4, 12), (6, 0, [13])]}", "{'lead_ids': [(4, 7), (6, 0, [7])]}", {12, 13}),
        ("values", "{'lead_ids': [12, 13]}", "{'lead_ids': [7, 7]}", {12, 13}),
        ("context", "{'default_lead_id': 12, 'search_default_lead_id': [13]}", None, {12, 13}),
        (
            "context",
            "{'lead_id': 12, 'group_by': ['lead_id']}",
            "{'lead_id': 12, 'group_by': ['lead_id']}",
            set(),
        ),
    ],
)
def test_only_ids_of_leads_change(form, text, expected, found):
    if expected is None:
        expected = text.replace("12", "7").replace("13", "7")
    assert change(text, form) == (expected, found)


def test_the_first_number_of_a_command_is_no_id():
    assert rewritten("{'lead_ids': [(4, 4)]}", FORMS["values"], refers, "crm.lead", {4: 7}) == (
        "{'lead_ids': [(4, 7)]}",
        {4},
    )


@pytest.mark.parametrize(
    "text", ["[('lead_id', '=', 12)", "[('res_model', '=', 'crm.lead'), ('res_id', '=', 12)]"]
)
def test_what_cannot_be_told_is_in_doubt(text):
    with pytest.raises(Doubt) as doubt:
        change(text, "domain")
    assert doubt.value.record_id == 12

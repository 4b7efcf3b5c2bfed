"""What of links needs no database: how rows are told apart, which columns belong together, who restores what."""

import pytest

from openfire_leads.merging import Batch
from openfire_leads.merging.links import FINDERS, KINDS, Link
from openfire_leads.merging.links.pair import model_columns
from openfire_leads.merging.links.rowkey import RowKey


class Run:
    """As much of a run as a batch needs."""

    rule = "oldest"
    plan = None

    def __init__(self, merge_id, *order):
        self.merge_id = merge_id
        self.order = order
        self.survivor_id, *self.merged_ids = order
        self.texts = {"subject": {str(lead_id): ["From", "From: \x01"] for lead_id in self.merged_ids}}


def test_a_batch_has_one_position_per_merged_lead():
    batch = Batch.of([Run(1, 10, 11, 12), Run(2, 20, 21)])
    assert batch.old_ids == (11, 12, 21)
    assert batch.new_ids == (10, 10, 20)
    assert batch.merge_ids == (1, 1, 2)
    assert batch.ranks == (1, 2, 1)
    assert batch.members == (10, 11, 12, 20, 21)
    assert batch.concerned_ids == [11, 12, 21, 10, 20]
    assert sorted(batch.texts["subject"]) == ["11", "12", "21"]


@pytest.mark.parametrize(
    ("columns", "link", "has_id", "expected"),
    [
        (["id", "lead_id", "name"], "lead_id", True, ("id",)),
        (["lead_id", "tag_id"], "lead_id", False, ("tag_id",)),
        (["note", "lead", "day"], "lead", False, ("note", "day")),
        (["lead"], "lead", False, ()),
        (["id", "lead", "note"], "lead", False, ("id", "note")),
        (["id", "lead"], "lead", False, ("id", "lead")),
    ],
)
def test_a_row_is_told_by_its_id_or_by_all_its_columns(columns, link, has_id, expected):
    key = RowKey.of(columns, link, has_id=has_id)
    assert key.columns == expected
    assert key.is_id == has_id
    assert key.place_names == (("_id",) if has_id else ("_table", "_place"))


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("res_id", ["res_model", "model", "res_model_id", "model_id", "model_name"]),
        ("x_res_id", ["x_res_model", "x_model", "x_res_model_id", "x_model_id", "x_model_name"]),
        ("alias_force_thread_id", ["alias_model_id"]),
        ("alias_parent_thread_id", ["alias_parent_model_id"]),
        ("partner_id", []),
        ("res_ids", []),
    ],
)
def test_an_id_may_stand_beside_a_model_by_the_names_of_both(column, expected):
    assert model_columns(column) == expected


def test_every_kind_restores_and_has_a_name_and_an_example_of_its_own():
    assert len({kind.kind for kind in FINDERS}) == len(FINDERS)
    assert {*(kind.kind for kind in FINDERS), "created", "joined", "delta", "kept"} == KINDS.keys()
    for name, kind in KINDS.items():
        assert name
        assert "``" in kind.__dict__["__doc__"], f"{kind.__name__} shows no row"
        assert any("restore" in vars(base) for base in kind.__mro__ if base.__name__ not in ("Link", "Kind"))


def test_no_kind_asks_which_kind_it_is():
    for kind in FINDERS:
        assert issubclass(kind, Link)
        for base in kind.__mro__[1:]:
            assert vars(base).get("kind") != kind.kind, f"{kind.__name__} is taken back by another class"

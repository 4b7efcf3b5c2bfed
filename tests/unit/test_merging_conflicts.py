"""What an undo gives back of a value that was changed since: tables of before, after, current."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfire_leads.merging.conflicts import STAMPS, Change, Settlement, blend, conflicting, settle


@pytest.mark.parametrize(
    ("before", "after", "current", "expected"),
    [
        # properties, translations, values per company: what the merge gave is taken back
        ({"x": 1}, {"x": 1, "y": 2}, {"x": 1, "y": 2}, {"x": 1}),
        # and what somebody wrote since in another of them stays
        ({"x": 1}, {"x": 1, "y": 2}, {"x": 5, "y": 2}, {"x": 5}),
        ({"x": 1, "y": 1}, {"x": 2, "y": 1}, {"x": 2, "y": 3}, {"x": 1, "y": 3}),
        ({"x": 1}, {"x": 2}, {"x": 2, "z": 3}, {"x": 1, "z": 3}),
        # removed since, but not by the merge
        ({"x": 1, "y": 1}, {"x": 2, "y": 1}, {"x": 2}, {"x": 1}),
        # taken back by hand already
        ({"x": 1, "y": 1}, {"x": 2, "y": 1}, {"x": 1, "y": 3}, {"x": 1, "y": 3}),
        # the merge gave a column its first values, or took the last ones
        (None, {"y": 2}, {"y": 2, "z": 3}, {"z": 3}),
        ({"x": 1}, None, {"z": 3}, {"x": 1, "z": 3}),
        ({"x": 1}, {"x": 2}, None, None),
        # one and the same was changed by both: nobody can tell which is meant
        ({"x": 1}, {"x": 2}, {"x": 3}, None),
        (None, {"y": 2}, {"y": 3}, None),
        # lists and dicts within are values like others
        ({"x": [1]}, {"x": [1, 2]}, {"x": [1, 2], "y": 1}, {"x": [1], "y": 1}),
        # no several values
        ("a", "b", "c", None),
        ({"x": 1}, "b", {"x": 2}, None),
        ([1], [2], [3], None),
        (None, 1, 2, None),
    ],
)
def test_blend(before, after, current, expected):
    assert blend(Change(before, after, current)) == expected


VALUES = st.none() | st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2))


@given(VALUES, VALUES)
def test_what_nobody_touched_since_blends_to_what_it_was(before, after):
    assert blend(Change(before, after, after)) == (before or {})


@given(VALUES, VALUES, VALUES)
def test_what_the_merge_did_not_change_keeps_todays_value(before, after, current):
    blended = blend(Change(before, after, current))
    if blended is not None:
        before, after, current = before or {}, after or {}, current or {}
        for key in "xyz":
            expected = current if before.get(key) == after.get(key) else before
            assert blended.get(key) == expected.get(key)


CHANGES = {
    "untouched": Change("a", "b", "b"),
    "changed": Change("a", "b", "c"),
    "as_before": Change("a", "b", "a"),
    "emptied": Change("a", "b", None),
    "several": Change({"x": 1}, {"x": 2}, {"x": 2, "y": 3}),
    "several_clash": Change({"x": 1}, {"x": 2}, {"x": 3}),
    "derived": Change(10.0, 20.0, 20.0),
    "derived_changed": Change(10.0, 20.0, 30.0),
    "write_date": Change("2026-01-01", "2026-01-02", "2026-01-03"),
    "write_uid": Change(1, 2, 2),
}
DERIVED = {"derived", "derived_changed"}


def test_only_what_both_changed_is_a_conflict():
    assert conflicting(CHANGES, DERIVED) == ("changed", "emptied", "several_clash")
    assert conflicting(CHANGES) == ("changed", "emptied", "several_clash", "derived_changed")
    assert conflicting({}) == ()


@pytest.mark.parametrize(
    ("restore", "restored", "blended", "kept"),
    [
        (
            (),
            ("untouched", "as_before", "derived"),
            {"several": {"x": 1, "y": 3}},
            ("changed", "emptied", "several_clash"),
        ),
        # what the user asks for is given back as a whole
        (
            ("changed", "several_clash"),
            ("untouched", "changed", "as_before", "several_clash", "derived"),
            {"several": {"x": 1, "y": 3}},
            ("emptied",),
        ),
        (
            ("several", "no_such_column"),
            ("untouched", "as_before", "several", "derived"),
            {},
            ("changed", "emptied", "several_clash"),
        ),
        # but never a value that is computed from others
        (
            ("derived_changed", "write_date"),
            ("untouched", "as_before", "derived"),
            {"several": {"x": 1, "y": 3}},
            ("changed", "emptied", "several_clash"),
        ),
    ],
)
def test_settle(restore, restored, blended, kept):
    settlement = settle(CHANGES, untouched=False, derived=DERIVED, restore=restore)
    assert settlement == Settlement(restored, blended, kept)


def test_stamps_come_back_only_with_a_row_that_nobody_wrote_to():
    changes = {name: Change("a", "b", "b") for name in ("phone", *sorted(STAMPS))}
    assert settle(changes, untouched=True).restored == tuple(changes)
    assert settle(changes, untouched=False).restored == ("phone",)


@given(st.dictionaries(st.text(max_size=3), st.builds(Change, VALUES, VALUES, VALUES)), st.booleans())
def test_no_column_has_two_fates(changes, untouched):
    settlement = settle(changes, untouched=untouched)
    fates = [*settlement.restored, *settlement.blended, *settlement.kept]
    assert sorted(fates) == sorted(changes)

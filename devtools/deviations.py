"""Tests of Odoo's own that are known to fail with the addon, each with the reason.

The file has one test a line: ``crm/tests/test_x.py::TestX::test_y  # why``. They fail under the addon's default rule
for the survivor of a merge; those that fail under Odoo's rule too begin with a star.
"""

from .console import Failure


def read(path, every_rule=False):
    """Return the listed tests and their reasons, as a dict.

    :param bool every_rule: only those that fail under every rule
    :raise Failure: when a line has no reason
    """
    listed = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        star = line.startswith("*")
        test, _, reason = line.lstrip("* ").partition("#")
        if not reason.strip():
            raise Failure(f'{path.name} lists "{test.strip()}" without a reason: add one after a "#".')
        if star or not every_rule:
            listed[test.strip()] = reason.strip()
    return listed


def judge(outcomes, listed):
    """Compare what came of the tests with the list.

    :param dict outcomes: test name -> passed, failed or skipped
    :param dict listed: what ``read`` returned
    :return tuple: names that fail and are not listed, names that are listed and do not fail
    """
    failing = {name for name, outcome in outcomes.items() if outcome == "failed"}
    return sorted(failing - set(listed)), sorted(set(listed) - failing)


def told(name, listed, unlisted, gone):
    """Return a line for each test that deviates, and for each that was to.

    :param str name: of the file that lists them
    :param dict listed: what ``read`` returned
    :param unlisted, gone: what ``judge`` returned
    """
    return [
        *(
            f"deviates, as {name} says: {test} ({reason})"
            for test, reason in listed.items()
            if test not in gone
        ),
        *(f"deviates, not listed in {name}: {test}" for test in unlisted),
        *(f"listed in {name} but does not fail: {test}" for test in gone),
    ]

"""Comparing what stock Odoo and the addon make of the same inputs (``tests/differential``).

A fact's first word says how the addon's may differ from stock Odoo's:

======  ============================================================================================
same    not at all
more    it holds all that stock Odoo's list holds
least   it is as great a number
filled  it is the same; where stock Odoo's is empty, it may be anything
chosen  the same under Odoo's own survivor rule; under another, where another lead survives, it is only not empty
        unless stock Odoo's is
never   it holds nothing that stock Odoo's list of wrongs does not hold
error   the case is refused where stock Odoo refuses it, and only there
======  ============================================================================================

Exceptions are listed in a file, one a line: ``rule: case : fact  # reason``, where ``*`` stands for anything.
"""

from fnmatch import fnmatchcase

from .console import Failure

# under it the same lead survives as in stock Odoo
ODOO_RULE = "confidence"


def _holds_all(stock, addon):
    return all(addon.count(item) >= stock.count(item) for item in stock)


ALLOWED = {
    "same": lambda stock, addon: stock == addon,
    "more": _holds_all,
    "least": lambda stock, addon: addon >= stock,
    "filled": lambda stock, addon: not stock or stock == addon,
    "chosen": lambda stock, addon: bool(addon) or not stock,
    "never": lambda stock, addon: _holds_all(addon, stock),
}


def compare(stock, addon, rule):
    """Return ``{fact: how it differs}`` of one case, only what is not allowed to differ.

    :param dict stock: the facts from stock Odoo, ``{"error": why}`` where it refuses
    :param dict addon: the same with the addon
    :param str rule: the addon's survivor rule
    :raise Failure: when a fact is of no known kind
    """
    if "error" in stock or "error" in addon:
        if stock.keys() == addon.keys() and not _is_raw(addon["error"]):
            return {}
        return {"error": f"stock: {_short(stock.get('error'))}; addon: {_short(addon.get('error'))}"}
    differences = {}
    for fact in sorted(stock.keys() | addon.keys()):
        kind = fact.partition(" ")[0]
        if kind == "chosen" and rule == ODOO_RULE:
            kind = "same"
        if kind not in ALLOWED:
            raise Failure(f'The differential test has a fact "{fact}" of no known kind.')
        if fact not in stock or fact not in addon or not ALLOWED[kind](stock[fact], addon[fact]):
            differences[fact] = f"stock: {stock.get(fact)!r}; addon: {addon.get(fact)!r}"
    return differences


def _is_raw(error):
    """Return whether an error is none that was meant for the user."""
    return "Traceback" in error


def _short(error):
    return "not refused" if error is None else repr(error[-300:])


def read(path):
    """Return the listed exceptions and their reasons, ``{(case, fact): reason}``.

    :raise Failure: when a line has no reason, or names no fact
    """
    listed = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        what, _, reason = line.partition("#")
        case, _, fact = what.rpartition(" : ")
        if not reason.strip():
            raise Failure(f'{path.name} lists "{what.strip()}" without a reason: add one after a "#".')
        if not case.strip() or not fact.strip():
            raise Failure(f'{path.name} lists "{what.strip()}", which is not "rule: case : fact".')
        listed[case.strip(), fact.strip()] = reason.strip()
    return listed


def judge(stock, addon, listed):
    """Compare all facts.

    :param dict stock: ``{case: facts}``
    :param dict addon: ``{rule: {case: facts}}``
    :param dict listed: what ``read`` returned
    :return tuple: how many cases passed, ``{"rule: case": {fact: how it differs}}`` of those that did not, the notes
        on those that differ as listed, and the exceptions that nothing needs
    """
    passed, failing, expected, needed = 0, {}, [], set()
    for rule, facts in addon.items():
        for case in sorted(stock.keys() | facts.keys()):
            name = f"{rule}: {case}"
            unlisted = {}
            for fact, how in compare(stock.get(case, {}), facts.get(case, {}), rule).items():
                exceptions = [
                    pattern
                    for pattern in listed
                    if fnmatchcase(name, _pattern(pattern[0])) and fnmatchcase(fact, _pattern(pattern[1]))
                ]
                needed.update(exceptions)
                if exceptions:
                    expected.append(f"{name} : {fact} ({listed[exceptions[0]]})")
                else:
                    unlisted[fact] = how
            if unlisted:
                failing[name] = unlisted
            else:
                passed += 1
    return passed, failing, expected, sorted(set(listed) - needed)


def _pattern(text):
    """Return a pattern in which only ``*`` stands for something else."""
    return text.replace("[", "[[]").replace("?", "[?]")

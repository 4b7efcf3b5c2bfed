"""The journal's sentences: each kind of entry is called by its name."""

from odoo import models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# what is said -> kind -> the whole sentence; a link to a customer cannot be undone, so that some never speak of one
WORDS = {
    "description": {
        "merge": _lt("a merge of %(date)s"),
        "conversion": _lt("a conversion of %(date)s"),
        "link": _lt("a link to a customer of %(date)s"),
    },
    "erased_name": {
        "merge": _lt("Erased on request: merge of %(date)s"),
        "conversion": _lt("Erased on request: conversion of %(date)s"),
        "link": _lt("Erased on request: link to a customer of %(date)s"),
    },
    "not_yours": {
        "merge": _lt("Only %(user)s, who made this merge, and managers can undo it."),
        "conversion": _lt("Only %(user)s, who made this conversion, and managers can undo it."),
    },
    "busy": {
        "merge": _lt("Somebody else is undoing this merge right now."),
        "conversion": _lt("Somebody else is undoing this conversion right now."),
    },
    "undone": {
        "merge": _lt("This merge was already undone by %(user)s on %(date)s."),
        "conversion": _lt("This conversion was already undone by %(user)s on %(date)s."),
    },
    "erased": {
        "merge": _lt("The data of this merge was erased from the journal: it cannot be undone any more."),
        "conversion": _lt(
            "The data of this conversion was erased from the journal: it cannot be undone any more."
        ),
    },
    "survivor_gone": {
        "merge": _lt(
            "“%(name)s” was deleted after the merge. A manager can bring the merged leads back with "
            "all that was theirs; what was its own, or came since, stays deleted."
        ),
        "conversion": _lt("“%(name)s” was deleted after its conversion: there is nothing left to undo."),
    },
    "survivor_not_yours": {
        "merge": _lt(
            "You may not change “%(name)s” any more. Its salesperson, or a manager, can undo this merge."
        ),
        "conversion": _lt(
            "You may not change “%(name)s” any more. Its salesperson, or a manager, can undo this conversion."
        ),
    },
    "refused": {
        "merge": _lt(
            "This merge cannot be undone as things are, and nothing was changed: the database does not take back "
            "what it was before. An administrator finds the reason in the server's log."
        ),
        "conversion": _lt(
            "This conversion cannot be undone as things are, and nothing was changed: the database does not take "
            "back what it was before. An administrator finds the reason in the server's log."
        ),
    },
    "refused_by_rule": {
        "merge": _lt(
            "This merge cannot be undone as things are, and nothing was changed: the rule “%(rule)s” of the table "
            "%(table)s does not allow what was there before. Change the records that are in the way, or have an "
            "administrator change the rule, then undo again."
        ),
        "conversion": _lt(
            "This conversion cannot be undone as things are, and nothing was changed: the rule “%(rule)s” of the "
            "table %(table)s does not allow what was there before. Change the records that are in the way, or have "
            "an administrator change the rule, then undo again."
        ),
    },
    "window": {"merge": _lt("Undo the merge?"), "conversion": _lt("Undo the conversion?")},
}


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _in_words(self, sentence, **values):
        """Return one of ``WORDS`` for this entry's kind, in the user's language.

        :param values: what its placeholders stand for
        """
        kinds = WORDS[sentence]
        text = self.env._(kinds.get(self.kind, kinds["merge"]))  # pylint: disable=gettext-variable
        return text % values if values else text

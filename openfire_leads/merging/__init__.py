"""Merge records and take it back: decide, move what points to them, journal, restore.

Dataclasses and composed SQL: nothing here extends a model, or speaks to users. What is decided::

    Choices --> Plan --> window, note, write, journal
                  `----> Run: what the steps of one merge hand on to each other

How a merge goes::

    from odoo.addons.openfire_leads.merging import Batch, Journal, count_records, find_links, move_links

    links = find_links(env, "crm.lead")     # every column that can point to a lead; keep it
    count_records(env, Batch.of(runs), links)           # what would move, for people
    journal = Journal(env, runs)
    journal.open()                          # leads as they were; run.merge_id is set
    moved = move_links(env, Batch.of(runs), links)      # .touched and .moved, tuples of links
    ...                                     # Odoo writes the survivors and deletes the others
    journal.close()                         # survivors as the merge left them

And how it is taken back::

    from odoo.addons.openfire_leads.merging import Restorer, Structure, settle

    restorer = Restorer(env, merge_id, survivor_id, partial(Structure.of, env))
    changes, untouched = restorer.survivor_changes()    # {column: Change(before, after, current)}
    restored_ids = restorer.restore(settle(changes, untouched=untouched))
    restorer.conflicts                      # what was left as it is, because it had changed since

- :mod:`plan`: what a merge will do, decided once: per field the value, the lead it comes from and how
- :mod:`values`, :mod:`columns`: which value stays, on plain values
- :mod:`run`: one merge while it is being made; :mod:`batch`: the merges that are made together
- :mod:`catalogue`: tables, as PostgreSQL and the registry know them; :mod:`tables`: some of them, as they are today
- :mod:`literals`: ids in texts; :mod:`links`: one class per kind of link; :mod:`refusals`: those that forbid a
  merge; :mod:`move`: all of them, one after the other, and what came late; :mod:`keep`: what goes with a survivor
  that is deleted
- :mod:`journal`: what is kept of a merge; :mod:`relations`: of rows that the ORM computes; :mod:`planned`: long
  queries that PostgreSQL plans once
- :mod:`conflicts`: restore, keep or blend, on plain values; :mod:`fitting`: journaled values as today's columns
  take them; :mod:`restore`: the rest of an undo

Errors are :class:`MergingError`: :class:`UnknownFieldError` and :class:`UnknownLeadError` for choices that
cannot be followed, :class:`RefusedError` and :class:`LinkError` for rows that cannot go to the survivor,
:class:`RestoreError` for rows that cannot come back.
"""

from . import columns, values
from .batch import Batch
from .catalogue import Catalogue, identifier, relation
from .tables import Structure, made_at
from .conflicts import STAMPS, Change, Settlement, conflicting, settle
from .errors import (
    LinkError,
    MergingError,
    MissingTargetError,
    RefusedError,
    RestoreError,
    RestoreRuleError,
    UnknownFieldError,
    UnknownLeadError,
)
from .journal import (
    Entry,
    Journal,
    changed_columns,
    created_digests,
    created_joined,
    moved_ids,
    note_recomputed,
    record_ids,
    row_digests,
)
from .keep import keep_emptied, keep_rows
from .links import PLACEHOLDER, BarredLink, KeyLink, Link, TextLink, find_links
from .move import (
    Moved,
    came_since,
    count_records,
    count_writes,
    doubtful_texts,
    left_behind,
    move_links,
    sequence_before,
    touched,
)
from .plan import (
    ASKED,
    COMBINED,
    CONVERTED,
    DROPPED,
    FILLED,
    PICKED,
    RECOMPUTED,
    SURVIVOR,
    Choices,
    Decision,
    Draft,
    File,
    Findings,
    Outcome,
    Plan,
)
from .planned import execute_planned
from .refusals import Refusal, can_refuse, find_refusals
from .relations import Relations
from .restore import Restorer
from .run import Run, Turn
from .values import Sheet, Standing

__all__ = [
    "ASKED",
    "COMBINED",
    "CONVERTED",
    "DROPPED",
    "FILLED",
    "PICKED",
    "PLACEHOLDER",
    "RECOMPUTED",
    "STAMPS",
    "SURVIVOR",
    "BarredLink",
    "Batch",
    "Catalogue",
    "Change",
    "Choices",
    "Decision",
    "Draft",
    "Entry",
    "File",
    "Findings",
    "Journal",
    "KeyLink",
    "Link",
    "LinkError",
    "MergingError",
    "MissingTargetError",
    "Moved",
    "Outcome",
    "Plan",
    "Refusal",
    "RefusedError",
    "Relations",
    "RestoreError",
    "RestoreRuleError",
    "Restorer",
    "Run",
    "Settlement",
    "Sheet",
    "Standing",
    "Structure",
    "TextLink",
    "Turn",
    "UnknownFieldError",
    "UnknownLeadError",
    "came_since",
    "can_refuse",
    "changed_columns",
    "columns",
    "conflicting",
    "count_records",
    "count_writes",
    "created_digests",
    "created_joined",
    "doubtful_texts",
    "execute_planned",
    "find_links",
    "find_refusals",
    "identifier",
    "keep_emptied",
    "keep_rows",
    "left_behind",
    "made_at",
    "move_links",
    "moved_ids",
    "note_recomputed",
    "record_ids",
    "relation",
    "row_digests",
    "sequence_before",
    "settle",
    "touched",
    "values",
]

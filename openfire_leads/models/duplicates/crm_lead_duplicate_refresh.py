"""Pairs follow their leads: compare, store, forget."""

import logging
from functools import lru_cache
from typing import NamedTuple

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.json import scriptsafe as json

from ... import matching
from ...tools.transactions import is_conflict

_logger = logging.getLogger(__name__)

# the parameter that keeps by how many bits the start of every pair of leads was moved
RATE = "openfire_leads.duplicate_rate_bits"
# the parameter that keeps what people's judgements taught, as ``matching.Lesson`` writes it
LEARNT = "openfire_leads.learnt_weights"

# how long the writing of pairs waits for somebody else who writes the same ones
PATIENCE = "500ms"


@lru_cache
def _model(suspicion=None, certainty=None, moved=None, learnt=None):
    """Return the model with these scores, as the settings write them: checked once, not at each lead saved.

    :param moved: bits by which the start of every pair differs from the standard model's
    :param learnt: what was learnt, which tells the start as well; of another version of the engine it says nothing
    """
    usual = matching.Model()
    model = matching.Model(
        float(suspicion or usual.suspicion),
        float(certainty or usual.certainty),
        usual.prior + float(moved or 0),
    )
    lesson = matching.Lesson.load(learnt) if learnt else None
    return lesson.model(model) if lesson else model


class LookedUp(NamedTuple):
    """What was found out about some leads.

    :param ranked: ``{lead_id: [(other_id, comparison), ...]}``, best first
    :param compared: the pairs that were compared, as a set of ``(lead_id, other_lead_id)``
    :param known: the stored pairs that these leads are in
    :param not_compared: how many pairs were left out, as too many leads share the key
    :param digests: ``{lead_id: digest}`` of the other leads
    :param stored: ``{lead_id: compared values}`` of the leads that were stored, as the database has them
    :param behind: profiles, keys and digests, each by lead id, of other leads, which had no profile
    """

    ranked: dict
    compared: set
    known: set
    not_compared: int
    digests: dict
    stored: dict
    behind: tuple = ({}, {}, {})

    @property
    def found(self):
        """``{(lead_id, other_lead_id): (score, evidence)}`` of the ranked ones."""
        return {
            _pair(lead_id, other_id): (comparison.score, comparison.evidence)
            for lead_id, others in self.ranked.items()
            for other_id, comparison in others
        }


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _matching_model(self, of_leads=True, learnt=True):
        """Return the comparison model with the scores of the settings: one for all entrances.

        :param of_leads: whether leads are compared with leads: how rare duplicates are, which the last scan of the
            whole database estimated, says nothing of leads and customers; nor does what people judged of leads
        :param learnt: whether what people's judgements taught counts
        """
        get_param = self.env["ir.config_parameter"].sudo().get_param
        scores = {
            name: get_param(f"openfire_leads.{name}_score") or None for name in ("suspicion", "certainty")
        }
        moved = (of_leads and get_param(RATE)) or None
        lesson = (of_leads and learnt and get_param(LEARNT)) or None
        try:
            return _model(**scores, moved=moved, learnt=lesson)
        except (ValueError, matching.ModelError) as error:
            # set by hand beside the settings, which refuse such values: saving a lead must go on
            _logger.warning("The usual model is used instead of what is set: %s", error)
            return _model()

    @api.model
    def _refresh(self, leads, lock=False, again=False):
        """Bring profile, keys and pairs of a few hundred leads up to date.

        The cache may hold what the database does not, after the transaction went back to a savepoint: then the
        leads are read anew.

        :param lock: refuse (serialization failure) when another lead of a pair has changed since this transaction
            began; without it the leads go to the queue, which looks again later
        :param again: whether the leads have just been read anew
        :return: :class:`LookedUp`
        """
        if not leads:
            return LookedUp({}, set(), set(), 0, {}, {})
        self.flush_model()
        match = self.env["crm.lead.match"]
        profiles, keys, digests = match._prepare(leads)
        storing = match._store_sql(profiles, keys, digests, recheck=not lock)
        # who works off the queue, or scans, comes to the leads without a profile anyway
        looked_up = self._look_up(profiles, keys, storing=storing, behind=None if lock else leads)
        stale = match._differing(leads, looked_up.stored)
        if stale and not again:
            stale.invalidate_recordset(flush=False)
            return self._refresh(leads.browse(looked_up.stored), lock, again=True)
        if looked_up.behind[0]:
            match._store_behind(*looked_up.behind)
        known = looked_up.known & looked_up.compared
        if lock:
            self._write_pairs(looked_up.found, known)
        else:
            self._write_pairs_unless_disturbed(looked_up, known, {**looked_up.digests, **digests})
        return looked_up

    @api.model
    def _look_up(self, profiles, keys, min_score=None, storing=(), condition=None, behind=None):
        """Look up the leads that are like those given, in one query; in a few where some have no profile yet.

        :param profiles: ``{lead_id: profile}``; the id ``UNSAVED`` stands for a lead not saved yet
        :param keys: ``{lead_id: match keys}`` of the same leads
        :param min_score: the least score to report; the suspicion score if ``None``
        :param storing: common table expressions to execute with the query
        :param condition: a condition on the lead ``other``, if not all are to be compared
        :param behind: the leads as records, if those are to be compared, too, that have no profile yet
        :return: :class:`LookedUp`
        """
        around = self.env["crm.lead.match.key"]._look_up(keys, profiles, storing, condition, behind)
        around, found_behind = self._join_behind(around, profiles, keys)
        profiles = {**around.profiles, **profiles}
        model, ranked, compared = self._matching_model(), {}, set()
        for lead_id, other_ids in around.candidates.items():
            todo = [other_id for other_id in sorted(other_ids) if other_id in profiles]
            compared.update(_pair(lead_id, other_id) for other_id in todo)
            found = (
                model.rank(
                    profiles[lead_id],
                    [profiles[other_id] for other_id in todo],
                    around.statistics,
                    min_score,
                )
                if todo
                else ()
            )
            ranked[lead_id] = [(todo[position], comparison) for position, comparison in found]
        return LookedUp(
            ranked,
            compared,
            around.known,
            sum(around.big.values()),
            around.digests,
            around.stored,
            found_behind,
        )

    @api.model
    def _join_behind(self, around, profiles, keys):
        """Add the leads without a profile to what there is to compare, each to those that it shares a key with.

        :param around: the ``Neighbourhood`` of the leads that are looked up
        :param profiles: of these leads; ``keys``: theirs
        :return: the neighbourhood with them; their profiles, keys and digests
        """
        if not around.behind:
            return around, ({}, {}, {})
        behind = self.env["crm.lead.match"]._prepare_each(self.env["crm.lead"].browse(around.behind))
        own_profiles, own_keys, own_digests = behind
        for lead_id, every in keys.items():
            known = {key for key in every if (lead_id, key) not in around.big}
            around.candidates[lead_id].update(
                other_id for other_id, own in own_keys.items() if not set(own).isdisjoint(known)
            )
        around.profiles.update(own_profiles)
        around.digests.update(own_digests)
        statistics = self.env["crm.lead.match.term"]._statistics(
            [*profiles.values(), *around.profiles.values()]
        )
        return around._replace(statistics=statistics), behind

    # ------------------------------------------------------------
    # STORING
    # ------------------------------------------------------------

    @api.model
    def _write_pairs_unless_disturbed(self, looked_up, known, digests):
        """Store the pairs of leads that are being saved.

        Should somebody be deleting or saving one of the other leads just now, the save goes on: the queue looks at
        these leads again.
        """
        if not (looked_up.found or known):
            return
        try:
            with self.env.cr.savepoint(flush=False):
                self._write_pairs(looked_up.found, known, digests)
        except OperationalError as error:
            if not is_conflict(error):
                raise
            self.env["crm.lead.match.queue"]._append(list(looked_up.ranked))

    @api.model
    def _write_pairs(self, found, known, digests=None):
        """Store pairs that reach the suspicion score, and forget those that do no longer.

        A pair with a lead that somebody else is at work on is not waited for: the queue looks at it later.

        :param found: ``{(lead_id, other_lead_id): (score, evidence)}``
        :param known: stored pairs that were compared again; those not in ``found`` go, unless a dismissal
            is remembered on them
        :param digests: ``{lead_id: digest}`` of the values that were compared; if ``None`` they are read, and
            kept from being changed until the transaction ends
        """
        if digests is None:
            digests = self._digests({lead_id for pair in found.keys() | known for lead_id in pair}, lock=True)
            found, known = self._without_busy(found, known, digests)
        if found:
            pairs = list(found)
            # A clash with somebody who saves one of these leads is no error: the transaction starts again.
            upsert = self._upsert_sql(pairs, found, digests)
            self.env.cr.execute(upsert, log_exceptions=False)
        lost = [pair for pair in known if pair not in found]
        if lost:
            self._forget_pairs(lost, digests)
        self.invalidate_model(flush=False)
        self._invalidate_leads()

    @api.model
    def _without_busy(self, found, known, digests):
        """Return ``found`` and ``known`` without the pairs of leads whose digest somebody else is just changing."""
        busy = {pair for pair in found.keys() | known if not digests.keys() >= set(pair)}
        if not busy:
            return found, known
        queue = self.env["crm.lead.match.queue"]
        queue._append_again({lead_id for pair in busy for lead_id in pair}, failures=0, minutes=1)
        return {pair: outcome for pair, outcome in found.items() if pair not in busy}, known - busy

    def _changed_sql(self, pairs, found, digests):
        """Return the query for those of ``pairs`` that are not stored as they were found, and what was found.

        :param found: ``{(lead_id, other_lead_id): (score, evidence)}``
        :param digests: ``{lead_id: digest}`` of the values that were compared
        """
        rows = [[*pair, *found[pair], _digest_of(pair, digests)] for pair in pairs]
        # as one value: thousands of them as arrays take PostgreSQL twice as long to read
        return SQL(
            """
            SELECT new.*, known.id IS NULL AS is_new
              FROM (
                SELECT (row->>0)::int AS one, (row->>1)::int AS two, (row->>2)::float AS score, row->3 AS evidence,
                       row->>4 AS digest
                  FROM jsonb_array_elements(%(rows)s::jsonb) AS row
                   ) AS new
         LEFT JOIN crm_lead_duplicate known ON lead_id = one AND other_lead_id = two
             WHERE (known.score, known.evidence, known.values_digest) IS DISTINCT FROM
                   (new.score, new.evidence, new.digest)
                OR (known.state = 'dismissed')
                   IS DISTINCT FROM coalesce(known.dismissed_digest = new.digest, false)
            """,
            rows=json.dumps(rows),
        )

    def _upsert_sql(self, pairs, found, digests):
        # Rows that are right already are not touched, not even locked: the queue looks at them while people work.
        # A new pair refers to both leads, and would wait for whoever holds one of them. Nor is somebody waited for long
        # who is just writing the same pair.
        return SQL(
            """
            WITH changed AS MATERIALIZED (
                %(changed)s
            ), free AS MATERIALIZED (
                SELECT id FROM crm_lead
                 WHERE id IN (SELECT one FROM changed WHERE is_new UNION SELECT two FROM changed WHERE is_new)
              ORDER BY id FOR KEY SHARE SKIP LOCKED
            ), judged AS MATERIALIZED (
                SELECT changed.*, NOT is_new OR first.id IS NOT NULL AND second.id IS NOT NULL AS is_free FROM changed
             LEFT JOIN free first ON first.id = one
             LEFT JOIN free second ON second.id = two
            ), later AS (
                %(later)s
            ), usual AS MATERIALIZED (
                SELECT current_setting('lock_timeout') AS patience
            ), hurried AS MATERIALIZED (
                SELECT set_config('lock_timeout', %(patience)s, true) FROM usual
            ), stored AS (
                INSERT INTO crm_lead_duplicate AS old (lead_id, other_lead_id, score, evidence, values_digest, state,
                       create_uid, write_uid, create_date, write_date)
                SELECT one, two, score, evidence, digest, 'suspected', %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC'
                  FROM hurried, judged WHERE is_free ORDER BY one, two
           ON CONFLICT (lead_id, other_lead_id) DO UPDATE
                   SET score = excluded.score, evidence = excluded.evidence, values_digest = excluded.values_digest,
                       write_date = excluded.write_date,
                       state = CASE WHEN old.dismissed_digest = excluded.values_digest THEN 'dismissed'
                                    ELSE 'suspected' END
             RETURNING 1
            )
            SELECT set_config('lock_timeout', patience, true) FROM usual, (SELECT count(*) FROM stored) AS done
            """,
            patience=PATIENCE,
            later=self.env["crm.lead.match.queue"]._later_sql(
                SQL("SELECT one FROM judged WHERE NOT is_free UNION SELECT two FROM judged WHERE NOT is_free")
            ),
            uid=self.env.uid,
            changed=self._changed_sql(pairs, found, digests),
        )

    def _forget_pairs(self, pairs, digests):
        """Delete ``pairs``; one with a dismissal stays as dismissed, for the values may come back."""
        gone = SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::text[]) AS gone (one, two, digest)",
            [one for one, _two in pairs],
            [two for _one, two in pairs],
            [_digest_of(pair, digests) for pair in pairs],
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_lead_duplicate USING (%s) AS gone
                 WHERE lead_id = gone.one AND other_lead_id = gone.two AND dismissed_digest IS NULL
                """,
                gone,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_duplicate SET state = 'dismissed', values_digest = gone.digest FROM (%s) AS gone
                 WHERE lead_id = gone.one AND other_lead_id = gone.two AND dismissed_digest IS NOT NULL
                """,
                gone,
            )
        )

    @api.model
    def _digests(self, lead_ids, lock):
        """Return ``{lead_id: digest}`` of the values that were compared.

        :param lock: keep them from being changed until the transaction ends; those that are just being changed are
            left out
        """
        if not lead_ids:
            return {}
        query = SQL(
            "SELECT lead_id, digest FROM crm_lead_match WHERE lead_id = ANY(%s) ORDER BY lead_id %s",
            list(lead_ids),
            SQL("FOR SHARE SKIP LOCKED") if lock else SQL(),
        )
        # A lead that has changed meanwhile is no error: the batch starts again.
        self.env.cr.execute(query, log_exceptions=not lock)
        return dict(self.env.cr.fetchall())

    @api.model
    def _stored_with(self, lead_id, digest, other_ids):
        """Return ``{other_id: id of the pair stored with it}`` of ``other_ids``, and which of them are dismissed.

        :param digest: of the values of ``lead_id``: a dismissal holds as long as both leads have theirs
        """
        digests = self._digests(other_ids, lock=False) | {lead_id: digest}
        pairs, dismissed = {}, set()
        for pair_id, one, two, dismissed_digest in self.env.execute_query(
            SQL(
                """
                SELECT id, lead_id, other_lead_id, dismissed_digest FROM crm_lead_duplicate
                 WHERE lead_id = %(lead)s AND other_lead_id = ANY(%(others)s)
                    OR other_lead_id = %(lead)s AND lead_id = ANY(%(others)s)
                """,
                lead=lead_id,
                others=list(other_ids),
            )
        ):
            other_id = two if one == lead_id else one
            pairs[other_id] = pair_id
            if dismissed_digest and dismissed_digest == _digest_of((one, two), digests):
                dismissed.add(other_id)
        return pairs, dismissed


def _pair(one, two):
    return (one, two) if one < two else (two, one)


def _digest_of(pair, digests):
    return f"{digests.get(pair[0])}:{digests.get(pair[1])}"

"""Groups follow the pairs: made anew for the leads whose pairs have changed, and for those they hang together with."""

import json
import logging
from collections import Counter
from hashlib import md5
from typing import NamedTuple

import numpy as np
import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import api, models
from odoo.tools import SQL

from ... import matching

_logger = logging.getLogger(__name__)

# rows of the queue dealt with in one go
BATCH = 2000
# one transaction makes groups at a time; any number will do
_LOCK = 7_260_443_197


class Found(NamedTuple):
    """A group as it is to be.

    :param lead_ids: its leads, sorted
    :param score: of the weakest link that holds it
    :param digest: of the compared values of its leads
    """

    lead_ids: list
    score: float
    digest: str


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @api.model
    def _bring_up_to_date(self, limit=BATCH):
        """Make the groups anew that a change of pairs concerns.

        One transaction at a time does: another that comes meanwhile finds the groups as they were, and the queue is
        the other's.

        :param limit: how many rows of the queue to deal with at most, ``None`` for all
        :return: how many leads were dealt with
        """
        groups = (
            self.sudo()
        )  # sudo: groups are not the user's alone, and what shows them asks for the user's only
        groups.env["crm.lead"]._match_flush()
        groups.env["crm.lead.duplicate"].flush_model()
        queue = groups.env["crm.lead.regroup.queue"]
        if queue._is_empty() or not groups._lock_groups():
            return 0
        taken = queue._take(limit)
        lead_ids = groups._linked(taken)
        if limit:
            queue._take_out(lead_ids - taken)
        groups._regroup(lead_ids)
        return len(lead_ids)

    @api.model
    def _lock_groups(self):
        [(locked,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", _LOCK))
        return locked

    @api.model
    def _cron_bring_up_to_date(self):
        """Deal with the whole queue, a batch at a time, as long as the scheduled action has time.

        Where another worker has just taken what this one was to take, that one goes on with it.
        """
        cron = self.env["ir.cron"]
        try:
            while self._bring_up_to_date() and cron._commit_progress(1):
                pass
        except TransactionRollbackError:
            self.env.cr.rollback()
        self._forget_empty()

    @api.model
    def _regroup_all(self):
        """Make all groups anew."""
        self.env["crm.lead.duplicate"].flush_model()
        queue = self.env["crm.lead.regroup.queue"]
        queue._append_all()
        self._regroup(queue._take())
        self._forget_empty()

    @api.model
    def _forget_empty(self):
        """Delete the groups whose leads are gone altogether: none is left by which they would be made anew."""
        self.env.cr.execute("""
            DELETE FROM crm_lead_duplicate_group AS own WHERE state <> 'done'
               AND NOT EXISTS (SELECT FROM crm_lead_duplicate_group_lead_rel WHERE group_id = own.id)
        """)
        self.invalidate_model(flush=False)

    @api.model
    def _linked(self, lead_ids):
        """Return these leads with all that pairs or groups link to them, directly or through others.

        Written so that PostgreSQL goes from lead to lead by the index, also where a first scan has just filled tables
        of which it knows nothing yet: there it would join all groups for each lead.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE linked (lead_id) AS (
                    SELECT unnest(%s::int[])
                     UNION
                    SELECT near.lead_id FROM linked, LATERAL (
                        SELECT other_lead_id FROM crm_lead_duplicate
                         WHERE lead_id = linked.lead_id AND state = 'suspected'
                     UNION ALL
                        SELECT lead_id FROM crm_lead_duplicate
                         WHERE other_lead_id = linked.lead_id AND state = 'suspected'
                     UNION ALL
                        SELECT member.lead_id FROM crm_lead_duplicate_group_lead_rel own, LATERAL (
                            SELECT each.lead_id FROM crm_lead_duplicate_group_lead_rel each
                             WHERE each.group_id = own.group_id AND EXISTS (
                                SELECT FROM crm_lead_duplicate_group WHERE id = own.group_id AND state <> 'done'
                             )
                            OFFSET 0
                        ) AS member
                         WHERE own.lead_id = linked.lead_id
                    ) AS near (lead_id)
                )
                SELECT lead_id FROM linked
                """,
                list(lead_ids),
            )
        )
        return {lead_id for (lead_id,) in rows}

    @api.model
    def _regroup(self, lead_ids):
        """Make the groups of these leads anew; no lead outside is paired or grouped with one of them.

        Where that fails, those that hang together are dealt with by themselves: groups with a lead that cannot be
        compared stay as they are, and hold up no other.
        """
        try:
            with self.env.cr.savepoint():
                self._regroup_at_once(lead_ids)
        except psycopg2.Error:
            raise
        except Exception:
            _logger.exception("Leads cannot be grouped together: those that hang together are by themselves")
            self._regroup_apart(lead_ids)

    @api.model
    def _regroup_apart(self, lead_ids):
        left = set(lead_ids)
        while left:
            linked = self._linked([min(left)])
            left -= linked
            try:
                with self.env.cr.savepoint():
                    self._regroup_at_once(linked)
            except psycopg2.Error:
                raise
            except Exception as error:  # noqa: BLE001 (logged, and no fault of the others)
                _logger.error("The leads %s cannot be grouped: %r", sorted(linked), error)  # noqa: TRY400

    @api.model
    def _regroup_at_once(self, lead_ids):
        self.flush_model()
        found = self._find_groups(lead_ids)
        known = self._known_groups(lead_ids)
        home = {lead_id: group_id for group_id, ids in known.items() for lead_id in ids}
        kept = {}
        for group in found:  # the largest first: a group that falls apart goes on as its largest part
            former = [
                home[lead_id] for lead_id in group.lead_ids if lead_id in home and home[lead_id] not in kept
            ]
            if former:
                kept[max(sorted(set(former)), key=former.count)] = group
        held = {id(group) for group in kept.values()}
        new = [group for group in found if id(group) not in held]
        gone = known.keys() - kept
        self.browse(gone).unlink()
        self._store_groups(list(kept.items()) + list(zip(self._new_ids(len(new)), new, strict=True)))
        self.invalidate_model(flush=False)

    @api.model
    def _find_groups(self, lead_ids):
        """Return the :class:`Found` that the pairs of these leads make, the largest first."""
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT lead_id, other_lead_id, score, state FROM crm_lead_duplicate
                 WHERE lead_id = ANY(%(ids)s) AND other_lead_id = ANY(%(ids)s) ORDER BY lead_id, other_lead_id
                """,
                ids=list(lead_ids),
            )
        )
        suspected = [pair[:3] for pair in pairs if pair[3] == "suspected"]
        if not suspected:
            return []
        apart = [pair[:2] for pair in pairs if pair[3] == "dismissed"]
        digests = self.env["crm.lead.match"]._current_digests(
            {lead for pair in suspected for lead in pair[:2]}
        )
        # a pair of a lead that has no profile now (of another engine, or it cannot be compared) waits for it
        suspected = [pair for pair in suspected if pair[0] in digests and pair[1] in digests]
        groups = matching.cluster(suspected, apart=apart, compare=self._comparing(suspected))
        scores = matching.weakest_links(groups, suspected)
        return [
            Found(group, score, self._digest(group, digests))
            for group, score in zip(groups, scores, strict=True)
        ]

    @api.model
    def _digest(self, lead_ids, digests):
        """Return the ``values_digest`` of a group.

        :param lead_ids: of its leads, sorted
        :param digests: ``{lead_id: digest}``, as :meth:`_profiles` returns it
        """
        return md5(json.dumps([(one, digests[one]) for one in lead_ids]).encode()).hexdigest()

    @api.model
    def _digests_now(self, lead_ids):
        """Return ``{lead_id: digest}`` of the values that these leads have now, of those that can be compared.

        Leads that many changed at once, and that wait in the queue for it, are read anew.
        """
        queued = [
            lead_id
            for (lead_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT lead_id FROM crm_lead_match_queue WHERE NOT recheck AND lead_id = ANY(%s)
                  GROUP BY lead_id HAVING max(failures) = 0
                    """,
                    list(lead_ids),
                )
            )
        ]
        # sudo: digests tell nothing
        _profiles, _keys, anew = self.env["crm.lead.match"]._prepare(
            self.env["crm.lead"].sudo().browse(queued)
        )
        return {**self.env["crm.lead.match"]._current_digests(lead_ids), **anew}

    @api.model
    def _comparing(self, pairs):
        """Return the function by which ``matching.cluster`` compares leads of ``pairs`` that a third one links."""
        links = Counter(lead_id for pair in pairs for lead_id in pair[:2])
        # two leads of one pair only are linked by nobody else
        linked = {lead_id for pair in pairs if links[pair[0]] + links[pair[1]] > 2 for lead_id in pair[:2]}
        stored = self.env["crm.lead.match"]._load_profiles(linked)
        lead_ids = np.array([lead_id for lead_id, _digest, _profile in stored], np.int64)
        model = self.env["crm.lead.duplicate"]._matching_model()
        statistics = self.env["crm.lead.match.term"]._statistics_of_leads(lead_ids.tolist())
        table = model.table([profile for _lead_id, _digest, profile in stored], statistics)

        def compare_leads(ones, others):
            return model.compare_linked(
                table, np.searchsorted(lead_ids, list(ones)), np.searchsorted(lead_ids, list(others))
            )

        return compare_leads

    @api.model
    def _known_groups(self, lead_ids):
        """Return ``{group_id: lead ids}`` of the groups of these leads that are not done."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT group_id, array_agg(lead_id ORDER BY lead_id) FROM crm_lead_duplicate_group_lead_rel
                      JOIN crm_lead_duplicate_group ON id = group_id AND state <> 'done'
                     WHERE lead_id = ANY(%s) GROUP BY group_id ORDER BY group_id
                    """,
                    list(lead_ids),
                )
            )
        )

    @api.model
    def _new_ids(self, number):
        return [
            group_id
            for (group_id,) in self.env.execute_query(
                SQL("SELECT nextval('crm_lead_duplicate_group_id_seq') FROM generate_series(1, %s)", number)
            )
        ]

    @api.model
    def _store_groups(self, groups):
        """Store groups, new and known ones: ``[(id, Found), ...]``. Rows that are right already are not touched."""
        if not groups:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH new AS (
                    SELECT * FROM unnest(%(ids)s::int[], %(scores)s::float[], %(bands)s::text[], %(digests)s::text[],
                                         %(counts)s::int[]) AS new (id, score, band, digest, number)
                )
                INSERT INTO crm_lead_duplicate_group AS old (id, state, score, band, values_digest, lead_count,
                       create_uid, write_uid, create_date, write_date)
                SELECT new.id, 'open', new.score, new.band, digest, number, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM new
             LEFT JOIN crm_lead_duplicate_group known ON known.id = new.id
                 WHERE (known.score, known.values_digest) IS DISTINCT FROM (new.score, new.digest)
           ON CONFLICT (id) DO UPDATE
                   SET score = excluded.score, band = excluded.band, values_digest = excluded.values_digest,
                       lead_count = excluded.lead_count, write_date = excluded.write_date,
                       state = CASE WHEN old.skipped_digest = excluded.values_digest THEN 'skipped' ELSE 'open' END
                """,
                ids=[group_id for group_id, _group in groups],
                scores=[group.score for _id, group in groups],
                bands=[self._band(group.score) for _id, group in groups],
                digests=[group.digest for _id, group in groups],
                counts=[len(group.lead_ids) for _id, group in groups],
                uid=self.env.uid,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH new AS (
                    SELECT * FROM unnest(%(homes)s::int[], %(leads)s::int[]) AS new (group_id, lead_id)
                ), gone AS (
                    DELETE FROM crm_lead_duplicate_group_lead_rel AS old WHERE group_id = ANY(%(ids)s)
                       AND NOT EXISTS (SELECT FROM new WHERE (new.group_id, new.lead_id) = (old.group_id, old.lead_id))
                )
                INSERT INTO crm_lead_duplicate_group_lead_rel (group_id, lead_id)
                SELECT group_id, lead_id FROM new JOIN crm_lead ON crm_lead.id = lead_id ON CONFLICT DO NOTHING
                """,
                ids=[group_id for group_id, _group in groups],
                homes=[group_id for group_id, group in groups for _lead_id in group.lead_ids],
                leads=[lead_id for _id, group in groups for lead_id in group.lead_ids],
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_duplicate_group SET newest_on = newest FROM (
                    SELECT group_id, max(create_date) AS newest
                      FROM crm_lead_duplicate_group_lead_rel JOIN crm_lead ON crm_lead.id = lead_id
                     WHERE group_id = ANY(%s) GROUP BY group_id
                ) AS found WHERE id = group_id AND newest_on IS DISTINCT FROM newest
                """,
                [group_id for group_id, _group in groups],
            )
        )

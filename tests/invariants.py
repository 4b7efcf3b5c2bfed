"""What holds of leads, merges and pairs whatever happened to the server, for tests and benchmarks of faults.

Imports nothing but Odoo, so that a benchmark's process can load it by itself.
"""

from contextlib import contextmanager

from odoo.tools import SQL

# what people add to leads: table, column with the model, column with the id
ADDED = {
    "messages": ("mail_message", "model", "res_id"),
    "files": ("ir_attachment", "res_model", "res_id"),
    "activities": ("mail_activity", "res_model", "res_id"),
}
# how common values are goes on being counted after a pair was stored: only what is beyond doubt by one count and below
# that by the other is wrong
SURE, UNSURE = 90, 75


def remember(env):
    """Return ``{what: ids}`` of the leads there are, and of what was added to them."""
    env.flush_all()
    known = {"leads": [lead_id for (lead_id,) in env.execute_query(SQL("SELECT id FROM crm_lead"))]}
    for what, (table, model, lead) in ADDED.items():
        rows = env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE %s = 'crm.lead' AND %s > 0",
                SQL.identifier(table),
                SQL.identifier(model),
                SQL.identifier(lead),
            )
        )
        known[what] = [one for (one,) in rows]
    return known


def settle(env):
    """Have what waits done, as the scheduled actions do it; commits."""
    cr = env.cr
    cr.commit()
    while env["crm.lead.scan"]._running():
        # what a worker that is gone was at is free again; what waits for a moment is due
        env["crm.lead.scan"]._cron_work_off()
        cr.commit()
    env["crm.lead.merge.run"]._cron_work_off()
    cr.commit()
    env["crm.lead.match.queue"]._retry_failed()
    env["crm.lead.match.queue"]._cron_work_off()
    env["crm.lead.duplicate.group"]._cron_bring_up_to_date()
    cr.commit()


def broken(env, known, uncomparable=()):
    """Return what does not hold, as sentences; nothing is changed. To be asked once nothing waits any more.

    :param known: what :func:`remember` returned, and whatever was committed since
    :param uncomparable: ids of the leads that cannot be compared
    """
    env.flush_all()
    env.invalidate_all()
    return [
        *_leads_lost(env, known["leads"]),
        *_merges_half_done(env, known["leads"]),
        *(line for what in ADDED for line in _added_lost(env, what, known[what])),
        *_pairs_wrong(env),
        *_waiting(env, uncomparable),
        *_differing_from_rebuild(env, uncomparable),
    ]


# Leads and merges ------------------------------------------------------------


def _leads_lost(env, lead_ids):
    """Each lead exists, or it is in exactly one merge that was not undone."""
    rows = env.execute_query(
        SQL(
            """
            SELECT id, there, merges FROM (
                SELECT known.id, EXISTS (SELECT FROM crm_lead WHERE id = known.id) AS there,
                       (SELECT count(*) FROM crm_lead_merge_line line
                          JOIN crm_lead_merge merge ON merge.id = line.merge_id
                         WHERE line.lead_res_id = known.id AND line.sequence > 0
                           AND merge.kind = 'merge' AND merge.state = 'done') AS merges
                  FROM unnest(%s::int[]) AS known (id)
            ) AS found WHERE there::int + merges <> 1 ORDER BY id
            """,
            list(lead_ids),
        )
    )
    return [
        f"lead {lead_id} {'exists' if there else 'is gone'} and is in {merges} merges"
        for lead_id, there, merges in rows
    ]


def _merges_half_done(env, lead_ids):
    """A merge that is done has all of its leads in the journal, and its survivor exists or was merged in its turn."""
    rows = env.execute_query(
        SQL(
            """
            SELECT merge.id FROM crm_lead_merge merge
             WHERE kind = 'merge' AND state = 'done' AND survivor_res_id = ANY(%s) AND (
                lead_count <> (SELECT count(*) FROM crm_lead_merge_line line WHERE line.merge_id = merge.id)
             OR NOT EXISTS (SELECT FROM crm_lead WHERE id = survivor_res_id) AND NOT EXISTS (
                    SELECT FROM crm_lead_merge_line line JOIN crm_lead_merge later ON later.id = line.merge_id
                     WHERE line.lead_res_id = merge.survivor_res_id AND line.sequence > 0 AND later.state = 'done'))
            """,
            list(lead_ids),
        )
    )
    found = [f"merge {merge_id} is half done" for (merge_id,) in rows]
    rows = env.execute_query(
        SQL("""
            SELECT line.id, run.id FROM crm_lead_merge_run_line line JOIN crm_lead_merge_run run ON run.id = line.run_id
             WHERE run.state IN ('running', 'undoing') OR (line.state = 'merged') <> (line.merge_id IS NOT NULL)
                OR EXISTS (SELECT FROM crm_lead_merge_run_line twin
                            WHERE twin.merge_id = line.merge_id AND twin.id <> line.id)
        """)
    )
    return found + [f"group {line_id} of bulk merge {run_id} is half done" for line_id, run_id in rows]


def _added_lost(env, what, ids):
    """What was added to a lead exists, and so does the lead that it is on."""
    table, model, lead = ADDED[what]
    rows = env.execute_query(
        SQL(
            """
            SELECT known.id FROM unnest(%s::int[]) AS known (id) LEFT JOIN %s AS own ON own.id = known.id
             WHERE own.id IS NULL OR %s = 'crm.lead' AND NOT EXISTS (SELECT FROM crm_lead WHERE crm_lead.id = %s)
            """,
            list(ids),
            SQL.identifier(table),
            SQL.identifier("own", model),
            SQL.identifier("own", lead),
        )
    )
    return [f"of the {what}, number {one} is lost" for (one,) in rows]


# What is derived -------------------------------------------------------------


def _pairs_wrong(env):
    """A pair is stored once, the earlier lead first, and both exist."""
    rows = env.execute_query(
        SQL("""
            SELECT lead_id, other_lead_id FROM crm_lead_duplicate
          GROUP BY 1, 2 HAVING count(*) > 1 OR lead_id >= other_lead_id
             UNION
            SELECT lead_id, other_lead_id FROM crm_lead_duplicate
             WHERE NOT EXISTS (SELECT FROM crm_lead WHERE id = lead_id)
                OR NOT EXISTS (SELECT FROM crm_lead WHERE id = other_lead_id)
        """)
    )
    return [f"the pair of leads {one} and {two} is wrong" for one, two in rows]


def _waiting(env, uncomparable):
    rows = env.execute_query(
        SQL(
            "SELECT DISTINCT lead_id, error FROM crm_lead_match_queue WHERE lead_id <> ALL(%s)",
            list(uncomparable),
        )
    )
    found = [f"lead {lead_id} waits to be compared ({error})" for lead_id, error in rows]
    if not env["crm.lead.regroup.queue"]._is_empty():
        found.append("leads wait to be grouped")
    return found


def _differing_from_rebuild(env, uncomparable):
    """Profiles, keys, pairs and groups are what is made of the leads anew."""
    leads = env["crm.lead"].with_context(active_test=False).search([("id", "not in", list(uncomparable))])
    stored, pairs, groups = _profiles_stored(env), _pairs(env), _groups(env)
    with _taken_back(env):
        env.cr.execute(SQL("DELETE FROM crm_lead_match WHERE lead_id = ANY(%s)", leads.ids))
        env["crm.lead.match"]._store(leads)
        found = [
            f"what is stored of lead {lead_id} is not of the lead as it is"
            for lead_id in sorted(_changed(stored, _profiles_stored(env)))
        ]
    with _taken_back(env):
        env["crm.lead.duplicate.group"]._regroup_all()
        now = _groups(env)
        found += [f"the group {sorted(group)} is not what its pairs make" for group in groups ^ now]
    with _taken_back(env):
        env["crm.lead.duplicate"].scan(leads.ids)
        anew = _pairs(env)
        found += [
            f"the pair of leads {one} and {two} scores {pairs.get((one, two))}, anew {anew.get((one, two))}"
            for one, two in sorted(_changed(pairs, anew))
            if min(scores := (pairs.get((one, two), 0), anew.get((one, two), 0))) < UNSURE
            and max(scores) > SURE
        ]
    return found


@contextmanager
def _taken_back(env):
    """Take back what is done within, in the database as well as in memory."""
    savepoint = env.cr.savepoint()
    try:
        yield
        env.flush_all()
    finally:
        savepoint.close(rollback=True)
        env.invalidate_all(flush=False)


def _profiles_stored(env):
    """Return ``{lead_id: all that is stored of it to be found by, as a text}``."""
    return dict(env.execute_query(SQL("SELECT lead_id, t::text FROM crm_lead_match t")))


def _pairs(env):
    return {
        (one, two): score
        for one, two, score in env.execute_query(
            SQL("SELECT lead_id, other_lead_id, score FROM crm_lead_duplicate WHERE state = 'suspected'")
        )
    }


def _groups(env):
    rows = env.execute_query(
        SQL("""
            SELECT array_agg(lead_id) FROM crm_lead_duplicate_group_lead_rel
              JOIN crm_lead_duplicate_group ON id = group_id AND state <> 'done' GROUP BY group_id
        """)
    )
    return {frozenset(lead_ids) for (lead_ids,) in rows}


def _changed(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}

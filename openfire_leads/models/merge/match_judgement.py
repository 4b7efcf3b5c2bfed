"""Merges and their undos are judgements too: taken from the journal, which has the leads as they were."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ... import matching

# entries of the journal that are read in one go
BATCH = 500


class CrmLeadMatchJudgement(models.Model):
    _inherit = "crm.lead.match.judgement"

    merge_id = fields.Many2one("crm.lead.merge", ondelete="set null", index="btree_not_null")

    @api.model
    def _collect(self):
        self.env.flush_all()
        self._collect_undone()
        self._collect_merged()
        return super()._collect()

    @api.model
    def _collect_undone(self):
        """Who takes a merge of two leads back says that they are not one; of more leads, it is not known which."""
        self.env.cr.execute("""
            DELETE FROM crm_lead_match_judgement j USING crm_lead_merge m
             WHERE m.id = j.merge_id AND m.state = 'undone' AND j.same AND m.lead_count != 2
        """)
        self.env.cr.execute("""
            UPDATE crm_lead_match_judgement j SET same = FALSE, date = m.undo_date FROM crm_lead_merge m
             WHERE m.id = j.merge_id AND m.state = 'undone' AND j.same
        """)

    @api.model
    def _collect_merged(self):
        """Keep the pairs that were shown and that people merged since the last time.

        Leads merged without being suspected of it say nothing: of those, nobody is asked which are different.
        """
        # those that another version of the engine compared are made anew
        ((last,),) = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(max(merge_id) FILTER (WHERE grounds->'engine' = to_jsonb(%s::int)), 0)
                  FROM crm_lead_match_judgement
                """,
                matching.ENGINE_VERSION,
            )
        )
        while merges := self.env["crm.lead.merge"].search(
            [("kind", "=", "merge"), ("id", ">", last), ("user_id", "!=", SUPERUSER_ID)],
            order="id",
            limit=BATCH,
        ):
            last = merges[-1].id
            told = merges.filtered(lambda merge: merge.state == "done" or merge.lead_count == 2)
            self._keep_merged(told)

    @api.model
    def _keep_merged(self, merges):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT link.merge_id, (r.e->>'lead_id')::int, (r.e->>'other_lead_id')::int, (r.e->>'score')::float
                  FROM crm_lead_merge_link link
            CROSS JOIN LATERAL jsonb_array_elements(link.rows) r(e)
                  JOIN crm_lead_merge_line one
                    ON one.merge_id = link.merge_id AND one.lead_res_id = (r.e->>'lead_id')::int
                  JOIN crm_lead_merge_line other
                    ON other.merge_id = link.merge_id AND other.lead_res_id = (r.e->>'other_lead_id')::int
                 WHERE link.merge_id = ANY(%s) AND link.table_name = 'crm_lead_duplicate' AND link.action = 'removed'
                   AND one.values_before IS NOT NULL AND other.values_before IS NOT NULL
              ORDER BY link.merge_id, 4 DESC, 2, 3
                """,
                merges.ids,
            )
        )
        chosen, joined = [], {}
        for merge_id, one, other, score in rows:
            # so many as it takes to join them: a merge of many leads is not a judgement of each pair of them
            groups = joined.setdefault(merge_id, {})
            first, second = groups.get(one, {one}), groups.get(other, {other})
            if first is not second:
                groups.update(dict.fromkeys(first | second, first | second))
                chosen.append((merge_id, one, other, score))
        profiles = self._profiles_before(sorted({(row[0], lead) for row in chosen for lead in row[1:3]}))
        by_id = {merge.id: merge for merge in merges}
        self._keep(
            [
                (
                    one,
                    other,
                    by_id[merge_id].state == "done",
                    by_id[merge_id].undo_date or by_id[merge_id].date,
                    score,
                    None,
                    profiles[merge_id, one],
                    profiles[merge_id, other],
                )
                for merge_id, one, other, score in chosen
            ]
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_match_judgement SET merge_id = new.merge
                  FROM unnest(%s::int[], %s::int[], %s::int[]) AS new (merge, one, other)
                 WHERE lead_res_id = new.one AND other_lead_res_id = new.other
                """,
                *([row[number] for row in chosen] for number in range(3)),
            )
        )

    @api.model
    def _profiles_before(self, members):
        """Return ``{(merge id, lead id): profile}`` of ``members``, as these leads were before the merges."""
        lines = self.env["crm.lead.merge.line"].search_fetch(
            [("merge_id", "in", [merge_id for merge_id, _lead_id in members])],
            ["merge_id", "lead_res_id", "values_before"],
        )
        Lead = self.env["crm.lead"]
        names = [*Lead._match_compared_fields(), "company_id", "team_id"]
        wanted = set(members)
        lines = lines.filtered(lambda line: (line.merge_id.id, line.lead_res_id) in wanted)
        known = {
            name: set(self.env[Lead._fields[name].comodel_name].search([("id", "in", [
                line.values_before[name] for line in lines if line.values_before.get(name)
            ])], order="id").ids)
            for name in names if Lead._fields[name].type == "many2one"
        }  # fmt: skip
        leads = Lead.concat(*(
            Lead.new({
                name: value
                for name in names
                if (value := line.values_before.get(name)) is None or name not in known or value in known[name]
            })
            for line in lines
        ))  # fmt: skip
        profiles = self.env["crm.lead.match"]._profiles(leads)
        return {
            (line.merge_id.id, line.lead_res_id): profile
            for line, (_record, profile) in zip(lines, profiles, strict=True)
        }

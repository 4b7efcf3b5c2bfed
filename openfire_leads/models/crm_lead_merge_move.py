"""Moves whatever points to the merged leads, one statement per table, and journals every row."""

import json

from odoo.tools import SQL

from .crm_lead_merge_clash import ClashMixin
from .crm_lead_merge_special import SpecialMixin


def unnested(name, *arrays):
    """Return a FROM item of integer arrays side by side, with its name and columns."""
    return SQL("unnest(%s) AS %s", SQL(", ").join(SQL("%s::int[]", list(a)) for a in arrays), SQL(name))


class LinkMover(ClashMixin, SpecialMixin):
    """Moves the links of one or several merges at once.

    Each statement does its table: it finds the rows, removes those which would clash with a row
    of the survivor (unique index), moves the others, and writes both into the journal.

    :param env: environment
    :param runs: the :class:`MergeRun` of each merge, with ``merge_id`` set
    :param links: the :class:`Link` of this database
    """

    def __init__(self, env, runs, links):
        self.env = env
        self.runs = runs
        self.links = links
        self.old, self.new, self.merge, self.rank = [], [], [], []
        for run in runs:
            for rank, lead_id in enumerate(run.merged_ids, 1):
                self.old.append(lead_id)
                self.new.append(run.survivor_id)
                self.merge.append(run.merge_id)
                self.rank.append(rank)
        self.sequence = 0
        self.computed = {}

    @property
    def map(self):
        return SQL(
            "map AS MATERIALIZED (SELECT * FROM %s)",
            unnested("m(old_id, new_id, merge_id, rank)", self.old, self.new, self.merge, self.rank),
        )

    def touched(self):
        """Return the links which have rows on the merged leads: one query for all tables."""
        probes = [
            SQL(
                "SELECT %s WHERE EXISTS (SELECT FROM %s t WHERE %s)",
                position,
                SQL.identifier(link.table),
                self._holds(link, self.old),
            )
            if link.kind != "property"
            else SQL("SELECT %s WHERE %s", position, self._defines_lead_properties(link))
            for position, link in enumerate(self.links)
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(probes))
        return [self.links[position] for (position,) in sorted(rows)]

    def move(self, link):
        """Move the rows of one link; return whether any was moved (others may have been removed)."""
        self.sequence += 10
        if link.kind in ("company", "property", "definition", "default"):
            return self._execute(getattr(self, f"_move_by_{link.kind}")(link))
        if link.table == "ir_attachment" and self._keeps_files_in_fields():
            self._execute(self._set_files_aside(link))
            self.sequence += 10
        return self._execute(self._move_rows(link))

    def _execute(self, query):
        return any(row[0] == "moved" for row in self.env.execute_query(query))

    # --- conditions ------------------------------------------------------------------------

    def _holds(self, link, ids, alias="t"):
        """The row points to one of these leads."""
        column = SQL.identifier(alias, link.column)
        if link.kind == "reference":
            return SQL("%s = ANY(%s)", column, [f"crm.lead,{lead_id}" for lead_id in ids])
        if link.kind in ("company", "default", "definition"):
            return self._holds_in_json(link, ids, column)
        if link.kind == "property":
            return SQL("TRUE")
        condition = SQL("%s = ANY(%s)", column, list(ids))
        if link.kind == "computed":
            return SQL("%s AND %s.id = ANY(%s)", condition, SQL.identifier(alias), self._computed_rows(link))
        if link.kind == "pair":
            condition = SQL("%s AND %s", condition, self._is_model(link, alias))
        if link.table == "crm_lead":
            # the leads of the merge themselves: their values are combined, not moved
            everybody = [lead_id for run in self.runs for lead_id in run.order]
            condition = SQL("%s AND %s.id <> ALL(%s)", condition, SQL.identifier(alias), everybody)
        return condition

    def _holds_in_json(self, link, ids, column):
        among = " || ".join(f"@ == {int(lead_id)}" for lead_id in ids)
        if link.kind == "default":
            among += "".join(f' || @ == "crm.lead,{int(lead_id)}"' for lead_id in ids)
            return SQL("%s::jsonb @? %s::jsonpath AND %s", column, f"$ ? ({among})", self._is_default())
        path = "$.*" if link.kind == "company" else '$[*] ? (@.comodel == "crm.lead").default'
        return SQL("%s @? %s::jsonpath", column, f"{path} ? ({among})")

    def _is_model(self, link, alias="t"):
        return SQL("%s = %s", SQL.identifier(alias, link.model_column), link.model_value)

    def _points_to(self, link, lead_id):
        """The value of the link's column for a lead, given as SQL."""
        if link.kind == "reference":
            return SQL("'crm.lead,' || %s", lead_id)
        return lead_id

    # --- statements ------------------------------------------------------------------------

    def _move_rows(self, link):
        parts, results = [self.map], []
        removes = bool(link.uniques or link.twin or link.journal_only or self._silent(link))
        if removes:
            parts.append(SQL("lost AS MATERIALIZED (%s)", self._lost(link)))
            results += self._child_results(link.children, SQL("lost"), 0, parts)
            results.append(self._removed(link, parts))
        if not link.journal_only:
            results.append(self._moved(link, parts, removes))
        return SQL(
            "WITH %s INSERT INTO crm_lead_merge_link (merge_id, sequence, action, table_name, column_name,"
            " key_columns, model_name, row_count, rows) %s RETURNING action",
            SQL(", ").join(parts),
            SQL(" UNION ALL ").join(results),
        )

    def _result(self, source, action, table, column, rows, *, key=("id",), model=None, depth=0):
        """One line of the journal per merge, from the CTE ``source``."""
        return SQL(
            "SELECT _merge, %s, %s, %s, %s, %s::jsonb, %s, count(*), jsonb_agg(%s) FROM %s GROUP BY _merge",
            self.sequence - depth,
            action,
            table,
            column,
            json.dumps(list(key)),
            model,
            rows,
            source,
        )

    def _key(self, link, alias):
        """The row's key as JSON: its id, or the list of its other columns."""
        if link.key == ("id",):
            return SQL("to_jsonb(%s)", SQL.identifier(alias, "id"))
        return SQL("jsonb_build_array(%s)", SQL(", ").join(SQL.identifier(alias, name) for name in link.key))

    def _moved(self, link, parts, removes):
        """Add the CTEs which move the rows; return their journal line."""
        keys = SQL(", ").join(
            SQL("%s AS %s", SQL.identifier("t", name), SQL.identifier(f"_key_{name}")) for name in link.key
        )
        extras = self._extras(link)
        parts.append(
            SQL(
                "found AS (SELECT %s, %s AS _key, %s AS _old, %s AS _new, m.merge_id AS _merge%s"
                " FROM %s t JOIN map m ON %s%s%s)",
                keys,
                self._key(link, "t"),
                SQL.identifier("t", link.column),
                self._points_to(link, SQL("m.new_id")),
                SQL("").join(
                    SQL(
                        ", t.%s AS %s, %s AS %s",
                        SQL.identifier(name),
                        SQL.identifier(f"_old_{name}"),
                        value,
                        SQL.identifier(f"_new_{name}"),
                    )
                    for name, value in extras.items()
                ),
                SQL.identifier(link.table),
                self._match(link),
                SQL(" AND %s", self._not_self(link)) if link.table == "crm_lead" else SQL(),
                SQL(" WHERE NOT EXISTS (SELECT FROM lost l WHERE %s)", self._same_row(link, "t", "l"))
                if removes
                else SQL(),
            )
        )
        old_new = SQL(
            "_key, _old, _new%s",
            SQL(
                ", jsonb_build_object(%s), jsonb_build_object(%s)",
                SQL(", ").join(SQL("%s, %s", n, SQL.identifier(f"_old_{n}")) for n in extras),
                SQL(", ").join(SQL("%s, %s", n, SQL.identifier(f"_new_{n}")) for n in extras),
            )
            if extras
            else SQL(),
        )
        parts.append(
            SQL(
                "moved AS (UPDATE %s t SET %s = f._new%s FROM found f WHERE %s RETURNING f.*)",
                SQL.identifier(link.table),
                SQL.identifier(link.column),
                SQL("").join(
                    SQL(", %s = f.%s", SQL.identifier(n), SQL.identifier(f"_new_{n}")) for n in extras
                ),
                self._same_row(link, "t", "f", prefix="_key_", value="_old"),
            )
        )
        return self._result(
            SQL("moved"),
            "moved",
            link.table,
            link.column,
            SQL("jsonb_build_array(%s)", old_new),
            key=link.key,
            model=link.model,
        )

    def _match(self, link):
        """The row ``t`` points to the merged lead ``m.old_id``."""
        condition = SQL("%s = %s", SQL.identifier("t", link.column), self._points_to(link, SQL("m.old_id")))
        if link.kind == "pair":
            return SQL("%s AND %s", condition, self._is_model(link))
        if link.kind == "computed":
            return SQL("%s AND t.id = ANY(%s)", condition, self._computed_rows(link))
        return condition

    def _not_self(self, link):
        everybody = [lead_id for run in self.runs for lead_id in run.order]
        return SQL("t.id <> ALL(%s)", everybody)

    def _same_row(self, link, alias, other, prefix="", value=None):
        """``alias`` (the table) and ``other`` (a CTE) are one row."""
        conditions = [
            SQL("%s = %s", SQL.identifier(alias, name), SQL.identifier(other, f"{prefix}{name}"))
            for name in link.key
        ]
        if link.key != ("id",):
            conditions.append(
                SQL(
                    "%s = %s", SQL.identifier(alias, link.column), SQL.identifier(other, value or link.column)
                )
            )
        return SQL(" AND ").join(conditions)

    # --- what some tables need besides -----------------------------------------------------

    def _extras(self, link):
        """Other columns which change with the row: ``{column: SQL}``, over ``t`` and ``m``."""
        if link.table == "calendar_event" and link.column == "opportunity_id":
            # an opportunity's meeting without a model: Odoo takes the id along
            return {
                "res_id": SQL(
                    "CASE WHEN t.res_id = m.old_id AND COALESCE(t.res_model, 'crm.lead') = 'crm.lead'"
                    " THEN m.new_id ELSE t.res_id END"
                )
            }
        if link.table == "ir_act_server" and link.column == "resource_ref":
            # the same id once more, as text
            return {"value": SQL("CASE WHEN t.value = m.old_id::text THEN m.new_id::text ELSE t.value END")}
        if link.table == "mail_message" and link.column == "res_id":
            return {"subject": self._per_lead("subject", "t.subject")}
        if link.table == "ir_attachment" and link.column == "res_id":
            # the name of a file kept in a field is the field's
            return {
                "name": SQL(
                    "CASE WHEN t.res_field IS NULL THEN %s ELSE t.name END", self._per_lead("file", "t.name")
                )
            }
        return {}

    def _per_lead(self, what, column):
        """Odoo's own mark on what comes from a merged lead ("From …"), put together in the database."""
        texts = {}
        for run in self.runs:
            texts.update(run.texts[what])
        return SQL(
            "(SELECT CASE WHEN COALESCE(%(column)s, '') = '' THEN x.v->>0"
            " ELSE replace(x.v->>1, '\x01', %(column)s) END"
            " FROM (SELECT %(texts)s::jsonb -> m.old_id::text AS v) x)",
            column=SQL(column),
            texts=json.dumps(texts),
        )

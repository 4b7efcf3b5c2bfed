"""Links which are not one column with one lead: values per company, properties, defaults, files of fields."""

from odoo.tools import SQL


class SpecialMixin:
    """The part of :class:`LinkMover` for what a plain UPDATE of one column cannot move."""

    def _journal_moved(self, link, rows):
        """Return the end of a statement with a CTE ``moved``: its rows go to the journal."""
        return SQL(
            "INSERT INTO crm_lead_merge_link (merge_id, sequence, action, table_name, column_name,"
            " key_columns, model_name, row_count, rows) %s RETURNING action",
            self._result(SQL("moved"), "moved", link.table, link.column, rows, model=link.model),
        )

    def _computed_rows(self, link):
        """Ids of the rows that point to leads, where only the ORM can tell the model they point to."""
        if link not in self.computed:
            # sudo: rows the user may not see move as well
            model = self.env[link.model].sudo().with_context(active_test=False)
            rows = model.search([(link.column, "in", [*self.old, *self.new])])
            self.computed[link] = rows.filtered(lambda row: row[link.model_column] == "crm.lead").ids
        return self.computed[link]

    def _mapped(self, value):
        """A JSON value with the survivors in place of the merged leads: an id, a reference, or a list of ids."""
        return SQL(
            """CASE jsonb_typeof(%(value)s) WHEN 'array' THEN COALESCE((
                   SELECT jsonb_agg(y.value ORDER BY y.position)
                     FROM (SELECT COALESCE(to_jsonb(m.new_id), x.value) AS value, min(x.position) AS position
                             FROM jsonb_array_elements(%(value)s) WITH ORDINALITY x(value, position)
                             LEFT JOIN map m ON to_jsonb(m.old_id) = x.value
                         GROUP BY 1) y), '[]')
               ELSE COALESCE(
                   (SELECT to_jsonb(m.new_id) FROM map m WHERE to_jsonb(m.old_id) = %(value)s),
                   (SELECT to_jsonb('crm.lead,' || m.new_id) FROM map m
                     WHERE to_jsonb('crm.lead,' || m.old_id) = %(value)s),
                   %(value)s) END""",
            value=value,
        )

    def _first_merge(self, condition):
        """A FROM item ``h``: the first of the merges whose merged lead ``m`` meets the condition."""
        return SQL(
            "JOIN LATERAL (SELECT min(m.merge_id) AS _merge FROM map m WHERE %s) h ON h._merge IS NOT NULL",
            condition,
        )

    def _other_row(self, link):
        """The row ``t`` is none of the leads of the merge: their values are combined."""
        if link.table != "crm_lead":
            return SQL("TRUE")
        return SQL("t.id <> ALL(%s)", [lead_id for run in self.runs for lead_id in run.order])

    def _rewrite(self, link, found):
        """Give the column of each row in ``found`` (``_key``, ``_old``, ``_new``, ``_merge``) its new value."""
        return SQL(
            """WITH %(map)s, found AS (%(found)s),
            moved AS (
                UPDATE %(table)s t SET %(column)s = f._new FROM found f WHERE t.id = f._key RETURNING f.*)
            %(journal)s""",
            map=self.map,
            found=found,
            table=SQL.identifier(link.table),
            column=SQL.identifier(link.column),
            journal=self._journal_moved(link, SQL("jsonb_build_array(_key, _old, _new)")),
        )

    def _rewrite_keys(self, link, changed):
        """Give single keys of JSON objects new values: ``changed`` has ``_name`` besides, the key.

        Each merge journals its own keys only, so that merges which touch one row can be undone one by one.
        """
        return SQL(
            """WITH %(map)s, changed AS MATERIALIZED (%(changed)s),
            rewritten AS (
                UPDATE %(table)s t SET %(column)s = t.%(column)s || c._new
                  FROM (SELECT _key, jsonb_object_agg(_name, _new) AS _new FROM changed GROUP BY 1) c
                 WHERE t.id = c._key),
            moved AS (
                SELECT _key, _merge, jsonb_object_agg(_name, _old) AS _old, jsonb_object_agg(_name, _new) AS _new
                  FROM changed GROUP BY 1, 2)
            %(journal)s""",
            map=self.map,
            changed=changed,
            table=SQL.identifier(link.table),
            column=SQL.identifier(link.column),
            journal=self._journal_moved(link, SQL("jsonb_build_array(_key, _old, _new)")),
        )

    def _move_by_company(self, link):
        """Many2one fields with a value per company: one JSON object per row."""
        return self._rewrite_keys(
            link,
            SQL(
                """SELECT t.id AS _key, m.merge_id AS _merge, e.key AS _name, e.value AS _old,
                          to_jsonb(m.new_id) AS _new
                     FROM %s t CROSS JOIN LATERAL jsonb_each(t.%s) e JOIN map m ON e.value = to_jsonb(m.old_id)
                    WHERE %s AND %s""",
                SQL.identifier(link.table),
                SQL.identifier(link.column),
                self._holds(link, self.old),
                self._other_row(link),
            ),
        )

    def _defines_lead_properties(self, link):
        """Some container defines properties that refer to leads. Containers (teams, projects, …) are few."""
        return SQL(
            "EXISTS (SELECT FROM %s c WHERE c.%s @? '$[*] ? (@.comodel == \"crm.lead\")' AND %s)",
            SQL.identifier(link.container),
            SQL.identifier(link.definition),
            self._is_container(link),
        )

    def _is_container(self, link):
        return SQL("c.properties_field_id = %s", link.base_field_id) if link.base_field_id else SQL("TRUE")

    def _move_by_property(self, link):
        """Properties that refer to leads, one or several, as their definitions say."""
        value = SQL("t.%s -> n.name", SQL.identifier(link.column))
        return self._rewrite_keys(
            link,
            SQL(
                """SELECT t.id AS _key, h._merge, n.name AS _name, %(value)s AS _old, %(mapped)s AS _new
                     FROM (SELECT DISTINCT %(owner)s AS owner, d->>'name' AS name
                             FROM %(container)s c
                            CROSS JOIN LATERAL
                                  jsonb_path_query(c.%(definition)s, '$[*] ? (@.comodel == "crm.lead")') d
                            WHERE %(is_container)s) n
                     JOIN %(table)s t ON t.%(column)s ? n.name AND %(owned)s
                     %(hit)s
                    WHERE %(other)s""",
                value=value,
                mapped=self._mapped(value),
                owner=SQL("c.id") if link.record else SQL("NULL"),
                container=SQL.identifier(link.container),
                definition=SQL.identifier(link.definition),
                is_container=self._is_container(link),
                table=SQL.identifier(link.table),
                column=SQL.identifier(link.column),
                owned=SQL("n.owner = t.%s", SQL.identifier(link.record)) if link.record else SQL("TRUE"),
                hit=self._first_merge(SQL("%s @> to_jsonb(m.old_id)", value)),
                other=self._other_row(link),
            ),
        )

    def _move_by_definition(self, link):
        """Definitions of properties: the leads which new records are given."""
        default = SQL("d.value -> 'default'")
        return self._rewrite(
            link,
            SQL(
                """SELECT t.id AS _key, t.%(column)s AS _old, h._merge,
                          (SELECT jsonb_agg(
                                  CASE WHEN d.value->>'comodel' = 'crm.lead' AND d.value ? 'default'
                                  THEN jsonb_set(d.value, '{default}', %(mapped)s) ELSE d.value END
                                  ORDER BY d.position)
                             FROM jsonb_array_elements(t.%(column)s) WITH ORDINALITY d(value, position)) AS _new
                     FROM %(table)s t %(hit)s""",
                column=SQL.identifier(link.column),
                mapped=self._mapped(default),
                table=SQL.identifier(link.table),
                hit=self._first_merge(
                    SQL(
                        """EXISTS (
                            SELECT FROM jsonb_path_query(
                                   t.%s, '$[*] ? (@.comodel == "crm.lead").default') d
                             WHERE d @> to_jsonb(m.old_id))""",
                        SQL.identifier(link.column),
                    )
                ),
            ),
        )

    def _move_by_default(self, link):
        """Default values of fields that refer to leads, written in JSON."""
        value = SQL("t.json_value::jsonb")
        return self._rewrite(
            link,
            SQL(
                "SELECT t.id AS _key, t.json_value AS _old, h._merge, (%s)::text AS _new FROM ir_default t %s"
                " WHERE %s",
                self._mapped(value),
                self._first_merge(
                    SQL(
                        "%s @> to_jsonb(m.old_id) OR %s = to_jsonb('crm.lead,' || m.old_id)",
                        value,
                        value,
                    )
                ),
                self._is_default(),
            ),
        )

    def _is_default(self):
        return SQL(
            """t.field_id IN (SELECT id FROM ir_model_fields WHERE ttype = 'reference'
                  OR relation = 'crm.lead' AND ttype IN ('many2one', 'one2many', 'many2many'))"""
        )

    def _keeps_files_in_fields(self):
        fields = self.env["crm.lead"]._fields.values()
        return any(field.store and field.type in ("binary", "image") and field.attachment for field in fields)

    def _set_files_aside(self, link):
        """One file per binary field: the survivor's, else the first; the others go to the journal's record,
        so that they can be opened there and their content is not collected."""
        return SQL(
            """WITH %(map)s,
            ranked AS (
                SELECT t.id, m.merge_id AS _merge, row_number() OVER (
                           PARTITION BY COALESCE(m.new_id, t.res_id), t.res_field
                           ORDER BY COALESCE(m.rank, 0), t.id) AS position
                  FROM ir_attachment t LEFT JOIN map m ON m.old_id = t.res_id
                 WHERE t.res_model = 'crm.lead' AND t.res_field IS NOT NULL AND t.res_id = ANY(%(leads)s)),
            found AS (
                SELECT t.id AS _key, t.res_id AS _old, t.res_field, r._merge
                  FROM ir_attachment t JOIN ranked r ON r.id = t.id
                 WHERE r.position > 1 AND r._merge IS NOT NULL),
            moved AS (
                UPDATE ir_attachment t
                   SET res_model = 'crm.lead.merge', res_id = f._merge, res_field = NULL
                  FROM found f WHERE t.id = f._key RETURNING f.*)
            %(journal)s""",
            map=self.map,
            leads=[*self.old, *dict.fromkeys(self.new)],
            journal=self._journal_moved(
                link,
                SQL(
                    """jsonb_build_array(_key, _old, _merge,
                           jsonb_build_object('res_model', 'crm.lead', 'res_field', res_field),
                           jsonb_build_object('res_model', 'crm.lead.merge', 'res_field', NULL))"""
                ),
            ),
        )

"""Links which are not one column with one lead: values per company, properties, files of binary fields."""

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

    def _move_by_company(self, link):
        """Many2one fields with a value per company: one JSON object per row."""
        return SQL(
            """WITH %(map)s,
            found AS (
                SELECT t.id AS _key, t.%(column)s AS _old, min(m.merge_id) AS _merge,
                       (SELECT jsonb_object_agg(e.key, COALESCE(to_jsonb(o.new_id), e.value))
                          FROM jsonb_each(t.%(column)s) e
                          LEFT JOIN map o ON e.value = to_jsonb(o.old_id)) AS _new
                  FROM %(table)s t JOIN map m ON t.%(column)s @? ('$.* ? (@ == ' || m.old_id || ')')::jsonpath
              GROUP BY t.id),
            moved AS (
                UPDATE %(table)s t SET %(column)s = f._new FROM found f WHERE t.id = f._key RETURNING f.*)
            %(journal)s""",
            map=self.map,
            column=SQL.identifier(link.column),
            table=SQL.identifier(link.table),
            journal=self._journal_moved(link, SQL("jsonb_build_array(_key, _old, _new)")),
        )

    def _defines_lead_properties(self, link):
        """Some container defines properties that refer to leads. Containers (teams, projects, …) are few."""
        return SQL(
            "EXISTS (SELECT FROM %s c WHERE c.%s @? '$[*] ? (@.comodel == \"crm.lead\")')",
            SQL.identifier(link.container),
            SQL.identifier(link.definition),
        )

    def _move_by_property(self, link):
        """Properties that refer to leads, one or several, as their definitions say."""
        everybody = [lead_id for run in self.runs for lead_id in run.order]
        return SQL(
            """WITH %(map)s,
            names AS (
                SELECT c.id AS container_id, d->>'name' AS name
                  FROM %(container)s c, jsonb_array_elements(c.%(definition)s) d
                 WHERE d->>'comodel' = 'crm.lead'),
            hit AS (
                SELECT t.id, min(m.merge_id) AS _merge
                  FROM %(table)s t JOIN names n ON n.container_id = t.%(record)s
                  JOIN map m ON t.%(column)s -> n.name @> to_jsonb(m.old_id)
                 WHERE NOT (%(is_lead)s AND t.id = ANY(%(everybody)s))
              GROUP BY t.id),
            found AS (
                SELECT t.id AS _key, t.%(column)s AS _old, h._merge,
                       (SELECT jsonb_object_agg(e.key, CASE
                            WHEN n.name IS NULL THEN e.value
                            WHEN jsonb_typeof(e.value) = 'array' THEN (
                                SELECT jsonb_agg(DISTINCT COALESCE(to_jsonb(m.new_id), x.value))
                                  FROM jsonb_array_elements(e.value) x
                                  LEFT JOIN map m ON to_jsonb(m.old_id) = x.value)
                            ELSE COALESCE(
                                (SELECT to_jsonb(m.new_id) FROM map m WHERE to_jsonb(m.old_id) = e.value),
                                e.value) END)
                          FROM jsonb_each(t.%(column)s) e
                          LEFT JOIN names n ON n.name = e.key AND n.container_id = t.%(record)s) AS _new
                  FROM %(table)s t JOIN hit h ON h.id = t.id),
            moved AS (
                UPDATE %(table)s t SET %(column)s = f._new FROM found f WHERE t.id = f._key RETURNING f.*)
            %(journal)s""",
            map=self.map,
            container=SQL.identifier(link.container),
            definition=SQL.identifier(link.definition),
            record=SQL.identifier(link.record),
            table=SQL.identifier(link.table),
            column=SQL.identifier(link.column),
            is_lead=link.table == "crm_lead",
            everybody=everybody,
            journal=self._journal_moved(link, SQL("jsonb_build_array(_key, _old, _new)")),
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

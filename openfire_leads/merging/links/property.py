"""Properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import identifier
from .base import Search, all_of
from .json_values import KeyedValueLink, first_merge, mapped, path_filter


@dataclass(frozen=True)
class PropertyLink(KeyedValueLink):
    """Properties that refer to leads, one or several, as their definitions say.

    ``res_partner (id 7, properties {"aaaa1111": 12, "bbbb2222": [12, 14]})``, where the definition in
    ``container`` has ``{"name": "aaaa1111", "type": "many2one", "comodel": "crm.lead"}``

    :param container: the table with the definitions
    :param definition: the column of it with the definition
    :param record: the column of this table that tells whose definition applies; None where the row does not
        tell: names of properties are unique as they are
    :param base_field_id: the field whose definition in ``container`` applies to all records of the model
    """

    kind = "property"

    container: str
    definition: str
    record: str | None = None
    base_field_id: int | None = None

    @classmethod
    def find(cls, search: Search) -> Iterator[PropertyLink]:
        catalogue = search.catalogue
        env = catalogue.env
        for table, field in catalogue.fields("properties"):
            container = env[env[field.model_name]._fields[field.definition_record].comodel_name]
            if container._table not in catalogue.columns:
                continue
            record = base_field_id = None
            if field.definition_record in catalogue.columns[table]:
                record = field.definition_record
            elif container._name == "properties.base.definition":
                # one definition for all records of the model, contacts for example
                base_field_id = env["ir.model.fields"]._get(field.model_name, field.name).id
            yield cls(
                table=table,
                column=field.name,
                model=catalogue.models_by_table.get(table),
                target=search.target,
                container=container._table,
                definition=field.definition_record_field,
                record=record,
                base_field_id=base_field_id,
            )

    def probe(self, batch: Batch) -> SQL:
        """Some container defines properties that refer to leads. Containers (teams, projects, …) are few."""
        return SQL(
            "EXISTS (SELECT FROM %s c WHERE c.%s @? %s::jsonpath AND %s)",
            identifier(self.container),
            identifier(self.definition),
            self._of_target,
            self._is_container,
        )

    @property
    def _of_target(self) -> str:
        """The JSON path of the properties that refer to leads, in a definition."""
        return f'$[*] ? (@.comodel == "{self.target.model}")'

    @property
    def _is_container(self) -> SQL:
        return SQL("c.properties_field_id = %s", self.base_field_id) if self.base_field_id else SQL("TRUE")

    @property
    def _named(self) -> SQL:
        """The FROM item ``n``: the properties that refer to leads, their ``owner`` if the row tells it, and ``name``;
        with the rows ``t`` that have them."""
        return SQL(
            """(SELECT DISTINCT %(owner)s AS owner, d->>'name' AS name
                  FROM %(container)s c
                 CROSS JOIN LATERAL jsonb_path_query(c.%(definition)s, %(of_target)s::jsonpath) d
                 WHERE %(is_container)s) n
               JOIN %(table)s t ON t.%(column)s ? n.name AND %(owned)s""",
            owner=SQL("c.id") if self.record else SQL("NULL"),
            container=identifier(self.container),
            definition=identifier(self.definition),
            of_target=self._of_target,
            is_container=self._is_container,
            table=self.relation,
            column=identifier(self.column),
            owned=SQL("n.owner = t.%s", identifier(self.record)) if self.record else SQL("TRUE"),
        )

    @property
    def _value(self) -> SQL:
        return SQL("t.%s -> n.name", identifier(self.column))

    def behind(self, batch: Batch) -> SQL:
        return SQL(
            "SELECT (x #>> '{}')::int FROM %s CROSS JOIN LATERAL jsonb_path_query(%s, %s::jsonpath) x WHERE %s",
            self._named,
            self._value,
            f"$[*] ? ({path_filter(batch.old_ids)})",
            all_of(self.probe(batch), self._is_no_member(batch)),
        )

    def changed(self, batch: Batch) -> SQL:
        return SQL(
            """SELECT t.id AS _key, h._merge, n.name AS _name, %(value)s AS _old, %(mapped)s AS _new
                 FROM %(named)s %(hit)s
                WHERE %(other)s""",
            value=self._value,
            mapped=mapped(self.target, self._value),
            named=self._named,
            hit=first_merge(SQL("%s @> to_jsonb(m.old_id)", self._value)),
            other=all_of(self._is_no_member(batch)),
        )

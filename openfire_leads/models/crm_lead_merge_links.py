"""What can point to a lead: every column of every table, from the registry and the catalogue.

Nothing is listed by hand. Found are foreign keys (many2one and many2many, also of tables that
the registry does not know), model-and-id pairs, references, many2one fields with a value per
company, properties, defaults.
"""

from dataclasses import dataclass
from functools import cached_property

from odoo.tools import SQL

from .crm_lead_merge_links_registry import RegistryLinksMixin

# columns that hold an id, by the end of their names, and what the column with the model ends with
PAIR_NAMES = {
    "res_id": ("res_model", "model", "res_model_id", "model_id", "model_name"),
    "force_thread_id": ("model_id",),
    "parent_thread_id": ("parent_model_id",),
}


@dataclass(frozen=True)
class Unique:
    """A unique index: its key expressions and its predicate, as the catalogue writes them."""

    expressions: tuple
    predicate: str | None = None


@dataclass(frozen=True)
class Child:
    """A foreign key to a table whose rows a merge may have to remove, and what follows from that."""

    table: str
    column: str
    on_delete: str  # "c" for cascade, "n" for set null
    has_id: bool
    children: tuple = ()


@dataclass(frozen=True)
class Link:
    """A column that can point to a lead.

    :param kind: ``key`` (the id), ``pair`` (id beside a model), ``computed`` (id beside a model that no
        column holds), ``reference`` ("crm.lead,12"),
        ``default`` (JSON text in ir_default), ``company`` (id per company in JSON), ``property``
        (ids in JSON, where a ``definition`` in ``container`` says so: that of the row's ``record``,
        or the one for the field ``base_field_id``), ``definition`` (defaults in such a definition)
    :param key: the columns that tell a row from the others of its table, ``("id",)`` mostly
    :param model_column: for a pair, the column with the model, or the field that computes it
    :param model_value: what it holds for a lead: the model's name, or the id of its ir.model
    :param journal_only: rows are not moved; they go with the lead and come back with it
    """

    table: str
    column: str
    kind: str
    key: tuple = ("id",)
    columns: tuple = ()
    model: str | None = None
    model_column: str | None = None
    model_value: object = None
    uniques: tuple = ()
    children: tuple = ()
    twin: str | None = None
    journal_only: bool = False
    container: str | None = None
    definition: str | None = None
    record: str | None = None
    base_field_id: int | None = None


class LinkFinder(RegistryLinksMixin):
    """Finds the links of one database. Costs some tens of milliseconds: keep the result.

    :param env: any environment
    :param target: the model that is pointed to
    :param ignored: tables that are never touched (the journal's own)
    :param journal_only: tables whose rows are derived from the lead, and go with it
    """

    def __init__(self, env, target, ignored=(), journal_only=()):
        self.env = env
        self.target = target
        self.target_table = env[target]._table
        self.ignored = set(ignored)
        self.journal_only = set(journal_only)

    def find(self):
        """Return all links as a tuple, in the order in which they are to be worked off."""
        found = {}
        for table, column in self._foreign_keys():
            found[table, column] = {"kind": "key"}
        for table, column, values in [*self._pairs(), *self._registry_columns()]:
            found.setdefault((table, column), values)
        if "ir_default" in self.columns:
            found["ir_default", "json_value"] = {"kind": "default"}
        twins = self._twins(found)
        return tuple(
            self._link(table, column, values, twins.get((table, column)))
            for (table, column), values in sorted(found.items())
            if table not in self.ignored
        )

    def _link(self, table, column, values, twin):
        columns = self.columns[table]
        key = ("id",) if "id" in columns else tuple(name for name in columns if name != column)
        uniques = self._uniques(table, column)
        model = self.models_by_table.get(table)
        journal_only = table in self.journal_only
        if table == "ir_attachment":
            # one file per field of a record: the ORM's rule, unknown to the database
            uniques = ()
        return Link(
            table=table,
            column=column,
            key=key,
            columns=tuple(columns),
            model=model,
            uniques=uniques,
            children=self._children(table) if uniques or journal_only else (),
            twin=twin,
            journal_only=journal_only,
            **values,
        )

    # --- catalogue -------------------------------------------------------------------------

    @cached_property
    def columns(self):
        """``{table: {column: type name}}`` of the ordinary tables."""
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema::regnamespace
                      AND a.attnum > 0 AND NOT a.attisdropped
                 ORDER BY c.relname, a.attnum"""
            )
        )
        columns = {}
        for table, column, typename in rows:
            columns.setdefault(table, {})[column] = typename
        return columns

    @cached_property
    def references(self):
        """``{referenced table: [(table, column, on delete)]}`` for single-column keys on ``id``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT parent.relname, child.relname, a.attname, con.confdeltype::text
                     FROM pg_constraint con
                     JOIN pg_class child ON child.oid = con.conrelid
                     JOIN pg_class parent ON parent.oid = con.confrelid
                     JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
                    WHERE con.contype = 'f' AND cardinality(con.conkey) = 1
                      AND child.relnamespace = current_schema::regnamespace
                 ORDER BY 1, 2, 3"""
            )
        )
        references = {}
        for parent, table, column, on_delete in rows:
            references.setdefault(parent, []).append((table, column, on_delete))
        return references

    @cached_property
    def unique_indexes(self):
        """``{table: [(columns used, Unique)]}``, primary keys on ``id`` left out."""
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname,
                          ARRAY(SELECT a.attname::text FROM pg_depend d
                                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
                                 WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                                   AND d.refobjid = i.indrelid AND d.refobjsubid > 0)
                       || ARRAY(SELECT a.attname::text FROM pg_attribute a
                                 WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)),
                          ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, TRUE)
                                  FROM generate_series(1, i.indnkeyatts) k),
                          pg_get_expr(i.indpred, i.indrelid)
                     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                    WHERE i.indisunique AND c.relnamespace = current_schema::regnamespace"""
            )
        )
        indexes = {}
        for table, columns, expressions, predicate in rows:
            if expressions != ["id"]:
                indexes.setdefault(table, []).append((set(columns), Unique(tuple(expressions), predicate)))
        return indexes

    def _uniques(self, table, column):
        return tuple(unique for columns, unique in self.unique_indexes.get(table, ()) if column in columns)

    def _children(self, table, seen=()):
        """What follows from removing rows of ``table``, down to the last table."""
        return tuple(
            Child(
                child,
                column,
                on_delete,
                "id" in self.columns[child],
                self._children(child, (*seen, table)) if on_delete == "c" else (),
            )
            for child, column, on_delete in self.references.get(table, ())
            if on_delete in ("c", "n") and child not in (*seen, table)
        )

    def _foreign_keys(self):
        for table, column, _on_delete in self.references.get(self.target_table, ()):
            yield table, column

    def _pairs(self):
        """Model-and-id pairs by the names of their columns, known to the registry or not."""
        for table, columns in self.columns.items():
            for column, typename in columns.items():
                if typename not in ("integer", "bigint"):
                    continue
                for model_column in self._model_columns(column):
                    values = self._pair(columns, model_column)
                    if values:
                        yield table, column, values
                        break

    @staticmethod
    def _model_columns(column):
        """Names under which the model of an id in ``column`` may stand beside it."""
        for ending, model_endings in PAIR_NAMES.items():
            if column.endswith(ending):
                prefix = column[: -len(ending)]
                return [prefix + model_ending for model_ending in model_endings]
        return []

    def _pair(self, columns, model_column):
        typename = columns.get(model_column)
        if typename in ("character varying", "text"):
            return {"kind": "pair", "model_column": model_column, "model_value": self.target}
        if typename == "integer":
            model_id = self.env["ir.model"]._get_id(self.target)
            return {"kind": "pair", "model_column": model_column, "model_value": model_id}
        return None

    def _twins(self, found):
        """For a table between leads and leads, the other of its two columns: no lead is linked to itself."""
        twins = {}
        for table, column in found:
            if "id" not in self.columns[table]:
                other = next((c for t, c in found if t == table and c != column), None)
                if other:
                    twins[table, column] = other
        return twins

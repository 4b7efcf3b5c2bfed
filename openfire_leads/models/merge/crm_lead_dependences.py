"""Everything that points to the merged leads goes to the survivor, whatever model it is of."""

import logging

from markupsafe import Markup

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...merging import (
    PLACEHOLDER,
    Batch,
    Catalogue,
    LinkError,
    RefusedError,
    Relations,
    Structure,
    count_writes,
    doubtful_texts,
    find_links,
    made_at,
    move_links,
    moved_ids,
)

_logger = logging.getLogger(__name__)

# where the name of a lead goes, in a text that is translated once for all of them
NAME = "\x02"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _merge_ignored_models(self):
        """Return the models whose rows a merge never touches (see :meth:`_merge_ignored_tables`).

        The journal's own; and the match tables, which are made anew from the leads at any time.
        """
        return [
            *("crm.lead.merge", "crm.lead.merge.line", "crm.lead.merge.link"),
            *("crm.lead.match", "crm.lead.match.key", "crm.lead.match.queue"),
        ]

    @api.model
    def _merge_ignored_tables(self):
        """Return the tables of the ignored models, and those of their relations to many."""
        ignored = [self.env[name] for name in self._merge_ignored_models() if name in self.env]
        relations = {
            field.relation
            for model in ignored
            for field in model._fields.values()
            if field.type == "many2many" and field.store
        }
        return {model._table for model in ignored} | relations

    @api.model
    def _merge_journal_only_models(self):
        """Return the models whose rows are not moved: they go with the merged lead, and return with it.

        Pairs say something about two leads as they were; that somebody dismissed one is worth keeping.
        """
        return ["crm.lead.duplicate"]

    @api.model
    def _merge_log_models(self):
        """Return the models whose rows tell what happened to a record, and are left as they are.

        Who changed what on lead 12 is true of lead 12 for ever: an audit trail that is rewritten proves nothing. It is
        told apart from a conversation, which goes on with the survivor: nobody adds to it by hand, nobody works with
        it, and it says what was done to the very record. A foreign key of such a model moves all the same: with the
        lead its rows would go.
        """
        return ["auditlog.log"]

    @api.model
    def _merge_links(self):
        """Return every column that can point to a lead, see :mod:`~..merging.links`.

        Found once per registry. A foreign key made behind the ORM's back is noticed too, in the next
        transaction, by the triggers PostgreSQL puts on the lead's table for it.
        """
        return self._merge_find_links(self._merge_fingerprint())

    @api.model
    def _merge_fingerprint(self):
        """Return what changes with every foreign key to the leads and every index on them."""
        cache = self.env.cr.cache
        if "openfire_merge_fingerprint" not in cache:
            [cache["openfire_merge_fingerprint"]] = self.env.execute_query(
                SQL(
                    """SELECT count(*), sum(oid::bigint), (
                              SELECT sum(indexrelid::bigint) FROM pg_index WHERE indrelid = 'crm_lead'::regclass)
                         FROM pg_trigger WHERE tgrelid = 'crm_lead'::regclass"""
                )
            )
        return cache["openfire_merge_fingerprint"]

    @api.model
    def _merge_unique_fields(self):
        """Return the names of fields nobody lists whose values the database allows on one lead only.

        They can only be written when the merged leads are gone; see also ``crm_lead_deleted``.
        """
        return self._merge_unlisted(self._merge_fingerprint())

    @api.model
    @tools.ormcache("fingerprint", cache="stable")
    def _merge_unlisted(self, fingerprint):
        return self._merge_unique_columns(fingerprint) - set(self._merge_get_fields())

    @api.model
    @tools.ormcache("fingerprint", cache="stable")
    def _merge_unique_columns(self, fingerprint):
        """Return the names of the columns of leads that are part of a unique index."""
        # sudo: reads the catalogue
        indexes = Catalogue(self.sudo().env).unique_indexes.get("crm_lead", ())
        return frozenset(name for columns, _unique in indexes for name in columns)

    @api.model
    @tools.ormcache("fingerprint", cache="stable")
    def _merge_find_links(self, fingerprint):
        def tables(names):
            return [self.env[name]._table for name in names if name in self.env]

        return find_links(
            # sudo: reads the catalogue
            self.sudo().env,
            "crm.lead",
            ignored=self._merge_ignored_tables(),
            derived=tables(self._merge_journal_only_models()),
            logs=tables(self._merge_log_models()),
        )

    @api.model
    def _merge_structure(self, tables):
        """Return the ``Structure`` of these tables as they are now, whoever made them so; ``tables``: sorted names.

        They are looked at each time, and read in whole where something changed.
        """
        return self._merge_structure_at(tables, made_at(self.env, tables))

    @api.model
    @tools.ormcache("tables", "made", cache="stable")
    def _merge_structure_at(self, tables, made):
        # sudo: reads the catalogue
        return Structure.of(self.sudo().env, tables)

    def _merge_move_links(self, runs, links=None, sequence=0):
        """Move what points to the merged leads of these runs: all of it, or what came since that was done.

        :param links: those of the links to move, all of them where none are named
        :param sequence: see :func:`~..merging.move_links`
        :raises UserError: names what could not be moved
        """
        self._merge_mark_sources([run for run in runs if not run.texts])
        refusal = self._merge_rule_words()
        # what an automation rule did meanwhile is not forgotten with what is read anew
        self.env.flush_all()
        relations = runs[0].relations
        if relations:
            # what the ORM has made of them so far: what moves now is no doing of its own
            relations.journal(runs)
        try:
            result = move_links(self.env, Batch.of(runs), links or self._merge_links(), sequence)
        except RefusedError as error:
            raise UserError("\n".join(map(self._merge_refusal_text, error.refusals))) from error
        except LinkError as error:
            _logger.info("A merge was refused: %s", error)
            raise UserError(refusal(error)) from error
        recomputed = tuple(link for link in result.moved if getattr(link, "recomputed", ()))
        relations = relations or Relations(self.env, self._merge_computed_relations())
        relations.look([run.survivor_id for run in runs])
        # for the look before the merged leads are deleted, which goes on from here
        counts = {}
        if not links and any(run.unlinks for run in runs):
            counts = count_writes(self.env, self._merge_links())
        for run in runs:
            run.moved, run.relations = True, relations
            run.counts |= counts
            run.recomputed = tuple(dict.fromkeys((*run.recomputed, *recomputed)))
            run.doubtful |= {
                link: count
                for link, ids in doubtful_texts(result.touched).items()
                if (count := len([one for one in ids if one in run.merged_ids]))
            }
        self._merge_forget_cache(result.touched, runs)
        self._merge_recompute(result.moved, runs)

    def _merge_forget_cache(self, touched, runs):
        """Forget what the cache knows of the rows that changed in SQL, and no more than that.

        Whoever merges in a loop (assignment does) would otherwise read all its other leads again.
        """
        tables = {link.table for link in touched}
        for name in {link.model for link in touched if link.model in self.env}:
            if name != self._name:
                self.env[name].invalidate_model(flush=False)
        for model_name, fname, relation in self._merge_relations():
            if relation in tables:
                self.env[model_name].invalidate_model([fname], flush=False)
        self._merge_forget_system_cache(tables)
        columns = [link.column for link in touched if link.model == self._name]
        if columns:
            self.invalidate_model(columns, flush=False)
        leads = self.browse(lead_id for run in runs for lead_id in run.order)
        leads.invalidate_recordset(self._merge_fields_without_column(), flush=False)

    @api.model
    def _merge_forget_system_cache(self, tables):
        """Forget what the registry remembers of external ids, defaults and actions, if rows of theirs changed."""
        if any(table.startswith("ir_") and table != "ir_attachment" for table in tables):
            self.env.registry.clear_cache()

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_relations(self):
        """Return ``(model, field, table)`` of every stored many2many of the registry."""
        return tuple(
            (model._name, name, field.relation)
            for model in self.env.registry.values()
            for name, field in model._fields.items()
            if field.type == "many2many" and field.store and not model._abstract
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_fields_without_column(self):
        """Return the fields whose values a merge may change unseen; for stored many2many its table tells."""
        return tuple(
            name
            for name, field in self._fields.items()
            if not (field.store and (field.column_type or field.type == "many2many"))
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_computed_relations(self):
        """Return ``(table, column of the lead)`` of the lead's many2many fields that are computed.

        The ORM rewrites their rows whenever what they depend on changes.
        """
        return tuple(
            (field.relation, field.column1)
            for field in self._fields.values()
            if field.type == "many2many" and field.store and field.compute
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_united_fields(self):
        """Return the names of the lead's many2many fields that are computed at first and edited afterwards.

        What people put into them is united, as in other such fields.
        """
        return tuple(
            name
            for name, field in self._fields.items()
            if field.type == "many2many" and field.store and field.compute and not field.readonly
        )

    def _merge_mark_sources(self, runs):
        """Note on these runs Odoo's marks on messages and files, see :meth:`_merge_source_texts`."""
        # sudo: names of leads that the user may write
        leads = self.browse(lead_id for run in runs for lead_id in run.order).sudo()
        texts = self._merge_source_texts({lead.id: lead.name for lead in leads})
        for run in runs:
            keys = [str(lead_id) for lead_id in run.order]
            run.texts = {
                "subject": {key: texts["subject"][key] for key in keys},
                "file": {key: texts["file"][key] for key in keys},
                "label": texts["label"],
            }

    def _merge_source_texts(self, names):
        """Return Odoo's marks on messages and files, per lead: without a text and with one.

        Among them the labels of the fields whose files may give way.

        :param names: ``{lead id: its name}``
        """
        # translated once, for all leads
        subject = self.env._("From %(source_name)s", source_name=NAME)
        both = self.env._(
            "From %(source_name)s: %(source_subject)s", source_name=NAME, source_subject=PLACEHOLDER
        )
        file = self.env._("%(attach_name)s (from %(lead_name)s)", attach_name=PLACEHOLDER, lead_name=NAME)
        texts = {"subject": {}, "file": {}, "label": self._merge_file_labels()}
        for lead_id, lead_name in names.items():
            texts["subject"][str(lead_id)] = [subject.replace(NAME, lead_name), both.replace(NAME, lead_name)]
            name = file.replace(NAME, lead_name[:20])
            texts["file"][str(lead_id)] = [name.replace(PLACEHOLDER, ""), name]
        return texts

    def _merge_log_texts(self, runs):
        """Tell in the survivors' chatter of texts that may name a merged lead and were left as they are."""
        told = {
            run.survivor_id: Markup("<br>").join(
                self._merge_text_warning(link, count) for link, count in run.doubtful.items()
            )
            for run in runs
            if run.doubtful
        }
        if told:
            self.browse(told)._message_log_batch(told)

    @api.model
    def _merge_text_warning(self, link, count):
        """Return the sentence about ``count`` texts of a link that name a lead and cannot be changed safely."""
        return self.env._(
            "%(count)s × %(label)s (%(column)s) may name a lead that goes into another one, in a way that cannot be "
            "changed safely: have a look at them.",
            count=count,
            label=self._merge_records_label(link.model, link.table),
            column=link.column,
        )

    def _merge_recompute(self, moved, runs):
        """Let the ORM know which rows changed, where stored computed fields depend on them."""
        merge_ids = [run.merge_id for run in runs]
        places = {
            (link.model, link.table, column): None
            for link in moved
            for column in (link.column, *getattr(link, "twins", ()))
        }
        for name, table, column in places:
            model = self.env.get(name) if name else None
            field = model._fields.get(column) if model is not None else None
            if field is not None and self._merge_has_stored_dependents(field):
                ids = moved_ids(self.env, merge_ids, table, column)
                # sudo: recomputes whatever depends on the rows, hidden from the user or not
                self._merge_announce(model.sudo().browse(ids), [column])
        tables = {link.table for link in moved}
        relations = [
            field.name
            for field in self._fields.values()
            if field.type == "many2many" and field.store and field.relation in tables
        ]
        if relations:
            self.browse(run.survivor_id for run in runs).sudo().modified(relations)

    @api.model
    def _merge_announce(self, records, names):
        """Have Odoo compute what depends on these fields of ``records``, but for what people edit by hand.

        A field that is computed at first and edited afterwards holds what somebody typed, for all that anybody knows.

        :returns: ``[(fields, records)]`` of what is left as it is
        """
        edited = {
            dependent
            for name in names
            for dependent in self.pool.get_dependent_fields(records._fields[name])
            if dependent.store and dependent.compute and not dependent.readonly
        }
        pending = {field: set(self.env.records_to_compute(field)._ids) for field in edited}
        records.modified(names)
        left = []
        for field in edited:
            found = self.env.records_to_compute(field)
            found = found.browse(one for one in found._ids if one not in pending[field])
            self.env.remove_to_compute(field, found)
            if found:
                left.append(([field], found))
        return left

    def _merge_protecting(self):
        """Return a context in which Odoo does not compute anew what people put in by hand, on these leads and on
        the records that belong to them."""
        united = [self._fields[name] for name in self._merge_united_fields()]
        return self.env.protecting([(united, self), *self._merge_edited_records()])

    def _merge_edited_records(self):
        """Return ``[(fields, records)]`` of other models' records that depend on these leads by a field which is
        computed at first and edited afterwards."""
        names = self._merge_fields_with_edited_dependents()
        # sudo: whatever depends on the leads, hidden from the user or not
        return self._merge_announce(self.sudo(), names) if names else []

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_fields_with_edited_dependents(self):
        """Return the lead's fields that editable computed fields of other models depend on."""
        return tuple(
            name
            for name, field in self._fields.items()
            if any(
                dependent.store
                and dependent.compute
                and not dependent.readonly
                and dependent.model_name != self._name
                and not self.env[dependent.model_name]._transient
                for dependent in self.pool.get_dependent_fields(field)
            )
        )

    @api.model
    def _merge_has_stored_dependents(self, field):
        if self.env[field.model_name]._transient:
            # a window in use: what it proposed at first is by now what the user chose
            return False
        return any(
            dependent.store and dependent.compute for dependent in self.pool.get_dependent_fields(field)
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_fields_with_foreign_dependents(self):
        """Return the lead's fields that stored fields of other models depend on."""
        return tuple(
            name
            for name, field in self._fields.items()
            if any(
                dependent.store and dependent.compute and dependent.model_name != self._name
                for dependent in self.pool.get_dependent_fields(field)
            )
        )

"""Files in binary fields: one of them stays in the field, the others become files of the survivor like any others."""

from dataclasses import replace

from odoo import api, models, tools
from odoo.tools import SQL, human_size

from ...merging import PLACEHOLDER, Decision, File, Journal
from ...merging.values import same

# under which the files are among the rows of a lead's columns: no column is called so
FILES = "ir.attachment"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_file_roots(self):
        """Return ``{field: field that its file is made from}`` of those whose values are attachments.

        A picture's field is made from itself, that of its thumbnail from the picture's.
        """
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.type == "binary" and field.attachment
        ]
        roots = {}
        for name in names:
            field = self._fields[name]
            if field.related and field.related.partition(".")[0] in names:
                roots[name] = field.related.partition(".")[0]
            elif not field.related and not (field.compute and field.readonly and not field.inverse):
                roots[name] = name
        return roots

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_file_fields(self):
        """Return the names of the fields whose values are attachments of their own."""
        return tuple(name for name, root in self._merge_file_roots().items() if name == root)

    def _merge_files_sql(self):
        """Return the files of a row of ``crm_lead``, as :meth:`_merge_column_rows` gives them."""
        fnames = ["res_model", "res_field", "res_id", "file_size", "checksum"]
        self.env["ir.attachment"].flush_model(fnames)
        return SQL(
            """(SELECT jsonb_object_agg(a.res_field, jsonb_build_array(a.id, a.file_size, a.checksum))
                  FROM ir_attachment a
                 WHERE a.res_model = %s AND a.res_id = crm_lead.id AND a.res_field = ANY(%s))""",
            self._name,
            list(self._merge_file_fields()),
        )

    def _merge_decide_files(self, plan, rows):
        """Return the plan with whose file stays in each field; ``rows``: see :meth:`_merge_column_rows`."""
        decided, files, picks = {}, {}, {}
        for name in self._merge_file_fields():
            found = {
                lead_id: File(*rows[lead_id][FILES][name])
                for lead_id in self._ids
                if name in rows.get(lead_id, {}).get(FILES, {})
            }
            if not found:
                continue
            picked = plan.choices.picks.get(name)
            if picked:
                picks.update(
                    {follower: picked for follower, root in self._merge_file_roots().items() if root == name}
                )
            origin = picked or next(iter(found))
            files[name] = found
            value = found[origin].id if origin in found else False
            decided[name] = Decision(name, value, plan.came(origin, bool(picked)), origin)
        if not decided:
            return plan
        return replace(plan, apart={**plan.apart, **decided}, files=files, file_picks=picks)

    @api.model
    def _merge_file_labels(self):
        """Return ``{field: [label]}`` of the fields whose files may be seen by all who see the lead's."""
        return {
            name: [self._merge_field_label(name)]
            for name in self._merge_file_fields()
            if not self._fields[name].groups
        }

    # ------------------------------------------------------------
    # What people are told
    # ------------------------------------------------------------

    def _merge_preview_files(self, plan, infos):
        """Return the fields whose files differ, for ``preview_merge``; ``infos``: those that the user may see."""
        shown = []
        for name, found in plan.files.items():
            checksums = {found[lead_id].checksum if lead_id in found else None for lead_id in self._ids}
            if name not in infos or len(checksums) == 1:
                continue
            decision = plan.apart[name]
            texts = {lead_id: self._merge_file_text(file) for lead_id, file in found.items()}
            shown.append(
                {
                    "name": name,
                    "label": infos[name]["string"],
                    "type": infos[name]["type"],
                    "choosable": True,
                    "combined": False,
                    "how": decision.how,
                    "values": [
                        {"lead_id": lead.id, "display": texts.get(lead.id, ""), "blank": lead.id not in texts}
                        for lead in self
                    ],
                    "result": {"lead_id": decision.origin, "display": texts.get(decision.origin, "")},
                }
            )
        return shown

    def _merge_file_text(self, file):
        return self.env._("File (%(size)s)", size=human_size(file.size or 0))

    def _merge_note_files(self, plan):
        """Return ``[(label, text)]`` of this lead's files that gave way to another one."""
        labels = self._merge_file_labels()
        values = []
        for name, found in plan.files.items():
            own, kept = found.get(self.id), found.get(plan.apart[name].origin)
            if name in labels and own and (kept is None or own.checksum != kept.checksum):
                values.append((labels[name][0], self._merge_kept_file()))
        return values

    def _merge_kept_file(self):
        return self.env._("a file, now among the attachments")

    # ------------------------------------------------------------
    # Files in columns
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache(cache="stable")
    def _merge_column_files(self):
        """Return the names of the fields that have their files in a column, and that all may see."""
        return tuple(
            name
            for name in self._merge_fillable_fields()
            if self._fields[name].type == "binary" and not self._fields[name].groups
        )

    def _merge_keep_column_files(self, run):
        """Make files of the survivor out of those in columns that give way; they go with an undo."""
        names = self._merge_column_files()
        if not names:
            return
        made = []
        # sudo: of leads that the user may write
        leads = self.browse(run.order).sudo()
        texts = self._merge_source_texts({lead.id: lead.name for lead in leads})["file"]
        for lead in leads:
            for name in names:
                own = lead.with_context(bin_size=False)[name]
                if own and not same(own, run.plan.decisions[name].value):
                    label = self._merge_field_label(name)
                    title = texts[str(lead.id)][1].replace(PLACEHOLDER, label)
                    made.append(
                        {"name": title, "datas": own, "res_model": self._name, "res_id": run.survivor_id}
                    )
        if made:
            # sudo: as the values of the leads themselves
            files = self.env["ir.attachment"].sudo().create(made)
            Journal(self.env, [run]).add("created", files._table, {run.merge_id: files.ids})

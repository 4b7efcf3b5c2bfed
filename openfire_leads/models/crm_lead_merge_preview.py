"""What a merge would do, told before it is done."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from .crm_lead_merge import MergeRun
from .crm_lead_merge_move import LinkMover

# shown first, in this order; all other fields follow by their labels
FIRST_FIELDS = (
    *("name", "type", "partner_id", "contact_name", "partner_name", "function", "email_from", "phone"),
    *("website", "street", "street2", "zip", "city", "state_id", "country_id", "user_id", "team_id"),
    *("stage_id", "probability", "expected_revenue", "priority", "tag_ids", "description"),
)
# decided by the outcome, by the ORM, or shown with another field
HIDDEN_FIELDS = {"active", "date_closed", "create_date", "color", "message_bounce", "lead_properties"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.readonly
    def preview_merge(self, survivor_id=None, picks=None, user_id=False, team_id=False):
        """Return what merging these leads would do. Writes nothing; the user sees what he may read.

        :param survivor_id: id of the lead that shall survive, instead of the rule's
        :param picks: ``{field name: lead id}``, take these fields from these leads
        :param user_id: salesperson asked for
        :param team_id: sales team asked for
        :returns: a JSON-able dict::

            {
                "survivor_id": 12,
                "rule": "oldest",
                "leads": [                  # order of precedence, the survivor first
                    {"id": 12, "name": "…", "type": "opportunity", "create_date": "2026-01-31 10:00:00",
                     "create_date_display": "…", "stage": "New", "user": "Mitchell Admin",
                     "won_status": "pending", "active": true, "can_write": true},
                ],
                "fields": [                 # only those where the leads differ, the important first
                    {"name": "phone", "label": "Phone", "type": "char",
                     "choosable": true,     # a click may take another lead's value (see picks)
                     "combined": false,     # true: the result unites several (tags, notes)
                     "values": [{"lead_id": 12, "display": "01 02…", "blank": false}],  # as in leads
                     "result": {"lead_id": 12, "display": "01 02…"}},  # lead_id false: combined or asked for
                ],
                "links": [                  # what moves to the survivor, the most numerous first
                    {"model": "mail.message", "label": "Message", "count": 7, "by_lead": {"13": 7}},
                ],
                "outcome": {"lead_id": 12, "won_status": "pending", "messages": ["…"]},
                "blockers": ["…"],          # why the merge would be refused; empty if it would not
            }

        :raises UserError: less than two leads
        """
        if len(self._ids) < 2:
            raise UserError(self.env._("Select at least two leads or opportunities to merge them."))
        self.check_access("read")
        picks = {fname: int(lead_id) for fname, lead_id in (picks or {}).items()}
        context = {"openfire_merge_survivor_id": survivor_id, "openfire_merge_picks": picks}
        order = self.with_context(**context)._merge_sort()._ids
        run = MergeRun(order, self._merge_survivor_rule(), user_id, team_id)
        run.preview = True
        leads = self.browse(order).with_context(**context, openfire_merge_run=run)
        data = leads._merge_data(leads._merge_get_fields())
        for fname, value in (("user_id", user_id), ("team_id", team_id)):
            if value:
                data[fname] = value
        return {
            "survivor_id": run.survivor_id,
            "rule": run.rule,
            "leads": [lead._merge_preview_lead() for lead in leads],
            "fields": leads._merge_preview_fields(data),
            "links": leads._merge_preview_links(run),
            "outcome": leads._merge_preview_outcome(data),
            "blockers": leads._merge_preview_blockers(),
        }

    def _merge_preview_lead(self):
        self.ensure_one()
        # sudo: the names of the lead's stage and salesperson, as the web client shows them
        lead = self.sudo()
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "create_date": str(self.create_date)[:19],
            "create_date_display": format_datetime(self.env, self.create_date),
            "stage": lead.stage_id.display_name or "",
            "user": lead.user_id.display_name or "",
            "won_status": self.won_status,
            "active": self.active,
            "can_write": self.has_access("write"),
        }

    def _merge_preview_blockers(self):
        """Return the reasons for which the merge would be refused."""
        blockers = []
        for check in (
            lambda: self._merge_check_number(5),
            self._merge_check_changeable,
            self._merge_check_company,
        ):
            try:
                check()
            except UserError as error:
                blockers.append(str(error))
        return blockers

    def _merge_check_changeable(self):
        """Name the leads which the user may read only, in words of a salesperson's."""
        read_only = self - self._filtered_access("write")
        if read_only:
            raise UserError(
                self.env._(
                    "You may read “%(names)s”, but not change it: leave it out, or ask somebody who may.",
                    names="”, “".join(read_only.mapped("name")),
                )
            )

    # --- fields ----------------------------------------------------------------------------

    def _merge_preview_fields(self, data):
        """Return the fields in which the leads differ, for :meth:`preview_merge`."""
        # what the user may not see is merged, not shown
        infos = self.fields_get(attributes=["string", "type"])
        names = [
            fname
            for fname, info in infos.items()
            if self._fields[fname].store
            and fname not in HIDDEN_FIELDS
            and (fname in data or info["type"] == "many2many")
        ]
        names.sort(
            key=lambda fname: (
                FIRST_FIELDS.index(fname) if fname in FIRST_FIELDS else len(FIRST_FIELDS),
                infos[fname]["string"],
            )
        )
        choosable = self._merge_choosable_fields()
        shown = []
        for fname in names:
            displays = [lead._merge_display(fname) for lead in self]
            if len(set(displays)) == 1:
                continue
            shown.append(
                {
                    "name": fname,
                    "label": infos[fname]["string"],
                    "type": infos[fname]["type"],
                    "choosable": fname in choosable,
                    "values": [
                        {"lead_id": lead.id, "display": display, "blank": lead._merge_is_blank(fname)}
                        for lead, display in zip(self, displays, strict=True)
                    ],
                    **self._merge_preview_result(fname, data),
                }
            )
        return shown + self._merge_preview_properties()

    def _merge_preview_result(self, fname, data):
        """Return ``combined`` and ``result`` of one field."""
        if self._fields[fname].type == "many2many":
            display = ", ".join(self.sudo()[fname].mapped("display_name"))
            return {"combined": True, "result": {"lead_id": False, "display": display}}
        value = data[fname]
        if isinstance(value, models.BaseModel):
            value = value.id
        origin = next(
            (lead for lead in self if (lead._merge_write_value(fname) or False) == (value or False)), None
        )
        if origin is not None:
            return {
                "combined": False,
                "result": {"lead_id": origin.id, "display": origin._merge_display(fname)},
            }
        display = self.new({fname: value})._merge_display(fname)
        return {"combined": True, "result": {"lead_id": False, "display": display}}

    def _merge_preview_properties(self):
        """Return the properties in which the leads differ, each as a field ``lead_properties.<name>``."""
        texts, definitions = {}, {}
        for lead in self:
            for definition in lead.read(["lead_properties"])[0]["lead_properties"] or []:
                name = definition.get("name")
                if name and definition.get("type") != "separator":
                    definitions.setdefault(name, definition)
                    texts.setdefault(name, {})[lead.id] = self._merge_display_property(definition)
        shown = []
        for name, by_lead in texts.items():
            displays = [by_lead.get(lead.id, "") for lead in self]
            if len(set(displays)) == 1:
                continue
            picks = self.env.context.get("openfire_merge_picks") or {}
            fname = f"lead_properties.{name}"
            picked = picks.get(fname)
            origin = self.browse(picked) if picked else next(lead for lead in self if by_lead.get(lead.id))
            shown.append(
                {
                    "name": fname,
                    "label": definitions[name].get("string") or name,
                    "type": definitions[name]["type"],
                    "choosable": True,
                    "combined": False,
                    "values": [
                        {"lead_id": lead.id, "display": display, "blank": not display}
                        for lead, display in zip(self, displays, strict=True)
                    ],
                    "result": {"lead_id": origin.id, "display": by_lead.get(origin.id, "")},
                }
            )
        return shown

    # --- links and outcome -----------------------------------------------------------------

    def _merge_preview_links(self, run):
        """Return how many records of each model would go to the survivor, by lead."""
        self.env.flush_all()
        mover = LinkMover(self.env, [run], self._merge_links())
        counts = {}
        for link in mover.touched():
            model = self.env.get(link.model) if link.model else None
            shown = (
                not link.journal_only
                and link.kind in ("key", "pair")
                and "id" in link.columns
                and not (model is not None and model._transient)
            )
            if not shown:
                continue
            rows = self.env.execute_query(
                SQL(
                    "SELECT t.id, %s FROM %s t WHERE %s",
                    SQL.identifier("t", link.column),
                    SQL.identifier(link.table),
                    mover._holds(link, mover.old),
                )
            )
            for record_id, lead_id in rows:
                counts.setdefault(link.model or link.table, {}).setdefault(record_id, lead_id)
        links = []
        for name, by_record in counts.items():
            by_lead = {}
            for lead_id in by_record.values():
                by_lead[str(lead_id)] = by_lead.get(str(lead_id), 0) + 1
            label = self._merge_records_label(name, name)
            links.append({"model": name, "label": label, "count": len(by_record), "by_lead": by_lead})
        return sorted(links, key=lambda link: (-link["count"], link["label"]))

    def _merge_preview_outcome(self, data):
        """Return whether the survivor will be won, lost or open, and why."""
        run = self.env.context["openfire_merge_run"]
        furthest = self._merge_furthest() if run.rule == "oldest" else self[0]
        picked = (self.env.context.get("openfire_merge_picks") or {}).get("stage_id")
        if run.rule == "oldest" and picked in self._ids:
            furthest = self.browse(picked)
        messages = []
        if furthest.won_status == "won":
            messages.append(
                self.env._("“%(name)s” is won: the lead that remains will be won.", name=furthest.name)
            )
        for lead in self - furthest:
            if lead.won_status == "won":
                messages.append(
                    self.env._("“%(name)s” is won; the lead that remains will not be.", name=lead.name)
                    if furthest.won_status != "won"
                    else self.env._("“%(name)s” is won too and goes into it.", name=lead.name)
                )
            elif lead.won_status == "lost" and furthest.won_status != "lost":
                messages.append(
                    self.env._(
                        "“%(name)s” is lost; the lead that remains will not be. "
                        "Its lost reason is kept in the history.",
                        name=lead.name,
                    )
                )
        if furthest.won_status == "lost":
            messages.append(self.env._("All of them are lost: the lead that remains is lost too."))
        return {"lead_id": furthest.id, "won_status": furthest.won_status, "messages": messages}

"""The notes that merges, conversions, links to a customer and their undo leave in chatters: found again, rewritten."""

from lxml import html
from markupsafe import Markup

from odoo import models
from odoo.tools import SQL

# marks a note's outermost element with its entry, and in it each part that tells of a merged lead: see the templates
NOTE_OF_ENTRY = "o_openfire_entry_([0-9]+)"
MERGED_PART = "o_openfire_merged"
# marks each lead in a notice of several, with its id
ASSIGNED_MARK = "o_openfire_assigned_"
# what a message may keep of a person in its tracked values, beside the names of customers
PERSONAL_TYPES = {"char", "text", "html"}
# columns in which a merge marks what comes from a merged lead by its name
MARKED = {"mail_message": "subject", "ir_attachment": "name"}


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _notes(self):
        """Return the notes of these entries, in whatever chatter a later merge has taken them to."""
        return self._notes_where(SQL("substring(m.body FROM %s) = e.id::text", NOTE_OF_ENTRY))

    def _notes_made_along(self):
        """Return what was logged on the lead in the same transaction: tracked values, "you have been assigned".

        A notice of several leads is with the first of them, and marks each.
        """
        mark = SQL("m.body ~ (%s || e.survivor_res_id || %s)", ASSIGNED_MARK, "\\M")
        together = self._notes_where(SQL("m.create_date = e.date AND %s", mark), everywhere=True)
        return self._notes_where(SQL("m.create_date = e.date")) | together

    def _notes_where(self, condition, everywhere=False):
        """Return the messages ``m`` that nobody wrote, of the leads of these entries ``e``, under a condition.

        :param everywhere: of whatever lead
        """
        Message = self.env["mail.message"].sudo()  # sudo: the system's own messages, as it wrote them
        Message.flush_model(["model", "res_id", "message_type", "body"])
        survivors = set(self.mapped("survivor_res_id"))
        # a lead that is deleted, or merged away, is no entry's survivor any more
        held = set(self.sudo().survivor_id.ids)
        gone = survivors - held
        resolved = self.env["crm.lead"].sudo()._merge_resolve(gone) if gone else {}
        # where the way to the lead that has them was erased, they are looked for on all leads
        everywhere = everywhere or len(held) + len(resolved) < len(survivors)
        place = SQL("TRUE") if everywhere else SQL("m.res_id = ANY(%s)", [*held, *resolved.values()])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT m.id FROM mail_message m JOIN crm_lead_merge e ON %s
                    WHERE m.model = 'crm.lead' AND %s AND e.id = ANY(%s)
                      AND m.message_type IN ('notification', 'user_notification')""",
                condition,
                place,
                self.ids,
            )
        )
        return Message.browse(row[0] for row in rows)

    def _erase_notes(self):
        """Rewrite what chatters say of these entries: that it was erased, and nothing else.

        To be called while the journal still tells what was moved.
        """
        notes = self._notes()
        along = self._notes_made_along() - notes
        # sudo: nobody changes tracked values by hand
        tracked = self.env["mail.tracking.value"].sudo().search([("mail_message_id", "in", along.ids)])
        tracked = tracked.filtered(
            lambda value: (
                not value.field_id
                or value.field_id.ttype in PERSONAL_TYPES
                or value.field_id.relation == "res.partner"
            )
        )
        told = along.filtered(lambda message: message.message_type == "user_notification")
        erased = notes | told | tracked.mail_message_id
        tracked.unlink()
        erased.write({"body": self.env._("What was noted here was erased on request.")})
        self._erase_marks()

    def _erase_marks(self):
        """Take the names of merged leads off the messages and files that came from them."""
        for table, column in MARKED.items():
            model = self.env["mail.message" if table == "mail_message" else "ir.attachment"]
            model.flush_model([column])
            self.env.cr.execute(
                SQL(
                    """UPDATE %(table)s t
                          SET %(column)s = NULLIF(replace(t.%(column)s, r.e->4->>%(name)s,
                                                          COALESCE(r.e->3->>%(name)s, '')), '')
                         FROM crm_lead_merge_link k CROSS JOIN LATERAL jsonb_array_elements(k.rows) AS r(e)
                        WHERE k.merge_id = ANY(%(ids)s) AND k.action = 'moved' AND k.table_name = %(table_name)s
                          AND t.id = (r.e->>0)::int AND strpos(t.%(column)s, r.e->4->>%(name)s) > 0""",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    name=column,
                    table_name=table,
                    ids=self.ids,
                )
            )
            model.invalidate_model([column], flush=False)

    def _notes_undone(self):
        """Take out of the notes what they tell of leads that exist again: who may read it is told by the lead.

        Nor do they offer any longer to undo what is undone.
        """
        notes = self._notes()
        notes.fetch(["body"])
        for note in notes:
            body = html.fragment_fromstring(note.body, create_parent="div")
            parts = body.xpath(f"//div[@class='{MERGED_PART}']")
            if not parts:
                continue
            remark = html.Element("div")
            remark.text = self.env._("This merge was undone.")
            parts[0].addprevious(remark)
            for part in parts:
                part.drop_tree()
            for link in body.xpath("//a[contains(@href, '/crm-merges/')]"):
                link.text = self.env._("See this merge")
            note.body = Markup(html.tostring(body[0], encoding="unicode"))

"""An import of leads in the web client: which leads came with it, whoever it was, from what file."""

from datetime import timedelta

from odoo import api, fields, models

# a file comes in parts, and whoever imports may give up between two of them
GIVEN_UP_AFTER = timedelta(hours=1)


class Loading:
    """Leads that are being loaded from a table; in the context, for Odoo's verbs hand on nothing else.

    :ivar import_id: id of the ``crm.lead.import``, False where it is no import in the web client
    """

    def __init__(self, import_id=False):
        self.import_id = import_id


class CrmLeadImport(models.Model):
    _name = "crm.lead.import"
    _inherit = ["openfire.plain.fields"]
    _description = "Import of Leads"
    _order = "id desc"

    name = fields.Char("File", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Imported By", required=True, readonly=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("running", "Being imported"), ("comparing", "Being compared"), ("told", "Compared")],
        required=True,
        readonly=True,
        default="running",
        index=True,
    )
    lead_count = fields.Integer("Imported Leads", compute="_compute_lead_count")

    def _compute_lead_count(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        counts = dict(leads._read_group([("import_id", "in", self.ids)], ["import_id"], ["__count"]))
        for one in self:
            one.lead_count = counts.get(one, 0)

    def _came_to_an_end(self):
        """Note that the last part of the file has come. To be extended by what follows."""
        self.state = "comparing"

    @api.model
    def _given_up(self):
        """Return the domain of the imports of which no further part is to come, though none was the last."""
        return ["&", ("state", "=", "running"), ("write_date", "<", self.env.cr.now() - GIVEN_UP_AFTER)]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    import_id = fields.Many2one(
        "crm.lead.import",
        "Imported With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def load(self, fields, data):
        leads = self if self._loading() else self.with_context(openfire_loading=Loading())
        return super(CrmLead, leads).load(fields, data)

    @api.model
    def _loading(self):
        """Return the ``Loading`` that goes on, or None. What a client puts into the context is none."""
        loading = self.env.context.get("openfire_loading")
        return loading if isinstance(loading, Loading) else None


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    lead_import_id = fields.Many2one("crm.lead.import", ondelete="set null")

    def execute_import(self, fields, columns, options, dryrun=False):
        """Extend: leads know with which import they came, and whoever imports them is told of their duplicates."""
        if self.res_model != "crm.lead" or dryrun:
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        # sudo: who may create leads may import them, and nobody writes imports by hand
        record = self.sudo().lead_import_id
        if not record:
            name = self.file_name or self.env._("Import")
            record = self.lead_import_id = self.env["crm.lead.import"].sudo().create({"name": name})
        thread = self.with_context(openfire_loading=Loading(record.id))
        result = super(BaseImport, thread).execute_import(fields, columns, options, dryrun=dryrun)
        if result.get("nextrow"):
            record.state = "running"  # written in any case: so it is not given up
        else:
            record._came_to_an_end()
        return result

"""Who asks for a lead that was merged meanwhile is told so, and led to the lead that remains.

A form that was open all along, an old link, a record that is to be linked with the lead: for Odoo the lead is
missing, or a foreign key is broken. All of it is looked up only where something failed already.
"""

import logging
import re

from psycopg2.errors import ForeignKeyViolation
from werkzeug.exceptions import NotFound

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, RedirectWarning, ValidationError
from odoo.http import request
from odoo.tools import SQL

from ...tools.client_actions import with_views
from .crm_lead_merge_result import NAMED

# Odoo tells which record is missing in words only; the record among them is the same in all languages
MISSING_LEAD = re.compile(r"crm\.lead\((?:<NewId origin=)?(\d+)")
# PostgreSQL's words are in the server's language, the key is not
BROKEN_KEY = re.compile(r"\(\w+\)=\((\d+)\)")
# who calls in another way can follow no link
REDIRECTED = "jsonrpc"
TOLD = (REDIRECTED, "json2")
# what becomes of a request for want of a lead; to an activity without its lead nobody has access
FAILURES = (AccessError, MissingError, NotFound, ValidationError)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def web_read(self, specification):
        """Offer the survivor to who opens a merged lead by an old link."""
        try:
            values = super().web_read(specification)
        except MissingError as error:
            self._raise_if_merged(error)
            raise
        if not values:
            self._raise_if_merged()
        return values

    def _fetch_field(self, field):
        """Say of a merged lead what became of it, whatever was to be done with it: what is missing is found out here,
        where Odoo reads a value and finds no row."""
        super()._fetch_field(field)
        lead = self[:1]  # the others are read along
        if lead.id and lead.id not in field._get_cache(self.env):
            # not sudo: rules are checked so, and whoever asks may not read all survivors
            lead.sudo(False)._raise_if_merged(redirect=False)

    def _raise_if_merged(self, cause=None, redirect=True):
        error = self._merged_error(redirect=redirect)
        if error:
            raise error from cause

    def _merged_error(self, redirect=True):
        """Return the exception which says that these leads were merged, or ``None`` if none of them was.

        :param bool redirect: lead to the survivor, if there is one and the user may read it
        """
        survivors = self._merged_into()
        if not survivors:
            return None
        readable = survivors._filtered_access("read")
        if not redirect or len(self) > 1 or not readable:
            error = MissingError(self._merged_message(survivors))
            error.missing_lead_ids = self.ids
            return error
        error = RedirectWarning(
            self._merged_message(survivors),
            with_views(readable.redirect_lead_opportunity_view()),
            self.env._("Open it"),
        )
        # an old link is no fault: the server is not to log a traceback
        error.loglevel = logging.INFO
        return error

    def _merged_into(self):
        """Return the leads that these were merged into, in their order, whether or not the user may read them."""
        into = self._merge_resolve(self.ids) if self else {}
        return self.browse(dict.fromkeys(into[lead_id] for lead_id in self.ids if lead_id in into))

    def _merged_message(self, survivors):
        """Return the sentence that these leads were merged; named are the survivors that the user may read."""
        readable = survivors._filtered_access("read")
        if len(self) == 1 and readable:
            return self.env._("This lead was merged into “%(name)s”.", name=readable.name)
        if len(self) == 1:
            return self.env._("This lead was merged into another one, which you may not see.")
        if readable:
            return self.env._(
                "Some of these leads were merged meanwhile, into %(names)s. Load the page anew.",
                names=self._merge_quoted(readable.mapped("name"), NAMED),
            )
        return self.env._("Some of these leads were merged meanwhile. Load the page anew.")

    def _explain_missing(self):
        """Return what became of a lead that is not there any more, as a sentence."""
        survivors = self._merged_into()
        if survivors:
            return self._merged_message(survivors)
        return self.env._(
            "This lead is not there any more: somebody deleted it, or merged it with another one, meanwhile."
        )

    @api.model
    def _merged_of_error(self, error):
        """Return the lead without which something failed, if the error tells, whatever became of it."""
        if hasattr(error, "missing_lead_ids"):
            return self.browse(error.missing_lead_ids)
        if isinstance(error, MissingError):
            found = MISSING_LEAD.search(str(error))
        elif isinstance(error, ForeignKeyViolation) and self._is_key_to_leads(error.diag):
            found = BROKEN_KEY.search(error.diag.message_detail or "")
        else:
            found = None
        return self.browse(int(found[1]) if found else ())

    @api.model
    def _is_key_to_leads(self, diag):
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT FROM pg_constraint k
                         JOIN pg_class t ON t.oid = k.conrelid
                         JOIN pg_namespace n ON n.oid = t.relnamespace
                        WHERE k.conname = %s AND t.relname = %s AND n.nspname = %s
                          AND k.confrelid = 'crm_lead'::regclass""",
                    diag.constraint_name,
                    diag.table_name,
                    diag.schema_name,
                )
            )
        )


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _sql_error_to_message(self, exc):
        leads = self.env["crm.lead"]._merged_of_error(exc)
        survivors = leads._merged_into()
        return leads._merged_message(survivors) if survivors else super()._sql_error_to_message(exc)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Say what became of the lead to who may not make an activity for want of it."""
        try:
            return super().create(vals_list)
        except AccessError as error:
            of_leads = _ids_of_leads(self.env, vals_list)
            self.env["crm.lead"].browse(of_leads)._raise_if_merged(error, redirect=False)
            raise


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        return super()._handle_error(cls._merged_lead_error(exception) or exception)

    @classmethod
    def _merged_lead_error(cls, exception):
        """Return what to say instead, where something failed for want of a lead that was merged, else ``None``."""
        kind, env = request.dispatcher.routing_type, request.env
        if kind not in TOLD or not isinstance(exception, FAILURES):
            return None
        if env.cr.closed or not env.user._is_internal():
            return None
        # what failed may have left the transaction in any state
        env.cr.rollback()
        leads = env["crm.lead"]._merged_of_error(exception.__cause__ or exception)
        if not leads and not isinstance(exception, ValidationError):
            leads = env["crm.lead"].browse(_asked_for(env, request.params))
        error = leads._merged_error(redirect=kind == REDIRECTED)
        if error:
            error.__cause__ = exception
        return error


def _asked_for(env, params):
    """Return the ids of the leads that a request of the web client is about, or that its values belong to."""
    arguments = params.get("args") or []
    if params.get("model") == "crm.lead":
        return _ids(arguments[:1])
    if params.get("thread_model") == "crm.lead":
        return _ids([params.get("thread_id")])
    context = (params.get("kwargs") or {}).get("context") or {}
    defaults = {name: context.get(f"default_{name}") for name in ("res_model", "res_model_id", "res_id")}
    given = [defaults, *(values for values in _flat(arguments) if isinstance(values, dict))]
    return _ids_of_leads(env, given)


def _ids_of_leads(env, given):
    """Return the ids of the leads that these values belong to."""
    model_id = env["ir.model"]._get_id("crm.lead")
    return _ids(
        values.get("res_id")
        for values in given
        if values.get("res_model") == "crm.lead" or values.get("res_model_id") == model_id
    )


def _ids(values):
    return [value for value in _flat(values) if isinstance(value, int) and value]


def _flat(values):
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        else:
            yield value

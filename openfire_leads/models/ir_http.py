"""Who works on leads is told in a sentence where the database could not do what was asked."""

import logging

import psycopg2

from odoo import models
from odoo.exceptions import LockError, UserError
from odoo.http import request

from ..tools.transactions import is_conflict, is_outage

_logger = logging.getLogger(__name__)

# leads, and windows that convert or merge them
OWN_MODELS = ("crm.lead", "crm.merge.opportunity")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        return super()._handle_error(cls._told_fault(exception) or exception)

    @classmethod
    def _told_fault(cls, exception):
        """Return what to say instead where another transaction came in the way as often as Odoo tries, or where the
        database is gone or has no room left; ``None`` for what is none of that, or not about leads."""
        params = request.params
        model = params.get("model") or params.get("__model__") or params.get("thread_model") or ""
        if not str(model).startswith(OWN_MODELS):
            return None
        conflict = is_conflict(exception)
        if not conflict and not is_outage(exception):
            return None
        _logger.error("A request about %s failed", model, exc_info=exception)
        try:
            if conflict:
                return LockError(
                    request.env._(
                        "Others are changing the same records again and again. Nothing was changed: "
                        "try again in a moment."
                    )
                )
            return UserError(
                request.env._(
                    "The database cannot do this right now. Nothing was changed: try again in a moment, "
                    "and tell your administrator if it goes on."
                )
            )
        except psycopg2.Error:  # the user's language cannot be looked up
            return None

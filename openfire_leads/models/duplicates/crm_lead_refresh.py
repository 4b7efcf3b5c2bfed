"""Leads keep their match keys and pairs up to date."""

import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools import split_every

from .crm_lead_created import CREATED

_logger = logging.getLogger(__name__)

# Leads changed in one transaction: up to so many are compared before it ends, ...
COMPARE_AT_ONCE = 50
# ... up to so many get their keys, so that others find them; beyond that the queue does everything.
STORE_AT_ONCE = 2000

PENDING = "openfire_leads.match_pending"
# what is looked up with a lead's compared values
DEPENDENT = [
    *("duplicates_found", "duplicates_readable"),
    *("duplicate_lead_ids", "duplicate_lead_count", "duplicate_notice"),
]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------

    @api.model
    def _match_compared_fields(self):
        """Return the names of the stored fields whose values are compared."""
        return {
            "name", "contact_name", "partner_name", "email_from", "email_normalized", "phone", "phone_sanitized",
            "street", "street2", "zip", "city", "state_id", "country_id",
        }  # fmt: skip

    def _match_asked_fields(self):
        """Return the names of the compared fields by which a lead is looked up while its form is filled in.

        Each of these brings a look-up, which compares all that there is by then (see ``_compared_duplicates``).
        The others alone find nobody; once the lead is saved, everything counts.
        """
        return {"contact_name", "partner_name", "email_from", "phone"}

    @api.model
    def _match_respelling_fields(self):
        """Return the names of the fields whose own change only writes compared values of a form another way.

        Odoo writes the phone with its code when a country is chosen. Who was found by it stays found.
        """
        return {"country_id"}

    def _match_extra_contacts(self):
        """Return further contacts by which these leads are found.

        :return: ``{lead_id: {"emails": [...], "phones": [...]}}``, leads without any left out
        """
        return {}

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    def _create(self, data_list):
        leads = super()._create(data_list)
        leads._mark_match()
        return leads

    def _write_multi(self, vals_list):
        # Everything stored passes here, also what is recomputed when the customer's own values change.
        super()._write_multi(vals_list)
        compared = self._match_compared_fields()
        changed = [
            lead.id for lead, vals in zip(self, vals_list, strict=True) if not compared.isdisjoint(vals)
        ]
        self.browse(changed)._mark_match()

    # ------------------------------------------------------------
    # KEEPING UP TO DATE
    # ------------------------------------------------------------

    def _refresh_match(self, now=False):
        """Bring match keys and pairs of these leads up to date.

        :param now: at once, whatever their number; otherwise before the transaction is committed, or by
            the queue when it changes many leads
        """
        # what asks for it may have merged leads into these: of those, others may know
        self._noted(CREATED).difference_update(self._ids)
        if now:
            leads = self.sudo().exists()
            leads.flush_model(self._match_compared_fields())
            for batch in split_every(COMPARE_AT_ONCE, leads.ids, self.sudo().browse):
                self.env["crm.lead.duplicate"].sudo()._refresh(batch)
            return
        self._mark_match()

    def _mark_match(self):
        """Have these leads dealt with before the transaction is committed, or before pairs are read."""
        if not self:
            return
        data = self.env.cr.precommit.data
        if PENDING not in data:
            data[PENDING] = set()
            self.env.cr.precommit.add(self.env["crm.lead"].sudo()._match_flush)
        data[PENDING].update(self._ids)
        # what was looked up is out of date, whichever of the compared values changed
        self.invalidate_recordset(DEPENDENT, flush=False)

    @api.model
    def _match_flush(self):
        """Deal with the leads that this transaction has marked.

        Called before the commit, and by whatever reads pairs, as the ORM flushes its own pending updates.
        """
        self.env["crm.lead"].flush_model(
            self._match_compared_fields()
        )  # marks what was written and not yet stored
        data = self.env.cr.precommit.data
        if PENDING not in data:
            return
        leads = self.sudo().with_context(active_test=False).browse(sorted(data[PENDING]))
        data[PENDING].clear()
        leads._match_attempt()
        if not data[PENDING]:
            del data[PENDING]

    def _match_attempt(self):
        """Bring these leads up to date; one that cannot be compared is saved all the same."""
        try:
            try:
                self._match_bring_up_to_date()
            except MissingError:
                # Deleted in this transaction, or gone with a savepoint, and the cache knows nothing of it: rare
                # enough not to look first.
                self.env.flush_all()
                self.env.invalidate_all()
                self.exists()._match_bring_up_to_date()
        except psycopg2.Error:
            raise  # the transaction is broken, or is to start again
        except Exception as error:
            # the queue looks at each one by itself
            _logger.exception("The leads %s cannot be compared now: the queue tries again", self.ids)
            self.env["crm.lead.match.queue"]._append_again(self.ids, failures=1, error=error)

    def _match_bring_up_to_date(self):
        if len(self) <= COMPARE_AT_ONCE:
            self.env["crm.lead.duplicate"]._refresh(self)
        elif len(self) <= STORE_AT_ONCE:
            self.env["crm.lead.match"]._store(self, queue=True)
        else:
            self.env["crm.lead.match.queue"]._append(self.ids)

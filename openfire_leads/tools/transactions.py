"""Doing anew what another transaction came in the way of, where nobody else would."""

import logging
import random
import time

from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from odoo.exceptions import ConcurrencyError
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


def again_after_conflict(env, func):
    """Call ``func`` and return what it returns; take it back and call it anew where another transaction came in its
    way, as often as Odoo does that for a request (:func:`odoo.service.model.retrying`).

    * Only where the transaction begins with it, so that nothing else is taken back. Where it has begun, whoever
      began it answers for it: the error passes.
    * It is not committed: that is for whoever calls.
    * What the database must wait for it waits for, however long that takes; then it is seen as it has become.
    """
    cr = env.cr
    if _has_begun(cr):
        return func()
    for left in range(MAX_TRIES_ON_CONCURRENCY_FAILURE - 1, 0, -1):
        try:
            return _flushed(cr, func)
        except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) as error:
            _logger.info("%s, %s tries left", type(error).__name__, left)
            cr.rollback()
            env.transaction.reset()
            time.sleep(random.uniform(0, 1))  # two that met are not to meet again
    return _flushed(cr, func)


def _flushed(cr, func):
    result = func()
    cr.flush()  # a conflict with what is written is found here
    return result


def _has_begun(cr):
    if cr.connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
        cr.flush()  # begins one, if anything waits to be written
    return cr.connection.info.transaction_status != TRANSACTION_STATUS_IDLE

"""What came of a transaction: doing anew what another one came in the way of, where nobody else would, and telling
whose fault an error is."""

import logging
import random
import time
from weakref import WeakKeyDictionary

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import QueryCanceled
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from odoo.exceptions import ConcurrencyError
from odoo.http import request
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# PostgreSQL's errors of what is too large or too complex for it, whenever it is asked
TOO_MUCH = "54"
# by cursor: whether what goes on is done anew after a conflict; the cursor's own cache forgets it at a savepoint
_tried_again = WeakKeyDictionary()


def is_tried_again(env):
    """Return whether somebody does this transaction anew where another one comes in its way: Odoo for a request,
    :func:`again_after_conflict` for what it calls."""
    tried_again = _tried_again.get(env.cr)
    return bool(request) or bool(tried_again and tried_again())


def is_conflict(error):
    """Return whether an exception says that another transaction came in the way."""
    return isinstance(error, (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY))


def is_outage(error):
    """Return whether an exception says that the database can do nothing for the time being, whatever it is asked: it is
    gone, or has no room left. No record is at fault then, and what was begun is to be done later."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError) or is_conflict(error):
        return False
    # what takes too long, or is too much, may be the record's own
    return not (isinstance(error, QueryCanceled) or (error.pgcode or "").startswith(TOO_MUCH))


def again_after_conflict(env, func, wanted=lambda: True):
    """Call ``func`` and return what it returns; take it back and call it anew where another transaction came in its
    way, as often as Odoo does that for a request (:func:`odoo.service.model.retrying`).

    * Only where the transaction begins with it, so that nothing else is taken back. Where it has begun, whoever
      began it answers for it: the error passes.
    * It is not committed: that is for whoever calls.
    * What the database must wait for it waits for, however long that takes; then it is seen as it has become.

    :param wanted: asked when something came in the way, whether it is to be done anew: ``func`` may find that out
    """
    cr = env.cr
    if _has_begun(cr):
        return func()
    _tried_again[cr] = wanted
    try:
        return _again(env, func, wanted)
    finally:
        _tried_again.pop(cr, None)


def _again(env, func, wanted):
    cr = env.cr
    for left in range(MAX_TRIES_ON_CONCURRENCY_FAILURE - 1, 0, -1):
        try:
            return _flushed(cr, func)
        except Exception as error:
            if not is_conflict(error) or not wanted():
                raise
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

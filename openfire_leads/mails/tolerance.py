"""What cannot be read in a mail is left out: it makes a lead all the same."""

import functools
import logging

_logger = logging.getLogger(__name__)


def tolerant(empty):
    """Decorate what reads a mail: where it fails, it gives ``empty()`` and a line in the log.

    Mails are whatever programs send, and the libraries that read them raise whatever they raise.
    """

    def decorate(read):
        @functools.wraps(read)
        def wrapper(*arguments):
            try:
                return read(*arguments)
            except Exception:
                _logger.info("Part of a mail cannot be read (%s)", read.__name__, exc_info=True)
                return empty()

        return wrapper

    return decorate

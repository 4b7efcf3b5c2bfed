"""Days by the clock of a user."""

from datetime import datetime, time

import pytz


def midnight(user):
    """Return when the day that it is for ``user`` began.

    :param user: ``res.users``; without a time zone, or empty, the day is that of UTC
    :return: a datetime in UTC without a time zone, as fields have it
    """
    zone = pytz.timezone(user.tz or "UTC")
    local = zone.localize(datetime.combine(datetime.now(zone), time()))
    return local.astimezone(pytz.utc).replace(tzinfo=None)

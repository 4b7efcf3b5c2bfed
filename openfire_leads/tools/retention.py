"""How long records are kept that are kept for a while only, and their removal afterwards."""

from datetime import timedelta

# a hundred years: what is more than that is a slip of the hand, and would be no date
MOST_DAYS = 36_500


def days(env, parameter, default=0):
    """Return for how many days a system parameter says that records are kept, 0 for ever.

    :param default: where the parameter is not set, or is no number
    """
    # sudo: read by the scheduler and the settings
    value = env["ir.config_parameter"].sudo().get_param(parameter)
    return min(int(value), MOST_DAYS) if value and value.isdecimal() else default


def remove_older(model, date, days, batch):
    """Delete the records of ``model`` that are older than they are kept, the first ``batch`` of them.

    :param date: the name of the field that says how old one is
    :param days: how many days they are kept, 0 for ever
    :returns: how many were deleted, and whether there are more: what an ``autovacuum`` method returns
    """
    if not days:
        return 0, 0
    limit = model.env.cr.now() - timedelta(days=days)
    old = model.search([(date, "<", limit)], limit=batch, order="id")
    old.unlink()
    return len(old), len(old) == batch

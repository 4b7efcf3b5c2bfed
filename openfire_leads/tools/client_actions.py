"""Actions that the addon's own JavaScript carries out."""


def notify_undo(message, model, method, ids):
    """Return the action that closes the window, tells ``message`` and offers to take it back by one click.

    :param str message: what was done
    :param str model: the model of ``method``, a public verb without arguments that takes it back
    :param str method: its name
    :param list ids: the records to call it on; without any there is no button
    """
    return {
        "type": "ir.actions.client",
        "tag": "openfire_notify_undo",
        "params": {
            "message": message,
            "undo": {"model": model, "method": method, "ids": list(ids)},
            "next": {"type": "ir.actions.act_window_close"},
        },
    }


def show_undone(shown, window):
    """Return the action that shows what an undo brought back, and over it a window.

    :param dict shown: the action of the former
    :param dict window: the action of the latter
    """
    return {
        "type": "ir.actions.client",
        "tag": "openfire_undone",
        "params": {"shown": with_views(shown), "window": with_views(window)},
    }


def with_views(action):
    """Return an action that is part of another one, or of an error, as Odoo completes those that it is given directly:
    the client cannot show a window without."""
    if action.get("type") != "ir.actions.act_window" or action.get("views"):
        return action
    view_id = action.get("view_id") or False
    return {**action, "views": [(view_id, mode) for mode in action["view_mode"].split(",")]}

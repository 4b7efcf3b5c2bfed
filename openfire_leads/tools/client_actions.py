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
        "params": {"shown": _with_views(shown), "window": _with_views(window)},
    }


def _with_views(action):
    """Return an action for the client as Odoo completes those that it is given directly."""
    return {"views": [(False, mode) for mode in action["view_mode"].split(",")], **action}

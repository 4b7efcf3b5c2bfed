import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

// long enough to read it and to move the mouse there
const UNDO_DELAY = 15000;

/** Tell what was done, with a button that takes it back and shows the list or form anew. */
function notifyUndo(env, { params }) {
    const { action, notification, orm } = env.services;
    const { model, method, ids } = params.undo;
    const undo = async () => {
        close();
        await orm.call(model, method, [ids], { context: user.context });
        await action.doAction("soft_reload");
    };
    const close = notification.add(params.message, {
        type: "success",
        autocloseDelay: UNDO_DELAY,
        buttons: ids.length ? [{ name: _t("Undo"), primary: true, onClick: undo }] : [],
    });
    return params.next;
}

registry.category("actions").add("openfire_notify_undo", notifyUndo);

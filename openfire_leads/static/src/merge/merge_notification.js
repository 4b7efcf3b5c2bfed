import { _t } from "@web/core/l10n/translation";

// long enough to read it and to move the mouse there
const UNDO_DELAY = 15000;

/** Shown already, the survivor is shown again in its place, not on top of itself. */
function stackOptions({ currentController }, { res_model, res_id }) {
    const props = currentController?.props || {};
    const isShown = props.resModel === res_model && props.resId === res_id;
    return isShown ? { stackPosition: "replaceCurrentAction" } : {};
}

/**
 * Tell what was merged, with a button that takes it back.
 *
 * @param {Object} services the environment's services (`env.services`)
 * @param {string} resModel model of the record that merged, with a method `get_merge_result`
 * @param {number} resId
 */
export async function notifyMerged({ action, notification, orm }, resModel, resId) {
    const result = await orm.call(resModel, "get_merge_result", [[resId]]);
    if (!result) {
        return;
    }
    const buttons = [];
    if (result.can_undo) {
        buttons.push({
            name: _t("Undo"),
            primary: true,
            onClick: async () => {
                close();
                const after = await orm.call("crm.lead.merge", "action_ask_undo", [[result.merge_id]]);
                await action.doAction(after, stackOptions(action, after));
            },
        });
    }
    const close = notification.add(result.message, {
        type: "success",
        autocloseDelay: UNDO_DELAY,
        buttons,
    });
}

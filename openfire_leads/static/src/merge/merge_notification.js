import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

import { rememberMerged } from "./merged_lead";

// long enough to read it and to move the mouse there
const UNDO_DELAY = 15000;

/** The survivor is shown already, mostly: then it is shown again in its place, not on top of itself. */
export function stackPosition({ currentController }, survivorId) {
    const { resModel, resId } = currentController?.props || {};
    const isShown = resModel === "crm.lead" && resId === survivorId;
    return isShown ? { stackPosition: "replaceCurrentAction" } : {};
}

/**
 * Tell what was merged, with a button that takes it back.
 *
 * @param {Object} services the environment's services (`env.services`)
 * @param {string} resModel model of the record that merged, with methods `get_merge_result`
 *   and `action_undo_merge`
 * @param {number} resId
 */
export async function notifyMerged({ action, notification, orm }, resModel, resId) {
    const result = await orm.call(resModel, "get_merge_result", [[resId]]);
    if (!result) {
        return;
    }
    rememberMerged(result.merged_ids);
    const buttons = [];
    if (result.can_undo) {
        buttons.push({
            name: _t("Undo"),
            primary: true,
            onClick: async () => {
                close();
                await action.doActionButton({
                    type: "object",
                    resModel,
                    name: "action_undo_merge",
                    resId,
                    resIds: [resId],
                    // what comes back (titles, notes, errors) is in the user's language
                    context: user.context,
                    ...stackPosition(action, result.survivor_id),
                });
            },
        });
    }
    const close = notification.add(result.message, {
        type: "success",
        autocloseDelay: UNDO_DELAY,
        buttons,
    });
}

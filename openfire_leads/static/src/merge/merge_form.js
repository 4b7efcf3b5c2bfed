import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

import { ConvertFormController } from "./convert_form";

/** Event by which the table is asked to look again; listeners add a promise to `detail.proms`. */
export const REFRESH_EVENT = "OPENFIRE_LEADS:REFRESH_MERGE";

/** The merge window: looks again before merging, and offers to undo afterwards. */
export class MergeFormController extends ConvertFormController {
    /**
     * Look at the leads once more: somebody else may have merged or deleted one while the window
     * was open. What is in the way is then told in the window, and nothing is sent.
     */
    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name === "action_merge") {
            const proms = [];
            this.model.bus.trigger(REFRESH_EVENT, { proms });
            await Promise.all(proms);
            if (this.model.root.data.merge_blocked) {
                return false;
            }
        }
        return super.beforeExecuteActionButton(clickParams);
    }
}

registry.category("views").add("openfire_merge_form", {
    ...formView,
    Controller: MergeFormController,
});

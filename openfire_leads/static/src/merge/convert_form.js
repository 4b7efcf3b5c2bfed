import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

import { notifyMerged } from "./merge_notification";

const MERGING_BUTTONS = ["action_merge", "action_apply", "action_mass_convert"];

/** A window that may merge, by itself or on the way to converting: tells it, and offers to undo. */
export class ConvertFormController extends FormController {
    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(clickParams);
        const { resModel, resId } = this.model.root;
        if (MERGING_BUTTONS.includes(clickParams.name) && resId) {
            // the window is closed by now: its own services no longer answer
            await notifyMerged(this.env.services, resModel, resId);
        }
    }
}

registry.category("views").add("openfire_convert_form", {
    ...formView,
    Controller: ConvertFormController,
});

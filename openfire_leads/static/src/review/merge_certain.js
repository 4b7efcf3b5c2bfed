/**
 * The page's button that has all certain groups merged: for sales managers, who look at what would be merged first.
 */
import { onWillStart } from "@odoo/owl";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";

import { ReviewController } from "./review_controller";

patch(ReviewController.prototype, {
    setup() {
        super.setup();
        onWillStart(async () => {
            this.mergesCertain = await user.hasGroup("sales_team.group_sale_manager");
        });
    },

    mergeCertain() {
        this.action.doAction("openfire_leads.crm_lead_duplicate_group_action_merge_certain");
    },
});

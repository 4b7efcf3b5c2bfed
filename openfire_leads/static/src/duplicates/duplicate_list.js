import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

import { ScoreBadge } from "./score";

/**
 * Likely duplicates of a lead, each with its score, its reasons and what can be done about it.
 * Used by the notice on the form and by the window after saving.
 */
export class DuplicateList extends Component {
    static template = "openfire_leads.DuplicateList";
    static components = { ScoreBadge };
    static props = {
        leadId: { type: [Number, Boolean], optional: true },
        duplicates: Array,
        onDone: Function, // called after a verb may have changed something
        onLeave: { type: Function, optional: true }, // called before another window or form opens
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    describe(duplicate) {
        return [duplicate.contact, duplicate.stage, duplicate.user].filter(Boolean).join(" · ");
    }

    async open(duplicate) {
        await this.props.onLeave?.();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: duplicate.lead_id,
            views: [[false, "form"]],
        });
    }

    async merge(duplicate) {
        // asked for first: what a closed window asks for is never answered
        const action = await this.orm.call("crm.lead", "action_merge_with", [
            [this.props.leadId],
            [duplicate.lead_id],
        ]);
        await this.props.onLeave?.();
        // The merge leads on to the survivor: this lead may be gone, so it is not loaded again.
        await this.action.doAction(action);
    }

    async dismiss(duplicate) {
        await this.props.onLeave?.();
        await this.action.doAction("openfire_leads.crm_lead_duplicate_dismiss_action", {
            additionalContext: { default_pair_ids: [duplicate.pair_id] },
            onClose: () => this.props.onDone(),
        });
    }

    async compare(duplicate) {
        await this.props.onLeave?.();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead.duplicate",
            res_id: duplicate.pair_id,
            views: [[false, "form"]],
        });
    }
}

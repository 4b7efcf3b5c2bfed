// registers the view "crm_form", which is extended below
import "@crm/views/crm_form/crm_form";

import { Component, onMounted, useRef } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

import { DuplicateList } from "./duplicate_list";

/** The window after saving: proposes to merge with leads of the same requester. */
export class DuplicateWindow extends Component {
    static template = "openfire_leads.DuplicateWindow";
    static components = { Dialog, DuplicateList };
    static props = {
        leadId: Number,
        duplicates: Array,
        onDone: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        // what the window is for has the focus, not the first link in it
        const list = useRef("list");
        onMounted(() => list.el?.querySelector(".o_openfire_duplicate_merge")?.focus());
    }

    async mergeAll() {
        // asked for first: what a closed window asks for is never answered
        const action = await this.orm.call("crm.lead", "action_merge_with", [
            [this.props.leadId],
            this.props.duplicates.map((duplicate) => duplicate.lead_id),
        ]);
        this.props.close();
        // The merge leads on to the survivor: this lead may be gone, so it is not loaded again.
        await this.action.doAction(action);
    }
}

const crmForm = registry.category("views").get("crm_form");

export class DuplicateFormController extends crmForm.Controller {
    setup() {
        super.setup();
        this.dialogs = useService("dialog");
        this.isLeaving = false;
        this.isExecuting = false;
        // pairs of leads that the window has shown since this form was opened
        this.shownIds = new Set();
    }

    async beforeLeave() {
        this.isLeaving = true;
        try {
            return await super.beforeLeave(...arguments);
        } finally {
            this.isLeaving = false;
        }
    }

    /** A save on behalf of a button (convert, won…) is followed by what that button opens. */
    async beforeExecuteActionButton() {
        this.isExecuting = true;
        try {
            return await super.beforeExecuteActionButton(...arguments);
        } finally {
            this.isExecuting = false;
        }
    }

    async onRecordSaved(record) {
        const result = await super.onRecordSaved(...arguments);
        const stays = !this.isLeaving && !this.isExecuting && !this.env.inDialog;
        if (stays && record.resModel === "crm.lead" && record.resId) {
            this.proposeMerge(record.resId);
        }
        return result;
    }

    /**
     * Not awaited by the save: the form is usable while the server looks. Who has closed the window is
     * asked again within the same visit only when there are leads that it has not shown yet.
     */
    async proposeMerge(leadId) {
        const found = await this.orm.silent.call("crm.lead", "get_duplicate_window", [[leadId]]);
        const isNew = ({ lead_id }) => !this.shownIds.has(`${leadId}-${lead_id}`);
        if (found && this.model.root.resId === leadId && found.duplicates.some(isNew)) {
            found.duplicates.forEach(({ lead_id }) => this.shownIds.add(`${leadId}-${lead_id}`));
            const pairIds = found.duplicates.map((duplicate) => duplicate.pair_id);
            this.dialogs.add(
                DuplicateWindow,
                {
                    leadId,
                    duplicates: found.duplicates,
                    onDone: () => this.model.root.resId === leadId && this.model.load(),
                },
                {
                    // however it was closed: as they are now, these pairs are not proposed to this user again
                    onClose: () =>
                        this.orm.silent.call("crm.lead.duplicate", "close_window", [pairIds]),
                }
            );
        }
    }
}

registry
    .category("views")
    .add("crm_form", { ...crmForm, Controller: DuplicateFormController }, { force: true });

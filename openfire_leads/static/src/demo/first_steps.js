/**
 * Five things to try with the demo data. Loaded by a record of these (`demo/first_steps_demo.xml`), where there are any.
 */
import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const DISMISSED = "openfire_leads.first_steps_dismissed";
const LISTS = ["list", "kanban"];

export class FirstSteps extends Component {
    static template = "openfire_leads.FirstSteps";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.steps = [
            {
                name: "similar",
                title: _t("See why two leads are likely one person's"),
                text: _t(
                    "Somebody wrote three times, each time a little differently. Above the form it says which leads are alike, how likely it is, and why."
                ),
                link: _t("Open the lead"),
                open: () => this.action.doAction("openfire_leads.first_steps_demo_similar"),
            },
            {
                name: "merge",
                title: _t("Merge two leads side by side"),
                text: _t(
                    "Click the values that the result is to have; it says what moves along. Nothing is lost: what gives way is kept in the chatter."
                ),
                link: _t("Open the merge window"),
                open: () => this.action.doAction("openfire_leads.first_steps_demo_merge"),
            },
            {
                name: "undo",
                title: _t("Take that merge back"),
                text: _t(
                    "Press Undo: both leads come back, with everything that belonged to each of them."
                ),
                link: _t("Open the last merge"),
                open: () => this.openLastMerge(),
            },
            {
                name: "groups",
                title: _t("Go through all likely duplicates"),
                text: _t(
                    "Group by group, by mouse or keyboard: merge, put aside, leave one out, skip, take back."
                ),
                link: _t("Open Duplicates"),
                open: () => this.action.doAction("openfire_leads.crm_lead_duplicate_group_action"),
            },
            {
                name: "convert",
                title: _t("Convert a lead"),
                text: _t(
                    "Press Convert to Opportunity: link a customer, create one, or neither. Your choice is kept to the letter."
                ),
                link: _t("Open the lead"),
                open: () => this.action.doAction("openfire_leads.first_steps_demo_convert"),
            },
        ];
    }

    async openLastMerge() {
        const domain = [
            ["user_id", "=", user.userId],
            ["kind", "=", "merge"],
            ["state", "=", "done"],
        ];
        const [id] = await this.orm.search("crm.lead.merge", domain, {
            limit: 1,
            order: "id DESC",
        });
        if (!id) {
            this.notification.add(_t("Merge two leads first: that is the second step."), {
                type: "info",
            });
            return;
        }
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead.merge",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("openfire_first_steps", FirstSteps);

/** The line above leads, until somebody closes it. */
export class FirstStepsBanner extends Component {
    static template = "openfire_leads.FirstStepsBanner";
    static props = {};

    setup() {
        this.action = useService("action");
        this.state = useState({ isDismissed: Boolean(browser.localStorage.getItem(DISMISSED)) });
    }

    open() {
        return this.action.doAction("openfire_leads.first_steps_demo");
    }

    dismiss() {
        browser.localStorage.setItem(DISMISSED, "1");
        this.state.isDismissed = true;
    }
}

ControlPanel.components = {
    ...ControlPanel.components,
    OpenfireFirstStepsBanner: FirstStepsBanner,
};

patch(ControlPanel.prototype, {
    get leadsToOpenfireFirstSteps() {
        const model = this.env.searchModel?.resModel;
        return model === "crm.lead" && LISTS.includes(this.env.config.viewType);
    },
});

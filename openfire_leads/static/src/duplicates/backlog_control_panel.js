/**
 * Lists of leads and of pairs say that duplicates may be missing yet, whichever module's view they are.
 */
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { ControlPanel } from "@web/search/control_panel/control_panel";

import { Backlog, MANY } from "./backlog";

const MODELS = ["crm.lead", "crm.lead.duplicate"];
// where people look for duplicates; the page of groups says it itself, beside its own counts
const DUPLICATES = ["crm.lead.duplicate", "crm.lead.duplicate.report"];
const LISTS = ["list", "kanban"];

ControlPanel.components = { ...ControlPanel.components, OpenfireBacklog: Backlog };

patch(ControlPanel.prototype, {
    get listsOpenfireLeads() {
        return (
            MODELS.includes(this.env.searchModel?.resModel) &&
            LISTS.includes(this.env.config.viewType)
        );
    },

    /** Whether it is a page about duplicates, whichever view of it. */
    get asksOpenfireDuplicates() {
        return (
            DUPLICATES.includes(this.env.searchModel?.resModel) &&
            this.env.config.viewType !== "form"
        );
    },

    get openfireMany() {
        return MANY;
    },

    get openfireMore() {
        return _t("More duplicates may be found.");
    },
});

/**
 * Lists of leads and of pairs say that duplicates may be missing yet, whichever module's view they are.
 */
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { ControlPanel } from "@web/search/control_panel/control_panel";

import { Backlog, MANY } from "./backlog";

const MODELS = ["crm.lead", "crm.lead.duplicate"];
const LISTS = ["list", "kanban"];

ControlPanel.components = { ...ControlPanel.components, OpenfireBacklog: Backlog };

patch(ControlPanel.prototype, {
    get listsOpenfireLeads() {
        return (
            MODELS.includes(this.env.searchModel?.resModel) &&
            LISTS.includes(this.env.config.viewType)
        );
    },

    get openfireMany() {
        return MANY;
    },

    get openfireMore() {
        return _t("More duplicates may be found.");
    },
});

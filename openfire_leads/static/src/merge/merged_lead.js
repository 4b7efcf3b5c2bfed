// registers the view "crm_form", which is extended below
import "@crm/views/crm_form/crm_form";

import { registry } from "@web/core/registry";

const crmForm = registry.category("views").get("crm_form");

/** Leads that were merged into another one in this tab: what the browser remembers of them is no use. */
const mergedIds = new Set();

export function rememberMerged(ids) {
    ids.forEach((id) => mergedIds.add(id));
}

/** @returns {Object} where the server says that a merged lead went, if it is that which it says, and its words */
function survivorOf(error) {
    const [message, action] = error.data?.arguments || [];
    const redirects = error.exceptionName === "odoo.exceptions.RedirectWarning";
    const isLead = redirects && action?.res_model === "crm.lead";
    return { message, survivorId: isLead && action.res_id };
}

/** A breadcrumb, a list or a link that was there before the merge leads to the lead that remains. */
export class MergedLeadModel extends crmForm.Model {
    async load(params = {}) {
        try {
            return await super.load(params);
        } catch (error) {
            const { message, survivorId } = survivorOf(error);
            if (!survivorId) {
                throw error;
            }
            this.notification.add(message, { type: "info" });
            const ids = params.resIds || this.config.resIds || [];
            const resIds = ids.includes(survivorId) ? ids : [survivorId];
            return super.load({ ...params, resId: survivorId, resIds });
        }
    }

    _getCacheParams(config) {
        return mergedIds.has(config.resId) ? undefined : super._getCacheParams(...arguments);
    }
}

registry.category("views").add("crm_form", { ...crmForm, Model: MergedLeadModel }, { force: true });

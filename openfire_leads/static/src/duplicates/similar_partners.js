import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { ScoreBadge } from "./score";

/** Customers that are likely the requester; one click links the lead to one of them. */
export class SimilarPartners extends Component {
    static template = "openfire_leads.SimilarPartners";
    static components = { ScoreBadge };
    static props = { ...standardFieldProps };

    get partners() {
        return this.props.record.data[this.props.name] || [];
    }

    isLinked(partner) {
        const { action, partner_id } = this.props.record.data;
        return action === "exist" && partner_id && partner_id.id === partner.id;
    }

    async link(partner) {
        await this.props.record.update({ action: "exist" });
        await this.props.record.update({
            partner_id: { id: partner.id, display_name: partner.name },
        });
    }
}

registry.category("fields").add("openfire_similar_partners", {
    component: SimilarPartners,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "action", type: "selection" },
        { name: "partner_id", type: "many2one" },
    ],
});

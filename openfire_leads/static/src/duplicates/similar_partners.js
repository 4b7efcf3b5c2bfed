import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Customers that are likely the requester; one click links the lead to one of them. */
export class SimilarPartners extends Component {
    static template = "openfire_leads.SimilarPartners";
    static props = { ...standardFieldProps };

    get partners() {
        return this.props.record.data[this.props.name] || [];
    }

    scoreText(partner) {
        return _t("%s %", Math.min(Math.floor(partner.score), 99));
    }

    isLinked(partner) {
        const { action, partner_id } = this.props.record.data;
        return action === "exist" && partner_id && partner_id.id === partner.id;
    }

    async link(partner) {
        await this.props.record.update({ action: "exist" });
        await this.props.record.update({ partner_id: { id: partner.id, display_name: partner.name } });
    }
}

registry.category("fields").add("lead_similar_partners", {
    component: SimilarPartners,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "action", type: "selection" },
        { name: "partner_id", type: "many2one" },
    ],
});

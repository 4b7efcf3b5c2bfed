import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { DuplicateList } from "./duplicate_list";

/** The notice above a lead: who is likely the same requester, while typing and afterwards. */
export class DuplicateNotice extends Component {
    static template = "openfire_leads.DuplicateNotice";
    static components = { DuplicateList };
    static props = { ...standardFieldProps };

    get notice() {
        return this.props.record.data[this.props.name] || false;
    }

    get title() {
        const count = this.notice.duplicates.length + this.notice.more;
        return count === 1 ? _t("1 likely duplicate") : _t("%s likely duplicates", count);
    }

    get moreText() {
        return this.notice.more === 1 ? _t("and 1 more") : _t("and %s more", this.notice.more);
    }

    get hiddenText() {
        return this.notice.hidden === 1
            ? _t("1 likely duplicate belongs to somebody else: you may not see it.")
            : _t("%s likely duplicates belong to others: you may not see them.", this.notice.hidden);
    }

    /** What is typed and not saved yet must not get lost. */
    async onLeave() {
        if (this.props.record.resId) {
            await this.props.record.save();
        }
    }

    async onDone() {
        if (this.props.record.resId) {
            await this.props.record.load();
        }
    }
}

registry.category("fields").add("lead_duplicate_notice", {
    component: DuplicateNotice,
    supportedTypes: ["json"],
});

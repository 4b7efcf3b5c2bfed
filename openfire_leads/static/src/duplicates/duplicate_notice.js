import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatList } from "@web/core/l10n/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Backlog, MANY } from "./backlog";
import { DuplicateList } from "./duplicate_list";

/** The notice above a lead: who is likely the same requester, while typing and afterwards. */
export class DuplicateNotice extends Component {
    static template = "openfire_leads.DuplicateNotice";
    static components = { Backlog, DuplicateList };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
    }

    get many() {
        return MANY;
    }

    get backlogMore() {
        return _t("More duplicates may be found.");
    }

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
            : _t(
                  "%s likely duplicates belong to others: you may not see them.",
                  this.notice.hidden
              );
    }

    /** Asking is for a saved lead: the activity is put on it. */
    get canAsk() {
        const { resModel, resId } = this.props.record;
        return resModel === "crm.lead" && resId && this.notice.ask;
    }

    get askText() {
        const names = formatList(this.notice.ask.names);
        return this.notice.ask.asked ? _t("Asked: %s.", names) : _t("Whom to ask: %s.", names);
    }

    async ask() {
        await this.onLeave();
        const names = await this.orm.call("crm.lead", "action_ask_about_duplicates", [
            [this.props.record.resId],
        ]);
        this.notification.add(
            _t(
                "Asked to compare the leads: %s. It is an activity on this lead.",
                formatList(names)
            ),
            { type: "success" }
        );
        await this.onDone();
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

registry.category("fields").add("openfire_duplicate_notice", {
    component: DuplicateNotice,
    supportedTypes: ["json"],
});

import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

import { REFRESH_EVENT } from "./merge_form";
import { MergeTable } from "./merge_table";

/**
 * The table in the merge window: what the user chooses is written on the wizard's record (`survivor_id`, `picks`,
 * `include_won`, `opportunity_ids`), which brings a new preview.
 */
export class MergeTableWidget extends Component {
    static template = "openfire_leads.MergeTableWidget";
    static components = { MergeTable };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ preview: null });
        useRecordObserver((record) => this.load(this.readRequest(record)));
        useBus(this.props.record.model.bus, REFRESH_EVENT, ({ detail }) => {
            this.requestKey = null;
            detail.proms.push(this.load(this.readRequest(this.props.record)));
        });
    }

    /** What the preview depends on, read from the wizard. */
    readRequest(record) {
        const { opportunity_ids, won_ids, include_won, survivor_id, picks, user_id, team_id } =
            record.data;
        const won = won_ids.currentIds;
        const open = opportunity_ids.currentIds.filter((id) => !won.includes(id));
        return {
            leadIds: include_won ? [...open, ...won] : open,
            survivor_id: survivor_id?.id || false,
            picks: picks || {},
            user_id: user_id?.id || false,
            team_id: team_id?.id || false,
        };
    }

    async load(request) {
        const key = JSON.stringify(request);
        if (key === this.requestKey) {
            return;
        }
        this.requestKey = key;
        const { leadIds, ...choices } = request;
        this.state.preview = await this.keepLast.add(
            this.orm.call("crm.merge.opportunity", "get_merge_preview", [leadIds], choices)
        );
        const blocked = this.state.preview.blockers.length > 0;
        if (blocked !== this.props.record.data.merge_blocked) {
            await this.props.record.update({ merge_blocked: blocked });
        }
    }

    get tableProps() {
        const { picks, won_ids, include_won, missing_count } = this.props.record.data;
        return {
            preview: this.state.preview,
            picks: picks || {},
            leadIds: this.readRequest(this.props.record).leadIds,
            wonCount: won_ids.currentIds.length,
            includeWon: include_won,
            missingCount: missing_count,
            onChoose: (choice) => this.choose(choice),
            onLeaveOut: (ids) => this.leaveOut(ids),
            onToggleWon: () => this.update({ include_won: !include_won }),
            focus: true,
        };
    }

    /** Write on the wizard and show what comes of it, without waiting for the observer. */
    async update(changes) {
        await this.props.record.update(changes);
        await this.load(this.readRequest(this.props.record));
    }

    choose({ picks, survivorId, name }) {
        return this.update(
            picks ? { picks } : { survivor_id: { id: survivorId, display_name: name } }
        );
    }

    async leaveOut(ids) {
        const { record } = this.props;
        const picks = Object.entries(record.data.picks || {}).filter(([, id]) => !ids.includes(id));
        await record.update({ picks: Object.fromEntries(picks) });
        for (const list of [record.data.won_ids, record.data.opportunity_ids]) {
            const remove = list.currentIds.filter((id) => ids.includes(id));
            if (remove.length) {
                await list.addAndRemove({ remove });
            }
        }
        await this.load(this.readRequest(record));
    }
}

export const mergeTable = {
    component: MergeTableWidget,
    fieldDependencies: [
        { name: "survivor_id", type: "many2one", relation: "crm.lead", readonly: false },
        { name: "picks", type: "json", readonly: false },
        { name: "won_ids", type: "many2many", relation: "crm.lead", readonly: false },
        { name: "include_won", type: "boolean", readonly: false },
        { name: "missing_count", type: "integer" },
        { name: "merge_blocked", type: "boolean", readonly: false },
    ],
};

registry.category("view_widgets").add("openfire_merge_table", mergeTable);

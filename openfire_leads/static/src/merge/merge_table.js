import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onMounted, useRef, useState } from "@odoo/owl";

import { ScoreBadge } from "../duplicates/score";
import { REFRESH_EVENT } from "./merge_form";

// longer values are folded, with a button to read all of them
const LONG_TEXT = 140;

/**
 * The merge window's table: one column per lead and one for the result.
 *
 * Everything shown comes from `crm.merge.opportunity.get_merge_preview`; what the user chooses is
 * written on the wizard's record (`survivor_id`, `picks`, `include_won`, `opportunity_ids`), which brings a new
 * preview. Candidate values are native radio buttons, one group per row: arrows move inside the
 * row, Tab goes to the next row, Enter goes to the button that merges.
 */
export class MergeTable extends Component {
    static template = "openfire_leads.MergeTable";
    static components = { ScoreBadge };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        // the order of columns is kept while the window is open: only the survivor's mark moves
        this.columnIds = [];
        this.state = useState({ preview: null, expanded: {} });
        useRecordObserver((record) => this.load(this.readRequest(record)));
        onMounted(() => this.root.el.querySelector("thead input:checked")?.focus());
        useBus(this.props.record.model.bus, REFRESH_EVENT, ({ detail }) => {
            this.requestKey = null;
            detail.proms.push(this.load(this.readRequest(this.props.record)));
        });
    }

    // ------------------------------------------------------------------
    // Data
    // ------------------------------------------------------------------

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
        const preview = await this.keepLast.add(
            this.orm.call("crm.merge.opportunity", "get_merge_preview", [leadIds], choices)
        );
        const ids = preview.leads.map((lead) => lead.id);
        this.columnIds = this.columnIds.filter((id) => ids.includes(id));
        this.columnIds.push(...ids.filter((id) => !this.columnIds.includes(id)));
        this.state.preview = preview;
        const blocked = preview.blockers.length > 0;
        if (blocked !== this.props.record.data.merge_blocked) {
            await this.props.record.update({ merge_blocked: blocked });
        }
    }

    get preview() {
        return this.state.preview;
    }

    get leads() {
        const byId = Object.fromEntries(this.preview.leads.map((lead) => [lead.id, lead]));
        return this.columnIds.map((id) => byId[id]);
    }

    get survivor() {
        return this.preview.leads.find((lead) => lead.id === this.preview.survivor_id);
    }

    get picks() {
        return this.props.record.data.picks || {};
    }

    /** Won opportunities are the user's decision: what becomes of them now is said, with a button. */
    get wonText() {
        const { won_ids, include_won } = this.props.record.data;
        const count = won_ids.currentIds.length;
        if (!count) {
            return "";
        }
        if (include_won) {
            return count === 1
                ? _t("One of the selected opportunities is won. It is merged like the others.")
                : _t(
                      "%s of the selected opportunities are won. They are merged like the others.",
                      count
                  );
        }
        return count === 1
            ? _t("One of the selected opportunities is won. It is left out and stays as it is.")
            : _t(
                  "%s of the selected opportunities are won. They are left out and stay as they are.",
                  count
              );
    }

    get missingText() {
        const count = this.props.record.data.missing_count;
        return count === 1
            ? _t(
                  "One of the selected leads no longer exists, or you may not see it. It is left out."
              )
            : _t(
                  "%s of the selected leads no longer exist, or you may not see them. They are left out.",
                  count
              );
    }

    get summary() {
        return _t(
            "“%(name)s” is kept. What the other leads hold goes into it, then they disappear. A merge can be undone.",
            {
                name: this.survivor.name,
            }
        );
    }

    // ------------------------------------------------------------------
    // What a cell shows
    // ------------------------------------------------------------------

    /** To which of the others a lead's score belongs, and why. */
    resemblanceTitle(lead) {
        const { lead_id, reasons } = lead.resemblance;
        const other = this.preview.leads.find(({ id }) => id === lead_id);
        return other
            ? _t("%(name)s: %(reasons)s", { name: other.name, reasons: reasons.join(", ") })
            : "";
    }

    dateOf(lead) {
        return lead.create_date ? formatDate(deserializeDateTime(lead.create_date)) : "";
    }

    valueOf(field, lead) {
        const value = field.values.find((value) => value.lead_id === lead.id);
        return value && !value.blank ? value.display : "";
    }

    isLong(field) {
        const texts = [field.result.display, ...field.values.map((value) => value.display)];
        return texts.some((text) => text && text.length > LONG_TEXT);
    }

    isTaken(field, lead) {
        return field.result.lead_id === lead.id;
    }

    isSame(field, lead) {
        const value = this.valueOf(field, lead);
        return Boolean(value) && value === field.result.display;
    }

    radioLabel(field, lead) {
        return _t("%(field)s: %(value)s, from %(lead)s", {
            field: field.label,
            value: this.valueOf(field, lead),
            lead: lead.name,
        });
    }

    leaveOutLabel(lead) {
        return _t("Leave out of this merge: %s", lead.name);
    }

    unpickLabel(field) {
        return _t("Back to the proposed value: %s", field.label);
    }

    /** Without those that are gone there is something to merge still. */
    get canGoOn() {
        const { gone_ids } = this.preview;
        const left = this.readRequest(this.props.record).leadIds.filter(
            (id) => !gone_ids.includes(id)
        );
        return gone_ids.length > 0 && left.length > 1;
    }

    /** A long address is broken before its “@” rather than anywhere. */
    pieces(text) {
        return text.split(/(?=@)/);
    }

    originText(field) {
        const origin = this.preview.leads.find((lead) => lead.id === field.result.lead_id);
        return {
            picked: _t("Your choice"),
            combined: _t("Combined"),
            asked: _t("As assigned below"),
            recomputed: _t("Follows from the other values"),
            converted: _t("Converted at today's rate"),
            dropped: _t("Only in the note: the result's team has no such property"),
            filled: origin ? _t("From %s", origin.name) : "",
        }[field.how];
    }

    // ------------------------------------------------------------------
    // What the user does
    // ------------------------------------------------------------------

    /** Write on the wizard and show what comes of it, without waiting for the observer. */
    async update(changes) {
        await this.props.record.update(changes);
        await this.load(this.readRequest(this.props.record));
    }

    async pick(field, lead) {
        await this.update({ picks: { ...this.picks, [field.name]: lead.id } });
    }

    async unpick(field) {
        const picks = { ...this.picks };
        delete picks[field.name];
        const row = this.root.el.querySelector(`[data-field="${field.name}"]`);
        await this.update({ picks });
        // the button that was pressed goes away: stay in its row
        const shown = this.preview.fields.find(({ name }) => name === field.name);
        // the label comes before the columns
        const cell = row?.children[this.columnIds.indexOf(shown?.result.lead_id) + 1];
        (cell?.querySelector("input") || row?.querySelector("input"))?.focus();
    }

    async keep(lead) {
        await this.update({ survivor_id: { id: lead.id, display_name: lead.name } });
    }

    async leaveOut(ids) {
        const { record } = this.props;
        const picks = Object.entries(this.picks).filter(([, id]) => !ids.includes(id));
        await record.update({ picks: Object.fromEntries(picks) });
        for (const list of [record.data.won_ids, record.data.opportunity_ids]) {
            const remove = list.currentIds.filter((id) => ids.includes(id));
            if (remove.length) {
                await list.addAndRemove({ remove });
            }
        }
        await this.load(this.readRequest(record));
    }

    async toggleWon() {
        await this.update({ include_won: !this.props.record.data.include_won });
    }

    toggle(field) {
        this.state.expanded[field.name] = !this.state.expanded[field.name];
    }

    /** Enter on a value goes to the main button: a second Enter merges. */
    onKeydown(ev) {
        if (ev.key !== "Enter" || ev.target.type !== "radio") {
            return;
        }
        // in a dialog the buttons are in its footer, outside the form
        const around = this.root.el.closest(".modal") || document.body;
        const button = around.querySelector("button[name='action_merge']:not([disabled])");
        if (button) {
            ev.preventDefault();
            ev.stopPropagation();
            button.focus();
        }
    }
}

export const mergeTable = {
    component: MergeTable,
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

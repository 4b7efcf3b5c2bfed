import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { Component, onMounted, onWillUpdateProps, useRef, useState } from "@odoo/owl";

import { ScoreBadge } from "../duplicates/score";

// longer values are folded, with a button to read all of them
const LONG_TEXT = 140;

/**
 * The table of a merge: one column per lead and one for the result.
 *
 * Everything shown comes from `crm.merge.opportunity.get_merge_preview`; what the user chooses is handed on by the
 * functions in the props, which bring a new preview. Candidate values are native radio buttons, one group per row:
 * arrows move inside the row, Tab goes to the next row, Enter goes to the button that merges.
 */
export class MergeTable extends Component {
    static template = "openfire_leads.MergeTable";
    static components = { ScoreBadge };
    static props = {
        preview: Object,
        // {field name: lead id}
        picks: Object,
        // the leads that were asked for, those that are gone included
        leadIds: { type: Array, element: Number },
        // how many of the leads are won, and whether they are merged too
        wonCount: Number,
        includeWon: Boolean,
        // how many of those selected are gone or hidden
        missingCount: { type: Number, optional: true },
        // the lead whose column is marked
        markedId: { type: Number, optional: true },
        onMark: { type: Function, optional: true },
        // what leaving out a lead does there
        leaveOutText: { type: String, optional: true },
        // ({picks} or {survivorId}): resolves when the preview shows it
        onChoose: Function,
        onLeaveOut: Function,
        onToggleWon: Function,
        focus: { type: Boolean, optional: true },
    };
    static defaultProps = { missingCount: 0, onMark: () => {}, focus: false };

    setup() {
        this.root = useRef("root");
        // the order of columns is kept while the table is open: only the survivor's mark moves
        this.columnIds = [];
        this.state = useState({ expanded: {} });
        this.orderColumns(this.props.preview);
        onWillUpdateProps(({ preview }) => this.orderColumns(preview));
        onMounted(() => {
            if (this.props.focus) {
                this.root.el.querySelector("thead input:checked")?.focus();
            }
        });
    }

    orderColumns(preview) {
        const ids = preview.leads.map((lead) => lead.id);
        this.columnIds = this.columnIds.filter((id) => ids.includes(id));
        this.columnIds.push(...ids.filter((id) => !this.columnIds.includes(id)));
    }

    get preview() {
        return this.props.preview;
    }

    get leads() {
        const byId = Object.fromEntries(this.preview.leads.map((lead) => [lead.id, lead]));
        return this.columnIds.map((id) => byId[id]);
    }

    get survivor() {
        return this.preview.leads.find((lead) => lead.id === this.preview.survivor_id);
    }

    get picks() {
        return this.props.picks;
    }

    /** Won opportunities are the user's decision: what becomes of them now is said, with a button. */
    get wonText() {
        const { wonCount: count, includeWon } = this.props;
        if (!count) {
            return "";
        }
        if (includeWon) {
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
        const count = this.props.missingCount;
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

    get leaveOutText() {
        return this.props.leaveOutText || _t("Leave out of this merge");
    }

    leaveOutLabel(lead) {
        return _t("%(what)s: %(lead)s", { what: this.leaveOutText, lead: lead.name });
    }

    unpickLabel(field) {
        return _t("Back to the proposed value: %s", field.label);
    }

    /** Without those that are gone there is something to merge still. */
    get canGoOn() {
        const { gone_ids } = this.preview;
        const left = this.props.leadIds.filter((id) => !gone_ids.includes(id));
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

    async pick(field, lead) {
        await this.props.onChoose({ picks: { ...this.picks, [field.name]: lead.id } });
    }

    async unpick(field) {
        const picks = { ...this.picks };
        delete picks[field.name];
        const row = this.root.el.querySelector(`[data-field="${field.name}"]`);
        await this.props.onChoose({ picks });
        // the button that was pressed goes away: stay in its row
        const shown = this.preview.fields.find(({ name }) => name === field.name);
        // the label comes before the columns
        const cell = row?.children[this.columnIds.indexOf(shown?.result.lead_id) + 1];
        (cell?.querySelector("input") || row?.querySelector("input"))?.focus();
    }

    async keep(lead) {
        await this.props.onChoose({ survivorId: lead.id, name: lead.name });
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

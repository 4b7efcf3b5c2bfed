import { _t } from "@web/core/l10n/translation";

import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { ScoreBadge } from "../duplicates/score";
import { MergeTable } from "../merge/merge_table";
import { KEYS } from "./review_keys";
import { ReviewModel } from "./review_model";

// more links than these are unfolded
const LINKS = 2;

/** The group that is open: how its leads are linked, the table of its merge, and what can be done with it. */
export class ReviewSheet extends Component {
    static template = "openfire_leads.ReviewSheet";
    static components = { MergeTable, ScoreBadge };
    static props = {
        review: ReviewModel,
        isSmall: Boolean,
        onOpenLead: Function,
    };

    setup() {
        this.state = useState(this.props.review.state);
        this.view = useState({ unfolded: false });
        this.title = useRef("title");
        useEffect(
            () => {
                this.view.unfolded = false;
                // who types goes on typing
                if (
                    !document.activeElement
                        ?.closest("input, textarea")
                        ?.matches(":not([type='radio'])")
                ) {
                    this.title.el?.focus({ preventScroll: true });
                }
            },
            () => [this.sheet.id]
        );
    }

    get sheet() {
        return this.state.sheet;
    }

    get review() {
        return this.props.review;
    }

    get can() {
        return this.review.can;
    }

    key(verb) {
        return KEYS[verb].toUpperCase();
    }

    get links() {
        return this.view.unfolded ? this.sheet.links : this.sheet.links.slice(0, LINKS);
    }

    get moreLinks() {
        const more = this.sheet.links.length - LINKS;
        if (more <= 0 || this.view.unfolded) {
            return "";
        }
        return more === 1 ? _t("and one more link") : _t("and %s more links", more);
    }

    get leadsText() {
        return _t("%s leads", this.sheet.lead_count);
    }

    get markedName() {
        const lead = this.state.choices?.preview?.leads?.find(
            ({ id }) => id === this.state.markedId
        );
        return lead?.name || "";
    }

    get hiddenText() {
        const { hidden_count } = this.sheet;
        return hidden_count === 1
            ? _t("One lead of this group is hidden from you.")
            : _t("%s leads of this group are hidden from you.", hidden_count);
    }

    get askText() {
        const { ask } = this.sheet;
        return ask
            ? _t("May see them: %s.", ask.names.join(", "))
            : _t("No colleague may see them and yours: ask an administrator.");
    }

    get reviewerText() {
        return _t("%s is reviewing this group right now.", this.sheet.reviewer);
    }

    get lastDone() {
        return this.state.done.at(-1);
    }

    get tableProps() {
        const { choices, markedId } = this.state;
        return {
            preview: choices.preview,
            picks: choices.picks,
            leadIds: this.review.mergeIds,
            wonCount: this.sheet.won_ids.length,
            includeWon: choices.includeWon,
            markedId: markedId || undefined,
            onMark: (id) => this.review.mark(id),
            leaveOutText: _t("No duplicate of the others"),
            onChoose: ({ picks, survivorId }) =>
                this.review.choose(picks ? { picks } : { survivorId }),
            onLeaveOut: (ids) => this.leaveOut(ids),
            onToggleWon: () => this.review.choose({ includeWon: !choices.includeWon }),
        };
    }

    /** Leads that are gone are none to leave out: the group is shown as it is now. */
    leaveOut(ids) {
        const gone = this.state.choices.preview.gone_ids;
        if (ids.every((id) => gone.includes(id))) {
            return this.review.open(this.sheet.id);
        }
        return this.review.leaveOut(ids[0]);
    }
}

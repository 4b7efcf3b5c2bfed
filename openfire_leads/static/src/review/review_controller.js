import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";

import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";

import { Backlog } from "../duplicates/backlog";
import { ScoreBadge } from "../duplicates/score";
import { useReviewKeys } from "./review_keys";
import { GROUP, ReviewModel } from "./review_model";
import { ReviewSheet } from "./review_sheet";
import { ScanProgress } from "./scan_progress";

// as far as the server counts groups
const MOST_COUNTED = 10000;
// how often a claim is renewed, in ms: well before it ends
const RENEWAL = 4 * 60 * 1000;

/** The page: the groups on the left, the likeliest first, and the open one on the right. */
export class ReviewController extends Component {
    static template = "openfire_leads.ReviewController";
    static components = { Backlog, Layout, ReviewSheet, ScanProgress, ScoreBadge, SearchBar };
    static props = { ...standardViewProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.searchBarToggler = useSearchBarToggler();
        this.list = useRef("list");
        this.review = new ReviewModel(this.orm, (message) =>
            this.notification.add(message, { type: "danger" })
        );
        this.state = useState(this.review.state);
        this.view = useState(this.ui);
        // looked at anew where the number changes
        this.scan = useState({ number: 0 });
        const former = this.props.state;
        if (former) {
            this.state.done = former.done;
        }
        useSetupAction({
            getLocalState: () => ({ id: this.state.currentId, done: [...this.state.done] }),
        });
        onWillStart(async () => {
            this.review.domain = this.props.domain;
            [this.isManager] = await Promise.all([
                user.hasGroup("sales_team.group_sale_manager"),
                this.review.load(),
            ]);
        });
        onMounted(() => {
            const id = this.props.resId || former?.id;
            if (id) {
                this.review.open(id);
            } else if (!this.view.isSmall) {
                this.review.openFree(0);
            }
        });
        onWillUpdateProps(({ domain }) => this.search(domain));
        useReviewKeys({
            merge: () => this.review.merge(),
            dismiss: () => this.review.dismiss(),
            leaveOut: () => this.review.leaveOut(this.state.markedId),
            skip: () => this.review.skip(),
            open: () => this.openLead(),
            undo: () => this.review.undo(),
            move: (step) => this.review.move(step),
            mark: (step) => this.review.markNext(step),
        });
        useExternalListener(window, "pagehide", () => this.leaveByBeacon());
        const renewal = browser.setInterval(() => {
            if (!document.hidden) {
                this.review.renew();
            }
        }, RENEWAL);
        onWillUnmount(() => {
            browser.clearInterval(renewal);
            this.review.leave();
        });
        useEffect(
            () => {
                this.list.el?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
            },
            () => [this.state.currentId]
        );
    }

    /** Look at the groups that are certain, then have all of them merged. */
    mergeCertain() {
        this.action.doAction("openfire_leads.crm_lead_duplicate_group_action_merge_certain");
    }

    async scanAll() {
        await this.orm.call("crm.lead.scan", "action_start", []);
        this.scan.number++;
    }

    /** Filters changed: what is open stays so, where it is among what was found. */
    async search(domain) {
        if (JSON.stringify(domain) === JSON.stringify(this.review.domain)) {
            return;
        }
        this.review.domain = domain;
        await this.review.load();
        if (this.review.index < 0) {
            if (this.view.isSmall) {
                this.review.close();
            } else {
                this.review.openFree(0);
            }
        }
    }

    /** On a phone the open group gets the room of the panel. */
    get display() {
        const { display } = this.props;
        return this.showsList ? display : { ...display, searchPanel: false };
    }

    get showsList() {
        return !this.view.isSmall || !this.state.currentId;
    }

    /** The tab is closed: no answer will come, and an ordinary request would be cut off. */
    leaveByBeacon() {
        const { claimedId } = this.review;
        if (claimedId) {
            const params = {
                model: GROUP,
                method: "review_leave",
                args: [[claimedId]],
                kwargs: {},
            };
            const body = JSON.stringify({ jsonrpc: "2.0", method: "call", params });
            browser.navigator.sendBeacon(
                `/web/dataset/call_kw/${GROUP}/review_leave`,
                new Blob([body], { type: "application/json" })
            );
        }
    }

    async refresh() {
        await this.review.load();
        if (!this.state.currentId && !this.view.isSmall) {
            await this.review.openFree(0);
        }
    }

    openLead(id = this.state.markedId) {
        if (id) {
            this.action.doActionButton({
                type: "object",
                resModel: "crm.lead",
                name: "redirect_lead_opportunity_view",
                resId: id,
                resIds: [id],
                context: user.context,
            });
        }
    }

    openPairs() {
        this.action.doAction("openfire_leads.crm_lead_duplicate_action");
    }

    // ------------------------------------------------------------------
    // What is said
    // ------------------------------------------------------------------

    get leftText() {
        const { left } = this.state;
        if (left === 1) {
            return _t("1 group left");
        }
        return _t("%s groups left", left < MOST_COUNTED ? left : `${MOST_COUNTED}+`);
    }

    get todayText() {
        const count = this.state.today.reduce((sum, line) => sum + line.count, 0);
        if (!count) {
            return "";
        }
        return count === 1 ? _t("1 done today") : _t("%s done today", count);
    }

    get todayTitle() {
        return this.state.today
            .map(({ name, own, count }) =>
                _t("%(name)s: %(count)s", { name: own ? _t("You") : name, count })
            )
            .join("\n");
    }

    /** Whose the groups of today are, where not all are one's own. */
    get todayNames() {
        const { today } = this.state;
        return today.some(({ own }) => !own) ? this.todayTitle.replaceAll("\n", ", ") : "";
    }

    /** How long the rest takes at the user's pace. */
    get timeText() {
        const { left, pace } = this.state;
        if (!left || !pace) {
            return "";
        }
        const minutes = Math.max(1, Math.round((left * pace) / 60));
        if (minutes < 90) {
            return _t("about %s min left", minutes);
        }
        return _t("about %s h left", Math.round(minutes / 60));
    }

    leadsText({ lead_count }) {
        return _t("%s leads", lead_count);
    }

    get waitingMore() {
        return _t("Their groups appear here by themselves.");
    }

    /** Why no group is open. */
    get empty() {
        const { rows, today, total, waiting } = this.state;
        if (rows.length) {
            return this.review.free(0)
                ? { icon: "fa-hand-o-left", title: _t("Choose a group") }
                : {
                      icon: "fa-users",
                      title: _t("Your colleagues are reviewing what is left"),
                      text: _t(
                          "A group that one of them leaves is free again after 10 minutes at most."
                      ),
                  };
        }
        if (total) {
            return { icon: "fa-refresh", title: _t("More groups are there"), refresh: true };
        }
        if (waiting) {
            return { icon: "fa-hourglass-half", title: _t("Leads are being compared") };
        }
        if (today.length) {
            return {
                icon: "fa-check-circle",
                title: _t("Finished: all groups are reviewed"),
                text: _t("New ones appear here as soon as leads are saved that resemble others."),
            };
        }
        return {
            icon: "fa-check-circle-o",
            title: _t("No group of likely duplicates here"),
            text: _t("To see those that were skipped or dealt with, change the filters."),
        };
    }
}

/**
 * How many leads are still to be compared: one sentence of the server's, shown wherever people look for duplicates.
 */
import { Component, onMounted, onWillUnmount, reactive, useEffect, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// milliseconds between two looks while leads wait, and how long it is believed that none does
const EVERY = 10_000;
const BELIEVED = 60_000;
const NOTHING = {
    waiting: 0,
    seconds_left: false,
    message: false,
    on_forms: false,
    stopped: false,
    stopped_action: false,
};
// where few leads wait they are through before anybody has read of it
export const MANY = 50;

/** Asks for all that show it, and only as long as somebody does. */
export const backlogService = {
    dependencies: ["orm"],
    start(env, { orm }) {
        const state = reactive({ ...NOTHING, isDismissed: false });
        let watchers = 0;
        let lookedOn = 0;
        let isLooking = false;
        let timer;

        async function look() {
            if (isLooking) {
                return;
            }
            isLooking = true;
            let told = NOTHING;
            try {
                told = await orm.silent.call("crm.lead.duplicate", "backlog", []);
            } catch {
                // who may not read pairs is told nothing, and what is only told is no reason for an error
            }
            isLooking = false;
            lookedOn = Date.now();
            Object.assign(state, told);
            wait();
        }

        // only what waits changes soon
        function pause() {
            return state.message ? EVERY : BELIEVED;
        }

        function wait() {
            browser.clearTimeout(timer);
            if (watchers && (state.message || state.stopped)) {
                timer = browser.setTimeout(() => (document.hidden ? wait() : look()), pause());
            }
        }

        return {
            state,
            /** @returns {Function} to be called when it is not shown any more */
            watch({ now = false } = {}) {
                watchers++;
                if (now || Date.now() - lookedOn > pause()) {
                    look();
                } else {
                    wait();
                }
                return () => {
                    watchers--;
                    wait();
                };
            },
        };
    },
};

registry.category("services").add("openfire_backlog", backlogService);

/** The sentence, where there is something to say. */
export class Backlog extends Component {
    static template = "openfire_leads.Backlog";
    static props = {
        // how many leads must wait for it to be said; 0: also what comes after the comparison
        least: { type: Number, optional: true },
        // what is said besides
        more: { type: String, optional: true },
        isDismissable: { type: Boolean, optional: true },
        isOnForm: { type: Boolean, optional: true },
        // whether it is said that nobody works in the background, leads waiting or not
        tellsStopped: { type: Boolean, optional: true },
        // called when nothing waits any more
        onEnded: { type: Function, optional: true },
    };
    static defaultProps = { least: 0 };

    setup() {
        this.service = useService("openfire_backlog");
        this.backlog = useState(this.service.state);
        this.action = useService("action");
        onMounted(() => {
            this.leave = this.service.watch({ now: !this.props.least });
        });
        onWillUnmount(() => this.leave());
        useEffect(
            (message) => {
                if (this.hadMessage && !message) {
                    this.props.onEnded?.();
                }
                this.hadMessage = Boolean(message);
            },
            () => [this.backlog.message]
        );
    }

    get isShown() {
        const { message, waiting, on_forms, isDismissed } = this.backlog;
        return (
            message &&
            waiting >= this.props.least &&
            (on_forms || !this.props.isOnForm) &&
            !(isDismissed && this.props.isDismissable)
        );
    }

    get isStoppedShown() {
        const { stopped, isDismissed } = this.backlog;
        return (
            stopped &&
            (this.props.tellsStopped || this.isShown) &&
            !(isDismissed && this.props.isDismissable)
        );
    }

    showScheduledActions() {
        return this.action.doAction(this.backlog.stopped_action);
    }

    dismiss() {
        this.backlog.isDismissed = true;
    }
}

/** The same in a view. */
export class BacklogWidget extends Component {
    static template = "openfire_leads.BacklogWidget";
    static components = { Backlog };
    static props = { ...standardWidgetProps };
}

registry.category("view_widgets").add("openfire_backlog", { component: BacklogWidget });

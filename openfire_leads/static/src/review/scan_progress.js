import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// milliseconds between two looks at a scan that is running
const INTERVAL = 2000;
// the same where the look itself does the work, as long as that gets it any further: it may fail, or another page be at it
const AT_ONCE = 100;

/**
 * How long, as one says it of something to wait for.
 *
 * @param {number} seconds
 */
export function durationText(seconds) {
    const minutes = Math.round(seconds / 60);
    if (!minutes) {
        return _t("less than a minute");
    }
    if (minutes < 60) {
        return _t("%s min", minutes);
    }
    return _t("%(hours)s h %(minutes)s min", {
        hours: Math.floor(minutes / 60),
        minutes: minutes % 60,
    });
}

/**
 * How far the scan of all leads is, as long as one is running; nothing otherwise. It looks again by itself.
 */
export class ScanProgress extends Component {
    static template = "openfire_leads.ScanProgress";
    static props = {
        // called with what the scan came to, once it is over
        onEnded: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ progress: null });
        onWillStart(() => this.look());
        onWillUnmount(() => {
            this.isGone = true;
            clearTimeout(this.timer);
        });
    }

    get percent() {
        const { done, total } = this.state.progress;
        return total ? Math.min(Math.floor((100 * done) / total), 100) : 0;
    }

    get count() {
        const { done, total } = this.state.progress;
        return _t("%(done)s of %(total)s leads", {
            done: formatInteger(done),
            total: formatInteger(total),
        });
    }

    get rate() {
        return _t("%s leads a second", formatInteger(Math.round(this.state.progress.rate)));
    }

    get timeLeft() {
        return _t("time left: %s", durationText(this.state.progress.seconds_left));
    }

    /** Look, or do a part of the work, which tells the same. */
    async look(verb = "scan_progress") {
        const progress = await this.orm.silent.call("crm.lead.scan", verb, []);
        if (this.isGone) {
            return;
        }
        // another look may have come back since this one was sent
        clearTimeout(this.timer);
        const before = this.state.progress;
        this.state.progress = progress;
        if (progress.running) {
            const isMoving = before?.done !== progress.done || before.step !== progress.step;
            const pause = progress.stopped && isMoving ? AT_ONCE : INTERVAL;
            // where nobody does it in the background, whoever waits for it has it done
            const next = progress.stopped ? "work_along" : "scan_progress";
            this.timer = setTimeout(() => this.look(next), pause);
        } else if (before?.running) {
            this.props.onEnded?.(progress);
        }
    }

    async stop() {
        clearTimeout(this.timer);
        await this.orm.call("crm.lead.scan", "action_stop", [[this.state.progress.id]]);
        await this.look();
    }
}

/** The same on the scan's own form, which is read again when the scan is over. */
export class ScanProgressWidget extends Component {
    static template = "openfire_leads.ScanProgressWidget";
    static components = { ScanProgress };
    static props = { ...standardWidgetProps };

    onEnded() {
        this.props.record.load();
    }
}

registry.category("view_widgets").add("openfire_scan_progress", { component: ScanProgressWidget });

/**
 * Looks at a record again every few seconds, as long as something is at work on it in the background.
 */
import { Component, onWillUnmount, useEffect, xml } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const AT_WORK = ["running", "undoing"];
const EVERY = 3000;

export class AtWork extends Component {
    static template = xml`<span class="o_openfire_at_work"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        useEffect(
            (state) => {
                if (AT_WORK.includes(state)) {
                    this.wait();
                }
                return () => browser.clearTimeout(this.timer);
            },
            () => [this.props.record.data.state]
        );
        onWillUnmount(() => {
            this.gone = true;
        });
    }

    wait() {
        this.timer = browser.setTimeout(() => this.look(), EVERY);
    }

    async look() {
        const { record } = this.props;
        // a tab that nobody looks at asks for nothing
        if (document.visibilityState === "visible") {
            await record.load();
        }
        if (!this.gone && AT_WORK.includes(record.data.state)) {
            this.wait();
        }
    }
}

registry.category("view_widgets").add("openfire_at_work", {
    component: AtWork,
    fieldDependencies: [{ name: "state", type: "selection" }],
});

import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onMounted, useRef } from "@odoo/owl";

/**
 * What was changed between a merge and its undo: per field, the value it has now or the one it had
 * before the merge. The fields that get the latter are written in `restore`.
 */
export class UndoChoices extends Component {
    static template = "openfire_leads.UndoChoices";
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        onMounted(() => this.root.el.querySelector("input:checked")?.focus());
    }

    get choices() {
        return this.props.record.data.choices || [];
    }

    isRestored(choice) {
        return (this.props.record.data.restore || []).includes(choice.field);
    }

    async choose(choice, restored) {
        const others = (this.props.record.data.restore || []).filter((name) => name !== choice.field);
        await this.props.record.update({ restore: restored ? [...others, choice.field] : others });
    }
}

export const undoChoices = {
    component: UndoChoices,
    fieldDependencies: [
        { name: "choices", type: "json" },
        { name: "restore", type: "json", readonly: false },
    ],
};

registry.category("view_widgets").add("openfire_undo_choices", undoChoices);

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onMounted, useRef } from "@odoo/owl";

import { stackPosition } from "./merge_notification";

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
        const others = (this.props.record.data.restore || []).filter(
            (name) => name !== choice.field
        );
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

/** The window around it: a survivor that is shown already is shown again in its place. */
export class UndoFormController extends FormController {
    setup() {
        super.setup();
        this.actions = useService("action");
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name === "action_undo") {
            Object.assign(
                clickParams,
                stackPosition(this.actions, this.model.root.data.survivor_res_id)
            );
        }
        return super.beforeExecuteActionButton(clickParams);
    }
}

registry
    .category("views")
    .add("openfire_undo_form", { ...formView, Controller: UndoFormController });

registry.category("view_widgets").add("openfire_undo_choices", undoChoices);

import { describe, expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class ConvertWindow extends models.Model {
    _name = "crm.lead2opportunity.partner";

    name = fields.Char();

    _records = [{ id: 1, name: "merge" }];
}

defineMailModels();
defineModels([ConvertWindow]);

const RESULT = {
    merge_ids: [12],
    merged_ids: [2],
    survivor_id: 1,
    message: "“Devis poêle” was merged into “Poêle à bois”.",
    can_undo: true,
};

const mountWindow = () => {
    mockService("action", {
        async doActionButton({ name, resModel, resId }) {
            expect.step(`${resModel} ${resId} ${name}`);
        },
    });
    return mountView({
        type: "form",
        resModel: "crm.lead2opportunity.partner",
        resId: 1,
        arch: `
            <form js_class="openfire_convert_form">
                <header>
                    <button name="action_apply" type="object" string="Merge"/>
                    <button name="action_compare" type="object" string="Compare"/>
                </header>
                <field name="name"/>
            </form>`,
    });
};

test("after converting with a merge, a notification offers to undo what the click did", async () => {
    onRpc("crm.lead2opportunity.partner", "get_merge_result", () => RESULT);
    await mountWindow();
    await contains("button[name='action_apply']").click();
    expect(".o_notification").toHaveText(/“Devis poêle” was merged into “Poêle à bois”/);
    await contains(".o_notification button:contains(Undo)").click();
    expect.verifySteps([
        "crm.lead2opportunity.partner 1 action_apply",
        "crm.lead2opportunity.partner 1 action_undo_merge",
    ]);
});

test("nothing is told after a conversion without a merge, nor after looking at the leads", async () => {
    onRpc("crm.lead2opportunity.partner", "get_merge_result", () => {
        expect.step("asked");
        return false;
    });
    await mountWindow();
    await contains("button[name='action_compare']").click();
    expect.verifySteps(["crm.lead2opportunity.partner 1 action_compare"]);
    await contains("button[name='action_apply']").click();
    expect.verifySteps(["crm.lead2opportunity.partner 1 action_apply", "asked"]);
    expect(".o_notification").toHaveCount(0);
});

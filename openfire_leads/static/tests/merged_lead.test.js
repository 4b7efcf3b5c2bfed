import { describe, expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();

    _records = [{ id: 1, name: "Poêle à bois" }];
}

defineMailModels();
defineModels([Lead]);

test("a lead that was merged away leads to the one that remains, and says so", async () => {
    onRpc("crm.lead", "web_read", ({ args }) => {
        expect.step(`read ${args[0]}`);
        if (args[0].includes(2)) {
            throw makeServerError({
                errorName: "odoo.exceptions.RedirectWarning",
                args: [
                    "This lead was merged into “Poêle à bois”.",
                    { type: "ir.actions.act_window", res_model: "crm.lead", res_id: 1 },
                    "Open it",
                ],
            });
        }
    });
    onRpc("crm.lead", "get_duplicate_window", () => false);
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 2,
        arch: `<form js_class="crm_form"><field name="name"/></form>`,
    });
    expect(".o_field_widget[name='name'] input").toHaveValue("Poêle à bois");
    expect(".o_notification").toHaveText(/merged into “Poêle à bois”/);
    expect.verifySteps(["read 2", "read 1"]);
});

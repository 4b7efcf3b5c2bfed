import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Undo extends models.Model {
    _name = "crm.lead.merge.undo";

    choices = fields.Json();
    restore = fields.Json();

    _records = [
        {
            id: 1,
            choices: [
                { field: "city", label: "City", current: "Oullins", before: "Lyon" },
                { field: "phone", label: "Phone", current: "06 00", before: "" },
            ],
            restore: [],
        },
    ];
}

defineMailModels();
defineModels([Undo]);

test("what was changed since is kept, unless the former value is chosen", async () => {
    onRpc("crm.lead.merge.undo", "web_save", ({ args }) => expect.step(args[1]));
    await mountView({
        type: "form",
        resModel: "crm.lead.merge.undo",
        resId: 1,
        arch: `<form><widget name="openfire_undo_choices"/></form>`,
    });
    expect(queryAllTexts("tbody td")).toEqual(["Oullins", "Lyon", "06 00", "Empty"]);
    expect(`[role="radiogroup"][aria-label="City"] td:eq(0) input`).toBeChecked();
    await contains(`tr[data-field="city"] td:eq(1) input`).check();
    await contains(`tr[data-field="phone"] td:eq(1) input`).check();
    await contains(`tr[data-field="phone"] td:eq(0) input`).check();
    expect(`tr[data-field="city"] td:eq(1) input`).toBeChecked();
    expect(`tr[data-field="phone"] td:eq(0) input`).toBeChecked();
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ restore: ["city"] }]);
});

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, press, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const DUPLICATE = {
    lead_id: 2,
    pair_id: 7,
    name: "Poêle du salon",
    contact: "Théodule",
    type: "opportunity",
    status: "open",
    status_label: "",
    stage: "New",
    user: "Mario",
    score: 99.97,
    certain: true,
    reasons: ["same phone", "similar contact name 92 %"],
};

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    notice = fields.Json();
    pair = fields.Json();
    action = fields.Selection({
        selection: [
            ["exist", "Link"],
            ["create", "Create"],
        ],
    });
    partner_id = fields.Many2one({ relation: "res.partner" });
    partners = fields.Json();

    _records = [
        {
            id: 1,
            name: "Demande",
            action: "create",
            notice: {
                duplicates: [
                    DUPLICATE,
                    {
                        ...DUPLICATE,
                        lead_id: 3,
                        status: "won",
                        status_label: "customer already",
                        score: 61.4,
                        certain: false,
                    },
                ],
                more: 1,
                hidden: 2,
            },
            pair: {
                titles: ["A", "B"],
                lines: [
                    {
                        field: "email",
                        label: "E-mail",
                        values: ["a@b.c", "a@b.c"],
                        level: "exact",
                        level_label: "the same",
                        percent: null,
                        weight: 10,
                    },
                    {
                        field: "city",
                        label: "Town",
                        values: ["Lille", "Brest"],
                        level: "close",
                        level_label: "similar",
                        percent: 52,
                        weight: -2.5,
                    },
                    {
                        field: "zip",
                        label: "Postcode",
                        values: ["59000", ""],
                        level: "missing",
                        level_label: "missing",
                        percent: null,
                        weight: 0,
                    },
                ],
            },
            partners: [{ id: 17, name: "Théo", score: 88.8, reasons: ["same e-mail"] }],
        },
        { id: 4, name: "Without", notice: false, pair: false, partners: [] },
    ];
}

defineMailModels();
defineModels([Lead]);

const mountLead = (field, resId = 1) =>
    mountView({
        type: "form",
        resModel: "crm.lead",
        resId,
        arch: `<form js_class="crm_form"><field name="name"/>${field}</form>`,
    });

test("the notice names duplicates with score, reasons and status, and counts the others", async () => {
    await mountLead(`<field name="notice" widget="openfire_duplicate_notice"/>`);
    expect(".o_openfire_duplicate").toHaveCount(2);
    expect(".o_openfire_duplicate:first .badge:first").toHaveText("≥ 99.9 % certain", {
        message: "never 100 %",
    });
    expect(".o_openfire_duplicate:last .badge:first").toHaveText("61 % likely");
    expect(".o_openfire_duplicate:last .badge:first").toHaveClass("text-bg-warning");
    expect(".o_openfire_duplicate:first .o_openfire_duplicate_reasons").toHaveText(
        "same phone, similar contact name 92 %"
    );
    expect(".o_openfire_duplicate:last").toHaveText(/customer already/);
    expect(".o_openfire_duplicate_merge").toHaveCount(1, { message: "only an open one is merged" });
    expect(".o_openfire_duplicate_notice").toHaveText(/3 likely duplicates/);
    expect(".o_openfire_duplicate_hidden").toHaveText(/^2 /);
});

test("there is no notice without duplicates", async () => {
    await mountLead(`<field name="notice" widget="openfire_duplicate_notice"/>`, 4);
    expect(".o_openfire_duplicate_notice").toHaveCount(0);
});

test("bars show what speaks for and against", async () => {
    await mountLead(`<field name="pair" widget="openfire_pair_comparison"/>`);
    expect("tr[data-field=email] .bg-success").toHaveStyle({ width: /./ });
    expect("tr[data-field=email] .bg-success").toHaveAttribute("style", "width: 50%");
    expect("tr[data-field=email] .bg-danger").toHaveAttribute("style", "width: 0%");
    expect("tr[data-field=city] .bg-danger").toHaveAttribute("style", "width: 12.5%");
    expect("tr[data-field=city]").toHaveText(/−2.5/);
    expect("tr[data-field=zip]").toHaveText(/no evidence/);
    expect("tr[data-field=zip] td:eq(1)").toHaveText("—");
});

test("a click links the proposed customer", async () => {
    await mountLead(
        `<field name="action"/><field name="partner_id"/><field name="partners" widget="openfire_similar_partners"/>`
    );
    await contains(".o_openfire_similar_partners button").click();
    expect(".o_openfire_similar_partners .text-bg-success").toHaveCount(1);
    expect("div[name=partner_id] input").toHaveValue("Théo");
});

test("the window opens after saving and remembers that it was closed", async () => {
    onRpc("crm.lead", "get_duplicate_window", ({ args }) => {
        expect.step(`look ${args[0]}`);
        return { duplicates: [DUPLICATE], more: 0, hidden: 0 };
    });
    onRpc("crm.lead.duplicate", "close_window", ({ args }) => {
        expect.step(`close ${args[0]}`);
        return true;
    });
    await mountLead("");
    await contains("div[name=name] input").edit("Demande de devis");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(".o_openfire_duplicate_window .o_openfire_duplicate").toHaveCount(1);
    await contains(".o_openfire_duplicate_close").click();
    expect(".o_openfire_duplicate_window").toHaveCount(0);
    expect.verifySteps(["look 1", "close 7"]);
});

test("no window opens when there is nothing to propose", async () => {
    onRpc("crm.lead", "get_duplicate_window", () => false);
    await mountLead("");
    await contains("div[name=name] input").edit("Demande de devis");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(".modal").toHaveCount(0);
});

test("who has closed the window is asked again in the same visit only about leads not shown yet", async () => {
    let duplicates = [DUPLICATE];
    onRpc("crm.lead", "get_duplicate_window", () => ({ duplicates, more: 0, hidden: 0 }));
    onRpc("crm.lead.duplicate", "close_window", () => true);
    await mountLead("");
    const save = async (name) => {
        await contains("div[name=name] input").edit(name);
        await contains(".o_form_button_save").click();
        await animationFrame();
    };
    await save("Demande de devis");
    expect(".o_openfire_duplicate_window").toHaveCount(1);
    await press("Escape");
    await animationFrame();
    expect(".o_openfire_duplicate_window").toHaveCount(0);
    // as after typing a town: the pair's values are others, the lead is the same
    await save("Demande de devis à Lyon");
    expect(".o_openfire_duplicate_window").toHaveCount(0);
    duplicates = [DUPLICATE, { ...DUPLICATE, lead_id: 3, pair_id: 8 }];
    await save("Demande de devis à Lyon, urgent");
    expect(".o_openfire_duplicate_window .o_openfire_duplicate").toHaveCount(2);
});

import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { keyDown, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
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

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();

    _records = [
        { id: 1, name: "Poêle à bois" },
        { id: 2, name: "Devis poêle" },
        { id: 3, name: "Re: devis" },
        { id: 4, name: "Déjà gagnée" },
    ];
    _views = { list: `<list><field name="name"/></list>` };
}

class MergeWindow extends models.Model {
    _name = "crm.merge.opportunity";

    opportunity_ids = fields.Many2many({ relation: "crm.lead" });
    won_ids = fields.Many2many({ relation: "crm.lead" });
    include_won = fields.Boolean();
    survivor_id = fields.Many2one({ relation: "crm.lead" });
    user_id = fields.Many2one({ relation: "res.users" });
    team_id = fields.Many2one({ relation: "crm.lead" });
    picks = fields.Json();
    missing_count = fields.Integer();
    merge_blocked = fields.Boolean();

    _records = [{ id: 1, opportunity_ids: [1, 2, 3], picks: {}, missing_count: 0 }];
}

defineMailModels();
defineModels([Lead, MergeWindow]);

const ARCH = `
    <form js_class="openfire_merge_form">
        <header>
            <button name="action_merge" type="object" string="Merge" invisible="merge_blocked"/>
            <button string="Merge" class="o_blocked" disabled="disabled" invisible="not merge_blocked"/>
        </header>
        <sheet>
            <field name="user_id"/>
            <field name="team_id"/>
            <widget name="openfire_merge_table"/>
            <field name="opportunity_ids"/>
        </sheet>
    </form>`;

const NAMES = { 1: "Poêle à bois", 2: "Devis poêle", 3: "Re: devis", 4: "Déjà gagnée" };
const CITIES = { 1: "Lyon", 2: "Villeurbanne", 3: "Lyon", 4: "Lyon" };
const PHONES = { 2: "04 72 00 00 02", 3: "06 00 00 00 03" };

const ALIKE = { alike: true, certain: false, reasons: ["same phone", "other town", "same street"] };
const RESEMBLANCE = {
    1: { ...ALIKE, lead_id: 2, score: 99.97, certain: true },
    2: { ...ALIKE, lead_id: 1, score: 99.97, certain: true },
    3: { lead_id: 1, score: 3.2, alike: false, certain: false, reasons: ["other e-mail"] },
    4: { ...ALIKE, lead_id: 1, score: 84.5 },
};

/** What the server answers: the survivor's value, else the first one, unless picked. */
function preview(ids, { survivor_id, picks }) {
    const survivor = ids.includes(survivor_id) ? survivor_id : ids[0];
    const order = [survivor, ...ids.filter((id) => id !== survivor)];
    const row = (name, label, all) => {
        const values = order.map((id) => ({
            lead_id: id,
            display: all[id] || "",
            blank: !all[id],
        }));
        const origin = picks[name] || order.find((id) => all[id]);
        const how = picks[name] ? "picked" : origin === survivor ? "survivor" : "filled";
        const result = { lead_id: origin, display: all[origin] };
        return { name, label, values, choosable: true, combined: false, how, result };
    };
    return {
        survivor_id: survivor,
        leads: order.map((id) => ({
            id,
            name: NAMES[id],
            type_label: "Lead",
            create_date: `2026-01-0${id} 10:00:00`,
            badges: id === 4 ? [{ label: "Won", tone: "success" }] : [],
            resemblance: RESEMBLANCE[id],
        })),
        fields: [
            row("city", "City", CITIES),
            row("phone", "Phone", PHONES),
            {
                name: "tag_ids",
                label: "Tags",
                values: [
                    { lead_id: 1, display: "Wood", blank: false },
                    { lead_id: 2, display: "Pellets", blank: false },
                ],
                choosable: false,
                combined: true,
                how: "combined",
                result: { lead_id: false, display: "Wood, Pellets" },
            },
        ],
        links: [{ label: "Messages", count: 7, by_lead: { 1: 2, 2: 5 } }],
        outcome: { messages: [] },
        blockers: ids.length < 2 ? ["Select at least two leads."] : [],
        warnings: ids.includes(3) ? ["“Re: devis” does not resemble the other leads."] : [],
        gone_ids: [],
    };
}

beforeEach(() => {
    onRpc("crm.merge.opportunity", "get_merge_preview", ({ args, kwargs }) =>
        preview(args[0], kwargs)
    );
});

const mountWindow = (resId = 1) =>
    mountView({ type: "form", resModel: "crm.merge.opportunity", resId, arch: ARCH });
const row = (name) => `tr[data-field="${name}"]`;
const result = (name) => `${row(name)} .o_openfire_merge_result .o_openfire_merge_text`;

test("one column per lead, one for the result, a row per field", async () => {
    await mountWindow();
    expect(queryAllTexts("thead label")).toEqual(["Poêle à bois", "Devis poêle", "Re: devis"]);
    expect(`${row("city")} td`).toHaveCount(4);
    expect(result("city")).toHaveText("Lyon");
    expect(result("phone")).toHaveText("04 72 00 00 02");
    expect(`${row("phone")} .o_openfire_merge_origin`).toHaveText("From Devis poêle");
    expect(`${row("tag_ids")} input`).toHaveCount(0);
    expect(`${row("tag_ids")} .o_openfire_merge_origin`).toHaveText("Combined");
    expect(queryAllTexts(".o_openfire_merge_link td")).toEqual(["2", "5", "–", "7"]);
});

test("a click takes another value, and the arrow takes it back", async () => {
    await mountWindow();
    await contains(`${row("city")} td:eq(1) input`).check();
    expect(result("city")).toHaveText("Villeurbanne");
    expect(`${row("city")} .o_openfire_merge_origin`).toHaveText("Your choice");
    await contains(`${row("city")} .o_openfire_merge_unpick`).click();
    expect(result("city")).toHaveText("Lyon");
    expect(`${row("city")} .o_openfire_merge_unpick`).toHaveCount(0);
});

test("another survivor changes the result, not the order of the columns", async () => {
    await mountWindow();
    await contains(`thead th[data-lead="2"] input`).check();
    expect(queryAllTexts("thead label")).toEqual(["Poêle à bois", "Devis poêle", "Re: devis"]);
    expect(`thead th[data-lead="2"]`).toHaveClass("o_openfire_merge_survivor");
    expect(result("city")).toHaveText("Villeurbanne");
    expect(`.o_openfire_merge_summary`).toHaveText(/Devis poêle/);
});

test("every row with a choice is a named group of radio buttons, blanks take no part", async () => {
    await mountWindow();
    expect(`[role="radiogroup"][aria-label="Lead to keep"] input[type="radio"]`).toHaveCount(3);
    expect(`[role="radiogroup"][aria-label="Phone"] input[type="radio"]`).toHaveCount(2);
    expect(`[role="group"][aria-label="Tags"]`).toHaveCount(1);
    // one name per row: the browser's arrows stay in it, Tab leaves it
    expect(`${row("phone")} input[name="openfire_merge_phone"]`).toHaveCount(2);
    expect(queryFirst(`${row("phone")} input`)).toHaveAttribute(
        "aria-label",
        "Phone: 04 72 00 00 02, from Devis poêle"
    );
});

test("Enter on a value goes to the button that merges", async () => {
    await mountWindow();
    await contains(`${row("city")} td:eq(0) input`).focus();
    await keyDown("Enter");
    expect("button[name='action_merge']").toBeFocused();
});

test("leaving a lead out drops what was picked from it", async () => {
    await mountWindow();
    await contains(`${row("phone")} td:eq(2) input`).check();
    await contains(`thead th[data-lead="3"] .o_openfire_merge_leave`).click();
    expect(queryAllTexts("thead label")).toEqual(["Poêle à bois", "Devis poêle"]);
    expect(result("phone")).toHaveText("04 72 00 00 02");
    // nobody can be left out of two
    expect(".o_openfire_merge_leave").toHaveCount(0);
});

test("what is in the way is told, and the main button waits", async () => {
    MergeWindow._records[0].opportunity_ids = [1];
    await mountWindow();
    expect(".o_openfire_merge_blocking").toHaveText("Select at least two leads.");
    expect("button[name='action_merge']").toHaveCount(0);
    expect("button.o_blocked").not.toBeEnabled();
});

test("what becomes of a won opportunity is said, and can be changed", async () => {
    MergeWindow._records[0].won_ids = [4];
    await mountWindow();
    expect(".o_openfire_merge_won span").toHaveText(/left out/);
    expect(queryAllTexts("thead label")).toEqual(["Poêle à bois", "Devis poêle", "Re: devis"]);
    await contains(".o_openfire_merge_won button").click();
    expect(".o_openfire_merge_won span").toHaveText(/merged like the others/);
    expect(queryAllTexts("thead label")).toEqual(Object.values(NAMES));
    expect("thead .o_openfire_merge_about .badge").toHaveText("Won");
    await contains(`thead th[data-lead="4"] .o_openfire_merge_leave`).click();
    expect(".o_openfire_merge_won").toHaveCount(0);
    expect("thead .o_openfire_merge_about .badge").toHaveCount(0);
});

test("a lead that went meanwhile stops the merge, and can be gone on without", async () => {
    await mountWindow();
    onRpc("crm.merge.opportunity", "get_merge_preview", ({ args, kwargs }) => {
        const gone = args[0].filter((id) => id === 3);
        const answer = preview(
            args[0].filter((id) => id !== 3),
            kwargs
        );
        return { ...answer, gone_ids: gone, blockers: gone.length ? ["Gone."] : [] };
    });
    onRpc("crm.merge.opportunity", "action_merge", () => {
        expect.step("merged");
        return { type: "ir.actions.act_window_close" };
    });
    onRpc("crm.merge.opportunity", "get_merge_result", () => false);
    await contains("button[name='action_merge']").click();
    expect.verifySteps([]);
    expect(".o_openfire_merge_blocking p").toHaveText("Gone.");
    await contains(".o_openfire_merge_blocking button").click();
    expect(".o_openfire_merge_blocking").toHaveCount(0);
    await contains("button[name='action_merge']").click();
    expect.verifySteps(["merged"]);
});

test("after merging a notification offers to undo", async () => {
    mockService("action", {
        async doActionButton({ name, resModel, resId }) {
            expect.step(`${resModel} ${resId} ${name}`);
        },
    });
    onRpc("crm.merge.opportunity", "get_merge_result", () => ({
        merge_id: 12,
        merged_ids: [2, 3],
        survivor_id: 1,
        message: "Devis poêle merged into Poêle à bois.",
        can_undo: true,
    }));
    await mountWindow();
    await contains("button[name='action_merge']").click();
    expect(".o_notification").toHaveText(/Devis poêle merged into Poêle à bois/);
    await contains(".o_notification button:contains(Undo)").click();
    expect.verifySteps([
        "crm.merge.opportunity 1 action_merge",
        "crm.merge.opportunity 1 action_undo_merge",
    ]);
});

test("each lead says how much it resembles another one, and those that do not are warned of", async () => {
    await mountWindow();
    // as everywhere: with a decimal where it matters, and a word beside the colour
    expect(queryAllTexts(".o_openfire_merge_resemblance .badge")).toEqual([
        "≥ 99.9 % certain",
        "≥ 99.9 % certain",
        "Unlike the others",
    ]);
    expect(`thead th[data-lead="1"] .o_openfire_merge_resemblance small`).toHaveText(
        "same phone, other town"
    );
    expect(`thead th[data-lead="1"] .o_openfire_merge_resemblance`).toHaveAttribute(
        "title",
        "Devis poêle: same phone, other town, same street"
    );
    expect(".o_openfire_merge_warning").toHaveText(/“Re: devis” does not resemble/);
    await contains(`thead th[data-lead="3"] .o_openfire_merge_leave`).click();
    expect(".o_openfire_merge_warning").toHaveCount(0);
});

test("a property that the result cannot hold says why it is not to be chosen", async () => {
    onRpc("crm.merge.opportunity", "get_merge_preview", ({ args, kwargs }) => {
        const answer = preview(args[0], kwargs);
        answer.fields.push({
            name: "lead_properties.fuel",
            label: "Fuel",
            values: [{ lead_id: 2, display: "Pellets", blank: false }],
            choosable: false,
            combined: false,
            how: "dropped",
            result: { lead_id: false, display: "" },
        });
        return answer;
    });
    await mountWindow();
    expect(`${row("lead_properties.fuel")} input`).toHaveCount(0);
    expect(`${row("lead_properties.fuel")} .o_openfire_merge_origin`).toHaveText(
        /Only in the note/
    );
});

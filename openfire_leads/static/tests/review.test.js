import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { Deferred, advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Group extends models.Model {
    _name = "crm.lead.duplicate.group";

    title = fields.Char();
    state = fields.Selection({
        selection: [
            ["open", "To review"],
            ["done", "Dealt with"],
        ],
    });
}

defineMailModels();
defineModels([Group]);

const ARCH = `<kanban js_class="openfire_duplicate_review"/>`;
const SEARCH = `<search><field name="title"/></search>`;

const NAMES = { 1: "Poulain", 2: "Lefèvre", 3: "Garnier", 4: "Moreau" };
// what the server knows, and what it was asked
let rows, claims, hidden, calls;

function row(id) {
    const reviewer = claims[id] || false;
    const head = { id, title: NAMES[id], state: "open", score: 99.9, certain: true };
    return {
        ...head,
        lead_count: 3,
        hidden_count: hidden[id] || 0,
        reasons: "same phone",
        reviewer,
    };
}

function leadIds(id) {
    return [10 * id, 10 * id + 1, 10 * id + 2];
}

function preview(id, picks = {}) {
    const ids = leadIds(id);
    const lead = (one) => ({
        id: one,
        name: `Lead ${one}`,
        type_label: "Lead",
        create_date: "2026-01-01 10:00:00",
        badges: [],
        resemblance: { lead_id: ids[0], score: 99, alike: true, certain: true, reasons: [] },
    });
    const taken = picks.city || ids[0];
    return {
        survivor_id: ids[0],
        leads: ids.map(lead),
        fields: [
            {
                name: "city",
                label: "City",
                choosable: true,
                combined: false,
                how: picks.city ? "picked" : "survivor",
                values: ids.map((one) => ({ lead_id: one, display: `Town ${one}`, blank: false })),
                result: { lead_id: taken, display: `Town ${taken}` },
            },
        ],
        links: [],
        outcome: { messages: [] },
        blockers: [],
        warnings: [],
        gone_ids: [],
    };
}

function sheet(id) {
    return {
        ...row(id),
        digest: `digest ${id}`,
        lead_ids: leadIds(id),
        won_ids: [],
        include_won: true,
        links: [
            {
                lead_id: 10 * id,
                other_lead_id: 10 * id + 1,
                names: ["A", "B"],
                score: 99.9,
                certain: true,
                reasons: ["same phone"],
            },
        ],
        ask: false,
        preview: preview(id),
        told: false,
    };
}

const told = (message, id) => ({
    params: {
        message,
        undo: { model: "crm.lead.duplicate.group", method: "action_undo", ids: [id] },
    },
});

beforeEach(() => {
    [rows, claims, hidden, calls] = [[1, 2, 3, 4], {}, {}, []];
    onRpc("has_group", () => false);
    onRpc("crm.lead.duplicate.group", "review_page", ({ kwargs }) => ({
        rows: rows.map(row),
        total: rows.length,
        left: rows.length,
        today: [],
        pace: 30,
        waiting: 0,
        found_id: kwargs.lead_ids ? Math.floor(kwargs.lead_ids[0] / 10) : false,
    }));
    onRpc("crm.lead.duplicate.group", "review_sheets", ({ args }) => args[0].map(sheet));
    onRpc("crm.lead.duplicate.group", "review_open", ({ args }) => {
        calls.push(`open ${args[0][0]}`);
        return rows.includes(args[0][0]) && sheet(args[0][0]);
    });
    onRpc("crm.lead.duplicate.group", "review_claim", ({ args }) => {
        const [id] = args[0];
        calls.push(`claim ${id}`);
        return { digest: `digest ${id}`, state: "open", reviewer: claims[id] || false };
    });
    onRpc("crm.lead.duplicate.group", "review_leave", () => true);
    for (const verb of ["merge", "dismiss", "skip", "leave_out"]) {
        onRpc("crm.lead.duplicate.group", `review_${verb}`, ({ args, kwargs }) => {
            const [id] = args[0];
            calls.push([verb, id, kwargs]);
            if (verb !== "leave_out") {
                rows = rows.filter((one) => one !== id);
            }
            return told(`${verb} of ${NAMES[id]}`, id);
        });
    }
    onRpc("crm.lead.duplicate.group", "action_undo", ({ args }) => {
        calls.push(`undo ${args[0][0]}`);
        rows = [...new Set([...args[0], ...rows])];
        return true;
    });
    onRpc("crm.merge.opportunity", "get_merge_preview", ({ args, kwargs }) =>
        preview(Math.floor(args[0][0] / 10), kwargs.picks)
    );
});

const title = ".o_openfire_review_head h2";

async function mountPage() {
    await mountView({
        type: "kanban",
        resModel: "crm.lead.duplicate.group",
        arch: ARCH,
        searchViewArch: SEARCH,
    });
    await settle();
}

/** Wait until the group takes a verb. */
async function settle() {
    for (let turn = 0; turn < 4; turn++) {
        await advanceTime(300);
        await animationFrame();
    }
}

async function type(key) {
    await press(key);
    await animationFrame();
}

test("the likeliest group is open, with its merge", async () => {
    await mountPage();
    expect(queryAllTexts(".o_openfire_review_title")).toEqual(Object.values(NAMES));
    expect(title).toHaveText("Poulain");
    expect("thead label").toHaveCount(3);
    expect(".o_openfire_review_counts").toHaveText(/4 groups left/);
    expect(".o_openfire_review_counts").toHaveText(/about 2 min left/);
    expect(calls).toEqual(["open 1"]);
});

test("a verb by key opens the next group before the server has answered", async () => {
    const answer = new Deferred();
    onRpc("crm.lead.duplicate.group", "review_merge", async ({ args, kwargs }) => {
        await answer;
        calls.push(["merge", args[0][0], kwargs.digest, kwargs.lead_ids]);
        return told("merged", 1);
    });
    await mountPage();
    await type("m");
    expect(title).toHaveText("Lefèvre");
    expect(".o_openfire_review_row").toHaveCount(3);
    await settle();
    expect(calls).toEqual(["open 1", "claim 2"]);
    answer.resolve();
    await settle();
    expect(calls.at(-1)).toEqual(["merge", 1, "digest 1", [10, 11, 12]]);
    expect(".o_openfire_review_done").toHaveText(/merged/);
});

test("what is picked goes with the merge", async () => {
    await mountPage();
    await contains(`tr[data-field="city"] td:eq(1) input`).check();
    await contains(`tr[data-field="survivor_id"] th:eq(3) input`).check();
    await type("m");
    await settle();
    const [verb, id, kwargs] = calls.find(([name]) => name === "merge");
    expect([verb, id, kwargs.picks, kwargs.survivor_id]).toEqual(["merge", 1, { city: 11 }, 12]);
});

test("a key pressed twice is for one group", async () => {
    await mountPage();
    await type("n");
    await type("n");
    await settle();
    expect(calls.filter(([name]) => name === "dismiss")).toHaveLength(1);
    expect(title).toHaveText("Lefèvre");
});

test("letters that are typed are letters", async () => {
    await mountPage();
    await contains(".o_searchview_input").click();
    await type("m");
    await type("n");
    await settle();
    expect(title).toHaveText("Poulain");
    expect(calls).toEqual(["open 1"]);
});

test("up and down, j and k go through the list", async () => {
    await mountPage();
    await type("j");
    await settle();
    expect(title).toHaveText("Lefèvre");
    await type("ArrowDown");
    await settle();
    expect(title).toHaveText("Garnier");
    await type("k");
    await settle();
    expect(title).toHaveText("Lefèvre");
    expect(queryFirst(".o_openfire_review_row[aria-current]").dataset.id).toBe("2");
});

test("the marked lead is left out, and the group stays open", async () => {
    await mountPage();
    await type("ArrowLeft");
    await type("l");
    await settle();
    const [, id, kwargs] = calls.find(([name]) => name === "leave_out");
    expect([id, kwargs.lead_ids]).toEqual([1, [11]]);
    expect(title).toHaveText("Poulain");
});

test("who has a group open is shown, and the next one is opened instead", async () => {
    claims = { 1: "Marie" };
    await mountPage();
    expect(title).toHaveText("Lefèvre");
    expect(".o_openfire_review_row:first").toHaveText(/Marie/);
    claims = { 1: "Marie", 3: "Jean" }; // since it was fetched ahead
    await type("s");
    await settle();
    expect(title).toHaveText("Moreau");
    await contains(".o_openfire_review_row:first").click();
    await settle();
    expect(title).toHaveText("Poulain");
    expect("button[name='action_merge']").not.toBeEnabled();
});

test("a group of which nothing can be compared is opened after the others", async () => {
    hidden = { 1: 2, 2: 1, 3: 2, 4: 2 };
    await mountPage();
    expect(title).toHaveText("Lefèvre");
    await type("s");
    await settle();
    expect(title).toHaveText("Garnier");
});

test("a group that the server refuses comes back, and it is said why", async () => {
    mockService("notification", { add: (message) => expect.step(message) });
    onRpc("crm.lead.duplicate.group", "review_merge", () => {
        throw makeServerError({ type: "UserError", message: "It changed." });
    });
    await mountPage();
    await type("m");
    await settle();
    expect.verifySteps(["It changed."]);
    expect(title).toHaveText("Poulain");
    expect(".o_openfire_review_row").toHaveCount(4);
    expect(calls.filter((call) => call === "open 1")).toHaveLength(2);
});

test("the last one is taken back and opened again", async () => {
    await mountPage();
    await type("n");
    await settle();
    await type("s");
    await settle();
    expect(title).toHaveText("Garnier");
    await type("z");
    await settle();
    expect(calls).toInclude("undo 2");
    expect(title).toHaveText("Lefèvre");
    await type("z");
    await settle();
    expect(title).toHaveText("Poulain");
    expect(".o_openfire_review_done").toHaveCount(0);
});

test("what was done with an open group is taken back", async () => {
    onRpc("crm.lead.duplicate.group", "review_open", ({ args }) => ({
        ...sheet(args[0][0]),
        state: "done",
        preview: false,
        told: "Not duplicates, says Marie.",
    }));
    await mountPage();
    expect(".alert-success").toHaveText("Not duplicates, says Marie.");
    expect("button[name='action_merge']").not.toBeEnabled();
    await contains("button[name='take_back']").click();
    await settle();
    expect(calls).toInclude("undo 1");
});

test("when all are reviewed it says so", async () => {
    rows = [1];
    await mountPage();
    await type("n");
    await settle();
    expect(".o_openfire_review_empty").toHaveText(/No group of likely duplicates|Finished/);
    expect(title).toHaveCount(0);
});

test("a manager has all leads scanned, and what was found is listed when that is over", async () => {
    let isRunning = false;
    onRpc("has_group", () => true);
    onRpc("crm.lead.scan", "action_start", () => (isRunning = true));
    onRpc("crm.lead.scan", "scan_progress", () => ({
        ...{ id: 1, running: isRunning, state: "running", step: 5, done: 50, total: 200 },
        ...{ rate: 25, seconds_left: 6, not_compared: 0 },
    }));
    await mountView({ type: "kanban", resModel: Group._name, arch: ARCH, searchViewArch: SEARCH });
    expect(".o_openfire_scan_progress").toHaveCount(0);
    await contains("button:contains(/^Scan$/)").click();
    await animationFrame();
    expect(".o_openfire_scan_progress [role=progressbar]").toHaveAttribute("aria-valuenow", "25");
    isRunning = false;
    rows = [1, 2];
    await advanceTime(2000);
    await animationFrame();
    expect(".o_openfire_scan_progress").toHaveCount(0);
    expect(".o_openfire_review_row").toHaveCount(2);
});

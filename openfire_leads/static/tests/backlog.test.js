import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { Component, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { Backlog } from "@openfire_leads/duplicates/backlog";

defineMailModels();

const WAITING = {
    waiting: 18200,
    seconds_left: 300,
    message: "18,200 leads still to compare, about 5 minutes",
    on_forms: true,
};
const NOTHING = { waiting: 0, seconds_left: false, message: false, on_forms: true };

class Page extends Component {
    static template = xml`
        <Backlog more="'Groups appear here.'" onEnded="() => this.ended()"/>
        <Backlog least="50" isDismissable="true"/>
        <Backlog least="50" isOnForm="true"/>`;
    static components = { Backlog };
    static props = {};

    ended() {
        expect.step("ended");
    }
}

class DuplicatesPage extends Component {
    static template = xml`
        <Backlog least="50"/>
        <Backlog tellsStopped="true" isDismissable="true"/>`;
    static components = { Backlog };
    static props = {};
}

/** Answer what `told` gives at the time. */
function answer(told) {
    onRpc("crm.lead.duplicate", "backlog", () => {
        expect.step("look");
        return told();
    });
}

test("all who show it ask once, look again as long as leads wait, and hear of the end", async () => {
    let told = WAITING;
    answer(() => told);
    await mountWithCleanup(Page);
    await animationFrame();
    expect(".o_openfire_backlog").toHaveCount(3);
    expect(".o_openfire_backlog:first").toHaveText(`${WAITING.message}. Groups appear here.`);
    expect.verifySteps(["look"]);
    told = { ...WAITING, waiting: 100, message: "100 leads still to compare" };
    await advanceTime(10000);
    await animationFrame();
    expect(".o_openfire_backlog:last").toHaveText("100 leads still to compare.");
    told = NOTHING;
    await advanceTime(10000);
    await animationFrame();
    expect(".o_openfire_backlog").toHaveCount(0);
    await advanceTime(60000);
    expect.verifySteps(["look", "look", "ended"]);
});

test("few leads are told only where groups are awaited", async () => {
    answer(() => ({ ...WAITING, waiting: 3, message: "3 leads still to compare" }));
    await mountWithCleanup(Page);
    await animationFrame();
    expect(".o_openfire_backlog").toHaveCount(1);
    expect.verifySteps(["look"]);
});

test("a form says nothing where the settings say so, and a list where somebody closed it", async () => {
    answer(() => ({ ...WAITING, on_forms: false }));
    await mountWithCleanup(Page);
    await animationFrame();
    expect(".o_openfire_backlog").toHaveCount(2);
    await click(".o_openfire_backlog button");
    await animationFrame();
    expect(".o_openfire_backlog").toHaveCount(1);
    expect.verifySteps(["look"]);
});

test("that nobody works in the background is told where people look for duplicates", async () => {
    const stopped = "Scheduled actions do not run. Have them turned on again:";
    answer(() => ({ ...NOTHING, stopped, stopped_action: { type: "ir.actions.act_window" } }));
    mockService("action", {
        doAction(action) {
            expect.step(action.type);
        },
    });
    await mountWithCleanup(DuplicatesPage);
    await animationFrame();
    expect(".o_openfire_stopped").toHaveCount(1);
    expect(".o_openfire_stopped").toHaveText(/^Scheduled actions do not run/);
    await click(".o_openfire_stopped button.btn-link");
    await animationFrame();
    await click(".o_openfire_stopped button.btn-close");
    await animationFrame();
    expect(".o_openfire_stopped").toHaveCount(0);
    expect.verifySteps(["look", "ir.actions.act_window"]);
});

test("where nobody works in the background, it is seldom looked at again whether somebody does", async () => {
    let stopped = "Scheduled actions do not run.";
    answer(() => ({ ...NOTHING, stopped }));
    await mountWithCleanup(DuplicatesPage);
    await animationFrame();
    await advanceTime(50000);
    expect.verifySteps(["look"]);
    stopped = false;
    await advanceTime(10000);
    await animationFrame();
    expect(".o_openfire_stopped").toHaveCount(0);
    expect.verifySteps(["look"]);
});

test("who may not ask is told nothing", async () => {
    answer(() => {
        throw new Error("no access");
    });
    await mountWithCleanup(Page);
    await animationFrame();
    expect(".o_openfire_backlog").toHaveCount(0);
    expect.verifySteps(["look"]);
});

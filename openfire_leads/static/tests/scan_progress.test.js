import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { Component, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { makeMockEnv, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { durationText, ScanProgress } from "@openfire_leads/review/scan_progress";

defineMailModels();

const RUNNING = {
    id: 7,
    running: true,
    state: "running",
    step: 7,
    done: 250,
    total: 1000,
    rate: 12.4,
    seconds_left: 150,
    not_compared: 0,
    pairs: 3,
    groups: 0,
};
const DONE = { ...RUNNING, running: false, state: "done", step: 0, done: 1000, groups: 2 };

class Page extends Component {
    static template = xml`<ScanProgress onEnded="(progress) => this.ended(progress)"/>`;
    static components = { ScanProgress };
    static props = {};

    ended(progress) {
        expect.step(`ended: ${progress.state}, ${progress.groups} groups`);
    }
}

test("a scan that is running is shown, looked at again, and told of when it is over", async () => {
    let progress = RUNNING;
    onRpc("crm.lead.scan", "scan_progress", () => {
        expect.step("look");
        return progress;
    });
    await mountWithCleanup(Page);
    expect(".o_openfire_scan_progress").toHaveText(/250 of 1,000 leads/);
    expect(".o_openfire_scan_progress").toHaveText(/12 leads a second/);
    expect(".o_openfire_scan_progress").toHaveText(/time left: 3 min/);
    expect(".progress").toHaveAttribute("aria-valuenow", "25");
    progress = { ...RUNNING, done: 500 };
    await advanceTime(2000);
    await animationFrame();
    expect(".progress").toHaveAttribute("aria-valuenow", "50");
    progress = DONE;
    await advanceTime(2000);
    await animationFrame();
    expect(".o_openfire_scan_progress").toHaveCount(0);
    await advanceTime(10000);
    expect.verifySteps(["look", "look", "look", "ended: done, 2 groups"]);
});

test("where none is running nothing is shown, nor looked at again", async () => {
    onRpc("crm.lead.scan", "scan_progress", () => {
        expect.step("look");
        return DONE;
    });
    await mountWithCleanup(Page);
    expect(".o_openfire_scan_progress").toHaveCount(0);
    await advanceTime(10000);
    expect.verifySteps(["look"]);
});

test("where nobody does it in the background, the page has it done", async () => {
    let progress = { ...RUNNING, stopped: true };
    onRpc("crm.lead.scan", "scan_progress", () => {
        expect.step("look");
        return progress;
    });
    onRpc("crm.lead.scan", "work_along", () => {
        expect.step("work");
        progress = progress.done < 500 ? { ...progress, done: 500 } : { ...DONE, stopped: false };
        return progress;
    });
    await mountWithCleanup(Page);
    expect(".o_openfire_scan_progress").toHaveText(/as long as this page is open/);
    await advanceTime(100);
    await animationFrame();
    expect(".progress").toHaveAttribute("aria-valuenow", "50");
    await advanceTime(100);
    await animationFrame();
    expect(".o_openfire_scan_progress").toHaveCount(0);
    await advanceTime(10000);
    expect.verifySteps(["look", "work", "work", "ended: done, 2 groups"]);
});

test("where the work gets the scan no further, the page does not insist", async () => {
    onRpc("crm.lead.scan", "scan_progress", () => ({ ...RUNNING, stopped: true }));
    onRpc("crm.lead.scan", "work_along", () => {
        expect.step("work");
        return { ...RUNNING, stopped: true };
    });
    await mountWithCleanup(Page);
    await advanceTime(100);
    expect.verifySteps(["work"]);
    await advanceTime(1000);
    expect.verifySteps([]);
    await advanceTime(1000);
    expect.verifySteps(["work"]);
});

test("who stops it while the page does the work is told at once, and once", async () => {
    let progress = { ...RUNNING, stopped: true };
    const work = new Deferred();
    onRpc("crm.lead.scan", "scan_progress", () => progress);
    onRpc("crm.lead.scan", "work_along", async () => {
        expect.step("work");
        await work;
        return progress;
    });
    onRpc("crm.lead.scan", "action_stop", () => {
        progress = { ...DONE, state: "stopped" };
        return true;
    });
    await mountWithCleanup(Page);
    await advanceTime(100);
    await click("button");
    await animationFrame();
    expect.verifySteps(["work", "ended: stopped, 2 groups"]);
    work.resolve();
    await advanceTime(10000);
    expect.verifySteps([]);
});

test("it is stopped by its button", async () => {
    let progress = RUNNING;
    onRpc("crm.lead.scan", "scan_progress", () => progress);
    onRpc("crm.lead.scan", "action_stop", ({ args }) => {
        expect.step(`stop ${args[0]}`);
        progress = { ...DONE, state: "stopped", groups: 0 };
        return true;
    });
    await mountWithCleanup(Page);
    await click(".o_openfire_scan_progress button");
    await animationFrame();
    expect(".o_openfire_scan_progress").toHaveCount(0);
    expect.verifySteps(["stop 7", "ended: stopped, 0 groups"]);
});

test("time is told in minutes and hours", async () => {
    await makeMockEnv();
    expect(String(durationText(20))).toBe("less than a minute");
    expect(String(durationText(150))).toBe("3 min");
    expect(String(durationText(3580))).toBe("1 h 0 min");
    expect(String(durationText(5400))).toBe("1 h 30 min");
});

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    MockServer,
    mockService,
    mountWithCleanup,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

function told(payload) {
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, "openfire_lead_import", {
        import_id: 7,
        ...payload,
    });
}

test("who imported leads is told of the duplicates among them, and shows these", async () => {
    await mountWithCleanup(WebClient);
    mockService("action", { doAction: (action) => expect.step(action.name) });
    onRpc("crm.lead.import", "action_show_duplicates", ({ args }) => {
        expect.step(`of ${args[0]}`);
        return { name: "Similar Leads" };
    });
    told({ message: "2 of the 3 look like duplicates.", has_duplicates: true });
    await waitFor(".o_notification");
    expect(".o_notification_content").toHaveText("2 of the 3 look like duplicates.");
    await click(".o_notification button:contains(Show Them)");
    await animationFrame();
    expect.verifySteps(["of 7", "Similar Leads"]);
    expect(".o_notification").toHaveCount(0);
});

test("without duplicates there is nothing to show", async () => {
    await mountWithCleanup(WebClient);
    told({ message: "None looks like a duplicate.", has_duplicates: false });
    await waitFor(".o_notification");
    expect(".o_notification button:contains(Show Them)").toHaveCount(0);
});

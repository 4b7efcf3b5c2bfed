import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

/** Tell how many of some imported leads look like duplicates, with a button that shows these. */
function notifyImport({ action, notification, orm }, payload) {
    const show = async () => {
        close();
        const ids = [payload.import_id];
        const shown = await orm.call("crm.lead.import", "action_show_duplicates", [ids], {
            context: user.context,
        });
        await action.doAction(shown);
    };
    const found = payload.has_duplicates;
    const close = notification.add(payload.message, {
        type: found ? "warning" : "success",
        sticky: found,
        buttons: found ? [{ name: _t("Show Them"), primary: true, onClick: show }] : [],
    });
}

/** Tells whoever imported leads, wherever they are by then. */
export const leadImportService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, services) {
        const bus = services.bus_service;
        bus.subscribe("openfire_lead_import", (payload) => notifyImport(services, payload));
        bus.start();
    },
};

registry.category("services").add("openfire_lead_import", leadImportService);

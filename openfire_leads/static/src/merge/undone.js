import { registry } from "@web/core/registry";

/** Show what an undo brought back, and over it the window with what came since. */
async function showUndone(env, { params }, options) {
    const { action } = env.services;
    await action.doAction(params.shown, options);
    await action.doAction(params.window);
}

registry.category("actions").add("openfire_undone", showUndone);

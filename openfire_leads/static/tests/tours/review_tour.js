import { registry } from "@web/core/registry";

const page = ".o_view_controller[data-ready]";
const listed = (count) =>
    count ? `${page} .o_openfire_review_list li:nth-child(${count}):last-child` : "";
const verb = (key, before) => ({
    content: `${key} on one of ${before}`,
    trigger: `.o_action_manager:has(${listed(before)}) .o_openfire_review_sheet h2`,
    run: `press ${key}`,
});

// of the merges one in two, of the rest one in two
const KEYS = ["m", "n", "m", "s"];
const GROUPS = 20;

/** Review 20 groups by keyboard alone, one of them twice. */
registry.category("web_tour.tours").add("openfire_leads_review", {
    steps: () => [
        ...Array.from({ length: GROUPS }, (_, done) => {
            const left = GROUPS - done;
            const key = KEYS[done % KEYS.length];
            if (done !== 5) {
                return [verb(key, left)];
            }
            return [
                verb(key, left),
                {
                    content: "what was done is said",
                    trigger: `.o_openfire_review_done button[name="undo"]`,
                },
                verb("z", left - 1),
                verb("j", left),
                verb("k", left),
                verb(key, left),
            ];
        }).flat(),
        {
            content: "all are reviewed",
            trigger: `.o_openfire_review_empty .fa-check-circle`,
        },
    ],
});

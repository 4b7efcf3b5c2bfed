import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** From the page of first steps: press the button of one, and see where it leads. */
function add(name, ...seen) {
    tours.add(`openfire_leads_first_steps_${name}`, {
        steps: () => [
            {
                content: `try: ${name}`,
                trigger: `.o_openfire_first_steps li[data-step="${name}"] button`,
                run: "click",
            },
            ...seen.map((trigger) => ({ content: `${name} opens`, trigger })),
        ],
    });
}

add("similar", ".o_form_view .o_openfire_duplicate_notice .o_openfire_score");
add("merge", ".modal .o_openfire_merge_table .o_openfire_merge_result");
add("undo", `.o_form_view .o_statusbar_buttons button[name="action_ask_undo"]`);
add("groups", ".o_openfire_review .o_openfire_review_sheet h2");
add("convert", `.o_form_view .o_statusbar_buttons button.btn-primary`);

tours.add("openfire_leads_first_steps_nothing_to_undo", {
    steps: () => [
        {
            content: "there is no merge yet",
            trigger: `.o_openfire_first_steps li[data-step="undo"] button`,
            run: "click",
        },
        { content: "which is said", trigger: ".o_notification" },
        { content: "and the page stays", trigger: ".o_openfire_first_steps" },
    ],
});

tours.add("openfire_leads_first_steps_banner", {
    steps: () => [
        {
            content: "a line above the leads leads to the first steps",
            trigger: ".o_list_view .o_openfire_first_steps_banner .btn-link",
            run: "click",
        },
        {
            content: "and back",
            trigger: ".o_breadcrumb:has(.active) .o_back_button, .o_breadcrumb a",
            run: "click",
        },
        {
            content: "who has read it closes it",
            trigger: ".o_list_view .o_openfire_first_steps_banner .btn-close",
            run: "click",
        },
        {
            content: "for good",
            trigger: ".o_list_view:not(:has(.o_openfire_first_steps_banner))",
        },
        {
            content: "in other views too",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        { trigger: ".o_kanban_view:not(:has(.o_openfire_first_steps_banner))" },
    ],
});

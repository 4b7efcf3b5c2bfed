import { registry } from "@web/core/registry";

// Selectors name no label: the same tours run in every language.

registry.category("web_tour.tours").add("openfire_leads_duplicates_dismiss", {
    steps: () => [
        {
            content: "fill in a lead of somebody who has asked before",
            trigger: ".o_form_view div[name=name] textarea",
            run: "edit Demande de devis",
        },
        {
            trigger: ".o_form_view div[name=email_from] input",
            run: "edit theodule.vandenbroucke@orange.fr",
        },
        {
            trigger: ".o_form_view div[name=contact_name] input",
            run: "edit VANDENBROUCKE Theodule",
        },
        {
            content: "leave the field, so that the form looks duplicates up",
            trigger: ".o_form_view div[name=function] input",
            run: "click",
        },
        {
            content: "the notice names the duplicate before anything is saved",
            trigger:
                ".o_openfire_duplicate_notice .o_openfire_duplicate:contains(Poêle du salon) .o_openfire_duplicate_reasons",
        },
        {
            trigger: ".o_openfire_duplicate_notice:not(:has(.o_openfire_duplicate_merge))",
        },
        {
            content: "save",
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            content: "the window proposes to merge",
            trigger:
                ".o_openfire_duplicate_window .o_openfire_duplicate:contains(Poêle du salon) .o_openfire_duplicate_merge",
        },
        {
            trigger: ".o_openfire_duplicate_window .o_openfire_duplicate_close",
            run: "click",
        },
        {
            content: "the notice stays",
            trigger:
                "body:not(:has(.modal)) .o_openfire_duplicate_notice .o_openfire_duplicate_compare",
            run: "click",
        },
        {
            content: "value against value",
            trigger: ".o_openfire_pair_comparison tr[data-field=email] .progress-bar.bg-success",
        },
        {
            trigger: ".breadcrumb-item:last, .o_back_button",
            run: "click",
        },
        {
            content:
                "change something that is not compared, and save: the window does not come again",
            trigger: ".o_form_view div[name=function] input",
            run: "edit Gérant",
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            trigger:
                ".o_form_saved:not(:has(.modal)), .o_form_view:has(.o_form_status_indicator .invisible)",
        },
        {
            content: "they are not duplicates",
            trigger:
                "body:not(:has(.modal)) .o_openfire_duplicate_notice .o_openfire_duplicate_dismiss",
            run: "click",
        },
        {
            trigger: ".modal div[name=reason] input",
            run: "edit père et fils",
        },
        {
            trigger: ".modal footer button[name=action_dismiss]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(.o_openfire_duplicate_notice))",
        },
    ],
});

registry.category("web_tour.tours").add("openfire_leads_duplicates_merge", {
    steps: () => [
        {
            trigger: ".o_form_view div[name=name] textarea",
            run: "edit Demande de devis",
        },
        {
            trigger: ".o_form_view div[name=email_from] input",
            run: "edit theodule.vandenbroucke@orange.fr",
        },
        {
            trigger: ".o_form_view div[name=contact_name] input",
            run: "edit VANDENBROUCKE Theodule",
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            content: "merge from the window",
            trigger: ".o_openfire_duplicate_window .o_openfire_duplicate_merge",
            run: "click",
        },
        {
            content: "both leads are in the merge window",
            trigger:
                ".modal:has(button[name=action_merge]):contains(Poêle du salon):contains(Demande de devis)",
        },
        {
            trigger: ".modal button[name=action_merge]",
            run: "click",
        },
        {
            content: "the older one has survived",
            trigger:
                "body:not(:has(.modal)) .o_form_view div[name=name] textarea:value(Poêle du salon)",
        },
    ],
});

registry.category("web_tour.tours").add("openfire_leads_convert_similar", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button.btn-primary:first",
            run: "click",
        },
        {
            content:
                "merging with the similar opportunity is proposed and selected, with the reasons",
            trigger:
                ".modal .o_openfire_duplicate_notice .o_openfire_duplicate:contains(Poêle du salon)",
        },
        {
            trigger: ".modal div[name=duplicated_lead_ids] .o_data_row:contains(Poêle du salon)",
        },
        {
            content: "convert instead",
            trigger: ".modal div[name=name] input[type=radio]:first",
            run: "click",
        },
        {
            content: "the similar customer is proposed",
            trigger: ".modal .o_openfire_similar_partners li:contains(Vandenbrouck)",
        },
        {
            trigger:
                ".modal .o_openfire_similar_partners li button, .modal .o_openfire_similar_partners li .text-bg-success",
            run: "click",
        },
        {
            content: "and linked",
            trigger: ".modal .o_openfire_similar_partners li .text-bg-success",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view div[name=stage_id]",
        },
    ],
});

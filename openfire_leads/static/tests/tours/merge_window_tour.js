import { registry } from "@web/core/registry";

import { label, openConvertWindow, openMenu } from "./lead_tour_utils";

const row = (name) => `.modal tr[data-field="${name}"]`;
const candidate = (name, text) => `${row(name)} td:contains("${text}") input`;
const result = (name) => `${row(name)} .o_openfire_merge_result`;
const tick = (name) => ({
    content: `select “${name}”`,
    trigger: `.o_data_row:contains("${name}") .o_list_record_selector input`,
    run: "click",
});

/** Merge two leads with another survivor and two values picked by hand, look, undo, look again. */
registry.category("web_tour.tours").add("openfire_leads_merge_window", {
    steps: () => [
        tick("Merge Tour One"),
        tick("Merge Tour Two"),
        {
            content: "open the Action menu",
            trigger: ".o_cp_action_menus button.dropdown-toggle",
            run: "click",
        },
        {
            content: "merge",
            trigger: `.o-dropdown--menu .o-dropdown-item:contains("${label(
                "Merge leads/opportunities",
                "Fusionner pistes/opportunités"
            )}")`,
            run: "click",
        },
        {
            content: "the oldest is kept, as it is",
            trigger: `.modal .o_openfire_merge_summary:contains("Merge Tour One"):contains("${label(
                "is kept",
                "est conservée"
            )}")`,
        },
        { content: "its town stays", trigger: `${result("city")}:contains("Lyon")` },
        {
            content: "messages are counted",
            trigger: `.modal .o_openfire_merge_section:contains("${label(
                "What moves",
                "Ce qui est déplacé"
            )}")`,
        },
        {
            content: "keep the other one",
            trigger: `.modal thead th:contains("Merge Tour Two") input`,
            run: "click",
        },
        { content: "now its town stays", trigger: `${result("city")}:contains("Bron")` },
        { content: "take the town of the first", trigger: candidate("city", "Lyon"), run: "click" },
        {
            content: "take the phone of the first",
            trigger: candidate("phone", "04 72 00 00 01"),
            run: "click",
        },
        {
            content: "the town is the user's choice",
            trigger: `${result("city")}:contains("Lyon"):contains("${label(
                "Your choice",
                "Votre choix"
            )}")`,
        },
        { content: "the phone too", trigger: `${result("phone")}:contains("04 72 00 00 01")` },
        {
            content: "merge them",
            trigger: `.modal button[name="action_merge"]:contains("${label(
                "Merge",
                "Fusionner"
            )}")`,
            run: "click",
        },
        {
            content: "it says what it did",
            trigger: `.o_notification:contains("${label(
                "“Merge Tour One” was merged into “Merge Tour Two”",
                "« Merge Tour One » a été fusionnée dans « Merge Tour Two »"
            )}")`,
        },
        {
            content: "the survivor is shown with the values picked",
            trigger: `body:not(:has(.modal)) .o_form_view:has(.o_field_widget[name="name"] textarea:value("Merge Tour Two"))
                .o_field_widget[name="phone"] input:value("04 72 00 00 01")`,
        },
        {
            content: "take it back",
            trigger: `.o_notification button:contains("${label("Undo", "Défaire")}")`,
            run: "click",
        },
        {
            content: "it is as it was",
            trigger: `.o_form_view .o_field_widget[name="phone"] input:value("06 00 00 00 02")`,
        },
        ...openMenu("crm.crm_menu_leads"),
        { content: "the first is there again", trigger: `.o_data_row:contains("Merge Tour One")` },
        { content: "and the second", trigger: `.o_data_row:contains("Merge Tour Two")` },
    ],
});

/** An undo after the survivor was changed: keep one value, take the other back. */
registry.category("web_tour.tours").add("openfire_leads_merge_undo_choices", {
    steps: () => [
        {
            content: "undo from the journal",
            trigger: `.o_statusbar_buttons button[name="action_ask_undo"]`,
            run: "click",
        },
        {
            content: "one question: its buttons say what they do",
            trigger: `.modal footer:contains("${label("Keep the Merge", "Garder la fusion")}")`,
        },
        {
            content: "the town was changed meanwhile",
            trigger: `${row("city")} td:contains("Oullins") input:checked`,
        },
        {
            content: "take it back",
            trigger: `${row("city")} td:contains("Lyon") input`,
            run: "click",
        },
        {
            content: "undo",
            trigger: `.modal button[name="action_undo"]:contains("${label(
                "Undo the Merge",
                "Défaire la fusion"
            )}")`,
            run: "click",
        },
        {
            content: "the survivor is shown",
            trigger: `body:not(:has(.modal)) .o_form_view .o_field_widget[name="phone"]`,
        },
    ],
});

/** A message came between a merge and its undo: it is proposed, and moved by one click. */
registry.category("web_tour.tours").add("openfire_leads_merge_arrived", {
    steps: () => [
        {
            content: "undo from the journal",
            trigger: `.o_statusbar_buttons button[name="action_ask_undo"]`,
            run: "click",
        },
        {
            content: "nothing was changed: one question without a choice",
            trigger: `.modal:not(:has(tr[data-field])) .modal-title:contains("${label(
                "Undo the merge?",
                "Défaire la fusion"
            )}")`,
        },
        {
            content: "confirm",
            trigger: `.modal button[name="action_undo"]:contains("${label(
                "Undo the Merge",
                "Défaire la fusion"
            )}")`,
            run: "click",
        },
        {
            content: "the survivor is shown below what came since",
            trigger: `.o_action_manager .o_form_view .o_field_widget[name="phone"]`,
        },
        {
            content: "the answer belongs to the merged lead",
            trigger: `.modal .o_data_row:contains("Late answer"):contains("Merge Tour Two")`,
        },
        {
            content: "move it",
            trigger: `.modal button[name="action_move"]`,
            run: "click",
        },
        {
            content: "the survivor is shown without it",
            trigger: `body:not(:has(.modal)) .o_form_view:has(.o_field_widget[name="phone"]) .o-mail-Chatter:not(:contains("Late answer")) .o-mail-Message`,
        },
    ],
});

/** Convert with merging: the notification, the breadcrumb of the lead that is gone, the undo. */
registry.category("web_tour.tours").add("openfire_leads_convert_merge_undo", {
    steps: () => [
        ...openConvertWindow("Merge Tour Two"),
        {
            content: "merge with the existing opportunity",
            trigger: `.modal button[name="action_apply"]:visible:contains("${label(
                "Merge",
                "Fusionner"
            )}")`,
            run: "click",
        },
        {
            content: "it says what it did",
            trigger: `.o_notification:contains("${label(
                "“Merge Tour Two” was merged into “Merge Tour One”",
                "« Merge Tour Two » a été fusionnée dans « Merge Tour One »"
            )}")`,
        },
        {
            content: "go back to where the lead was that is gone",
            trigger: `.o_breadcrumb a:contains("Merge Tour Two")`,
            run: "click",
        },
        {
            content: "there is the one that remains",
            trigger: `.o_notification:contains("${label(
                "This lead was merged into “Merge Tour One”",
                "Cette piste a été fusionnée dans « Merge Tour One »"
            )}")`,
        },
        {
            content: "and it is on the way",
            trigger: `.o_breadcrumb:not(:contains("Merge Tour Two")):contains("Merge Tour One")`,
        },
        {
            content: "take it back",
            trigger: `.o_notification button:contains("${label("Undo", "Défaire")}")`,
            run: "click",
        },
        {
            content: "it says so",
            trigger: `.o_notification:contains("${label(
                "Existing again: “Merge Tour Two”",
                "Existent à nouveau : « Merge Tour Two »"
            )}")`,
        },
    ],
});

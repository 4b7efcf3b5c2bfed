import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { label, openMenu, seeText } from "./lead_tour_utils";

const tours = registry.category("web_tour.tours");

const entries = () => [
    label("Export", "Exporter"),
    label("Delete", "Supprimer"),
    label("Mark as lost", "Marquer comme perdu"),
    label("Convert to opportunities", "Convertir en opportunités"),
    label("Merge leads/opportunities", "Fusionner pistes/opportunités"),
    label(
        "Mass mailing to leads/opportunities",
        "Envoi de courriels en masse pour les Pistes / Opportunité"
    ),
    label("Send an SMS", "Envoyer un SMS"),
];
const seeEntries = () => [
    {
        content: "open the Action menu",
        trigger: ".o_cp_action_menus button.dropdown-toggle",
        run: "click",
    },
    ...entries().map((text) => seeText(".o-dropdown--menu .o-dropdown-item", text)),
];
const tick = (name) => ({
    content: `select “${name}”`,
    trigger: `.o_data_row:contains("${name}") .o_list_record_selector input`,
    run: "click",
});
const choose = (text) => ({
    content: `choose “${text}”`,
    trigger: `.o-dropdown--menu .o-dropdown-item:contains("${text}")`,
    run: "click",
});

// B2: the list of leads has every documented entry, and converts several at once
tours.add("openfire_leads_b2_leads_list", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openMenu("crm.crm_menu_leads"),
        tick("First of Two"),
        tick("Second of Two"),
        ...seeEntries(),
        choose(label("Convert to opportunities", "Convertir en opportunités")),
        seeText(".modal", label("Assign these opportunities to", "Attribuer ces opportunités à")),
        seeText(
            ".modal [name='action']",
            label("Do not link to a customer", "Ne pas lier à un client")
        ),
        { trigger: ".modal button[name='action_mass_convert']", run: "click" },
        {
            content: "both are in the kanban",
            trigger:
                ".o_kanban_view:has(.o_kanban_record:contains('First of Two')):has(.o_kanban_record:contains('Second of Two'))",
        },
    ],
});

// B3: so do the opportunities, in the list and in the kanban
tours.add("openfire_leads_b3_opportunities", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openMenu("crm.crm_menu_sales", "crm.menu_crm_opportunities"),
        {
            content: "select in the kanban",
            trigger: ".o_kanban_record:contains('Running Opportunity')",
            run({ anchor }) {
                anchor.dispatchEvent(new MouseEvent("click", { bubbles: true, altKey: true }));
            },
        },
        { trigger: ".o_kanban_record.o_record_selected" },
        ...seeEntries(),
        {
            content: "close the menu",
            trigger: ".o_cp_action_menus button.dropdown-toggle",
            run: "click",
        },
        { content: "the list", trigger: ".o_switch_view.o_list", run: "click" },
        tick("Running Opportunity"),
        tick("Other Opportunity"),
        ...seeEntries(),
        choose(label("Merge leads/opportunities", "Fusionner pistes/opportunités")),
        { content: "the merge window is open", trigger: ".modal" },
    ],
});

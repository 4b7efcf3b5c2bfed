import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import {
    chooseRadio,
    createOpportunity,
    label,
    openConvertWindow,
    openMenu,
    seeText,
} from "./lead_tour_utils";

const tours = registry.category("web_tour.tours");
const input = (name) => `.o_field_widget[name='${name}'] :is(input, textarea)`;

// A4: Leads menu, New, fill in, Save
tours.add("openfire_leads_a4_new_lead", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        seeText("[data-menu-xmlid='crm.crm_menu_leads']", label("Leads", "Pistes")),
        ...openMenu("crm.crm_menu_leads"),
        { content: "new", trigger: ".o_list_button_add", run: "click" },
        { trigger: input("name"), run: "edit Foire de Lyon, stand 12" },
        { trigger: input("contact_name"), run: "edit Zéphyrine Quatrefages" },
        { trigger: input("email_from"), run: "edit zephyrine@quatrefages.example" },
        ...stepUtils.saveForm(),
        seeText(
            ".o_statusbar_buttons button",
            label("Convert to Opportunity", "Convertir en opportunité")
        ),
    ],
});

// A5: the window has the documented groups, in order, and creates a customer although the same one exists;
// A9: the opportunity is in the pipeline's kanban
tours.add("openfire_leads_a5_create_customer", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openConvertWindow("Known Requester"),
        seeText(".modal .modal-title", label("Convert to opportunity", "Convertir en opportunité")),
        seeText(".modal .o_inner_group:eq(0)", label("Conversion Action", "Action de conversion")),
        seeText(
            ".modal [name='name'] .o_radio_item:eq(0)",
            label("Convert to opportunity", "Convertir en opportunité")
        ),
        seeText(
            ".modal [name='name'] .o_radio_item:eq(1)",
            label(
                "Merge with the existing opportunities",
                "Fusionner avec les opportunités existantes"
            )
        ),
        seeText(
            ".modal .o_inner_group:eq(1)",
            label("Assign this opportunity to", "Attribuer cette opportunité à")
        ),
        seeText(".modal .o_inner_group:eq(1)", label("Salesperson", "Vendeur")),
        seeText(".modal .o_inner_group:eq(1)", label("Sales Team", "Équipe commerciale")),
        seeText(".modal .o_inner_group:eq(2)", label("Customers", "Clients")),
        seeText(".modal footer, .modal .modal-footer", label("Cancel", "Annuler")),
        chooseRadio("action", label("Create a new customer", "Créer un nouveau client"), ".modal"),
        ...createOpportunity(),
    ],
});

tours.add("openfire_leads_a9_pipeline", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openConvertWindow("Known Requester"),
        ...createOpportunity(),
        ...openMenu("crm.crm_menu_sales", "crm.menu_crm_opportunities"),
        {
            content: "it is in the kanban",
            trigger: ".o_kanban_view .o_kanban_record:contains('Known Requester')",
        },
    ],
});

// A6: an opportunity of the same requester exists: merging is proposed; so is the existing customer
tours.add("openfire_leads_a6_proposals", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openConvertWindow("Twin Request"),
        {
            content: "merging is proposed",
            trigger: `.modal [name='name'] .o_radio_item:contains("${label(
                "Merge with",
                "Fusionner avec"
            )}") input:checked`,
        },
        {
            content: "the opportunity is named",
            trigger:
                ".modal [name='duplicated_lead_ids'] .o_data_row:contains('Running Opportunity')",
        },
        chooseRadio("name", label("Convert to opportunity", "Convertir en opportunité"), ".modal"),
        {
            content: "linking the existing customer is proposed",
            trigger: `.modal [name='action'] .o_radio_item:contains("${label(
                "Link to an existing customer",
                "Lier à un client existant"
            )}") input:checked`,
        },
        {
            content: "the customer is named",
            trigger: ".modal [name='partner_id'] input:value(/Twin Customer/)",
        },
        chooseRadio("name", label("Merge with", "Fusionner avec"), ".modal"),
        ...createOpportunity(label("Merge", "Fusionner")),
    ],
});

// A7: linked to the existing customer that is proposed
tours.add("openfire_leads_a7_link_customer", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openConvertWindow("Known Requester"),
        chooseRadio(
            "action",
            label("Link to an existing customer", "Lier à un client existant"),
            ".modal"
        ),
        seeText(".modal label", label("Customer", "Client")),
        {
            content: "the customer is proposed",
            trigger: ".modal [name='partner_id'] input:value(/Known Customer/)",
        },
        ...createOpportunity(),
    ],
});

// A8: not linked to the customer that matches
tours.add("openfire_leads_a8_no_customer", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openConvertWindow("Known Requester"),
        chooseRadio(
            "action",
            label("Do not link to a customer", "Ne pas lier à un client"),
            ".modal"
        ),
        {
            content: "no customer is asked for",
            trigger: ".modal:not(:has([name='partner_id'] input))",
        },
        ...createOpportunity(),
    ],
});

import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { chooseRadio, label, openMenu, seeText } from "./lead_tour_utils";

const tours = registry.category("web_tour.tours");

const openSettings = () => [
    ...stepUtils.goToAppSteps("crm.crm_menu_root"),
    ...openMenu("crm.crm_menu_config", "crm.crm_config_settings_menu"),
];
const saveSettings = {
    content: "save the settings",
    trigger: ".o_control_panel .o_form_button_save",
    run: "click",
    expectUnloadPage: true,
};

// A1: the switch in Settings turns leads on for every team
tours.add("openfire_leads_a1_switch", {
    steps: () => [
        ...openSettings(),
        seeText("#crm_lead .o_form_label", label("Leads", "Pistes")),
        seeText(
            "#crm_lead",
            label(
                "A team that made its own choice keeps it",
                "Une équipe qui a fait son propre choix le garde"
            )
        ),
        { trigger: "#crm_lead .o_field_widget[name='group_use_lead'] input", run: "click" },
        saveSettings,
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        seeText("[data-menu-xmlid='crm.crm_menu_leads']", label("Leads", "Pistes")),
    ],
});

// A2: the alias is shown beside the switch and can be changed there
tours.add("openfire_leads_a2_alias", {
    steps: () => [
        ...openSettings(),
        seeText("#lead_alias .o_form_label", label("Lead Mail Alias", "Alias mail des pistes")),
        seeText(
            "#lead_alias",
            label(
                "Each mail sent to this address creates a new opportunity",
                "Chaque courriel envoyé à cette adresse crée une nouvelle opportunité"
            )
        ),
        {
            content: "the alias of the default team is there; give it another name",
            trigger: "#lead_alias .o_field_widget[name='lead_alias_name'] input:value(demandes)",
            run: "edit nouvelles-demandes",
        },
        {
            content: "its domain is there",
            trigger: "#lead_alias [name='lead_alias_domain_id'] input:value(leads.example)",
        },
        saveSettings,
        ...openSettings(),
        {
            content: "the new name stayed",
            trigger:
                "#lead_alias .o_field_widget[name='lead_alias_name'] input:value(nouvelles-demandes)",
        },
    ],
});

// A3: from the teams dashboard, ⋮ > Configuration: use leads or not for this team
tours.add("openfire_leads_a3_team", {
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        ...openMenu("crm.crm_menu_sales", "crm.sales_team_menu_team_pipeline"),
        {
            content: "open the team's menu",
            trigger: ".o_kanban_record:contains('Other Team') .o_dropdown_kanban button",
            run: "click",
        },
        {
            content: "open the team's configuration",
            trigger: ".o-dropdown--menu a:contains('Configuration')",
            run: "click",
        },
        seeText("label", label("Lead Qualification", "Qualification des pistes")),
        seeText(
            "[name='lead_mode']",
            label("Follow the general setting", "Suivre le paramètre général")
        ),
        seeText("[name='lead_mode']", label("Pipeline only", "Pipeline uniquement")),
        {
            content: "the alias is on the team too",
            trigger: "[name='alias_name'] input:value(autres)",
        },
        chooseRadio("lead_mode", label("Use leads", "Utiliser les pistes")),
        seeText(
            ".o_form_view",
            label("At present, new requests to this team are leads", "sont des pistes, à qualifier")
        ),
        ...stepUtils.saveForm(),
    ],
});

import { user } from "@web/core/user";

/** The label that the user of the tour reads: the documentation's own in French. */
export function label(english, french) {
    return user.lang.startsWith("fr") ? french : english;
}

/** Open an entry of the CRM menu, by the external ids of its section and of itself. */
export function openMenu(section, entry) {
    const steps = [
        {
            content: "open the menu's section",
            trigger: `[data-menu-xmlid='${section}']`,
            run: "click",
        },
    ];
    if (entry) {
        steps.push({
            content: "open the menu's entry",
            trigger: `.o-dropdown--menu [data-menu-xmlid='${entry}']`,
            run: "click",
        });
    }
    return steps;
}

/** Look at a label, without doing anything. */
export function seeText(where, text) {
    return { content: `see “${text}”`, trigger: `${where}:contains("${text}")` };
}

/** Choose an option of a radio field. */
export function chooseRadio(field, text, inside = "") {
    return {
        content: `choose “${text}”`,
        trigger: `${inside} .o_field_widget[name='${field}'] .o_radio_item:contains("${text}") input`,
        run: "click",
    };
}

/** Open a lead from the list of leads, and the window that converts it. */
export function openConvertWindow(name) {
    return [
        ...openMenu("crm.crm_menu_leads"),
        {
            content: "open the lead",
            trigger: `.o_data_row .o_data_cell[name='name']:contains("${name}")`,
            run: "click",
        },
        {
            content: "press the button at the top left",
            trigger: `.o_statusbar_buttons button:first:contains("${label(
                "Convert to Opportunity",
                "Convertir en opportunité"
            )}")`,
            run: "click",
        },
        { content: "the window is open", trigger: ".modal button[name='action_apply']" },
    ];
}

/**
 * Press the convert window's button; the opportunity's form opens.
 *
 * @param {string} button what it says
 */
export function createOpportunity(button = label("Create Opportunity", "Créer une opportunité")) {
    return [
        {
            content: "press the window's button",
            trigger: `.modal button[name='action_apply']:contains("${button}")`,
            run: "click",
        },
        {
            content: "it is an opportunity now",
            trigger: "body:not(:has(.modal)) .o_form_view button[name='action_set_won_rainbowman']",
        },
    ];
}

{
    "name": "OpenFire Leads",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Qualify leads, catch duplicates, merge without losing anything, undo",
    "author": "OpenFire Leads contributors",
    "license": "LGPL-3",
    "depends": ["crm_sms"],
    "external_dependencies": {
        "python": ["numpy", "phonenumbers", "rapidfuzz"],
    },
    "data": [
        "security/openfire_leads_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_lead_merge_security.xml",
        "views/crm_lead_merge_templates.xml",
        "views/crm_lead_merge_views.xml",
        "views/crm_merge_opportunity_views.xml",
        "data/crm_team_data.xml",
        "data/crm_lead_match_cron.xml",
        "views/crm_lead_to_opportunity_views.xml",
        "views/crm_lead_duplicate_dismiss_views.xml",
        "views/crm_lead_duplicate_views.xml",
        "views/crm_lead_duplicate_menus.xml",
        "views/crm_lead_duplicate_notice_views.xml",
        "views/crm_lead_matching_model_views.xml",
        "views/crm_lead_to_opportunity_similar_views.xml",
        "views/crm_team_views.xml",
        "views/res_config_settings_matching_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "openfire_leads/static/src/duplicates/**/*",
        ],
        "web.assets_tests": [
            "openfire_leads/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "openfire_leads/static/tests/**/*.test.js",
        ],
    },
    "demo": [
        "demo/crm_team_demo.xml",
        "demo/res_partner_demo.xml",
        "demo/crm_lead_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}

"""What the cases of the differential test happen in: made in both databases in the same way."""

from odoo.fields import Command

USERS = {
    "marc": "sales_team.group_sale_salesman_all_leads",
    "julie": "sales_team.group_sale_salesman_all_leads",
    "boss": "sales_team.group_sale_manager",
}


def make(env):
    """Make the world; return ``{name: [model, id]}`` of its records."""
    france = env.ref("base.fr")
    main = env.company
    main.write({"country_id": france.id, "email": "contact@company.example"})
    domain = env["mail.alias.domain"].search([], limit=1) or env["mail.alias.domain"].create(
        {"name": "x.example"}
    )
    domain.name = "leads.example"
    main.alias_domain_id = domain
    second = env["res.company"].create({"name": "Second Company", "country_id": france.id})
    env.ref("base.group_user")._apply_group(env.ref("crm.group_use_lead"))
    world = {"main": main, "second": second}
    for login, group in USERS.items():
        companies = (main | second) if login == "boss" else main
        world[login] = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login.title(),
                    "login": f"differential_{login}",
                    "email": f"{login}@company.example",
                    "company_id": main.id,
                    "company_ids": [Command.set(companies.ids)],
                    "group_ids": [Command.set([env.ref("base.group_user").id, env.ref(group).id])],
                }
            )
        )
    teams = {
        "team_a": ("Team A", "demandes", main, "marc"),
        "team_b": ("Team B", "autres", main.browse(), "julie"),
    }
    for name, (label, alias, company, member) in teams.items():
        world[name] = env["crm.team"].create(
            {
                "name": label,
                "alias_name": alias,
                "use_leads": True,
                "company_id": company.id,
                "member_ids": [Command.link(world[member].id)],
            }
        )
    firm = {"name": "Dupont Chauffage", "is_company": True, "email": "contact@dupont-chauffage.fr"}
    world["firm"] = env["res.partner"].create({**firm, "phone": "01 42 68 53 00", "country_id": france.id})
    world["lucie"] = env["res.partner"].create(
        {"name": "Lucie Morel", "email": "lucie.morel@dupont-chauffage.fr", "parent_id": world["firm"].id}
    )
    world["jeanne"] = env["res.partner"].create(
        {"name": "Jeanne Moulin", "email": "jeanne.moulin@orange.fr", "phone": "06 39 98 55 55"}
    )
    world["red"], world["blue"] = env["crm.tag"].create([{"name": "Rouge"}, {"name": "Bleu"}])
    return {name: [record._name, record.id] for name, record in world.items()}

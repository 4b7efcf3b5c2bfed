"""A script for Odoo's shell: makes of a database with the demo data one that looks the same whenever it is made.

Odoo's own demo leads, which are in English only, go; what is left has fixed dates, and no counter of the day.
"""

import json

env = globals()["env"]  # given by the shell

# the line above leads, and the menu, are for who tries the demo
for name in ("first_steps_demo_asset", "first_steps_demo_menu"):
    env.ref(f"openfire_leads.{name}").unlink()

own = env["ir.model.data"].search([("module", "=", "openfire_leads"), ("model", "=", "crm.lead")])
leads = env["crm.lead"].with_context(active_test=False)
leads.search([("id", "not in", own.mapped("res_id"))]).unlink()
env["mail.activity"].search([]).unlink()
env["mail.notification"].search([]).unlink()
env["calendar.event"].search([("opportunity_id", "=", False)]).unlink()

euro = env.ref("base.EUR")
euro.active = True
env.company.write({"name": "Foyers du Lac", "country_id": env.ref("base.fr").id, "currency_id": euro.id})
env["crm.lead"].search([])._compute_probabilities()

# what is old would be removed
env.ref("base.autovacuum_job").active = False
# the assistant's greeting counts as a message to be read
env["res.users"].search([("login", "in", ("david", "claire"))]).odoobot_state = "disabled"

env.flush_all()
env.cr.execute("""
    UPDATE crm_lead SET create_date = timestamp '2026-03-02 09:00' + (id - first) * interval '1 day',
           date_open = timestamp '2026-03-02 09:00' + (id - first) * interval '1 day'
      FROM (SELECT min(id) AS first FROM crm_lead) numbered;
    UPDATE mail_message SET date = timestamp '2026-04-01 09:00', create_date = timestamp '2026-04-01 09:00';
    UPDATE res_users SET create_date = timestamp '2026-01-05 09:00';
    UPDATE res_partner SET create_date = timestamp '2026-01-05 09:00';
""")
env.invalidate_all()
# their colour is by when they came
for user in env["res.users"].search([("login", "in", ("david", "claire"))]):
    user.image_1920 = user.partner_id._avatar_generate_svg()
env["crm.lead.duplicate"].scan()
env["crm.lead.duplicate.group"]._bring_up_to_date(limit=None)

claire = env["res.users"].search([("login", "=", "claire")])
groups = env["crm.lead.duplicate.group"].with_user(claire).with_context(lang=claire.lang)
run = env["crm.lead.merge.run"].browse(groups.action_plan_certain()["res_id"])
env.flush_all()
env.cr.execute("UPDATE crm_lead_merge_run SET date = timestamp '2026-04-01 09:00' WHERE id = %s", [run.id])
env.cr.commit()
print(json.dumps({"lead": env.ref("openfire_leads.crm_lead_richard_3").id, "run": run.id}))

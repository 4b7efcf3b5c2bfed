"""Run the cases of the differential test on one database, and write the facts that came of them.

    python tests/differential/run.py -c ODOO.CONF --database DATABASE --output FACTS.json [--rule RULE …]

The same on a database without and one with the addon, both from one template; ``devtools/differential.py`` compares.
It changes the database: it is meant for one that is thrown away. Each case has a transaction of its own, rolled back.
"""

import argparse
import json
import os
import sys
import traceback
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config, mute_logger

sys.path.insert(0, str(Path(__file__).parent))

from actions import ACTIONS, Scene
from cases import CASES
from world import make

# what a case may complain of is a fact, not a line in the log
LOUD = ("odoo.sql_db", "odoo.addons.mail.models.mail_thread", "odoo.addons.base.models.ir_mail_server")


def facts_of(registry, world, case):
    """Return the facts of one case; where it is refused, ``{"error": why}``, with a traceback if not in words."""
    with registry.cursor() as cr:
        try:
            scene = Scene(api.Environment(cr, SUPERUSER_ID, {}), world, case)
            return ACTIONS[case["do"]](scene)
        except UserError as error:
            return {"error": str(error)}
        except Exception:  # noqa: BLE001 (whatever it is, it is what came of the case)
            return {"error": "Traceback: " + traceback.format_exc()[-600:]}
        finally:
            cr.rollback()


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("-c", "--config", default=os.environ.get("ODOO_RC"))
    parser.add_argument("--database", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--rule", action="append", help="survivor rules of the addon; none for stock Odoo")
    parser.add_argument("--case", default="", help="only the cases whose name begins like that")
    options = parser.parse_args(arguments)
    config.parse_config(["-c", options.config, "--no-http", "--log-level=error"])
    registry = Registry(options.database)
    with registry.cursor() as cr:
        world = make(api.Environment(cr, SUPERUSER_ID, {}))
    found = {}
    for rule in options.rule or ["stock"]:
        with registry.cursor() as cr:
            parameters = api.Environment(cr, SUPERUSER_ID, {})["ir.config_parameter"]
            parameters.set_param("openfire_leads.survivor_rule", rule if options.rule else False)
            # Odoo's own rule goes with its own criteria of similar leads
            criteria = "odoo" if rule == "confidence" else False
            parameters.set_param("openfire_leads.similar_criteria", criteria)
        with mute_logger(*LOUD):
            found[rule] = {
                name: facts_of(registry, world, case)
                for name, case in CASES.items()
                if name.startswith(options.case)
            }
    Path(options.output).write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

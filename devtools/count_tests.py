"""A script for Odoo's shell: how many of the addon's tests does Odoo's own runner find in each folder of ``tests/``?

Odoo looks for tests in ``openfire_leads/tests`` only; were the bridge there broken, it would be green with none.
"""

import json
from collections import Counter

from odoo.tests.loader import get_module_test_cases, get_test_modules
from odoo.tests.tag_selector import TagsSelector

_selectors = [TagsSelector(f"{position}/openfire_leads") for position in ("at_install", "post_install")]
_cases = [case for module in get_test_modules("openfire_leads") for case in get_module_test_cases(module)]
_found = [case for case in _cases if any(selector.check(case) for selector in _selectors)]
# openfire_leads.tests.folder.test_file, or openfire_leads.tests.test_file
_folders = Counter(type(case).__module__.partition(".tests.")[2].rpartition(".")[0] for case in _found)
print(json.dumps(_folders))

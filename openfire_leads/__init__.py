from .python_packages import check

# before anything that imports them
check()

from . import controllers, models, wizards  # noqa: E402
from .hooks import uninstall_hook  # noqa: E402

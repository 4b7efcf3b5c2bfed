"""One folder per concern. The order is that of the extensions: merging builds on duplicates, conversion and
review on both, the scan on review."""

from . import plain_fields
from . import ir_http
from . import lead_mode
from . import entry
from . import gateway
from . import duplicates
from . import merge
from . import convert
from . import review
from . import scan
from . import report

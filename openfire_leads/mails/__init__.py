"""What a mail says: who asks for something, by which words, and whether it is a request at all.

Plain Python that imports no Odoo, only ``matching``: parsed messages and text in, plain values out.
"""

from .addresses import is_machine, is_relay, person_in_display_name, quote_comma_in_name, related
from .forwards import Original, original_of
from .labels import read_labels
from .nature import AUTOMATIC, CALENDAR, NEWSLETTER, nature
from .text import own_words, texts_of

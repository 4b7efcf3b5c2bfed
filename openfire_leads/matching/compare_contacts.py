"""Compare e-mail addresses and phone numbers: a record may have several, the best two count."""

import numpy as np

from .align import distinct, edit_similarity
from .columns import MISSING
from .emails import of_two_people
from .outcome import Outcome, choose
from .phones import FIXED, MOBILE, one_number

EMAIL_LEVELS = (
    "missing",
    "exact",
    "exact_own_domain",
    "same_mailbox",
    "close",
    "same_local",
    "same_domain",
    "different",
)
# levels of two addresses that reach one mailbox
ONE_MAILBOX = ("exact", "exact_own_domain", "same_mailbox")
PHONE_LEVELS = ("missing", "exact_mobile", "exact", "close", "other_mobile", "different", "other_kind")
# levels of two numbers that are one
ONE_NUMBER = ("exact_mobile", "exact")
# below that many digits one wrong digit is another number
_LONG_NUMBER = 9
# marc@ one firm and marc@ another: where everybody has their own, a name alone is this many bits of information at most
_NAME_AT_FIRMS = 1


def compare_emails(table, left, right):
    """Return the :class:`Outcome` of comparing e-mail addresses."""
    boxes, words = table.mailboxes, table.emails.vocabulary

    def nearly(low, high):
        alike = edit_similarity(words.strings[low], words.strings[high])
        slips = np.round((1 - alike) * np.maximum(words.sizes[low], words.sizes[high]))
        same_box = boxes.number[low] == boxes.number[high]
        tagged = boxes.tagged[low] | boxes.tagged[high]
        same_local = (boxes.local[low] == boxes.local[high]) & boxes.personal[low] & ~tagged
        firms = boxes.own_domain[low] & boxes.own_domain[high]
        most = np.where(firms & ~boxes.distinctive[low], _NAME_AT_FIRMS, np.inf)
        local_bits = np.minimum(boxes.local_bits[low], most)
        same_domain = (boxes.domain[low] == boxes.domain[high]) & boxes.own_domain[low] & ~tagged
        near = (slips <= 2) & (alike >= 0.85) & ~same_box & ~same_local & ~tagged
        for index in np.flatnonzero(near):
            near[index] = not of_two_people(words.strings[low[index]], words.strings[high[index]])
        which = [same_box, near, same_local, same_domain]
        level = choose(which, [3, 4, 5, 6], 7)
        meant = np.minimum(words.bits[low], words.bits[high])
        bits = choose(which, [meant, meant, local_bits, boxes.domain_bits[low]], 0)
        return level, alike, bits

    # an address at a domain of one's own that is named after nobody may be read by many: contact@, info@
    return _best(table.emails, left, right, nearly, 1 + (boxes.own_domain & ~boxes.personal & ~boxes.tagged))


def compare_phones(table, left, right):
    """Return the :class:`Outcome` of comparing phone numbers; one slip or another country code is close.

    Of two numbers that are one, of which one lacks its country's code, the other tells whether it is a mobile phone's.
    Most people have one mobile phone, and many have a fixed one besides: two mobiles are two, one of each tells little.
    """
    words, tails, kinds = table.phones.vocabulary, table.phone_tails, table.phone_kinds

    def nearly(low, high):
        alike = edit_similarity(words.strings[low], words.strings[high])
        longest = np.maximum(words.sizes[low], words.sizes[high])
        slip = ((1 - alike) * longest < 1.5) & (longest >= _LONG_NUMBER)
        same_end = tails[low] == tails[high]
        same = np.zeros(len(low), bool)
        for index in np.flatnonzero(same_end):
            same[index] = one_number(words.strings[low[index]], words.strings[high[index]])
        first, second = kinds[low], kinds[high]
        mobile, mobiles = (first == MOBILE) | (second == MOBILE), (first == MOBILE) & (second == MOBILE)
        other_kind = mobile & ((first == FIXED) | (second == FIXED))
        level = choose([same & mobile, same, slip | same_end, mobiles, ~other_kind], [1, 2, 3, 4, 5], 6)
        bits = np.where(level < 4, np.minimum(words.bits[low], words.bits[high]), 0)
        return level, np.where(same, 1, alike), bits

    return _best(table.phones, left, right, nearly, np.where(kinds == MOBILE, 1, 2))


def _best(column, left, right, nearly, exact_levels):
    """Return the best outcome of any two values.

    :param nearly: function of two arrays of numbers of different values, giving level, similarity and bits
    :param exact_levels: for each value, the level of two records that share it
    """
    size, (rows, first, second) = len(left), column.both(left, right)
    if not len(rows):
        return Outcome.missing(size)
    first, second = column.words[first], column.words[second]
    pairs = (first[:, :, None] != MISSING) & (second[:, None, :] != MISSING)
    shared = (first[:, :, None] == second[:, None, :]) & pairs
    exact = shared.any((1, 2))
    bits = np.where(shared, column.vocabulary.bits[first][:, :, None], 0).max((1, 2), initial=0)
    level = np.where(shared, exact_levels[first][:, :, None], 99).min((1, 2), initial=99)
    outcome = Outcome.at(size, rows, np.where(exact, level, 0), exact, bits)
    at, one, other = np.nonzero(pairs & ~exact[:, None, None])
    if len(at):
        low, high, inverse = distinct(first[at, one], second[at, other])
        level, alike, info = (values[inverse] for values in nearly(low, high))
        order = np.lexsort((info, alike, -level, at))
        last = order[np.r_[at[order][1:] != at[order][:-1], True]]
        at = rows[at[last]]
        outcome.level[at], outcome.similarity[at], outcome.bits[at] = level[last], alike[last], info[last]
    return outcome

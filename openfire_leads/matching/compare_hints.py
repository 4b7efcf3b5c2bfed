"""Look for one record's contact in the other's e-mail address and subject."""

import numpy as np

from .align import align
from .columns import MISSING
from .compare_names import CROSS_LEVELS
from .emails import is_a_name, made_of, may_be
from .outcome import Outcome, choose

# so few letters may be found in any domain
_SHORTEST = 3
HINT_LEVELS = ("missing", "mentioned", "partly_mentioned", "not_mentioned", "other_in_email")


def compare_hints(table, left, right, person, cross, one_mailbox, one_number, one_domain):
    """Return the :class:`Outcome` of looking for one record's name in the other's address and subject.

    That is of pairs of which contacts are compared neither with each other nor crosswise, and of which exactly one
    record names its contact, or anybody at all. Where it tells nothing, two addresses at one firm's domain tell
    whether they are two colleagues. A firm whose own address names the other's contact is no other one: ``cross`` is
    withdrawn.

    :param person: the outcome of comparing contacts
    :param cross: the one of comparing all names
    :param one_mailbox: which pairs are reached by one mailbox
    :param one_number: which by one phone
    :param one_domain: which have two addresses at a domain of their own
    """
    apart = cross.level == len(CROSS_LEVELS) - 1
    unnamed = (person.level == 0) & (cross.level == 0)
    outcome, addressed = Outcome.missing(len(left)), np.zeros(len(left), bool)
    for one, other in ((left, right), (right, left)):
        silent = (table.person.ids[other] == MISSING) & (
            (table.person.ids[one] != MISSING) | (table.company.ids[other] == MISSING)
        )
        names, hints = table.called.ids[one], table.hints.ids[other]
        rows = np.flatnonzero((unnamed | apart) & silent & (names != MISSING) & (hints != MISSING))
        if not len(rows):
            continue
        called = table.called_latin.ids[one[rows]]
        words = table.called_latin.words[called]
        found = align(words, table.hints.words[hints[rows]], table.called.vocabulary)
        alias = table.alias.ids[other[rows]]
        foreign = table.called.foreign(one[rows], other[rows], table.alias)
        glued, one_word, bits = _glued(called, alias, table, found)
        addressed[rows] = glued | one_word | _share(words, table.alias.words[alias])
        # a firm is called otherwise than the people there
        named = (table.person.ids[one[rows]] != MISSING) | table.like_a_person[table.company.ids[one[rows]]]
        named &= ~one_mailbox[rows]
        somebody = named & table.names_somebody[alias]
        somebody &= ~_share(table.company.words[table.company.ids[other[rows]]], table.alias.words[alias])
        somebody[_of_another(table, one[rows], other[rows], alias, named & (found.agreeing == 0))] = True
        some = (found.exact + found.close > 0) | one_word
        level = choose(
            [found.agreeing > 1, glued, some, alias == MISSING, ~somebody | foreign],
            [1, 1, 2, 3, 0],
            4,
        )
        outcome.level[rows] = np.where(foreign & (level > 2), 0, level)
        outcome.similarity[rows] = np.where(glued | one_word, 1, found.similarity)
        outcome.bits[rows] = np.where(glued, table.called_bits[called], np.maximum(found.bits, bits))
    # a word of a name may be anybody's
    named = addressed & ((outcome.level == 1) | ((outcome.level == 2) & one_number))
    cross.level[apart & named] = 0
    outcome.level[apart & ~named] = 0
    outcome.level[_colleagues(table, left, right, unnamed & one_domain & (outcome.level == 0))] = 4
    return outcome


def _share(words, others):
    """Return for which rows one of ``words`` is one of ``others``."""
    return ((words[:, :, None] == others[:, None, :]) & (words != MISSING)[:, :, None]).any((1, 2))


def _colleagues(table, left, right, wanted):
    """Return which pairs of ``wanted`` have addresses that are named after two: ``alexandre@``, ``gdubois@``."""
    at = np.flatnonzero(wanted)
    if not len(at):
        return at
    rows, first, second = table.alias.both(left[at], right[at])
    at, words = at[rows], table.alias.words
    found = align(words[first], words[second], table.alias.vocabulary)
    other = found.agreeing == 0
    for records, ids in ((left[at], first), (right[at], second)):
        # an address named after the firm is nobody's
        other &= ~_share(words[ids], table.company.words[table.company.ids[records]])
    for index in np.flatnonzero(other):
        one, two = (table.alias.strings[ids[index]].split() for ids in (first, second))
        other[index] = not (made_of("".join(one), two) or made_of("".join(two), one))
    return at[other]


def _of_another(table, one, other, alias, wanted):
    """Return which pairs of ``wanted`` have an address at a firm that is one word, and not the name: ``guyot@``."""
    firm = (table.company.ids[other] != MISSING) & table.at_own_domain[other]
    at = np.flatnonzero(wanted & (alias != MISSING) & firm)
    at = at[table.alias.counts[alias[at]] == 1]
    # nor does the address of who has the name have that word
    own = table.alias.words[table.alias.ids[one[at]]] == table.alias.words[alias[at], :1]
    at = at[~own.any(1)]
    words, others = table.alias.strings[alias[at]], _all_aliases(table, other[at])
    firms = table.company_latin.strings[table.company_latin.ids[other[at]]]
    domains = table.mailboxes.domains[table.emails.words[table.emails.ids[other[at]], 0]]
    names = table.called_latin.strings[table.called_latin.ids[one[at]]]
    named = zip(words, others, names, firms, domains, strict=True)
    return at[
        [
            is_a_name(word, firm, domain)
            and not any(may_be(alias, name) for alias in among)
            and not any(part in domain for part in name.split() if len(part) > _SHORTEST)
            for word, among, name, firm, domain in named
        ]
    ]


def _all_aliases(table, records):
    """Return for each record the words of all its addresses."""
    for numbers in table.emails.words[table.emails.ids[records]]:
        aliases = table.aliases.strings[table.aliases.ids[numbers[numbers != MISSING]]]
        yield " ".join(aliases).split()


def _glued(called, alias, table, found):
    """Return for which pairs the address is the name written as one word, ``bthomas``, and for which a word of it.

    ``marchand`` is no Marc: what was taken for two words may be one of the name.

    :param found: the alignment of the words as they are
    :return: two arrays that tell which, and one of the bits of that word
    """
    glued, one_word, bits = np.zeros(len(called), bool), np.zeros(len(called), bool), np.zeros(len(called))
    column, aliases = table.called_latin, table.alias
    width = column.words.shape[1]
    several = (column.counts[called] > 1) & (found.agreeing < 2)
    parted = (found.exact + found.close == 0) & (aliases.counts[alias] > 1)
    at = np.flatnonzero((alias != MISSING) & (several | parted))
    names, written = column.strings[called[at]], aliases.strings[alias[at]]
    for index, name, one in zip(at, names, written, strict=True):
        letters, words = one.replace(" ", ""), name.split()[:width]
        glued[index] = several[index] and made_of(letters, words)
        if parted[index] and letters in words:
            one_word[index] = True
            bits[index] = column.vocabulary.bits[column.words[called[index], words.index(letters)]]
    return glued, one_word, bits

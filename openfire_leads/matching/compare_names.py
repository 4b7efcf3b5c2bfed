"""Compare names of people and companies, wherever they were written."""

import numpy as np

from .align import align
from .columns import MISSING
from .first_names import IN_DOUBLE_NAMES, KNOWN, are_two
from .outcome import Outcome, choose, first_level

PERSON_LEVELS = (
    "missing",
    "exact",
    "very_close",
    "short_form",
    "initials",
    "completed",
    "partial",
    "other_surname",
    "other_first_name",
    "different",
)
COMPANY_LEVELS = ("missing", "exact", "very_close", "partial", "contradicting", "different")
CROSS_LEVELS = ("missing", "crosswise", "crosswise_surname", "crosswise_partial", "crosswise_different")
# the rarest words do not look more like slips than these bits of information do
MOST_DOUBT = 10
# a first name that may be half of the other's, with the surname, is no more information than that
MOST_OF_A_HALF = 18
# how much an acronym of a name says
ACRONYM_BITS = 6
# so many words agree at least where company and address stand in one line
_FEWEST_IN_LINE = 4


def compare_people(table, left, right):
    """Return the :class:`Outcome` of comparing contacts.

    Two words must agree for a whole name. Where some agree and both sides have another one left, it
    is somebody else of that name: ``other_first_name``, or ``other_surname`` where a first name is all that agrees.
    Who has one first name more (Anne, Anne-Marie) may be short for it, or another of the family; so may, the more, who
    is called Jr on one side only. The same letters with a blank elsewhere are the same name.
    Names in two scripts agree where the transliterated ones do; else nothing can be said.
    """
    rows, first, second = table.person.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.person.words[first], table.person.words[second], table.person.vocabulary)
    # an initial agrees with a name only where no other name stands against it
    crossed = found.crossed & (found.exact + found.close > 0)
    clash = (found.left > 0) & (found.right > 0) | crossed
    whole, some = (found.agreeing > 1) & ~clash, found.agreeing - found.initial > 0
    spelled_out = whole & (found.initial == 0)
    other_surname, named_otherwise = _first_names(first, second, table.person, some & clash)
    level = first_level(
        [
            spelled_out & (found.close + found.short == 0),
            spelled_out & (found.short == 0),
            spelled_out,
            whole,
            np.zeros(len(whole), bool),
            (found.agreeing > 0) & ~clash,
            some & other_surname,
            some,
        ],
        9,
    )
    more = np.flatnonzero(whole & (found.left != found.right))
    if len(more):
        half, marked = _one_sided(found, table.person, first, second, more)
        level[half] = np.maximum(level[half], PERSON_LEVELS.index("short_form"))
        level[marked] = PERSON_LEVELS.index("partial")
        either = np.r_[half, marked]
        found.bits[either] = np.minimum(found.bits[either], MOST_OF_A_HALF)
    # a rare word that contradicts may be a slip, but not where both are known first names
    doubt = np.where(named_otherwise, 0, np.minimum(found.rarity, MOST_DOUBT))
    outcome = Outcome.at(len(left), rows, level, found.similarity, found.bits, doubt)
    _join(outcome, rows, first, second, table.person)
    most = np.minimum(table.person_most[first], table.person_most[second])
    outcome.bits[rows] = np.minimum(outcome.bits[rows], most)
    _transliterate(outcome, (table.person, table.person_latin), left, right, PERSON_LEVELS)
    return outcome


def _one_sided(found, column, first, second, rows):
    """Return which of ``rows`` are a first name and half of it, and which are one name told from another's by a mark.

    All that is left over, on one side, is known first names beside one that agrees, of such as make double names:
    others are a couple's. Or ``/2``, for Jr, is among it.
    """
    longer = (found.left[rows] > 0)[:, None]
    words = np.where(longer, column.words[first[rows]], column.words[second[rows]])
    free = np.where(longer, found.free_left[rows], found.free_right[rows])
    vocabulary = column.vocabulary
    mark = vocabulary.initials[words] == ord("/")
    # a Chinese character is no first name
    known = vocabulary.given[words] & (vocabulary.sizes[words] > 1)
    known &= ~mark
    marked = (free & mark).any(1)
    half = ~(free & ~known).any(1) & (known & ~free).any(1) & ~marked
    half &= np.isin(words, [vocabulary.numbers.get(name, MISSING - 1) for name in IN_DOUBLE_NAMES]).any(1)
    return rows[half], rows[marked]


def _first_names(first, second, column, wanted):
    """Return for which pairs of ``wanted`` it is only known first names that agree, and for which such contradict."""
    surname, given = np.zeros((2, len(first)), bool)
    at = np.flatnonzero(wanted)
    if len(at):
        one, other = column.words[first[at]], column.words[second[at]]
        same = (one[:, :, None] == other[:, None, :]) & (one != MISSING)[:, :, None]
        known, known_other = column.vocabulary.given[one], column.vocabulary.given[other]
        agree, agree_other = same.any(2), same.any(1)
        left, right = (known & ~agree).any(1), (known_other & ~agree_other).any(1)
        named, named_other = column.vocabulary.named[one], column.vocabulary.named[other]
        surname[at] = agree.any(1) & ~(agree & ~known).any(1) & ~(left | right)
        given[at] = (named & ~agree).any(1) & (named_other & ~agree_other).any(1)
    return surname, given


def complete_names(outcome, table, left, right, apart):
    """Read the first name that only an address tells, ``nadine.malec@`` of M. Malec: the other's, or another.

    :param outcome: the :class:`Outcome` of comparing contacts
    :param apart: for which pairs neither address nor phone agrees: by one of them a couple is reached, or a family
    """
    at = np.flatnonzero(apart & (outcome.level == PERSON_LEVELS.index("partial")))
    same, other = np.zeros((2, len(at)), bool)
    for index, pair in enumerate(zip(left[at].tolist(), right[at].tolist(), strict=True)):
        names, (one, two) = _both(_name_of, table, pair), _both(_first_names_of, table, pair)
        family = names[0] & names[1]
        mine, theirs = (one - two - family) & KNOWN, (two - one - family) & KNOWN
        # half of a double name is not the whole
        whole = not (mine or theirs) and not (one & two).issubset(family)
        same[index] = whole and 1 in map(len, names)
        other[index] = bool(mine and theirs) and all(
            are_two(name, another) for name in mine for another in theirs
        )
    outcome.level[at[same]] = PERSON_LEVELS.index("completed")
    outcome.level[at[other]] = PERSON_LEVELS.index("other_first_name")


def _both(read, table, pair):
    return [read(table, record) for record in pair]


def _name_of(table, record):
    return {*table.person.strings[table.person.ids[record]].split()}


def _first_names_of(table, record):
    """Return the words of a contact, or those that its address has besides its surname where that is all it is."""
    words = _name_of(table, record)
    if len(words) > 1:
        return words
    (surname,) = words
    alias = table.alias.strings[table.alias.ids[record]].split()
    if surname not in alias:
        # maybe written as one word
        parts = alias[0].split(surname) if len(alias) == 1 else []
        alias = parts if "" in parts else []
    return {word for word in alias if len(word) > 2 and word != surname}


def _join(outcome, rows, first, second, column):
    """Make those exact whose letters are the same while the number of words is not: ``Jean Marc``, ``Jeanmarc``."""
    alike = (column.sizes[first] == column.sizes[second]) & (column.counts[first] != column.counts[second])
    for index in np.flatnonzero(alike & (outcome.level[rows] != 1)):
        one, other = first[index], second[index]
        if _letters(column.strings[one]) == _letters(column.strings[other]):
            row, bits = rows[index], column.vocabulary.bits
            outcome.level[row], outcome.similarity[row], outcome.doubt[row] = 1, 1, 0
            outcome.bits[row] = min(bits[column.words[one]].sum(), bits[column.words[other]].sum())


def _letters(text):
    """Return the letters of ``text`` in any order, and its digits in that in which they stand."""
    return sorted(text.replace(" ", "")), [char for char in text if char.isdigit()]


def _transliterate(outcome, columns, left, right, levels):
    """Compare names in two scripts as they sound; where they sound otherwise that is no contradiction."""
    column, latin = columns
    rows = np.flatnonzero(column.foreign(left, right))
    if not len(rows):
        return
    first, second = latin.words[latin.ids[left[rows]]], latin.words[latin.ids[right[rows]]]
    found = align(first, second, latin.vocabulary)
    alike = (found.exact + found.close > 0) & ((found.left == 0) | (found.right == 0))
    names = [levels.index("very_close"), levels.index("partial")]
    outcome.level[rows] = choose([alike & (found.agreeing > 1), alike], names, 0)
    outcome.similarity[rows], outcome.bits[rows], outcome.doubt[rows] = found.similarity, found.bits, 0


def compare_companies(table, left, right):
    """Return the :class:`Outcome` of comparing companies; all words of both must agree for a whole name.

    The same letters with a blank elsewhere are the same name.
    """
    rows, first, second = table.company.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.company.words[first], table.company.words[second], table.company.vocabulary)
    some, whole = found.agreeing > 0, (found.left == 0) & (found.right == 0)
    clash = (found.left > 0) & (found.right > 0)
    slips = found.close + found.short + found.initial
    level = first_level([whole & (slips == 0), whole & some, some & ~clash, some], 5)
    level[_in_one_line(level, found, first, second, table.company)] = 3
    outcome = Outcome.at(len(left), rows, level, found.similarity, found.bits)
    _join(outcome, rows, first, second, table.company)
    _spell_out(outcome, rows, first, second, table.company)
    _transliterate(outcome, (table.company, table.company_latin), left, right, COMPANY_LEVELS)
    return outcome


def _in_one_line(level, found, first, second, column):
    """Return the rows of companies written in one line with their address, of which each names another part of it.

    They begin with the same word and agree in most, a house number or a postcode among it.
    """
    most = (found.agreeing >= _FEWEST_IN_LINE) & (2 * np.maximum(found.left, found.right) <= found.agreeing)
    at = ((level == 4) & most).nonzero()[0]
    if not len(at):
        return at
    one, other = column.words[first[at]], column.words[second[at]]
    numbers = (one[:, :, None] == other[:, None, :]) & column.vocabulary.digits[one][:, :, None]
    return at[(one[:, 0] == other[:, 0]) & numbers.any((1, 2))]


def _spell_out(outcome, rows, first, second, column):
    """Make those partly the same of which one is made of the first letters of the other's words: an acronym."""
    one_word = np.minimum(column.counts[first], column.counts[second]) == 1
    several = np.maximum(column.counts[first], column.counts[second]) > 1
    for index in np.flatnonzero(one_word & several & (outcome.level[rows] == 5)):
        short, long = sorted((column.strings[first[index]], column.strings[second[index]]), key=len)
        if short == "".join(word[0] for word in long.split()):
            outcome.level[rows[index]], outcome.similarity[rows[index]] = 3, 0.8
            outcome.bits[rows[index]] = ACRONYM_BITS


def compare_crosswise(table, left, right, person, company):
    """Return the :class:`Outcome` of comparing all names where contact and company do not fit each other.

    That is when neither can be compared, or when they were typed into each other's field. In that case,
    seen from all words of one side being among the other's, ``person`` and ``company`` are withdrawn.
    """
    silent = (person.level == 0) & (company.level == 0)
    unlike = np.isin(person.level, (0, len(PERSON_LEVELS) - 1)) & np.isin(company.level, (0, 4, 5))
    foreign = table.names.foreign(left, right) | table.person.foreign(left, right)
    chosen = np.flatnonzero(unlike & ~foreign)
    rows, first, second = table.names.both(left[chosen], right[chosen])
    rows = chosen[rows]
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.names.words[first], table.names.words[second], table.names.vocabulary)
    some, within = found.agreeing > 0, (found.left == 0) | (found.right == 0)
    # one word is a surname: it says which family
    level = first_level([some & within & (found.agreeing > 1), some & within, some], 4)
    counts = silent[rows] | (within & (found.agreeing > 1))
    for withdrawn in (person, company):
        withdrawn.level[rows[counts]] = 0
    rows = rows[counts]
    return Outcome.at(len(left), rows, level[counts], found.similarity[counts], found.bits[counts])

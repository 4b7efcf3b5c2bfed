"""The comparisons of the standard model: their levels and how much evidence each level is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """How alike two values are, and what that weighs.

    The weight in bits is ``base`` + ``share`` x the information of what agrees + ``doubt`` x the information
    of what contradicts. Information is -log2 of the share of records that have the value: ten bits for one
    in a thousand.
    """

    name: str
    base: float
    share: float = 0.0
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to ``then`` when another comparison has one of certain levels too.

    So the same fact is counted once (a name, and again in the e-mail address made of it), and what
    only means something together counts together.
    """

    first: str
    first_levels: tuple[str, ...]
    then: str
    then_levels: tuple[str, ...]
    weight: float


# Bits that the odds of one requester are for any two records, times the number of records.
PRIOR = 5.35

# An exact value says less than its rarity alone where people share it or where it was heard already.
SCALES = {
    "email": (
        Level("exact", 1.85, 0.7),
        Level("close", 2.25, 0.2),
        Level("same_local", 1.75, 0.2),
        Level("same_domain", -6.45, 0.35),
        Level("different", -1.7),
    ),
    "phone": (
        Level("exact", -0.6, 0.8),
        Level("close", -0.7, 0.5),
        Level("different", -2.5),
    ),
    "person": (
        Level("exact", -2.6, 0.7),
        Level("very_close", -1.0, 0.65),
        Level("initials", 0.35, 0.55),
        Level("partial", 0.55, 0.55),
        Level("other_first_name", -7.0, 0.65, doubt=0.4),
        Level("different", -5.8, 0.0, doubt=0.5),
    ),
    "company": (
        Level("exact", -0.5, 0.2),
        Level("very_close", 0.0, 0.4),
        Level("partial", 0.3, 0.35),
        Level("contradicting", -4.5),
        Level("different", -6.0),
    ),
    "cross": (
        Level("crosswise", -0.6, 0.6),
        Level("crosswise_partial", -3.9, 0.55),
        Level("crosswise_different", -3.35),
    ),
    "hint": (
        Level("mentioned", -1.2, 0.6),
        Level("not_mentioned", 0.0),
    ),
    "street": (
        Level("exact", 1.2, 0.1),
        Level("no_number", 0.15, 0.25),
        Level("other_number", 0.25, 0.1),
        Level("partial", -1.25, 0.45),
        Level("partial_no_number", -2.15, 0.4),
        Level("same_number", 2.3, 0.35),
        Level("different", -3.05, 0.25),
    ),
    "street2": (
        Level("exact", 5.0),
        Level("close", 5.0),
        Level("different", 0.0),
    ),
    "zip": (
        Level("exact", 0.25, 0.4),
        Level("close", -3.0, 0.5),
        Level("same_area", -5.0, 0.3),
        Level("different", -7.0),
    ),
    "city": (
        Level("exact", -1.0, 0.65),
        Level("close", 0.95, 0.3),
        Level("different", -2.2),
    ),
    "state": (
        Level("exact", 0.5),
        Level("close", 0.0),
        Level("different", 0.0),
    ),
    "subject": (
        Level("exact", -0.85, 0.5),
        Level("partial", -1.5, 0.1),
        Level("different", -1.5),
    ),
}

CORRECTIONS = (
    Correction("zip", ("exact",), "city", ("exact",), -3.8),
    Correction("zip", ("same_area", "different"), "city", ("exact", "close"), 2.9),
    Correction("email", ("exact",), "person", ("exact", "very_close", "initials"), -3.05),
    Correction("email", ("same_local",), "person", ("exact", "very_close", "initials"), -2.55),
    Correction("email", ("exact",), "person", ("other_first_name",), 1.65),
    Correction("email", ("same_local",), "person", ("other_first_name", "different"), 3.15),
    Correction("phone", ("exact",), "person", ("exact", "very_close", "initials"), 1.3),
    Correction("phone", ("exact",), "person", ("other_first_name",), -3.0),
    Correction("phone", ("exact",), "person", ("different",), -6.0),
    Correction("street", ("exact",), "person", ("exact", "very_close", "initials"), 4.0),
    Correction("street", ("exact",), "person", ("other_first_name",), 2.35),
)

"""What the engine refuses, as one small tree of exceptions."""


class MatchingError(ValueError):
    """Anything the engine refuses; the message says what is wrong."""


class ModelError(MatchingError):
    """A model that cannot be used: the message names the comparison, level or threshold at fault."""


class ProfileError(MatchingError):
    """A stored profile that this version of the engine cannot read."""

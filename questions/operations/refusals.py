"""Why a mission's form changes nothing: raised by every operation that a link may cause."""


class ReplyClosed(Exception):
    """The event no longer takes answers from this candidacy."""


class LinkRevoked(Exception):
    """The link was revoked while its form was open."""

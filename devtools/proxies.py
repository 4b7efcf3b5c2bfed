"""The proxies that the environment names: one that does not answer is told before anything is fetched."""

import socket
from urllib.parse import urlsplit

from .console import Failure

VARIABLES = ("http_proxy", "https_proxy", "all_proxy")
PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks5": 1080, "socks5h": 1080}


def named(environ):
    """Return the proxies that environment variables name, ``{variable: address}``."""
    return {name: value for name, value in environ.items() if name.lower() in VARIABLES and value.strip()}


def check(environ):
    """See that every proxy answers.

    :raise Failure: one does not, or its address cannot be read
    """
    for name, address in named(environ).items():
        try:
            parts = urlsplit(address if "//" in address else f"http://{address}")
            place = (parts.hostname or "", parts.port or PORTS.get(parts.scheme, 80))
        except ValueError:
            place = ("", 0)
        if not all(place):
            # not shown: it may hold a password, and logs of continuous integration are read by many
            raise Failure(f"{name} holds no address of a proxy: correct it, or unset it.")
        try:
            socket.create_connection(place, timeout=5).close()
        except OSError as error:
            why = error.strerror or str(error)
            raise Failure(
                f"The proxy {place[0]}:{place[1]}, which {name} names, does not answer ({why}): "
                f"start it, name another, or unset {name}."
            ) from None

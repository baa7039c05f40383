"""Connecting to an address somebody gave us: by https, out of the city's own network, to the very address checked."""

import os
import re
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

HOST = re.compile(r"[a-z0-9._:-]+")
KEPT = "!$%&'()*+,/:;=?@[]~"  # what stands in a path or query as it is; all else is quoted
# Kinds of IPv6 addresses that carry one of IPv4 inside: a gateway could lead them back into the inner network.
CARRIERS = [ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")]


@dataclass(frozen=True)
class Place:
    """Where an address leads: the host as its certificate names it, the port, and path with query."""

    host: str
    port: int
    path: str

    def name(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


def place_of(address: str) -> Place:
    """The place of an https address, nothing resolved. ValueError with a sentence for any other."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode() or "", parts.port or 443
    except ValueError as fault:
        raise ValueError(_("This is no address a webhook could go to.")) from fault
    if parts.scheme != "https" or not HOST.fullmatch(host):
        raise ValueError(_("A webhook needs an https address, such as https://example.org/citong."))
    if "@" in parts.netloc:
        raise ValueError(_("Leave name and password out of the address: the signature proves who sends."))
    query = f"?{parts.query}" if parts.query else ""
    return Place(host, port, quote((parts.path or "/") + query, safe=KEPT))


def is_outside(host: str) -> bool:
    """Whether an IP address lies outside the city's own network, or in a part of it that webhooks may reach."""
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if any(address in network for network in settings.HOOK_NETWORKS):
        return True
    return address.is_global and not address.is_multicast and not any(address in carrier for carrier in CARRIERS)


def connected(place: Place, *, until: float) -> ssl.SSLSocket:
    """An open TLS connection, made before `until` on the monotonic clock.

    The name is resolved once, every address it has is checked, and one of these is connected to: no second answer of
    a name server can lead elsewhere. ValueError for an inner address, OSError when nobody is there.
    """
    hosts = _hosts(place)
    for host in hosts:
        if not is_outside(host):
            raise ValueError(_("A webhook may not lead into an inner network."))
    fault: OSError = ConnectionError("nobody there")
    for host in hosts:
        try:
            return _secured(place, host, until)
        except ssl.SSLError:
            raise
        except OSError as found:
            fault = found
    raise fault


def left(until: float) -> float:
    """Seconds that are left. TimeoutError when none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("no time is left")
    return seconds


def _hosts(place: Place) -> list[str]:
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_rest, where in found))


def _secured(place: Place, host: str, until: float) -> ssl.SSLSocket:
    line = socket.create_connection((host, place.port), timeout=left(until))
    try:
        line.settimeout(left(until))
        return _trust(os.environ.get("SSL_CERT_FILE", "")).wrap_socket(line, server_hostname=place.host)
    except BaseException:
        line.close()
        raise


@cache
def _trust(_store: str) -> ssl.SSLContext:
    """The authorities of the machine, or those of SSL_CERT_FILE; read once, as that takes a while."""
    return ssl.create_default_context()

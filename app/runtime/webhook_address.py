"""Where a webhook may lead: the name is resolved once, each address judged, and only a judged address connected to.

Whoever can arrange a call can name an address; without this they could have the house knock at machines that only it
can reach. Looking the name up again for the connection would let it change between the two (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

LONGEST_LOOK_UP_S = 5.0
MOST_TRIED = 3
"""Addresses of one name that are connected to, one after the other."""
_METADATA = frozenset(
    ipaddress.ip_address(one)
    for one in ("169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254")
)
"""Where clouds answer their own machines and hand out keys: most of them, Azure, Alibaba, Oracle, and AWS by IPv6."""
_SHARED = ipaddress.ip_network("100.64.0.0/10")
"""Behind a carrier's NAT, and in overlay networks: neither public nor private by its register."""
_NOT_PUBLIC = "This host is not on the public internet: WEBHOOK_ALLOW_PRIVATE would allow it."
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedAddressError(Exception):
    """Nothing is sent there. `for_good`: no later look-up can change it. The message holds no address."""

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the operator has allowed beyond https to the public internet."""

    http: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """`addresses`: all of them judged, in the resolver's order."""

    url: httpx.URL
    addresses: tuple[str, ...]


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the machine's own resolver has them. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def destination(url: str, allowed: Permissions, resolver: Resolver = resolve) -> Destination:
    """Where `url` leads. Raises RefusedAddressError, also for a name that nobody knows."""
    parsed = _parsed(url, allowed)
    host = parsed.raw_host.decode("ascii").strip("[]")
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    try:
        async with asyncio.timeout(LONGEST_LOOK_UP_S):
            found = await resolver(host, port)
    except (OSError, UnicodeError, TimeoutError):
        raise RefusedAddressError("The name of this host is not known (DNS).") from None
    good = tuple(dict.fromkeys(one for one in found if permitted(one, allowed)))
    if not good:
        raise RefusedAddressError(_NOT_PUBLIC)
    return Destination(parsed, good[:MOST_TRIED])


def check_at_once(url: str, allowed: Permissions) -> None:
    """Raises RefusedAddressError for what no look-up could make right: no address, http where only https is sent to, or
    a host that is an address itself. A name is looked up when something is sent, for it may mean another host by then.
    """
    host = _parsed(url, allowed).raw_host.decode("ascii").strip("[]").rstrip(".").lower()
    address = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else _literal(host)
    if address is not None and not permitted(address, allowed):
        raise RefusedAddressError(_NOT_PUBLIC, for_good=True)


def _literal(host: str) -> str | None:
    """The address that a host is without being looked up, as resolvers read it: `127.1` and `0x7f000001` are ones too;
    None for a name."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def _parsed(url: str, allowed: Permissions) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise RefusedAddressError("This is no address.", for_good=True) from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        raise RefusedAddressError("This is no address like https://ats.example.org/parley.", for_good=True)
    if parsed.scheme == "http" and not allowed.http:
        raise RefusedAddressError("Only https is sent to: WEBHOOK_ALLOW_HTTP would allow http.", for_good=True)
    return parsed


def permitted(address: str, allowed: Permissions) -> bool:
    """May something be sent to this address? Multicast, link-local and the clouds' own addresses never."""
    try:
        judged = _innermost(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if judged in _METADATA or judged.is_multicast or judged.is_link_local or judged.is_unspecified:
        return False
    if judged.is_global and not judged.is_reserved:
        return True
    return allowed.private and (judged.is_private or judged.is_loopback or judged in _SHARED)


def _innermost(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it stands for one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        return inner or address
    return address

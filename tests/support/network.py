"""Tests reach this machine and nothing else."""

import ipaddress
import socket
import sys
from typing import Any


class NetworkRefused(Exception):
    """A test, or what it tests, wanted to leave this machine. Not an OSError, so that nothing takes it for a poor line."""


def local(host: str | bytes | None) -> bool:
    """Whether a host name or address means this machine."""
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    if not name or name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return name == socket.gethostname()
    return address.is_loopback or address.is_unspecified


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple) and not local(arguments[1][0]):
        raise NetworkRefused(f"a test tried to reach {arguments[1]}; serve what it needs on 127.0.0.1")
    if event in ("socket.getaddrinfo", "socket.gethostbyname") and not local(arguments[0]):
        raise NetworkRefused(f"a test tried to look up {arguments[0]!r}; serve what it needs on 127.0.0.1")


_refusing = False


def refuse() -> None:
    """From now on, in this process, connections to other machines raise `NetworkRefused`."""
    global _refusing
    if not _refusing:
        sys.addaudithook(_hook)
        _refusing = True

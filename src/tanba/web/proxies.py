"""Behind a reverse proxy: whose request it is. Only what a listed proxy says is believed (`trusted_proxies`)."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


def proxies_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put the client's address in place of a listed proxy's; what others forward is dropped. Without a list nothing is changed."""
    trusted = [ipaddress.ip_network(each) for each in settings.TRUSTED_PROXIES]

    def is_trusted(address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in trusted)

    def middleware(request: HttpRequest) -> HttpResponse:
        if trusted and is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = client_of(request.META["REMOTE_ADDR"], request.META.get("HTTP_X_FORWARDED_FOR", ""), is_trusted)
        elif trusted:
            for name in FORWARDED:
                request.META.pop(name, None)
        return get_response(request)

    return middleware


def client_of(peer: str, forwarded: str, is_trusted: Callable[[str], bool]) -> str:
    """The last address that no listed proxy has: each proxy appends whom it heard, so what stands further left anybody may have written."""
    address = peer
    for each in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not is_trusted(address):
            break
        try:
            address = str(ipaddress.ip_address(each))
        except ValueError:
            break
    return address

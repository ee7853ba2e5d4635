"""What every public page of ours sends, and how a client is counted."""

import ipaddress

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
IPV6_PREFIX = 64


def secure_headers(response, *, store=False):
    """Set the headers of a service page on ``response`` and return it.

    :param response: any object with a ``headers`` mapping
    :param bool store: whether caches may keep it (never for personal pages)
    """
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Permissions-Policy"] = "geolocation=(), microphone=(), payment=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if not store:
        headers["Cache-Control"] = "no-store"
    return response


def client_key(request) -> str:
    """Return the source to count: an IPv4 address, or the /64 of an IPv6 address.

    A subscriber holds a whole IPv6 /64, so one address of it means nothing.

    :param request: anything with ``httprequest.remote_addr``
    """
    return address_key(request.httprequest.remote_addr)


def address_key(address: str | None) -> str:
    """See :func:`client_key`; an unreadable address is one source of its own."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if found.version == 6:
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)

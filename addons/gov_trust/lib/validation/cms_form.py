"""Parts of a CMS that no signature covers, and what they may hold.

Version numbers, lists of algorithms, unsigned attributes: whoever holds the file can
write them again. They must say what the signed parts say (RFC 5652).
"""

_STAMP = "1.2.840.113549.1.9.16.2.14"
_NULL = b"\x05\x00"


def usual(data) -> bool:
    """Whether a SignedData (asn1crypto) says nothing unsigned that is not expected.

    :param data: of a signature, or of a timestamp token
    """
    signer = data["signer_infos"][0]
    plain = data["encap_content_info"]["content_type"].native == "data"
    by_issuer = signer["sid"].name == "issuer_and_serial_number"
    digest = signer["digest_algorithm"]
    return (
        data["version"].native == ("v1" if plain and by_issuer else "v3")
        and signer["version"].native == ("v1" if by_issuer else "v3")
        and len(data["digest_algorithms"]) == 1
        and _same(data["digest_algorithms"][0], digest)
        and _bare(digest)
        and _signs(signer["signature_algorithm"], digest)
        and not data["crls"]
        and all(one.name == "certificate" for one in data["certificates"])
        and _unsigned(signer)
    )


def _same(one, other):
    return one["algorithm"].dotted == other["algorithm"].dotted and _bare(one)


def _bare(algorithm):
    return algorithm["parameters"].dump() in (b"", _NULL)


def _signs(algorithm, digest):
    try:
        family, name = algorithm.signature_algo, algorithm.hash_algo
    except ValueError:
        # Said without its hash, as RSA often is; EdDSA has its own.
        return algorithm["algorithm"].native in ("rsassa_pkcs1v15", "ed25519", "ed448")
    if family in ("rsassa_pkcs1v15", "ecdsa") and not _bare(algorithm):
        return False
    return family == "ed25519" or name == digest["algorithm"].native


def _unsigned(signer):
    attributes = signer["unsigned_attrs"] or ()
    return all(item["type"].dotted == _STAMP for item in attributes)

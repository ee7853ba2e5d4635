"""The second judge: pyHanko's AdES engine, offline, with explicit anchors only.

EN 319 102-1: indications and sub-indications are kept as it gives them, so are the proofs
of existence and the best signature time; TS 119 102-2: its report. Nothing is fetched and
the roots of the operating system are never asked.
"""

import asyncio
import datetime
import hashlib

from . import certs
from .ades_rules import rules
from .verdict import reason


class Judge:
    """Asks pyHanko about each signature of a file.

    :param reader: pyHanko's reader of the file
    :param store: :class:`~..trust.Store`
    :param now: aware datetime of the validation
    """

    def __init__(self, reader, store, now):
        self.reader, self.store, self.now = reader, store, now
        self._specs = rules(store, False), rules(store, True)
        self.reports = []
        #: When document timestamps that hold were made: {size covered: aware datetime}.
        self.stamps = {}

    def ask(self, one) -> dict:
        """Judge a signature or a document timestamp; sound by :mod:`.structure`.

        :return: dict with ``sub_indication`` (``OK`` when passed), ``passed``,
            ``best_time``, ``timestamps``, ``claimed_at`` and ``reasons``
        """
        from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

        told = {"best_time": None, "timestamps": [], "reasons": []}
        certificate = certs.signer(one.content["data"])
        # Our own authority's list may be missing; the platform knows its keys anyway.
        ours = certificate is not None and self.store.is_internal(certificate)
        self.spec = self._specs[ours]
        embedded = EmbeddedPdfSignature(self.reader, one.field, one.name)
        told["claimed_at"] = _aware(embedded.self_reported_timestamp)
        if one.stamp:
            result = asyncio.run(self._stamp(embedded, one))
            told |= self._told_stamp(one, result)
        else:
            embedded.compute_integrity_info(skip_diff=True)
            result = asyncio.run(self._signature(embedded, one))
            told |= self._told_signature(embedded, one, result)
            self._report(embedded, result)
        indication = result.ades_subindic
        told["sub_indication"] = indication.standard_name
        told["passed"] = indication.status.name == "PASSED"
        status = result.api_status
        if status is not None and not (status.intact and status.valid):
            code = "digest_mismatch" if not status.intact else "crypto_failure"
            told["reasons"].append(reason(code))
        if not told["passed"]:
            told["reasons"].append(reason(f"etsi_{told['sub_indication'].lower()}"))
        return told

    async def _signature(self, embedded, one):
        from pyhanko.sign.validation import ades

        result = None
        later = any(size > one.size for size in self.stamps)
        if later or certs.stamps(one):
            result = await ades.ades_lta_validation(
                embedded, self.spec, timing_info=self._now()
            )
            if _passed(result):
                return result
        basic = await ades.ades_basic_validation(
            embedded.signed_data,
            self.spec.signature_validation_spec,
            timing_info=self._now(),
            raw_digest=embedded.compute_digest(),
        )
        return basic if _passed(basic) or result is None else result

    async def _stamp(self, embedded, one):
        from pyhanko.sign.validation import ades

        # A later document timestamp proves that this one existed then.
        later = min(
            (at for size, at in self.stamps.items() if size > one.size), default=None
        )
        results = []
        for moment in (None, later):
            if results and (moment is None or _passed(results[-1])):
                break
            results.append(
                await ades.ades_timestamp_validation(
                    embedded.signed_data,
                    self._known(),
                    lambda name: _imprint(embedded, name),
                    timing_info=self._now(moment),
                )
            )
        return results[-1]

    def _known(self):
        """Rules, with the certificates and lists that the file itself brings."""
        import dataclasses

        from pyhanko.sign.validation.ades import _dss_to_local_knowledge

        spec = self.spec.signature_validation_spec
        mine, brought = spec.local_knowledge, _dss_to_local_knowledge(self.reader)
        return dataclasses.replace(
            spec,
            local_knowledge=dataclasses.replace(
                mine,
                known_certs=[*mine.known_certs, *brought.known_certs],
                known_crls=[*mine.known_crls, *brought.known_crls],
                known_ocsps=[*mine.known_ocsps, *brought.known_ocsps],
            ),
        )

    def _now(self, moment=None):
        from pyhanko_certvalidator.ltv.types import ValidationTimingInfo

        at = moment or self.now
        return ValidationTimingInfo(at, at, point_in_time_validation=moment is not None)

    def _told_stamp(self, one, result):
        at = certs.stamp_time(one.content["data"])
        ok = _passed(result)
        if ok:
            self.stamps[one.size] = at
        name = certs.name(certs.signer(one.content["data"]))
        return {
            "best_time": at if ok else None,
            "timestamps": [{"at": at, "authority": name, "ok": ok}],
        }

    def _told_signature(self, embedded, one, result):
        found, reasons = [], []
        for data in certs.stamps_of(embedded.signer_info):
            code = self._token(data, embedded.signer_info["signature"].native)
            if code:
                reasons.append(reason(code))
            found.append(
                {
                    "at": certs.stamp_time(data),
                    "authority": certs.name(certs.signer(data)),
                    "ok": code is None,
                }
            )
        times = [stamp["at"] for stamp in found if stamp["ok"]]
        # Document timestamps that hold cover the file as it was signed.
        times += [at for size, at in self.stamps.items() if size > one.size]
        best = getattr(result, "best_signature_time", None)
        oldest = getattr(result, "oldest_evidence_record_timestamp", None)
        times += [at for at in (oldest,) if at]
        if best and best < self.now - datetime.timedelta(seconds=1):
            times.append(_aware(best))
        return {
            "best_time": min(times, default=None),
            "timestamps": found,
            "reasons": reasons,
        }

    def _token(self, data, signature):
        """Reason why a signature-time-stamp does not hold; None when it does."""
        from pyhanko.sign.validation import ades

        imprint = data["encap_content_info"]["content"].parsed["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        if hashlib.new(name, signature).digest() != imprint["hashed_message"].native:
            return "timestamp_mismatch"
        for moment in (None, *sorted(self.stamps.values())):
            result = asyncio.run(
                ades.ades_timestamp_validation(
                    data,
                    self._known(),
                    lambda name: hashlib.new(name, signature).digest(),
                    timing_info=self._now(moment),
                )
            )
            if _passed(result):
                return None if self._believed(data) else "timestamp_untrusted"
            status = result.api_status
            if status is not None and not (status.intact and status.valid):
                return "timestamp_mismatch"
        return "timestamp_untrusted"

    def _believed(self, data):
        """Whether the authority of a token was believed when it says it was made."""
        from ..trust import NotTrusted

        others, moment = certs.bag(data), certs.stamp_time(data)
        try:
            self.store.path(certs.signer(data), others, moment, "timestamp")
        except NotTrusted:
            return False
        return True

    def _report(self, embedded, result):
        from pyhanko.sign.validation.report.tools import generate_report

        try:
            self.reports.append(generate_report(embedded, result))
        except Exception as error:  # noqa: BLE001 the report is incubating upstream
            self.reports.append(f"<!-- {type(error).__name__} -->")

    def xml(self) -> str | None:
        """The ETSI TS 119 102-2 report of all signatures, one document."""
        from lxml import etree

        merged = None
        for text in self.reports:
            if text.startswith("<!--"):
                continue
            root = etree.fromstring(text.encode(), _parser())
            if merged is None:
                merged = root
                continue
            at = 0
            for place, child in enumerate(merged):
                if etree.QName(child).localname == "SignatureValidationReport":
                    at = place + 1
            objects = merged[at] if at < len(merged) else None
            for child in root:
                if etree.QName(child).localname == "SignatureValidationReport":
                    merged.insert(at, child)
                    at += 1
                elif objects is None:
                    merged.append(child)
                    objects = child
                else:
                    known = {item.get("id") for item in objects}
                    objects.extend([o for o in child if o.get("id") not in known])
        if merged is None:
            return None
        return etree.tostring(merged, xml_declaration=True, encoding="UTF-8").decode()


def _parser():
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _passed(result):
    return result.ades_subindic.status.name == "PASSED"


def _imprint(embedded, name):
    embedded.external_md_algorithm = name
    return embedded.compute_digest()


def _aware(moment):
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC)

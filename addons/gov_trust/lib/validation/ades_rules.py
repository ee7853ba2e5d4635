"""What pyHanko is told: explicit anchors by use, known lists, and to fetch nothing."""


def rules(store, ours: bool):
    """Rules of pyHanko's AdES validation that say what the platform believes.

    :param store: :class:`~..trust.Store`
    :param ours: for a signature under our own authority, whose list may be missing
    """
    from asn1crypto import crl, x509
    from pyhanko.sign.validation.policy_decl import (
        CertificateFetchingRule,
        LocalKnowledge,
        PdfSignatureValidationSpec,
        RevinfoOnlineFetchingRule,
        RevocationInfoGatheringSpec,
        SignatureValidationSpec,
    )
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import (
        CertRevTrustPolicy,
        RevocationCheckingPolicy,
        RevocationCheckingRule,
    )
    from pyhanko_certvalidator.registry import SimpleTrustManager
    from pyhanko_certvalidator.revinfo.archival import CRLContainer

    declared = RevocationCheckingRule.CHECK_IF_DECLARED
    if ours:
        declared = RevocationCheckingRule.CHECK_IF_DECLARED_SOFT

    def policy(uses):
        roots = [
            x509.Certificate.load(anchor.certificate)
            for anchor in store.anchors
            if set(uses) & set(anchor.uses)
        ]
        return CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=roots),
            revinfo_policy=CertRevTrustPolicy(
                RevocationCheckingPolicy(declared, declared), retroactive_revinfo=True
            ),
        )

    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy(("signature", "seal")),
            ts_cert_validation_policy=policy(("timestamp",)),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
                certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
            ),
            local_knowledge=LocalKnowledge(
                known_certs=[x509.Certificate.load(der) for der in store.certificates],
                known_crls=[
                    CRLContainer(crl.CertificateList.load(der)) for der in store.crls
                ],
            ),
            key_usage_settings=KeyUsageConstraints(
                key_usage={"non_repudiation", "digital_signature"},
                match_all_key_usages=False,
            ),
        ),
        diff_policy=None,
    )

"""English sentences; see :mod:`.sentences`."""

EN = {
    "unknown": "Something could not be established.",
    "on_page": "Page {page}: {text}",
    # verdicts
    "valid": "Every signature holds and nothing was changed after it.",
    "invalid": "This file must not be relied on.",
    "indeterminate": "This cannot be established by this platform.",
    # the file
    "not_signed": "This file carries no electronic signature.",
    "empty_file": "The file is empty.",
    "not_pdf": "The file is not a PDF.",
    "too_large": "The file is larger than {most} MB: it was not examined.",
    "too_many_pages": "The file has more than {most} pages: it was not examined.",
    "too_many_objects": "The file has too many parts: it was not examined.",
    "too_many_signatures": "The file has more than {most} signatures: it was not examined.",
    "too_many_revisions": "The file was saved more than {most} times: it was not examined.",
    "too_complex": "The file is built in a way that cannot be followed.",
    "unreadable": "The file is damaged or not built as the PDF standard asks: its signatures "
    "cannot be examined. This does not say whether it was signed.",
    "encrypted": "The file is protected by a password: save it without and try again.",
    "hybrid": "The file has two tables of contents that may differ: it was not examined.",
    "timeout": "Examining this file takes too long: it was stopped.",
    "out_of_memory": "Examining this file takes too much memory: it was stopped.",
    "crashed": "Examining this file failed: nothing can be said about it.",
    "worker_lost": "The examination was interrupted: try again.",
    "busy": "Too many files are being examined: try again in a minute.",
    "active_content": "The file holds a script or a form that may change what is shown.",
    "layers": "The file holds layers that can be hidden or shown: what was signed may not "
    "be what you see.",
    "layers_shown": "The file holds layers, all of them shown.",
    "hidden_pages": "The file holds a second set of pages that is not shown.",
    "covers_content": "The box of signature {field}, added later, covers something that was "
    "signed before.",
    "boxes_overlap": "The box of signature {field} lies over another one.",
    "store_unproven": "Data added after the last signature prove nothing.",
    "signature_outside_field": "The file holds a signature that belongs to no field.",
    "signature_removed": "A signature that was there was taken out of the document.",
    "line_end_added": "An empty line was added behind the signed file, as some mail programs "
    "do: ask for the original file.",
    "trailing_data": "Something was added behind the signed file.",
    "unsigned_revision": "The file was changed after the last signature.",
    "changed_after_signature": "The document was changed after it was signed (revision "
    "{revision}).",
    "structure": "The file is built so that what is shown is not what was signed.",
    "overlap": "The signatures do not follow each other as they must.",
    "duplicate_signature": "One signature was copied to look like several.",
    # one signature
    "signature_broken": "The signature is incomplete or malformed.",
    "signature_unreadable": "The signature is of a kind this platform cannot examine.",
    "unsupported_format": "The signature has a format ({format}) this platform does not "
    "examine.",
    "byte_range": "The signature does not cover the document as it must.",
    "contents_gap": "The signature leaves a part of the document uncovered.",
    "contents_encoding": "The signature was written again after it was made.",
    "contents_padding": "Something was hidden behind the signature.",
    "digest_mismatch": "The document was changed after it was signed.",
    "crypto_failure": "The signature was not made with the key of its certificate.",
    "profile": "This file claims a signature of this platform but is not made as this "
    "platform makes them.",
    "not_closed": "The document is still being signed: it was not closed by the seal of the "
    "administration.",
    "no_anchor": "The authority behind the certificate of {name} is not known to this "
    "platform: the signature cannot be established here. It is not said to be forged.",
    "certificate_revoked": "The certificate of {name} was revoked before the signature.",
    "certificate_astray": "The signature brings certificates that lead nowhere.",
    "not_yet_valid": "The certificate of {name} was not valid yet.",
    "expired": "The certificate of {name} had expired, or nothing proves that the signature "
    "is older.",
    "wrong_usage": "The certificate of {name} is not meant for signing documents.",
    "weak": "The certificate of {name} uses an algorithm that is no longer accepted.",
    "broken_chain": "The chain of certificates of {name} does not hold.",
    "anchor_ended": "The authority of {name} was not trusted here at that time.",
    "time_to_come": "The signature claims a time that has not come yet.",
    "timestamp_mismatch": "A timestamp of the signature is about something else.",
    "timestamp_untrusted": "The timestamp comes from an authority this platform does not "
    "know: the time is not established.",
    # EN 319 102-1
    "etsi_format_failure": "The signature does not follow its format.",
    "etsi_hash_failure": "The document was changed after it was signed.",
    "etsi_sig_crypto_failure": "The signature does not match the key of its certificate.",
    "etsi_revoked": "The certificate was revoked before the signature.",
    "etsi_not_yet_valid": "The signature was made before its certificate was valid.",
    "etsi_sig_constraints_failure": "The signature lacks something the validation policy asks.",
    "etsi_chain_constraints_failure": "The chain of certificates does not meet the policy.",
    "etsi_certificate_chain_general_failure": "The chain of certificates could not be "
    "checked entirely; news on revocation may be missing.",
    "etsi_crypto_constraints_failure": "An algorithm of the signature is too weak.",
    "etsi_expired": "The certificate had expired when the signature was made.",
    "etsi_policy_processing_error": "The signature policy could not be read.",
    "etsi_signature_policy_not_available": "The signature policy is not available.",
    "etsi_timestamp_order_failure": "The timestamps contradict each other.",
    "etsi_no_signing_certificate_found": "The certificate of the signer is missing.",
    "etsi_no_certificate_chain_found": "No authority known to this platform stands behind "
    "the signature.",
    "etsi_revoked_no_poe": "The certificate is revoked, and nothing proves that the signature "
    "is older.",
    "etsi_revoked_ca_no_poe": "The certificate of the authority is revoked, and nothing "
    "proves that the signature is older.",
    "etsi_out_of_bounds_no_poe": "The certificate has expired, and nothing proves that the "
    "signature is older.",
    "etsi_revocation_out_of_bounds_no_poe": "The certificate that tells about revocation has "
    "expired, and nothing proves that its answer is older.",
    "etsi_out_of_bounds_not_revoked": "The certificate has expired without being revoked; "
    "nothing proves that the signature is older.",
    "etsi_crypto_constraints_failure_no_poe": "An algorithm is no longer accepted, and "
    "nothing proves that the signature is older.",
    "etsi_no_poe": "Nothing proves when the signature was made.",
    "etsi_try_later": "News on the revocation of the certificate is missing: it may be known "
    "later.",
    "etsi_signed_data_not_found": "What was signed is not in the file.",
    "etsi_generic": "The signature could not be established.",
    # what the platform knows
    "earlier_version": "This is an earlier, incomplete version of document {number}: ask for "
    "the final one.",
    "issued_changed": "This file was made from document {number} and changed afterwards.",
    "proof_superseded": "Document {number} was replaced by another one.",
    "proof_cancelled": "Document {number} was cancelled.",
    # revisions
    "revision_document": "Document",
    "revision_fields": "Signature boxes added",
    "revision_signature": "Signature",
    "revision_timestamp": "Timestamp on the document",
    "revision_store": "Proofs kept for later",
    "revision_other": "Change",
    # what a revision changed
    "signature_added": "signature in box {field}.",
    "timestamp_added": "timestamp on the whole document.",
    "field_added": "signature box {field} added.",
    "store_added": "certificates and revocation data kept in the file.",
    "dates_changed": "date of the last save noted.",
    "version_changed": "version of the format noted.",
    "tags_changed": "structure for screen readers completed.",
    "after_lock": "signed after the signature that closes the document.",
    "object_removed": "a part of the document was removed.",
    "catalog_replaced": "the whole document was replaced by another one.",
    "pages_replaced": "the pages were replaced by others.",
    "page_removed": "the page was removed.",
    "page_added": "the page was added.",
    "pages_reordered": "the order of the pages was changed.",
    "page_content": "the content of the page was changed.",
    "page_layout": "the page was turned, cropped or resized.",
    "page_changed": "the page was changed.",
    "hidden_filled": "content prepared in advance was revealed.",
    "font": "a font was changed: other characters may be shown.",
    "image": "a picture was changed.",
    "resource": "a resource of the page (font, picture) was changed.",
    "appearance": "the drawing of box {field} was changed.",
    "signature_rewritten": "an earlier signature was rewritten or removed.",
    "field_changed": "signature box {field} was moved or changed.",
    "form_field_added": "a form field was added ({field}).",
    "form_value": "the value of form field {field} was changed.",
    "form_changed": "the form was changed.",
    "annotation_added": "an annotation was added ({what}).",
    "annotation_changed": "an annotation was changed.",
    "annotation_removed": "an annotation was removed.",
    "layers_changed": "layers were added or changed.",
    "attachment_or_script": "an attachment or a script was added or changed.",
    "action_changed": "an automatic action was added or changed.",
    "catalog": "a setting of the document was changed ({what}).",
    "metadata": "the title, the author or other data of the document were changed.",
    "object_replaced": "a part of the document was replaced.",
}

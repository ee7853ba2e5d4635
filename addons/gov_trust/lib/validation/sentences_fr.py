"""French sentences; see :mod:`.sentences`."""

FR = {
    "unknown": "Un point n’a pas pu être établi.",
    "on_page": "Page {page} : {text}",
    "valid": "Toutes les signatures sont valables et rien n’a été modifié depuis.",
    "invalid": "Ce fichier ne fait pas foi.",
    "indeterminate": "Cette plateforme ne peut pas l’établir.",
    "not_signed": "Ce fichier ne porte aucune signature électronique.",
    "empty_file": "Le fichier est vide.",
    "not_pdf": "Le fichier n’est pas un PDF.",
    "too_large": "Le fichier dépasse {most} Mo : il n’a pas été examiné.",
    "too_many_pages": "Le fichier compte plus de {most} pages : il n’a pas été examiné.",
    "too_many_objects": "Le fichier compte trop d’éléments : il n’a pas été examiné.",
    "too_many_signatures": "Le fichier compte plus de {most} signatures : il n’a pas été "
    "examiné.",
    "too_many_revisions": "Le fichier a été enregistré plus de {most} fois : il n’a pas été "
    "examiné.",
    "too_complex": "Le fichier est construit d’une manière impossible à suivre.",
    "unreadable": "Le fichier est endommagé ou n’est pas conforme à la norme PDF : ses "
    "signatures ne peuvent pas être examinées. Cela ne dit pas s’il a été signé.",
    "encrypted": "Le fichier est protégé par un mot de passe : enregistrez-le sans "
    "protection et recommencez.",
    "hybrid": "Le fichier a deux tables des matières internes qui peuvent différer : il n’a "
    "pas été examiné.",
    "timeout": "L’examen de ce fichier dure trop longtemps : il a été arrêté.",
    "out_of_memory": "L’examen de ce fichier demande trop de mémoire : il a été arrêté.",
    "crashed": "L’examen de ce fichier a échoué : rien ne peut en être dit.",
    "worker_lost": "L’examen a été interrompu : recommencez.",
    "busy": "Trop de fichiers sont en cours d’examen : recommencez dans une minute.",
    "active_content": "Le fichier contient un script ou un formulaire qui peut modifier ce "
    "qui est affiché.",
    "layers": "Le fichier contient des calques qui peuvent être masqués ou affichés : ce qui "
    "a été signé n’est peut-être pas ce que vous voyez.",
    "layers_shown": "Le fichier contient des calques, tous affichés.",
    "hidden_pages": "Le fichier contient un second jeu de pages qui n’est pas affiché.",
    "covers_content": "Le cadre de la signature {field}, ajouté après coup, recouvre une "
    "partie déjà signée.",
    "boxes_overlap": "Le cadre de la signature {field} en recouvre un autre.",
    "store_unproven": "Les données ajoutées après la dernière signature ne prouvent rien.",
    "signature_outside_field": "Le fichier contient une signature qui n’appartient à aucun "
    "champ.",
    "signature_removed": "Une signature présente a été retirée du document.",
    "line_end_added": "Une ligne vide a été ajoutée après le fichier signé, comme le font "
    "certaines messageries : demandez le fichier d’origine.",
    "trailing_data": "Un contenu a été ajouté après le fichier signé.",
    "unsigned_revision": "Le fichier a été modifié après la dernière signature.",
    "changed_after_signature": "Le document a été modifié après sa signature (révision "
    "{revision}).",
    "structure": "Le fichier est construit de sorte que ce qui s’affiche n’est pas ce qui a "
    "été signé.",
    "overlap": "Les signatures ne se suivent pas comme elles le doivent.",
    "duplicate_signature": "Une même signature a été recopiée pour paraître plusieurs.",
    "signature_broken": "La signature est incomplète ou mal formée.",
    "cms_unusual": "La signature porte des données qu’elle ne couvre pas.",
    "signature_unreadable": "La signature est d’un type que cette plateforme ne sait pas "
    "examiner.",
    "unsupported_format": "La signature a un format ({format}) que cette plateforme "
    "n’examine pas.",
    "byte_range": "La signature ne couvre pas le document comme elle le doit.",
    "contents_gap": "La signature laisse une partie du document non couverte.",
    "contents_encoding": "La signature a été réécrite après avoir été faite.",
    "contents_padding": "Un contenu a été caché derrière la signature.",
    "digest_mismatch": "Le document a été modifié après sa signature.",
    "crypto_failure": "La signature n’a pas été faite avec la clé de son certificat.",
    "profile": "Ce fichier se réclame d’une signature de cette plateforme, mais il n’est pas "
    "fait comme elle les fait.",
    "not_closed": "Le document est encore en cours de signature : le cachet de "
    "l’administration ne l’a pas clos.",
    "no_anchor": "L’autorité qui a délivré le certificat de {name} n’est pas connue de cette "
    "plateforme : la signature ne peut pas être établie ici. Cela ne veut pas dire qu’elle "
    "est fausse.",
    "certificate_revoked": "Le certificat de {name} a été révoqué avant la signature.",
    "certificate_astray": "La signature apporte des certificats qui ne mènent nulle part.",
    "not_yet_valid": "Le certificat de {name} n’était pas encore valable.",
    "expired": "Le certificat de {name} était expiré, ou rien ne prouve que la signature est "
    "antérieure.",
    "wrong_usage": "Le certificat de {name} n’est pas destiné à signer des documents.",
    "weak": "Le certificat de {name} emploie un algorithme qui n’est plus admis.",
    "broken_chain": "La chaîne de certificats de {name} n’est pas valable.",
    "anchor_ended": "L’autorité de {name} n’était pas reconnue ici à cette date.",
    "time_to_come": "La signature indique une heure qui n’est pas encore arrivée.",
    "timestamp_mismatch": "Un horodatage de la signature porte sur autre chose.",
    "timestamp_untrusted": "L’horodatage vient d’une autorité que cette plateforme ne connaît "
    "pas : la date n’est pas établie.",
    "etsi_format_failure": "La signature ne respecte pas son format.",
    "etsi_hash_failure": "Le document a été modifié après sa signature.",
    "etsi_sig_crypto_failure": "La signature ne correspond pas à la clé de son certificat.",
    "etsi_revoked": "Le certificat a été révoqué avant la signature.",
    "etsi_not_yet_valid": "La signature a été faite avant la validité de son certificat.",
    "etsi_sig_constraints_failure": "Il manque à la signature un élément exigé par la "
    "politique de validation.",
    "etsi_chain_constraints_failure": "La chaîne de certificats ne répond pas à la politique.",
    "etsi_certificate_chain_general_failure": "La chaîne de certificats n’a pas pu être "
    "entièrement vérifiée ; l’état de révocation manque peut-être.",
    "etsi_crypto_constraints_failure": "Un algorithme de la signature est trop faible.",
    "etsi_expired": "Le certificat était expiré au moment de la signature.",
    "etsi_policy_processing_error": "La politique de signature n’a pas pu être lue.",
    "etsi_signature_policy_not_available": "La politique de signature n’est pas disponible.",
    "etsi_timestamp_order_failure": "Les horodatages se contredisent.",
    "etsi_no_signing_certificate_found": "Le certificat du signataire est absent.",
    "etsi_no_certificate_chain_found": "Aucune autorité connue de cette plateforme ne répond "
    "de cette signature.",
    "etsi_revoked_no_poe": "Le certificat est révoqué et rien ne prouve que la signature est "
    "antérieure.",
    "etsi_revoked_ca_no_poe": "Le certificat de l’autorité est révoqué et rien ne prouve que "
    "la signature est antérieure.",
    "etsi_out_of_bounds_no_poe": "Le certificat a expiré et rien ne prouve que la signature "
    "est antérieure.",
    "etsi_revocation_out_of_bounds_no_poe": "Le certificat qui atteste la révocation a expiré "
    "et rien ne prouve que sa réponse est antérieure.",
    "etsi_out_of_bounds_not_revoked": "Le certificat a expiré sans être révoqué ; rien ne "
    "prouve que la signature est antérieure.",
    "etsi_crypto_constraints_failure_no_poe": "Un algorithme n’est plus admis et rien ne "
    "prouve que la signature est antérieure.",
    "etsi_no_poe": "Rien ne prouve la date de la signature.",
    "etsi_try_later": "L’état de révocation du certificat manque : il sera peut-être connu "
    "plus tard.",
    "etsi_signed_data_not_found": "Ce qui a été signé n’est pas dans le fichier.",
    "etsi_generic": "La signature n’a pas pu être établie.",
    "act_under_way": "L’acte {number} n’est pas terminé : il manque des signatures ou son cachet.",
    "act_earlier": "Ceci est une version antérieure et incomplète de l’acte {number}, encore en cours de signature.",
    "act_refused": "L’acte {number} a été refusé avant son terme.",
    "act_given_up": "L’acte {number} a été abandonné avant son terme.",
    "act_withdrawn": "Des signatures de cette version de l’acte {number} ont été retirées.",
    "earlier_version": "Ceci est une version antérieure et incomplète du document {number} : "
    "demandez la version définitive.",
    "issued_changed": "Ce fichier vient du document {number} et a été modifié ensuite.",
    "proof_superseded": "Le document {number} a été remplacé par un autre.",
    "proof_cancelled": "Le document {number} a été annulé.",
    "revision_document": "Document",
    "revision_fields": "Ajout de cadres de signature",
    "revision_signature": "Signature",
    "revision_timestamp": "Horodatage du document",
    "revision_store": "Preuves conservées pour plus tard",
    "revision_other": "Modification",
    "signature_added": "signature dans le cadre {field}.",
    "timestamp_added": "horodatage de tout le document.",
    "field_added": "ajout du cadre de signature {field}.",
    "store_added": "certificats et états de révocation conservés dans le fichier.",
    "dates_changed": "date du dernier enregistrement notée.",
    "version_changed": "version du format notée.",
    "tags_changed": "structure pour les lecteurs d’écran complétée.",
    "after_lock": "signé après la signature qui clôt le document.",
    "object_removed": "une partie du document a été retirée.",
    "catalog_replaced": "tout le document a été remplacé par un autre.",
    "pages_replaced": "les pages ont été remplacées par d’autres.",
    "page_removed": "la page a été retirée.",
    "page_added": "la page a été ajoutée.",
    "pages_reordered": "l’ordre des pages a été changé.",
    "page_content": "le contenu de la page a été modifié.",
    "page_layout": "la page a été tournée, rognée ou redimensionnée.",
    "page_changed": "la page a été modifiée.",
    "hidden_filled": "un contenu préparé d’avance a été révélé.",
    "font": "une police a été modifiée : d’autres caractères peuvent s’afficher.",
    "image": "une image a été modifiée.",
    "resource": "une ressource de la page (police, image) a été modifiée.",
    "appearance": "le dessin du cadre {field} a été modifié.",
    "signature_rewritten": "une signature antérieure a été réécrite ou retirée.",
    "field_changed": "le cadre de signature {field} a été déplacé ou modifié.",
    "form_field_added": "un champ de formulaire a été ajouté ({field}).",
    "form_value": "la valeur du champ de formulaire {field} a été modifiée.",
    "form_changed": "le formulaire a été modifié.",
    "annotation_added": "une annotation a été ajoutée ({what}).",
    "annotation_changed": "une annotation a été modifiée.",
    "annotation_removed": "une annotation a été retirée.",
    "layers_changed": "des calques ont été ajoutés ou modifiés.",
    "attachment_or_script": "une pièce jointe ou un script a été ajouté ou modifié.",
    "action_changed": "une action automatique a été ajoutée ou modifiée.",
    "catalog": "un réglage du document a été modifié ({what}).",
    "metadata": "le titre, l’auteur ou d’autres données du document ont été modifiés.",
    "object_replaced": "une partie du document a été remplacée.",
}

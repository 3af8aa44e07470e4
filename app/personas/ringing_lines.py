"""What is said on calls that we place, by language, where a persona has no words of its own: to a machine, to whoever
asks who is calling, and to somebody who wants no more calls."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LINES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "voicemail": (
                "Hello[, {candidate_name}]. This is {name}, an automated assistant, with the call that was arranged"
                "[ about {topic}][, for the role of {role}]. Please ring back at the number that this call came from. "
                "Thank you, and goodbye."
            ),
            "screening": (
                "This is {name}, an automated assistant, with the call that was arranged[ for {candidate_name}]"
                "[ about {topic}][, for the role of {role}]."
            ),
            "never_again": "All right. I will not ring this number again. Goodbye.",
        },
        "de": {
            "voicemail": (
                "Guten Tag[, {candidate_name}]. Hier ist {name}, eine automatische Assistenz, mit dem vereinbarten "
                "Anruf[ zum Thema {topic}][, für die Stelle {role}]. Bitte rufen Sie unter der Nummer zurück, von der "
                "dieser Anruf kam. Vielen Dank und auf Wiederhören."
            ),
            "screening": (
                "Hier ist {name}, eine automatische Assistenz, mit dem vereinbarten Anruf[ für {candidate_name}]"
                "[ zum Thema {topic}][, für die Stelle {role}]."
            ),
            "never_again": "In Ordnung. Ich rufe diese Nummer nicht mehr an. Auf Wiederhören.",
        },
        "fr": {
            "voicemail": (
                "Bonjour[, {candidate_name}]. Ici {name}, une assistance automatique, pour l'appel convenu"
                "[ au sujet de {topic}][, pour le poste de {role}]. Merci de rappeler le numéro d'où vient cet appel. "
                "Au revoir."
            ),
            "screening": (
                "Ici {name}, une assistance automatique, pour l'appel convenu[ avec {candidate_name}]"
                "[ au sujet de {topic}][, pour le poste de {role}]."
            ),
            "never_again": "D'accord. Je n'appellerai plus ce numéro. Au revoir.",
        },
        "es": {
            "voicemail": (
                "Hola[, {candidate_name}]. Le habla {name}, un asistente automático, por la llamada acordada"
                "[ sobre {topic}][, para el puesto de {role}]. Por favor, devuelva la llamada al número desde el que "
                "le llamamos. Gracias y adiós."
            ),
            "screening": (
                "Le habla {name}, un asistente automático, por la llamada acordada[ con {candidate_name}]"
                "[ sobre {topic}][, para el puesto de {role}]."
            ),
            "never_again": "De acuerdo. No volveré a llamar a este número. Adiós.",
        },
    }
)

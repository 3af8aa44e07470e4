"""What callers say to interrupt, and what they say only to show that they listen, by language.

A persona's own lists take their place. The first two letters of its `language` choose; another language than these gets
the English ones, which a caller there may use as well.
"""

from __future__ import annotations

from collections.abc import Mapping


def _listed(phrases: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in phrases.split("|"))


STOP_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": _listed("stop | wait | hold on | hang on | excuse me | one moment"),
    "de": _listed("stopp | stop | halt | warte | warten sie | moment | entschuldigung | augenblick"),
    "fr": _listed("stop | arrête | arrêtez | attends | attendez | un instant | un moment | excusez-moi"),
    "es": _listed("para | pare | espera | espere | un momento | perdón | perdone | disculpe | alto"),
    "hi": _listed("रुको | रुकिए | रुकिये | ठहरिए | एक मिनट | सुनिए | माफ़ कीजिए | बस | stop | wait | excuse me"),
}
BACKCHANNELS: Mapping[str, tuple[str, ...]] = {
    "en": _listed(
        """mm-hmm | mhm | mm | mmm | uh-huh | aha | yeah | yep | yup | yes | right | okay | ok | sure | i see | hm | hmm
        | ah | oh | uh | um | er | alright | all right | got it | of course | good | great | fine | nice | exactly
        | absolutely | true | i understand | understood | makes sense | interesting | wow | cool | perfect | well"""
    ),
    "de": _listed(
        """mhm | hm | hmm | aha | ja | jaja | genau | richtig | okay | ok | klar | gut | ach so | achso | ach | oh | ah
        | stimmt | verstehe | ich verstehe | alles klar | natürlich | äh | ähm | so"""
    ),
    "fr": _listed(
        """mhm | hm | hmm | oui | ouais | d'accord | ok | okay | ah | oh | bien | très bien | je vois | je comprends
        | bien sûr | exactement | c'est ça | euh | voilà"""
    ),
    "es": _listed(
        """mhm | ajá | hm | hmm | sí | si | vale | ok | okay | claro | bien | muy bien | ya | ya veo | entiendo
        | de acuerdo | exacto | ah | oh | eh"""
    ),
    "hi": _listed(
        """हाँ | हां | जी | जी हाँ | जी हां | अच्छा | ठीक | ठीक है | सही | हम्म | ओके | समझ गया | समझ गई | हूँ | बिल्कुल
        | okay | ok | yes | yeah | right | hm | hmm | mm-hmm"""
    ),
}

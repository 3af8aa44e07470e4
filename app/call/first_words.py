"""What the first words of whoever answers a telephone say about who it is.

Phrases of all languages are looked for at once: a mailbox speaks its provider's language, not the persona's.
"""

from __future__ import annotations

import re
import unicodedata

from app.call.answered_by import Sign

SHORT_MS = 2400
"""Of voice in one go: a person says less, a machine more. Twilio's own measure (MachineDetectionSpeechThreshold,
2,400 ms unless told otherwise; WIRE B.4)."""
LONGEST_MS = 6000
"""And no person says so much: the most that Twilio lets that measure be set to."""

_NO_WORD = re.compile(r"[^\w]+")


def _listed(phrases: str) -> tuple[str, ...]:
    return tuple(f" {plain(phrase)} " for phrase in phrases.split("|"))


def plain(text: str) -> str:
    """Lower-case words with single blanks, without accents and punctuation; `don't` is `don t`."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _NO_WORD.sub(" ", bare.casefold()).strip()


_MAILBOX = _listed(
    """leave a message | leave your message | leave me a message | leave us a message | leave a brief message
    | leave a short message | leave a voicemail | record your message | record a message | leave a detailed message
    | after the tone | after the beep | at the tone | at the beep | at the sound of the tone | hang up or press
    | when you have finished recording | when you are finished recording | you may hang up | finished recording
    | nach dem signalton | nach dem piepton | nach dem ton | hinterlassen sie | hinterlasse eine nachricht
    | mailbox von | nachricht hinterlassen
    | apres le bip | apres le signal sonore | laissez un message | laisser un message | laissez moi un message
    | despues de la senal | despues del tono | deje un mensaje | deje su mensaje | deja un mensaje"""
)
"""Nobody but a machine says so to one who rings."""

_ITS_NAME = _listed(
    """voicemail | voice mail | mailbox | mail box | answering machine | anrufbeantworter | sprachbox
    | messagerie vocale | boite vocale | repondeur | buzon de voz | contestador"""
)
"""What a machine calls itself, and people one that they speak of."""

_OF_ANOTHER = _listed(
    """i thought | i think | i guess | i figured | i expected | is this a | is this an | is this your | is that a
    | is that an | is it a | is it an | are you a | are you an | am i talking to | am i speaking to | sounds like
    | got your | heard your | had your | listened to your | go to voicemail | went to voicemail
    | ich dachte | ist das ein | ist das der | ist das die | sind sie ein
    | je croyais | je pensais | c est un | crei que | pense que | pensaba que | creia que"""
)
"""How people speak of one: "Is this an answering machine?", "I thought it was voicemail"."""

_SCREENING = _listed(
    """state your name | say your name | record your name | your name and reason | name and why you are calling
    | name and why you re calling | reason for calling | reason for your call | screening service | call screening
    | call assist | being screened | see if this person is available | see if they are available
    | before i try to connect you | what you re calling about | what you are calling about
    | purpose of your call
    | ihren namen und den grund | nennen sie ihren namen | grund ihres anrufs
    | votre nom et la raison | indiquez votre nom | motif de votre appel | raison de votre appel
    | su nombre y el motivo | diga su nombre | motivo de su llamada | motivo de la llamada"""
)
"""How services that answer for somebody ask for a name and a reason."""

_UNABLE = _listed(
    """you have reached | you ve reached | please leave your name | leave your name and | leave your name number
    | can t take your call | cannot take your call | unable to take your call | not available to take your call
    | can t come to the phone | cannot come to the phone | unable to come to the phone
    | can t answer the phone | get back to you as soon as | call you back as soon as | return your call as soon as
    | the person you have called | the person you are trying to reach | the person you are calling is not
    | the person you are calling is unavailable | the subscriber you | the number you have dialed
    | the number you have dialled | the number you are calling | please try again later | please try your call later
    | has been forwarded | your call has been | our office is closed | our opening hours are
    | sie haben den anschluss | der gewunschte gesprachspartner | zurzeit nicht erreichbar | derzeit nicht erreichbar
    | ist momentan nicht erreichbar | diese nummer ist nicht
    | vous etes bien sur | votre correspondant n est pas | le numero que vous avez | n est pas disponible pour le moment
    | el numero al que llama | el numero marcado | no se encuentra disponible | el abonado"""
)
"""What machines say before they say the rest; no person begins so."""

_ASKED = _listed(
    """who is calling | who s calling | who is this | who s this | who is speaking | who s speaking | who am i speaking
    | may i ask who | can i ask who | could i ask who | whom am i speaking | what is this about | what s this about
    | what is it about | what s it about | what is this regarding | what s this regarding | what is this in regard
    | what is it in regard | what s it regarding | where are you calling from | who are you | who s that | who is that
    | which company | what company | who do i have the pleasure | who is it | who s it
    | wer ist da | wer spricht | mit wem spreche ich | wer ruft an | wer ist dran | worum geht es | worum geht s
    | um was geht es | wer sind sie
    | qui est a l appareil | c est de la part de qui | de la part de qui | qui est ce | c est a quel sujet
    | qui etes vous | c est qui
    | quien es | quien habla | de parte de quien | con quien hablo | quien llama | de que se trata | quien eres"""
)
_HOLD = _listed(
    """one moment | just a moment | one second | just a second | hold on | hang on | hold the line | please hold
    | stay on the line | please wait | i ll put you through | i will put you through | putting you through
    | i ll connect you | i will connect you | connecting you | i ll transfer you | let me get | i ll get | i ll see if
    | i will see if | let me see if
    | einen moment | einen augenblick | moment bitte | bleiben sie dran | ich verbinde
    | un instant | un moment | ne quittez pas | je vous le passe | je vous la passe | patientez
    | un momento | un segundo | no cuelgue | le paso | ahora se pone | espere"""
)
_OFFERS = _listed(
    """how can i help | how may i help | can i help you | may i help you | what can i do for you | can i take a message
    | speaking | was kann ich fur sie tun | wie kann ich ihnen helfen | que puis je faire pour vous
    | en que puedo ayudar"""
)
"""However long it took to come to it, that is a person's greeting."""


def sign_of(text: str, voiced_ms: int) -> Sign:
    """What words say (empty: none were recognised) that had so much voice."""
    said = f" {plain(text)} "

    def has(phrases: tuple[str, ...]) -> bool:
        return any(phrase in said for phrase in phrases)

    if has(_MAILBOX) or (has(_ITS_NAME) and not has(_OF_ANOTHER)):
        return Sign.MAILBOX
    if has(_SCREENING):
        return Sign.SCREENING
    if has(_UNABLE):
        return Sign.MAILBOX
    if has(_ASKED):
        return Sign.ASKED
    if has(_HOLD):
        return Sign.HOLD
    if not said.strip():
        return Sign.WORDLESS if voiced_ms <= SHORT_MS else Sign.LONG
    if voiced_ms <= SHORT_MS or has(_OFFERS):
        return Sign.SHORT
    return Sign.LONG if voiced_ms <= LONGEST_MS else Sign.ENDLESS

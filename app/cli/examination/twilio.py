"""Twilio: the account, its number, and where the number leads."""

from __future__ import annotations

from app.carriers.twilio_account import AccountFault, Number, TwilioAccount, TwilioAccountError
from app.cli.examination.addresses import shown
from app.cli.examination.report import Group, Line, within
from app.settings import Settings

_MEND: dict[AccountFault, str] = {
    "key": "copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the first page of Twilio's console",
    "missing": "copy TWILIO_ACCOUNT_SID from the first page of Twilio's console",
    "busy": "try again in a minute",
    "failed": "try again in a minute; status.twilio.com tells of trouble on their side",
    "unreachable": "see whether this machine reaches api.twilio.com, or correct TWILIO_API_BASE_URL",
    "late": "see whether this machine reaches api.twilio.com, or correct TWILIO_API_BASE_URL",
    "rubbish": "correct TWILIO_API_BASE_URL, or leave it out",
}


async def examine_twilio(settings: Settings) -> Group:
    """The account and the number."""
    return Group("Twilio", await within("Twilio", _twilio(settings)))


async def _twilio(settings: Settings) -> list[Line]:
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER")
    given = (sid, token, settings.twilio_phone_number)
    lines = [
        Line(name, "not set", "only calls over the real telephone need it") if not any(given) else _missing(name)
        for name, value in zip(names, given, strict=True)
        if not value
    ]
    if sid is None or token is None:
        return lines
    account = TwilioAccount(sid, token.get_secret_value(), settings.twilio_api_base_url)
    try:
        return [*lines, await _account(account), *await _number(account, settings)]
    except TwilioAccountError as error:
        return [*lines, Line("TWILIO_ACCOUNT_SID", "wrong", str(error), _MEND[error.kind])]
    finally:
        await account.aclose()


def _missing(name: str) -> Line:
    if name == "TWILIO_PHONE_NUMBER":
        return Line(name, "not set", "whether a number leads here is not checked, and no calls can be placed")
    if name == "TWILIO_AUTH_TOKEN":
        mend = "copy it from the first page of Twilio's console: without it, every call from Twilio is refused"
        return Line(name, "wrong", "not set, while other settings of Twilio are", mend)
    mend = "copy it from the first page of Twilio's console"
    return Line(name, "attention", "not set: calls can come in, but nothing can be asked of the account", mend)


async def _account(account: TwilioAccount) -> Line:
    found = await account.fetch()
    if found.status != "active":
        mend = "see Twilio's console for the reason"
        return Line("TWILIO_ACCOUNT_SID", "wrong", f"the account is {found.status}: no call comes or goes", mend)
    if found.trial:
        says = "the account is on trial: it rings verified numbers alone, and callers hear a notice first"
        return Line("TWILIO_ACCOUNT_SID", "attention", says, "upgrade it in Twilio's console before real use")
    return Line("TWILIO_ACCOUNT_SID", "ok", "the account answers to SID and token, and is active")


async def _number(account: TwilioAccount, settings: Settings) -> list[Line]:
    """Raises TwilioAccountError."""
    if settings.twilio_phone_number is None:
        return []
    number = await account.number(settings.twilio_phone_number)
    if number is None:
        mend = "set it to a number of this account (console: Phone Numbers), or use the account that has it"
        return [Line("TWILIO_PHONE_NUMBER", "wrong", "the account has no such number", mend)]
    if settings.given_public_url is None:
        says = "the account has the number; where it leads is not checked, because PUBLIC_URL is not set"
        mend = "set PUBLIC_URL to the https address under which Twilio reaches this server"
        return [Line("TWILIO_PHONE_NUMBER", "attention", says, mend)]
    return [_leads_here(number, f"{settings.public_url}/twilio/voice")]


def _leads_here(number: Number, wanted: str) -> Line:
    name, mend = (
        "TWILIO_PHONE_NUMBER",
        f"in the console, set 'A call comes in' of the number to webhook, {wanted}, POST",
    )
    if not number.voice:
        return Line(name, "wrong", "the number cannot take calls", "set it to one with the capability voice")
    if number.elsewhere:
        return Line(name, "wrong", "a TwiML app or a trunk has the number, so its voice URL is not asked", mend)
    url = number.voice_url.partition("#")[0]  # behind it stand time limits of Twilio's own
    if not url:
        return Line(name, "wrong", "the number has no voice URL", mend)
    if url != wanted:
        return Line(name, "wrong", f"the number's voice URL is {shown(url)}", f"{mend}; or correct PUBLIC_URL")
    if number.voice_method.upper() != "POST":
        return Line(name, "wrong", f"the number's voice URL is asked with {number.voice_method}", mend)
    return Line(name, "ok", f"the account has the number, and it leads to {wanted}")

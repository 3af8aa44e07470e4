"""Puts the house together from its settings: the only place where every floor meets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from app.carriers.registry import carrier
from app.carriers.tokens import StreamTokens
from app.clock import Clock, SystemClock
from app.first_start import HouseSecrets
from app.house import House
from app.personas.problems import PersonaError
from app.personas.questions import Bank
from app.personas.schema import Persona
from app.runtime.accounts import Accounts
from app.runtime.across import Across
from app.runtime.archive import Archive
from app.runtime.carrying import Carrying
from app.runtime.cast import CompositionError, cast_personas
from app.runtime.choosing import check_voices, those_known
from app.runtime.disk import Disk
from app.runtime.figures import Figures
from app.runtime.files import CallFiles
from app.runtime.fixed_lines import FixedLines
from app.runtime.gauges import RuntimeGauges
from app.runtime.housekeeping import Housekeeping
from app.runtime.live import LiveHub
from app.runtime.placing import Account, Placing, make_placing
from app.runtime.prices import Prices, load_prices
from app.runtime.providers import Providers
from app.runtime.second_opinion import SecondOpinion
from app.runtime.stepping_in import SteppingIn
from app.runtime.supervisor import Supervisor
from app.runtime.text_interviews import TextInterviews
from app.runtime.text_judge import TextJudge
from app.runtime.webhook_address import Permissions
from app.runtime.webhook_sending import Sender
from app.runtime.webhooks import Webhooks
from app.settings import Settings
from app.speech import minilm
from app.speech.protocols import ProviderContext
from app.speech.registry import language_models, speech_to_texts, text_to_speeches
from app.speech.smart_turn import SmartTurn
from app.store.engine import Database
from app.store.writer import StoreWriter
from app.web.admin.router import Office
from app.web.application import Doors, create_application
from app.web.reception import Reception

_log = structlog.get_logger(__name__)


def choose_providers(
    settings: Settings,
    personas: Mapping[str, Persona],
    bank: Bank,
    *,
    clock: Clock | None = None,
    lines: FixedLines | None = None,
) -> Providers:
    """The providers that the settings name, each persona's voice checked. Raises UnknownProvider or PersonaError.

    What can't be used is told in the log, as long as there is something behind it.
    """
    if settings.complaint:
        _log.warning("no_vendor", says=settings.complaint)
    expected = {name: bank.answers(p.interview.topic) for name, p in personas.items() if p.interview is not None}
    context = ProviderContext(personas, settings.for_providers(), expected)
    voices = those_known(settings.providers("tts"), text_to_speeches, context)
    check_voices(voices, personas.values())
    return Providers(
        those_known(settings.providers("stt"), speech_to_texts, context),
        those_known(settings.providers("llm"), language_models, context),
        voices,
        clock=clock,
        lines=lines,
        pauses=SmartTurn(settings.smart_turn_model) if settings.smart_turn_model is not None else None,
    )


def read_prices(file: Path) -> Prices:
    """The price table that the setting names. Raises CompositionError."""
    try:
        return load_prices(file)
    except PersonaError as error:
        raise CompositionError(f"PRICES: {error}") from None


def build_house(settings: Settings, secrets: HouseSecrets, clock: Clock | None = None) -> tuple[FastAPI, House]:
    """The application and the house behind it; nothing runs yet. The database must be migrated before it does. Raises
    PersonaError, UnknownProvider, DatabaseUrlError or CompositionError: one line each that says what to do."""
    clock = clock or SystemClock()
    casting, bank = cast_personas(settings.personas_dir, settings.default_persona, sense := minilm.shipped())
    lines = FixedLines(settings.data_dir / "lines", bank, clock)
    providers = choose_providers(settings, casting.personas, bank, clock=clock, lines=lines)
    prices, registry = read_prices(settings.prices), CollectorRegistry()
    db = Database(settings.database_url, connections=settings.database_connections, webhook_url=settings.webhook_url)
    writer, hub, disk = StoreWriter(db, policy=settings.dialling), LiveHub(), Disk()
    archive = Archive(db, CallFiles(settings.data_dir), shared=_shares(settings, db))
    accounts = Accounts(writer, clock, prices, Figures(registry))
    supervisor = Supervisor(
        casting,
        providers,
        writer=writer,
        hub=hub,
        disk=disk,
        files=archive.files,
        accounts=accounts,
        clock=clock,
        maximum_calls=settings.max_calls,
    )
    across, placing = Across(db, hub, supervisor, clock), _placing(settings, secrets, db, clock, supervisor)
    house = House(
        db=db,
        writer=writer,
        supervisor=supervisor,
        housekeeping=Housekeeping(db, supervisor, secrets.machine_id.value, clock, lines),
        hub=hub,
        across=across,
        disk=disk,
        archive=archive,
        carrying=Carrying(db, archive, disk, lambda: supervisor.running),
        lines=lines,
        accounts=accounts,
        clock=clock,
        personas=casting.personas,
        bank=bank,
        text_interviews=TextInterviews(db, casting.written, TextJudge(providers, accounts.house, meaning=sense), clock),
        second_opinion=SecondOpinion(db, providers, casting.personas, accounts.house, clock, meaning=sense),
        placing=placing,
        stepping_in=SteppingIn(db, supervisor, across, placing, clock, show_digits=settings.show_digits),
        webhooks=_webhooks(settings, secrets, db, clock),
        api_key=secrets.api_key.value,
        maximum_calls=settings.max_calls,
    )
    registry.register(RuntimeGauges(supervisor, writer, disk))
    return create_application(_doors(settings, secrets, house, registry)), house


def _shares(settings: Settings, db: Database) -> bool:
    """Do recordings go into the database? Unless it is said otherwise, where other machines may want them."""
    return (settings.recordings_in or ("database" if db.dialect == "postgresql" else "files")) == "database"


def _doors(settings: Settings, secrets: HouseSecrets, house: House, registry: CollectorRegistry) -> Doors:
    return Doors(
        reception=_reception(settings, secrets, house),
        services=house,
        house=house,
        office=_office(settings, secrets, house),
        registry=registry,
        living=house.living,
    )


def _placing(settings: Settings, secrets: HouseSecrets, db: Database, clock: Clock, supervisor: Supervisor) -> Placing:
    token, number = secrets.twilio_auth_token.value, settings.twilio_phone_number
    return make_placing(
        db,
        clock,
        settings.dialling,
        Account(settings.twilio_account_sid, token, number, settings.twilio_api_base_url),
        public_url=settings.public_url,
        machine=secrets.machine_id.value,
        room=lambda: settings.max_calls - supervisor.lines_taken if supervisor.open else 0,
        hooks=_hooks(settings),
    )


def _hooks(settings: Settings) -> Permissions:
    return Permissions(http=settings.webhook_allow_http, private=settings.webhook_allow_private)


def _webhooks(settings: Settings, secrets: HouseSecrets, db: Database, clock: Clock) -> Webhooks:
    return Webhooks(db, Sender(secrets.webhook_secret.value, _hooks(settings)), clock)


def _reception(settings: Settings, secrets: HouseSecrets, house: House) -> Reception:
    return Reception(
        carrier=carrier("twilio"),
        supervisor=house.supervisor,
        db=house.db,
        tokens=StreamTokens(secrets.session_secret.value),
        public_url=settings.public_url,
        stream_url=settings.stream_url,
        machine=secrets.machine_id.value,
        auth_token=secrets.twilio_auth_token.value,
        placing=house.placing,
    )


def _office(settings: Settings, secrets: HouseSecrets, house: House) -> Office:
    return Office(
        db=house.db,
        hub=house.hub,
        archive=house.archive,
        password=secrets.admin_password.value,
        session_secret=secrets.session_secret.value,
        secure_cookies=settings.public_url.startswith("https:"),
        hang_up=house.hang_up,
        send_digits=house.send_digits,
        personas=house.personas,
        standing=house.standing,
        number=settings.twilio_phone_number,
        clock=house.clock,
        text_interviews=house.text_interviews,
        second_opinion=house.second_opinion,
        placing=house.placing,
    )

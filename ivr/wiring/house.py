"""The house: everything that is built once from the settings and lives as long as the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from casebook.adapters.calendar_file import read_calendar
from casebook.adapters.openid import OpenId
from casebook.adapters.smtp import MailServer, SmtpSender
from casebook.rules import wording
from casebook.rules.calendar import WorkingCalendar
from casebook.rules.understanding import UnderstandingRules
from casebook.service import digest
from casebook.tools import House as Department
from casebook.tools import Tools
from casebook.understanding_files import load_understanding
from casebook.web.tools import DeskTools
from config.clock import Clock, system_clock
from config.crypto import KeyRing
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.database.schema import upgrade
from config.directory.lines_file import read_lines
from config.directory.prompts import read_prompts
from config.directory.store import DATA, load_directory, units_of
from config.logs import set_up_logs
from config.secrets import Secrets, load_secrets
from config.settings import Settings, load_settings
from ivr.adapters.provider import ProviderApi
from ivr.lineup import CachedLineup
from ivr.ports import CallLists
from ivr.reconcile import Reconciler
from ivr.service.telling import CallBook
from ivr.tools import IvrTools
from ivr.wiring.carriers import FetcherByAddress, JoinedLists, ListsIfThere, MediaOfBoth
from ivr.wiring.ears import Ears
from ivr.wiring.understanding import Understander
from recordings.adapters.fetch import HttpFetcher
from recordings.adapters.provider_media import TwilioMedia
from recordings.adapters.stores import store_from_url
from recordings.ports import Fetcher, NotThereYet, ProviderMedia, Store
from recordings.service import RecordingTools

PROVIDER_SUFFIX = ".wav"
"""Asked for when a recording's URL names no format: 8 kHz PCM, what was said without loss."""


@dataclass
class House:
    """Settings, secrets, database, stores and rules, each built when first needed."""

    settings: Settings
    secrets: Secrets
    database: Database
    clock: Clock = system_clock

    @cached_property
    def keys(self) -> KeyRing:
        """The ring that seals personal data."""
        return self.secrets.key_ring()

    @cached_property
    def store(self) -> Store:
        """Where recordings are kept."""
        return store_from_url(self.settings.store_url)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days."""
        return read_calendar(DATA / "holidays.csv")

    @cached_property
    def rules(self) -> UnderstandingRules:
        """The data that understanding works with."""
        return load_understanding(own_numbers=[line.number for line in read_lines(DATA / "lines.toml")])

    @cached_property
    def understand(self) -> Understander:
        """The rules that turn words into a suggestion."""
        return Understander.over(self.database, self.rules, self.clock)

    @cached_property
    def mail(self) -> SmtpSender:
        """The way to the mail server."""
        return SmtpSender(MailServer.from_url(self.settings.mail_server_url))

    @cached_property
    def department(self) -> Department:
        """The Department as it appears in letters and links."""
        settings = self.settings
        return Department(settings.base_url, settings.mail_from, settings.supervisor_emails)

    @cached_property
    def recordings(self) -> RecordingTools:
        """The means of fetching and keeping recordings."""
        fetcher: Fetcher = self._fetcher(self.settings.provider_url)
        if self.settings.gateway:
            gateway = self.settings.gateway_url
            fetcher = FetcherByAddress(gateway, self._fetcher(gateway), fetcher)
        return RecordingTools(self.database, self.store, self.keys, fetcher, self.clock)

    def _fetcher(self, carrier_url: str) -> HttpFetcher:
        return HttpFetcher(
            carrier_url,
            self.secrets.account_sid,
            self.secrets.auth_token,
            extra_hosts=self.settings.media_hosts,
            add_suffix=PROVIDER_SUFFIX,
        )

    @cached_property
    def provider_media(self) -> ProviderMedia:
        """The provider's own copies."""
        media: ProviderMedia = self._media(self.settings.provider_url)
        media = media if self.has_account else PassingMedia(media)
        if not self.settings.gateway:
            return media
        gateway: ProviderMedia = self._media(self.settings.gateway_url)
        # With a cloud's account the gateway may be set, but never run: the cloud's copies go all the same.
        return MediaOfBoth(PassingMedia(gateway) if self.has_account else gateway, media)

    def _media(self, carrier_url: str) -> TwilioMedia:
        return TwilioMedia(carrier_url, self.secrets.account_sid, self.secrets.auth_token)

    @property
    def has_account(self) -> bool:
        """Whether calls come from a provider, and not only from the test caller of this machine."""
        return self.settings.twilio_account_sid is not None

    @cached_property
    def ivr(self) -> IvrTools:
        """The means of the webhooks."""
        texts = read_prompts(DATA / "prompts.toml")
        return IvrTools(
            database=self.database,
            keys=self.keys,
            clock=self.clock,
            public_url=self.settings.base_url,
            auth_token=self.secrets.auth_token,
            prompts_dir=self.settings.prompts_home,
            lineup=CachedLineup(texts),
            say_voice=self.settings.say_voice,
            emergency_number=self.settings.emergency_number,
        )

    @cached_property
    def reconciler(self) -> Reconciler:
        """The comparison with the provider's lists."""
        sid, token = self.secrets.account_sid, self.secrets.auth_token
        lists: list[CallLists] = []
        if self.has_account or not self.settings.gateway:
            lists.append(ProviderApi(self.settings.provider_url, sid, token))
        if self.settings.gateway:
            own = ProviderApi(self.settings.gateway_url, sid, token)
            # With a cloud's account the gateway may be set, but never run: the cloud is reconciled all the same.
            lists.append(ListsIfThere(own) if self.has_account else own)
        return Reconciler(self.ivr, JoinedLists(tuple(lists)))

    @cached_property
    def desk(self) -> DeskTools:
        """The means of the desk's pages."""
        return DeskTools(
            database=self.database,
            clock=self.clock,
            keys=self.keys,
            store=self.store,
            house=self.department,
            understand=self.understand,
            calendar=self.calendar,
            secret=self.secrets.session_secret,
            mailbox=self.settings.mail_sink_dir if self.settings.uses_mail_sink else None,
            audio_may_leave=self.settings.audio_may_leave,
            second_factor_required=self.settings.second_factor_required,
            sign_on=self._sign_on(),
            calls=CallBook(),
            areas=self.rules.places.areas,
            streams=self.settings.web_streams,
        )

    def _sign_on(self) -> OpenId | None:
        settings = self.settings
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            return None
        secret = settings.oidc_client_secret
        return OpenId(
            settings.oidc_issuer,
            settings.oidc_client_id,
            secret.get_secret_value() if secret else None,
            settings.oidc_name,
            settings.oidc_two_factors,
        )

    @cached_property
    def tools(self) -> Tools:
        """The means of the pipeline's steps."""
        return Tools(
            database=self.database,
            clock=self.clock,
            keys=self.keys,
            recordings=self.recordings,
            provider_media=self.provider_media,
            engine=self.engine,
            understand=self.understand,
            calendar=self.calendar,
            mail=self.mail,
            house=self.department,
        )

    @cached_property
    def engine(self) -> Ears:
        """The speech engine, loaded when it is first called for."""
        return Ears.over(self.settings, self.database, self.rules.places.areas, self.clock)

    def upgrade(self) -> str:
        """Bring the schema up to date and load lines and units; gives a line for people."""
        upgrade(self.database.url)
        with self.database.begin() as session:
            loaded = load_directory(session)
        return f"Cơ sở dữ liệu đã sẵn sàng: {loaded.lines} đường dây, {loaded.units} đơn vị."

    def post_daily(self, day: date | None) -> str:
        """Write the daily mail about `day` (yesterday if None) anew; gives a line for people."""
        now = self.clock()
        with self.database.begin() as session:
            names = {unit.slug: unit.name for unit in units_of(session)}
            wanted = day or digest.yesterday(now)
            count = digest.post_daily(session, wanted, names, self.department, now, again=now.isoformat())
        return f"Đã xếp {count} thư tổng hợp ngày {wording.day(wanted)} vào hàng đợi gửi."


class PassingMedia:
    """The recordings of the test caller: they are gone when it has hung up, which is as good as deleted."""

    def __init__(self, media: ProviderMedia) -> None:
        self._media = media

    def delete(self, provider_sid: str) -> None:
        """Have the copy deleted if its server is still there."""
        with suppress(NotThereYet):
            self._media.delete(provider_sid)


@contextmanager
def open_house(process: str) -> Iterator[House]:
    """Build the house of this process; with no database set, attach to the embedded one (and start it)."""
    settings = load_settings()
    set_up_logs(settings.log_level, process)
    embedded = None if settings.database_url else EmbeddedPostgres(embedded_home(settings))
    url = embedded.url if embedded else settings.database_url.get_secret_value()  # type: ignore[union-attr]
    house = House(settings, load_secrets(settings), Database(url))
    try:
        yield house
    finally:
        house.database.close()
        if embedded:
            embedded.leave()


def embedded_home(settings: Settings) -> Path:
    """Where the embedded PostgreSQL keeps its data."""
    return settings.data_dir / "postgres"

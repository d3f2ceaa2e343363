"""Every setting of the hotline in one frozen object, built once at start and passed in.

Read from the environment (prefix `HOTLINE_`) and from `.env`. Keys that no one set are made on the
first run and kept in `secrets.json` of the data directory (see `config.secrets`).
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config.errors import SettingsError
from config.setting_values import host_and_port, http_url, issuer_url, known_level, range_of_ports, required_or_optional

LOCAL_MEDIA_URL = "http://127.0.0.1:8791"
"""Where the bundled test caller serves its recordings when no provider account is set."""

TWILIO_API_URL = "https://api.twilio.com"


class Settings(BaseSettings):
    """The settings, each documented in its `description`; `docs/settings.md` is made from them."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_", env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True
    )

    data_dir: Path = Field(Path("var"), description="Thư mục dữ liệu: cơ sở dữ liệu nhúng, bản ghi âm, khóa.")
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL `postgresql://…`. Để trống: tự chạy PostgreSQL nhúng trong thư mục dữ liệu."
    )
    bind: str = Field("127.0.0.1:8080", description="Địa chỉ và cổng của máy chủ web, `host:port`.")
    public_url: str | None = Field(
        None, description="Địa chỉ công khai mà nhà mạng và người đọc thư gọi tới. Để trống: `http://` + bind."
    )
    web_processes: int = Field(2, ge=1, le=64, description="Số tiến trình web.")
    web_threads: int = Field(8, ge=1, le=128, description="Số luồng của mỗi tiến trình web.")
    web_streams: int = Field(
        24,
        ge=0,
        le=512,
        description="Số trang được báo tin tức thì ở mỗi tiến trình web, mỗi trang thêm một luồng. "
        "Quá số này, hoặc 0: trang tự hỏi lại vài giây một lần.",
    )

    trusted_proxies: int = Field(0, ge=0, le=5, description="Số máy chủ trung gian đáng tin đứng trước web.")

    twilio_account_sid: str | None = Field(None, description="Account SID của nhà cung cấp thoại.")
    twilio_auth_token: SecretStr | None = Field(
        None, description="Auth token: kiểm chữ ký webhook, tải bản ghi. Để trống: tạo khóa cục bộ để gọi thử."
    )
    twilio_api_url: str | None = Field(
        None,
        description="Gốc REST và media của nhà cung cấp; máy chủ này nằm trong danh sách được phép tải. "
        f"Mặc định {TWILIO_API_URL}; khi chưa có tài khoản: {LOCAL_MEDIA_URL} (cuộc gọi thử).",
    )
    media_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Các máy chủ media khác được phép tải bản ghi, `host[:port]`, cách nhau bằng dấu phẩy."
    )
    say_voice: str | None = Field(None, description="Giọng `<Say>`, ví dụ `Google.vi-VN-Standard-A`.")
    prompts_dir: Path | None = Field(
        None, description="Thư mục lời thoại thu sẵn (WAV, MP3). Để trống: `config/prompts` của chương trình."
    )
    audio_may_leave: bool = Field(
        False,
        description="Cho phép đưa cho đơn vị bản ghi đã đổi giọng và cắt phần che (bản gốc không bao giờ rời Sở).",
    )
    emergency_number: str = Field("115", description="Số chuyển máy khi người gọi bấm phím cấp cứu.")

    gateway: bool = Field(
        True, description="Chạy tổng đài SIP riêng (cổng thoại) cùng `make run`: `true` hoặc `false`."
    )
    gateway_bind: str = Field(
        "127.0.0.1:5060",
        description="Địa chỉ SIP (UDP) của cổng thoại, `host:port`. Nối trung kế thật: `0.0.0.0:5060`.",
    )
    gateway_public_host: str | None = Field(
        None, description="Địa chỉ IP báo cho nhà mạng khi cổng thoại đứng sau NAT. Để trống: địa chỉ của máy."
    )
    gateway_rtp_ports: str = Field("20000-21999", description="Dải cổng UDP cho tiếng nói; mỗi cuộc gọi dùng một cổng.")
    gateway_allow: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.0/8", "::1"),
        description="Các địa chỉ, mạng được gọi tới không cần mật khẩu (máy chủ trung kế), cách nhau bằng dấu phẩy.",
    )
    gateway_users: SecretStr | None = Field(
        None,
        description="Máy điện thoại SIP ở nơi khác, `tên:mật khẩu`, cách nhau bằng dấu phẩy. Để trống: không nhận.",
    )
    gateway_trunk: SecretStr | None = Field(
        None,
        description="Trung kế của nhà mạng, `sip://user:password@host[:port][/domain]`: để đăng ký và gọi ra. "
        "Để trống: không gọi ra số điện thoại được.",
    )
    gateway_register: bool = Field(True, description="Đăng ký (REGISTER) với trung kế; `false` khi nhận diện theo IP.")
    gateway_calls: int = Field(
        100, ge=1, le=1000, description="Số cuộc gọi cùng lúc; quá số này người gọi nghe máy bận."
    )
    gateway_calls_per_second: float = Field(
        10, gt=0, le=1000, description="Số cuộc gọi mới mỗi giây; quá số này báo 503."
    )
    gateway_call_minutes: int = Field(120, ge=1, le=1440, description="Cuộc gọi dài nhất, phút.")
    gateway_drain_seconds: int = Field(
        60, ge=0, le=3600, description="Khi dừng, chờ các cuộc đang gọi nhiều nhất ngần này giây."
    )
    gateway_media_bind: str = Field("127.0.0.1:8792", description="Nơi cổng thoại phát bản ghi cho hệ thống tải về.")
    gateway_media_url: str | None = Field(
        None, description="Địa chỉ mà hệ thống tải bản ghi của cổng thoại. Để trống: `http://` + gateway_media_bind."
    )
    gateway_hotline_url: str | None = Field(
        None, description="Địa chỉ thật mà cổng thoại gửi webhook tới. Để trống: `http://` + bind, ngay trên máy này."
    )
    gateway_live_streams: int = Field(
        2, ge=0, le=32, description="Số cuộc được chép lời ngay trong lúc nói; 0: chỉ chép sau khi gác máy."
    )
    gateway_voice_command: str | None = Field(
        None,
        description="Lệnh biến chữ thành tiếng cho lời thoại chưa thu, ví dụ `piper --model vi.onnx --output_file "
        "{output}`. Để trống: eSpeak NG.",
    )
    gateway_ari_url: SecretStr | None = Field(
        None,
        description="Asterisk có sẵn của đơn vị, `http://user:password@host:8088/ari`. Để trống: tự nhận SIP.",
    )
    gateway_ari_trunk: str = Field("trunk", description="Tên endpoint PJSIP của Asterisk để gọi ra.")
    gateway_ari_sounds: Path | None = Field(
        None, description="Thư mục lời thoại mà Asterisk đọc được. Để trống: `ari-sounds` trong thư mục dữ liệu."
    )

    storage_url: str | None = Field(
        None,
        description="Kho bản ghi: `file:///…` hoặc `s3://bucket/prefix?endpoint=…`. "
        "Để trống: `recordings` trong thư mục dữ liệu.",
    )
    encryption_keys: SecretStr | None = Field(
        None, description="Chùm khóa AES-256 `id:base64,…`; khóa đầu mã hóa, mọi khóa giải mã. Để trống: tự tạo."
    )
    hash_key: SecretStr | None = Field(
        None, description="Khóa base64 để so khớp số điện thoại mà không giải mã. Để trống: tự tạo."
    )
    session_secret: SecretStr | None = Field(None, description="Khóa ký phiên đăng nhập. Để trống: tự tạo.")

    speech_engine: str = Field("auto", description="`auto`, `vosk`, `ctc`, `whisper` hoặc `scripted`.")
    speech_model: Path | None = Field(None, description="Thư mục mô hình cho bộ nghe đã chọn.")
    second_engine: str | None = Field(None, description="Bộ nghe thứ hai để đối chiếu; từ khác nhau bị bớt tin.")
    models_dir: Path | None = Field(None, description="Nơi cài mô hình. Để trống: `models` trong thư mục dữ liệu.")
    speech_threads: int = Field(1, ge=1, le=32, description="Số luồng tính toán của bộ nghe trong mỗi worker.")

    speech_name_bonus: float = Field(
        2.0, ge=0, le=10, description="Mức ưu tiên nghe ra tên trong danh bạ (điểm mỗi âm tiết); 0 là không ưu tiên."
    )

    smtp_url: SecretStr | None = Field(
        None,
        description="`smtp://user:pass@host:587?starttls=1` hoặc `smtps://…`. Để trống: hộp thư thử nghiệm tại máy.",
    )
    mail_sink_bind: str = Field("127.0.0.1:8025", description="Địa chỉ hộp thư thử nghiệm (SMTP) khi chưa có SMTP.")
    mail_from: str = Field("duong-day-nong@soyte.example", description="Người gửi của mọi thư.")
    supervisor_emails: Annotated[tuple[str, ...], NoDecode] = Field(
        ("lanh-dao@soyte.example",), description="Người nhận thư tổng hợp hằng ngày, cách nhau bằng dấu phẩy."
    )
    daily_mail_at: time = Field(time(7, 0), description="Giờ gửi thư tổng hợp (giờ Việt Nam), `HH:MM`.")
    forward_every_minutes: int = Field(1, ge=1, le=1440, description="Chu kỳ chuyển phản ánh, phút.")
    reconcile_every_minutes: int = Field(15, ge=1, le=1440, description="Chu kỳ đối soát với nhà cung cấp, phút.")

    second_factor: str | None = Field(
        None,
        description="Mã xác thực thứ hai của người ở Sở: `required` (chưa có thì chưa vào được) hoặc `optional`. "
        "Để trống: `required`; riêng khi địa chỉ công khai chỉ là máy này (127.0.0.1, localhost): `optional`.",
    )
    oidc_issuer: str | None = Field(
        None,
        description="Đăng nhập một lần (OpenID Connect): địa chỉ nhà cung cấp danh tính, `https://…`. Để trống: tắt.",
    )
    oidc_client_id: str | None = Field(None, description="Mã ứng dụng đã đăng ký với nhà cung cấp danh tính.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Khóa bí mật của ứng dụng ấy. Để trống: ứng dụng công khai, chỉ dùng PKCE."
    )
    oidc_name: str = Field("tài khoản cơ quan", description="Tên trên nút: “Đăng nhập bằng …”.")
    oidc_two_factors: bool = Field(
        False,
        description="`true`: coi mọi lần đăng nhập một lần là đã đủ hai bước. `false`: chỉ khi nhà cung cấp nói vậy "
        "(`amr`, `acr`).",
    )

    admin_email: str = Field("quan-tri@soyte.example", description="Tài khoản tạo ra ở lần chạy đầu.")
    log_level: str = Field("INFO", description="Mức nhật ký: DEBUG, INFO, WARNING, ERROR.")

    @field_validator("supervisor_emails", "media_hosts", "gateway_allow", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    _addresses = field_validator("bind", "mail_sink_bind", "gateway_bind", "gateway_media_bind")(host_and_port)
    _urls = field_validator("public_url", "twilio_api_url", "gateway_media_url", "gateway_hotline_url")(http_url)
    _issuer = field_validator("oidc_issuer")(issuer_url)
    _ports = field_validator("gateway_rtp_ports")(range_of_ports)
    _level = field_validator("log_level")(known_level)
    _factor = field_validator("second_factor")(required_or_optional)

    @model_validator(mode="after")
    def _whole_account(self) -> Settings:
        if (self.twilio_account_sid is None) != (self.twilio_auth_token is None):
            raise ValueError("HOTLINE_TWILIO_ACCOUNT_SID và HOTLINE_TWILIO_AUTH_TOKEN phải đi cùng nhau")
        return self

    @model_validator(mode="after")
    def _whole_sign_on(self) -> Settings:
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError("HOTLINE_OIDC_ISSUER và HOTLINE_OIDC_CLIENT_ID phải đi cùng nhau")
        return self

    @property
    def second_factor_required(self) -> bool:
        """Whether roles that need a second factor get no further without one.

        Not on a machine that only itself reaches, unless it was asked for: the first call is to take minutes.
        """
        if self.second_factor is not None:
            return self.second_factor == "required"
        return not self.is_local

    @property
    def is_local(self) -> bool:
        """Whether the public address is this machine only."""
        return urlsplit(self.base_url).hostname in {"localhost", "127.0.0.1", "::1"}

    @property
    def base_url(self) -> str:
        """The public base URL without a slash at its end."""
        return self.public_url or f"http://{self.bind}"

    @property
    def provider_url(self) -> str:
        """Root of the provider's REST API and media."""
        if self.twilio_api_url:
            return self.twilio_api_url
        return TWILIO_API_URL if self.twilio_account_sid else LOCAL_MEDIA_URL

    @property
    def gateway_url(self) -> str:
        """Root of our own gateway's REST face and media."""
        return self.gateway_media_url or f"http://{self.gateway_media_bind}"

    @property
    def store_url(self) -> str:
        """Where recordings are kept, as a URL."""
        return self.storage_url or (self.data_dir.resolve() / "recordings").as_uri()

    @property
    def models_home(self) -> Path:
        """The directory that installed speech models live in."""
        return self.models_dir or self.data_dir / "models"

    @property
    def prompts_home(self) -> Path:
        """The directory that an operator's recorded prompts lie in."""
        return self.prompts_dir or Path(__file__).parent / "prompts"

    @property
    def uses_mail_sink(self) -> bool:
        """Whether mail goes to the local test mailbox, because no SMTP server is set."""
        return self.smtp_url is None

    @property
    def mail_sink_dir(self) -> Path:
        """Where the local test mailbox keeps its letters (Maildir)."""
        return self.data_dir / "mailbox"

    @property
    def mail_server_url(self) -> str:
        """The SMTP server that mail is handed to."""
        return self.smtp_url.get_secret_value() if self.smtp_url else f"smtp://{self.mail_sink_bind}"


def load_settings(**overrides: Any) -> Settings:
    """Build the settings from the environment, `.env` and `overrides`.

    Raises SettingsError, with each wrong setting named and no value shown.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "HOTLINE_" + "_".join(str(part) for part in problem["loc"]).upper() if problem["loc"] else "Cấu hình"
        lines.append(f"{name}: {problem['msg'].removeprefix('Value error, ')}")
    return "Cấu hình chưa đúng:\n  " + "\n  ".join(lines)

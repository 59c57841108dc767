"""Who may come in: keys and roles, names of hosts, pages of other sites, and how often.

With keys, ``Authorization: Bearer KEY`` is asked for. Without, the service is open to this machine alone, and
then looks at what a browser tells of the page that asks: a page of another site must neither read through a
name that it lets point to this machine (DNS rebinding) nor send a form here (cross-site request forgery).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import Failure, KeyFileError, failure_of
from api.keys import Key, KeyFile
from api.paths import HEALTH, READING_POSTS, SAFE_METHODS, is_free
from api.rates import RateLimiter
from api.refusing import refuse
from api.settings import Settings

Reach = Literal["loopback", "network", "unguarded"]
"""Where the service can be reached from: this machine only (open while there are no keys), a network (never
without a key), or a network though there are no keys, since its owner insists."""

CALLER = "jianbao.caller"
"""Under this name the request's scope holds its Caller."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ASK_WITH = {"WWW-Authenticate": 'Bearer realm="jianbao"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is. ``id`` is what limits count by: the key, or the address where there is none."""

    id: str
    key: Key | None = None


class Access:
    """Lets in who may come in, and refuses the others with 401, 403 or 429, before a body is read."""

    def __init__(self, app: ASGIApp, *, keys: KeyFile, settings: Settings, reach: Reach) -> None:
        self._app = app
        self._keys = keys
        self._rates = RateLimiter()
        self._rate_limit = settings.rate_limit
        self._hosts = _LOOPBACK | set(settings.allowed_hosts)
        self._origins = frozenset(settings.cors_origins)
        self._needs_key = reach == "network"
        self._checks_host = reach != "unguarded"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        caller, refusal = self._judge(scope, headers)
        scope[CALLER] = caller
        if not is_free(scope):
            limit = caller.key.rate_limit if caller.key and caller.key.rate_limit else self._rate_limit
            if wait := await self._rates.wait(caller.id, limit):
                await refuse(_too_often(limit), scope, receive, send, {"Retry-After": str(wait)})
                return
        if refusal is not None:
            extra = _ASK_WITH if refusal.status == 401 else None
            await refuse(refusal, scope, receive, send, extra)
            return
        await self._app(scope, receive, send)

    def _judge(self, scope: Scope, headers: Headers) -> tuple[Caller, Failure | None]:
        stranger = Caller(f"address:{(scope.get('client') or ['unknown'])[0]}")
        if scope["path"] in HEALTH and scope["method"] in SAFE_METHODS:
            return stranger, None
        try:
            if not self._asks_for_keys():
                return stranger, self._foreign(scope, headers)
            if is_free(scope):
                return stranger, None
            secret = _bearer(headers)
            key = self._keys.find(secret) if secret else None
        except KeyFileError as error:
            return stranger, failure_of(error)
        if key is None:
            return stranger, _without_key() if secret is None else _wrong_key()
        return Caller(f"key:{key.id}", key), None if _may(key, scope) else _not_editor(key)

    def _asks_for_keys(self) -> bool:
        # Once there were keys, a file that is gone or emptied shuts the service; it never opens it.
        if not self._needs_key and self._keys.keys():
            self._needs_key = True
        return self._needs_key

    def _foreign(self, scope: Scope, headers: Headers) -> Failure | None:
        """What is wrong with a request that brings no key and needs none."""
        host = headers.get("host", "")
        if self._checks_host and _host_name(host) not in self._hosts:
            return _wrong_host(host)
        origin = headers.get("origin", "").lower()
        if not origin or scope["method"] in SAFE_METHODS or origin in self._origins:
            return None
        address = origin.partition("://")[2]
        if address == host.lower() or _host_name(address) in self._hosts - _LOOPBACK:
            return None
        return _wrong_origin(origin)


def _may(key: Key, scope: Scope) -> bool:
    return key.role == "editor" or scope["method"] in SAFE_METHODS or scope["path"] in READING_POSTS


def _bearer(headers: Headers) -> str | None:
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def _host_name(address: str) -> str:
    """``[::1]:8000`` as ``::1``, ``Example.cn:80`` as ``example.cn``."""
    if address.startswith("["):
        return address[1:].partition("]")[0].lower()
    return address.partition(":")[0].lower()


def _without_key() -> Failure:
    return Failure(
        401,
        "missing_api_key",
        "authentication_error",
        "需要密钥。请加请求头 Authorization: Bearer 密钥；密钥向管理员要，或用 jianbao keys add 建立。",
    )


def _wrong_key() -> Failure:
    return Failure(
        401, "invalid_api_key", "authentication_error", "密钥不对，或已被撤销。请核对，或向管理员换一个。"
    )


def _not_editor(key: Key) -> Failure:
    return Failure(
        403,
        "editor_required",
        "permission_error",
        f"密钥 {key.name} 的角色是 reader，只能提问和查看。增删文件需要 editor 的密钥。",
    )


def _wrong_host(host: str) -> Failure:
    return Failure(
        403,
        "host_not_allowed",
        "permission_error",
        f"没有设密钥的服务只供本机访问，不接受主机名 {host[:100]!r}。请用 127.0.0.1 或 localhost；"
        "要用别的名字，设环境变量 JIANBAO_ALLOWED_HOSTS，或用 jianbao keys add 建立密钥。",
    )


def _wrong_origin(origin: str) -> Failure:
    return Failure(
        403,
        "origin_not_allowed",
        "permission_error",
        f"不接受来自网页 {origin[:100]!r} 的请求。要允许它，设环境变量 JIANBAO_CORS_ORIGINS。",
    )


def _too_often(limit: int) -> Failure:
    return Failure(
        429,
        "rate_limited",
        "rate_limit_error",
        f"请求太频繁：每分钟最多 {limit} 个。请按 Retry-After 说的秒数等一等再来。",
    )

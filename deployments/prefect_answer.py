"""Whether Prefect answers us: asked before anything that needs it, and told in words."""

import httpx

from models.errors import WellkeptError
from models.secret_file import FILE_NAME, load_secrets
from models.settings import Settings

SECONDS = 5
"""How long the server may take: it is on this machine."""


class EngineAwayError(WellkeptError):
    """The Prefect server does not answer as it should."""

    remedy = "`wellkept status` tells what runs; logs/prefect.log in the data folder says more. Then try again."


def need_prefect(settings: Settings) -> None:
    """Ask Prefect's API for its version, with our login. Raises EngineAwayError within seconds, SecretFileError."""
    where = settings.prefect_url
    try:
        answer = ask(settings, "/admin/version")
    except httpx.TimeoutException as error:
        raise EngineAwayError(f"Prefect at {where} takes longer than {SECONDS} seconds to answer.") from error
    except httpx.HTTPError as error:
        raise EngineAwayError(f"Prefect does not answer at {where}.") from error
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        remedy = f"It began with another {FILE_NAME}: end `wellkept up` with Ctrl-C and start it again."
        raise EngineAwayError(f"Prefect at {where} refuses our login.", remedy=remedy)
    if answer.is_server_error:
        raise EngineAwayError(f"Prefect at {where} is in trouble: it answers {answer.status_code}.")
    if not _is_version(answer):
        remedy = "Something else has its port. `wellkept status` tells the addresses; start `wellkept up` anew."
        raise EngineAwayError(f"What answers at {where} is not Prefect.", remedy=remedy)


def words_for(error: Exception) -> str:
    """Return in a few words what went wrong between us and Prefect."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"it answered {error.response.status_code}"
    if isinstance(error, httpx.HTTPError):
        return "the line to it broke off"
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__


def ask(settings: Settings, path: str) -> httpx.Response:
    """GET something of Prefect's API with our login, within seconds. Raises httpx errors, SecretFileError."""
    return httpx.get(f"{settings.prefect_api_url}{path}", auth=_login(settings), timeout=SECONDS, trust_env=False)


def _login(settings: Settings) -> tuple[str, str] | None:
    """Return the login; None where there are no secrets yet, which asking must not make."""
    if not (settings.data_dir / FILE_NAME).exists():
        return None
    user, _, password = load_secrets(settings.data_dir).prefect_auth.get_secret_value().partition(":")
    return user, password


def _is_version(answer: httpx.Response) -> bool:
    try:
        told = answer.json()
    except ValueError:
        return False
    return answer.is_success and isinstance(told, str) and told[:1].isdigit()

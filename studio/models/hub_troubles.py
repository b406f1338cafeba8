"""What can go wrong between here and the model hub, in words.

In: an exception of the libraries that speak to it. Out: a Problem. Imported only by the process that fetches.
"""

from __future__ import annotations

import httpx2
from huggingface_hub import constants, get_token
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from studio.models import hub_cache
from studio.problems import Problem, explain

KNOWN = (Problem, OSError, ValueError, httpx2.HTTPError, httpx2.InvalidURL)
_AGAIN = "What came so far is kept: the next download goes on from there."


def in_words(error: Exception, hub: str, title: str) -> Problem:
    """What a person can do about one of KNOWN, met while fetching the model `hub`, called `title`."""
    match error:
        case Problem():
            return error
        case HfHubHTTPError() if error.response.status_code in {401, 403} and _is_log_in_held_back():
            return Problem(
                f"The hub does not give {title} to everybody.",
                f"Your log-in was not sent, because the connection to {hub_cache.host()} is not encrypted.",
                "Let HF_ENDPOINT name an address that begins with https://, then download again.",
            )
        case GatedRepoError():
            return Problem(
                f"{title} is only given to people who accepted its terms.",
                "The hub asks for that, and does not know you on this computer.",
                f"Open {constants.ENDPOINT}/{hub} in a browser, sign in and accept the terms. Then log in here with "
                "“hf auth login” in a terminal, and download again.",
            )
        case RepositoryNotFoundError() | RevisionNotFoundError():
            return Problem(
                f"The hub does not have {title}.",
                f"“{hub}” was renamed or taken away, or it is not open to everybody.",
                "Choose another model, or a model folder of your own.",
            )
        case HfHubHTTPError():
            return _refused(error.response.status_code, title)
        case httpx2.TransportError():
            return _not_reached(error)
        case TimeoutError():  # of the lock
            return Problem(
                f"{title} is being downloaded by another program.",
                "Two at once would write into the same file.",
                "Wait until the other one is done, then download again.",
            )
        case OSError():
            return explain(error)
        case _:
            return Problem(
                "What answered does not seem to be the model hub.",
                f"Perhaps a log-in page of the network stands between here and {hub_cache.host()}.",
                "Open a page in the browser to see whether the connection is free, then download again.",
            )


def _is_log_in_held_back() -> bool:
    return get_token() is not None and not constants.ENDPOINT.startswith("https://")


def _refused(status: int, title: str) -> Problem:
    if status in {401, 403}:
        return Problem(
            f"The hub does not give {title} to this computer.",
            "The log-in that is stored here is not valid, or it does not allow this model.",
            "Log in again with “hf auth login” in a terminal, then download again.",
        )
    if status == 404:
        return Problem(
            f"A file of {title} is not on the hub any more.",
            "It was taken away or replaced while it was downloaded.",
            "Download again.",
        )
    if status == 429:
        return Problem(
            "The hub asks to wait.",
            "It was asked for too much in a short time.",
            f"Try again in a few minutes. {_AGAIN}",
        )
    return Problem(
        "The hub has trouble of its own.", f"It answered with the number {status}.", f"Try again later. {_AGAIN}"
    )


def _not_reached(error: httpx2.TransportError) -> Problem:
    if "CERTIFICATE" in str(error).upper():
        return Problem(
            "The connection to the model hub is not trusted.",
            f"Something on the way, such as a filter of this network, answers in the place of {hub_cache.host()}.",
            "Ask whoever looks after the network, or use another one.",
        )
    return Problem(
        "The model hub cannot be reached.",
        f"There is no connection to {hub_cache.host()}, or it broke off. Perhaps this computer is offline, or its "
        "network does not allow it.",
        f"Check the connection, then download again. {_AGAIN}",
    )

"""Keep calls within what AWS takes: a bucket of tokens for each service and account, and tries again with back-off."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from harness.targets.refusals import kind_of_word, said, word_of

Answer = TypeVar("Answer")

_TRIES = 8
_FIRST_SECONDS, _MOST_SECONDS = 0.5, 30.0
_SLOWEST = 0.2  # calls a second
_STEPS_BACK = 20  # so many calls that pass bring the full rate back
_AGAIN = frozenset({"throttled", "unavailable", "unreachable"})
# Somebody else changes the same resource: IAM, AWS Organizations and Auto Scaling ask to try again then.
# docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html and the siblings of the two others
_CONTENDED = frozenset({"ConcurrentModification", "ConcurrentModificationException", "ResourceContention"})
_UNSURE = frozenset({"unavailable", "unreachable"})  # the call may have been carried out


class GivenUpError(Exception):
    """Say that a call was not answered; `unsure`: it may have been carried out all the same."""

    def __init__(self, reason: str, word: str, *, unsure: bool) -> None:
        """Keep what AWS or boto3 said, and its code."""
        super().__init__(reason)
        self.reason, self.word, self.unsure = reason, word, unsure


class Pace:
    """Let calls of one service in one account through: `rate` a second, halved by each throttling, then recovering.

    Used by one thread at a time, that of the account.
    """

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Start with a full bucket of one second's calls."""
        self.rate = self._full = rate
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._tokens, self._seen = rate, clock()

    def call(self, send: Callable[[], Answer]) -> Answer:
        """Return what a call answers, tried again while AWS throttles it or does not answer.

        The pause before each try is random up to a bound that doubles ("full jitter"):
        aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter.
        Raises: GivenUpError for a refusal, and when no try has been answered.
        """
        unsure = False
        for tried in range(1, _TRIES + 1):
            self._take()
            try:
                answer = send()
            except (ClientError, BotoCoreError) as error:
                kind = kind_of_word(word_of(error))
                unsure = unsure or kind in _UNSURE
                is_again = kind in _AGAIN or word_of(error) in _CONTENDED
                if not is_again or tried == _TRIES:
                    raise GivenUpError(said(error), word_of(error), unsure=unsure) from error
                self.pause(tried, is_throttled=kind == "throttled")
            else:
                self.rate = min(self._full, self.rate + self._full / _STEPS_BACK)
                return answer
        raise AssertionError("the last try returns or raises")

    def pause(self, tried: int, *, is_throttled: bool) -> None:
        """Wait before another try, and call at half the rate if AWS asks for it. Raises: nothing."""
        if is_throttled:
            self.rate = max(_SLOWEST, self.rate / 2)
        self._sleep(self._chance() * min(_MOST_SECONDS, _FIRST_SECONDS * 2 ** (tried - 1)))

    def _take(self) -> None:
        now = self._clock()
        self._tokens = min(max(self.rate, 1.0), self._tokens + (now - self._seen) * self.rate)
        self._seen = now
        if self._tokens < 1:
            self._sleep((1 - self._tokens) / self.rate)
            self._tokens, self._seen = 1, self._clock()
        self._tokens -= 1


class Paces:
    """Give each service of an account its pace."""

    def __init__(self, make: Callable[[float], Pace] = Pace) -> None:
        """Start with none."""
        self._make, self._known = make, dict[str, Pace]()

    def of(self, service: str) -> Pace:
        """Return the pace of a service, shared by its regions. Raises: nothing."""
        if service not in self._known:
            self._known[service] = self._make(_RATES.get(service, 5.0))
        return self._known[service]


# Calls a second to start with; adaptive from there. CloudTrail's is AWS's own limit: 2 a second, account and region,
# docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html. AWS states none for the others where a
# program could read it, so these are careful.
_RATES: Mapping[str, float] = {
    "resourcegroupstaggingapi": 5.0,
    "iam": 5.0,
    "autoscaling": 5.0,
    "organizations": 2.0,
    "cloudtrail": 2.0,
}


def is_transient(code: str, message: str, status: Any) -> bool:
    """Tell whether a resource that the tagging API failed to tag may be tried again. Raises: nothing.

    >>> is_transient("InternalServiceException", "Rate exceeded", 500), is_transient("AccessDenied", "", 400)
    (True, False)
    """
    return kind_of_word(code) in _AGAIN or status in (429, 500, 502, 503, 504) or "Rate exceeded" in message

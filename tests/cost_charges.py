"""Charges of a made-up machine-learning platform: seeded, so that they are the same in every run."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from harness.costs.model import Costs

MONTHS = tuple(f"{2025 + (10 + n) // 12}-{(10 + n) % 12 + 1:02}" for n in range(13))  # 2025-11 … 2026-11
PREFIX = "anycompany:"
APPLICATION = f"{PREFIX}workload:application-id"
STAGE = f"{PREFIX}workload:environment"
OWNER = f"{PREFIX}finance:owner"
UNIT = f"{PREFIX}finance:business-unit"
CENTER = f"{PREFIX}finance:cost-center"
KEYS = (UNIT, APPLICATION, STAGE, OWNER, CENTER)

SAGEMAKER = "Amazon SageMaker"
# Service -> (weight, has a resource)
SERVICES = {
    SAGEMAKER: (46, True),
    "Amazon Elastic Compute Cloud": (22, True),
    "Amazon Bedrock": (15, False),
    "Amazon Simple Storage Service": (9, True),
    "Amazon FSx": (6, True),
    "AmazonCloudWatch": (4, True),
    "Amazon Elastic Container Registry": (2, True),
    "AWS Glue": (3, True),
    "AWS Data Transfer": (2, False),
    "AWS Support (Business)": (3, False),
}
COMPONENTS = ("Training", "Endpoints", "Studio", "Processing", "Batch transform", "Feature Store")
REGIONS = {"eu-central-1": 60, "eu-west-1": 22, "us-east-1": 14, "": 4}
ACCOUNTS = {
    "111111111111": "ml-prod",
    "222222222222": "ml-test",
    "333333333333": "ml-dev",
    "444444444444": "data-lake",
    "555555555555": "analytics",
    "666666666666": "sandbox-one",
    "777777777777": "shared-network",
    "888888888888": "security-logs",
}
# Application -> (business unit, owner, cost centre, weight)
APPLICATIONS = {
    "fraud-model": ("Finance", "team-risk", "5045", 26),
    "llm-chat": ("Retail", "team-assist", "Retail-2045", 31),
    "demand-forecast": ("Retail", "team-supply", "Retail-2045", 17),
    "lead-scoring": ("Sales", "team-growth", "Sales-5045", 9),
    "document-reader": ("Finance", "team-back-office", "5045", 8),
    "feature-store": ("Shared", "team-ml-platform", "HR-2045", 11),
    "build-farm": ("DevOps", "team-ml-platform", "HR-2045", 6),
}
WRONG_UNITS = ("retail", "Retial", "finance ")


class Charge(NamedTuple):
    """Hold what one line of a bill, summed up, would say; money in cents."""

    month: str
    account: str
    service: str
    region: str
    category: str
    component: str
    tags: tuple[str, ...]
    resource: str
    billed: int
    effective: int
    amortized: int


Getter = Callable[[Charge], str]


def platform(count: int = 5_200, seed: int = 7) -> Iterator[Charge]:
    """Yield charges over 13 months, the last one begun, growing, of which a part is untagged or has wrong values."""
    dice = random.Random(seed)  # noqa: S311 (made-up figures)
    for number in range(count):
        month = dice.randrange(len(MONTHS))
        service = _pick(dice, {name: weight for name, (weight, _) in SERVICES.items()})
        application = _pick(dice, {name: row[3] for name, row in APPLICATIONS.items()})
        growth = 1.045**month * (0.55 if month == len(MONTHS) - 1 else 1) * (1.35 if application == "llm-chat" else 1)
        billed = int(dice.lognormvariate(10.4, 1.1) * growth)
        category = "Tax" if dice.random() < 0.02 else "Purchase" if dice.random() < 0.03 else "Usage"
        if dice.random() < 0.01:
            category, billed = "Credit", -billed // 2
        committed = category == "Usage" and service in {SAGEMAKER, "Amazon Elastic Compute Cloud"}
        effective = billed - billed * dice.randrange(4, 30) // 100 if committed else billed
        yield Charge(
            MONTHS[month],
            dice.choice(tuple(ACCOUNTS)),
            service,
            _pick(dice, REGIONS),
            category,
            dice.choice(COMPONENTS) if service == SAGEMAKER else "",
            tuple(_tags(dice, application, month)) if category == "Usage" else ("",) * len(KEYS),
            f"{'job' if service == SAGEMAKER else 'res'}-{number % 211:04}" if SERVICES[service][1] else "",
            billed,
            effective,
            effective + (billed - effective) // 9,
        )


def many(accounts: int, keys: int, count: int, seed: int = 11) -> Iterator[Charge]:
    """Yield charges of a company with so many accounts and keys, each month, account and tags of its own."""
    dice = random.Random(seed)  # noqa: S311 (made-up figures)
    services, regions = [f"Amazon Service {n:02}" for n in range(40)], [*REGIONS][:3]
    for _ in range(count):
        billed = int(dice.lognormvariate(10, 1.4))
        effective = billed - billed * dice.choice((0, 0, 5, 12)) // 100
        yield Charge(
            dice.choice(MONTHS[:12]),
            f"{dice.randrange(accounts) + 100_000_000_000}",
            dice.choice(services),
            dice.choice(regions),
            dice.choice(("Usage", "Usage", "Purchase", "Tax")),
            "",
            tuple(
                f"value-{min(int(dice.expovariate(0.08)), 80):02}" if dice.random() < 0.8 else "" for _ in range(keys)
            ),
            f"i-{dice.randrange(16**8):08x}",
            billed,
            effective,
            effective + dice.choice((0, 0, 0, billed // 50)),
        )


def _pick(dice: random.Random, weights: dict[str, int]) -> str:
    return dice.choices([*weights], [*weights.values()])[0]


def _tags(dice: random.Random, application: str, month: int) -> Iterator[str]:
    unit, owner, center, _ = APPLICATIONS[application]
    better = month / 130  # coverage grows
    wrong = dice.choice(WRONG_UNITS) if dice.random() < 0.05 else unit
    yield wrong if dice.random() < 0.84 + better else ""
    yield application if dice.random() < 0.9 + better / 2 else ""
    yield dice.choice(("prod", "prod", "test", "dev")) if dice.random() < 0.93 else ""
    yield owner if dice.random() < 0.72 + 2 * better else ""
    yield center if dice.random() < 0.8 + better else ""


def getters(keys: Sequence[str]) -> dict[str, Getter]:
    """Return dimension -> what a charge stands under, in the order of the cube."""
    columns: dict[str, Getter] = {
        "BillingPeriodStart": lambda charge: charge.month,
        "SubAccountId": lambda charge: charge.account,
        "ServiceName": lambda charge: charge.service,
        "RegionId": lambda charge: charge.region,
        "ChargeCategory": lambda charge: charge.category,
        "x_SageMakerComponent": lambda charge: charge.component,
    }
    return columns | {key: _tag(number) for number, key in enumerate(keys)}


def _tag(number: int) -> Getter:
    return lambda charge: charge.tags[number]


def money(cents: int) -> Decimal:
    return Decimal(cents) / 100


def costs_of(charges: Iterable[Charge]) -> Costs:
    rows = [*charges]
    return Costs(*(money(sum(getattr(row, name) for row in rows)) for name in ("billed", "effective", "amortized")))


def by(charges: Iterable[Charge], getter: Getter) -> dict[str, list[Charge]]:
    found: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        found[getter(charge)].append(charge)
    return dict(sorted(found.items(), key=lambda item: -sum(charge.effective for charge in item[1])))

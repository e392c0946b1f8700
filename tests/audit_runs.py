"""Runs of an audit made up from a seed, for all tests of what shows one: `python -m tests.audit_runs FOLDER [N]`."""

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from harness.audit.model import AuditFinding, AuditResource, Edge, Gap
from harness.audit.run import AuditedAccount, Change, Coverage, Run
from harness.audit.run import write_run as save_run
from harness.audit.tables import Table
from harness.finding import Finding

KEYS = (
    "anycompany:workload:application-id",
    "anycompany:workload:environment",
    "anycompany:finance:owner",
    "anycompany:finance:business-unit",
    "anycompany:finance:cost-center",
    "anycompany:security:data-classification",
)
VALUES = {
    KEYS[0]: ("fraud-model", "llm-chat", "churn", "forecast", "search-ranking", "feature-store"),
    KEYS[1]: ("dev", "test", "prod"),
    KEYS[2]: tuple(f"team-{name}" for name in ("ml-core", "risk", "retail", "platform", "growth", "data")),
    KEYS[3]: ("Finance", "Retail", "Sales", "DevOps", "Shared"),
    KEYS[4]: ("5045", "Sales-5045", "HR-2045"),
    KEYS[5]: ("public", "internal", "confidential"),
}
TYPES = {
    "AWS::SageMaker::TrainingJob": "sagemaker:{}:{}:training-job/{}",
    "AWS::SageMaker::Endpoint": "sagemaker:{}:{}:endpoint/{}",
    "AWS::SageMaker::Model": "sagemaker:{}:{}:model/{}",
    "AWS::SageMaker::NotebookInstance": "sagemaker:{}:{}:notebook-instance/{}",
    "AWS::EC2::Instance": "ec2:{}:{}:instance/{}",
    "AWS::EC2::Volume": "ec2:{}:{}:volume/{}",
    "AWS::S3::Bucket": "s3:::{2}",
    "AWS::Lambda::Function": "lambda:{}:{}:function:{}",
    "AWS::DynamoDB::Table": "dynamodb:{}:{}:table/{}",
    "AWS::ECR::Repository": "ecr:{}:{}:repository/{}",
    "AWS::Logs::LogGroup": "logs:{}:{}:log-group:/aws/{}",
    "AWS::SQS::Queue": "sqs:{}:{}:{}",
}
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1")
NAMED = {"111111111111": "ml-prod", "222222222222": "ml-staging", "333333333333": "ml-dev", "444444444444": "data-lake"}
JOBS = ("fraud-train", "churn-batch", "llm-finetune", "feature-join", "rank-eval", "etl-nightly", "chat-gateway")
GAPS = (
    Gap("config", "333333333333", "us-east-1", "resources that only AWS Config knows", "no recorder is on", ""),
    Gap("tagging", "444444444444", "eu-west-1", "tags of every resource", "access denied", "AccessDeniedException"),
    Gap("listing", "", "us-east-1", "types of SageMaker without tags", "throttled to the end", "ThrottlingException"),
)
STATIC = (
    Finding("checkov", "modules/budget/main.tf:12", "CKV_AWS_1", "fail", "no key", "a key of KMS", "Do set kms_key_id"),
    Finding("checkov", "envs/dev/main.tf:3", "CKV_TAGRAIL_2", "unknown", "not parsed", "looked at", "Do mend the file"),
    Finding("checkov", "modules/budget/main.tf:40", "CKV_AWS_7", "pass", "rotated", "rotated"),
)


def resources(count: int, accounts: Sequence[str], rng: random.Random) -> Iterator[AuditResource]:
    """Yield resources of which most carry some fault."""
    types = [*TYPES.items()]
    for number in range(count):
        kind, form = types[int(rng.random() ** 1.6 * len(types))]
        account, region = rng.choice(accounts), rng.choice(REGIONS)
        name = f"{rng.choice(JOBS)}-{number:06}"
        arn = "arn:aws:" + form.format(region, account, name)
        tags = {key: rng.choice(values) for key, values in VALUES.items() if rng.random() < 0.6}
        tags["Name"] = name
        cost = f"{rng.paretovariate(0.9) - 1:.4f}" if rng.random() < 0.8 else ""
        known = None if rng.random() < 0.02 else tags
        yield AuditResource(arn, account, region, kind, name, "2026-03-01T08:00:00Z", known, ("tagging",), cost)


def faults_of(one: AuditResource, rng: random.Random) -> Iterator[tuple[str, str, str, str, tuple[str, ...], str]]:
    """Yield rule, verdict, key, held, wanted and because of a resource's faults."""
    if one.tags is None:
        yield "tags-unread", "unknown", "", "", (), "access denied"
        return
    for key, values in VALUES.items():
        held = one.tags.get(key)
        if held is None:
            yield "missing-key", "fail", key, "", values, ""
        elif (dice := rng.random()) < 0.04:
            yield "value-case", "fail", key, held.upper(), (held,), ""
        elif dice < 0.07:
            yield "wrong-value", "fail", key, f"x{rng.randrange(400)}", values, ""
        elif dice < 0.075:
            yield "personal-data", "fail", key, "j… (20 characters)", (), "e-mail address"


def findings(held: Iterable[AuditResource], count: int, rng: random.Random) -> Iterator[AuditFinding]:
    """Yield so many findings of resources."""
    number = 0
    for one in held:
        owner = (one.tags or {}).get(KEYS[2], "")
        for rule, verdict, key, value, wanted, because in faults_of(one, rng):
            if number == count:
                return
            number += 1
            mark = f"{hash_of(rule, one.arn, key):016x}"
            place = (one.arn, one.account, one.region, one.type, one.name)
            new = rng.random() < 0.15
            yield AuditFinding(mark, rule, verdict, *place, key, value, wanted, because, owner, one.cost, new)  # type: ignore[arg-type]


def hash_of(*texts: str) -> int:
    return int(sha256("\0".join(texts).encode()).hexdigest()[:16], 16)


def lineage(rng: random.Random) -> tuple[list[AuditResource], list[Edge], list[AuditFinding]]:
    """Return pipelines whose tags are cut at one step each, over two accounts."""
    steps = ("pipeline", "pipeline-execution", "training-job", "model-package", "model", "endpoint-config", "endpoint")
    kinds = ("Pipeline", "PipelineExecution", "TrainingJob", "ModelPackage", "Model", "EndpointConfig", "Endpoint")
    made: tuple[list[AuditResource], list[Edge], list[AuditFinding]] = ([], [], [])
    for chain in range(6):
        full = {key: values[chain % len(values)] for key, values in VALUES.items()}
        arns: list[str] = []
        cut = 1 + rng.randrange(len(steps) - 1)
        for place, (step, kind) in enumerate(zip(steps, kinds, strict=True)):
            account = "111111111111" if place >= 4 else "333333333333"
            name = f"{JOBS[chain]}-line-{chain}"
            arn = f"arn:aws:sagemaker:eu-central-1:{account}:{step}/{name}"
            tags = full if place < cut else {key: value for key, value in full.items() if key != KEYS[4]}
            named = f"AWS::SageMaker::{kind}"
            one = AuditResource(arn, account, "eu-central-1", named, name, "", tags, ("listing",), "120.5")
            made[0].append(one)
            if arns:
                made[1].append(Edge(arns[-1], arn, f"Describe{steps[place - 1].title()}.{step.title()}Arn"))
            if place == cut:
                of = f"{arns[-1]} has it"
                value = (full[KEYS[4]],)
                mark = f"{hash_of('lineage-cut', arn):016x}"
                held = (arn, account, "eu-central-1", named, name, KEYS[4], "", value, of, full[KEYS[2]], "120.5")
                made[2].append(AuditFinding(mark, "lineage-cut", "fail", *held))
            arns.append(arn)
    return made


def write_run(
    folder: Path,
    held: Iterable[AuditResource] = (),
    found: Iterable[AuditFinding] = (),
    edges: Iterable[Edge] = (),
    fixed: Iterable[AuditFinding] = (),
    **changes: Any,
) -> Path:
    """Write a run's folder; `changes` are of its record."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("resources", held), ("findings", found), ("edges", edges), ("fixed", fixed)):
        with Table(folder, name) as table:
            table.add(rows)
    record = Run(
        environment="prod",
        target="aws",
        started="2026-11-27T06:00:00+00:00",
        ended="2026-11-27T06:09:41+00:00",
        state="finished",
        accounts=accounts_of(NAMED),
        regions=REGIONS,
        month="2026-10",
        currency="USD",
    )
    save_run(folder, msgspec.structs.replace(record, **changes))
    return folder


def accounts_of(names: Mapping[str, str]) -> tuple[AuditedAccount, ...]:
    return tuple(AuditedAccount(account, name, "Workloads", "ACTIVE") for account, name in names.items())


def coverage_of(held: Iterable[AuditResource], found: Iterable[AuditFinding]) -> Iterator[Coverage]:
    """Yield what an audit would count."""
    read = sum(one.tags is not None for one in held)
    rules = Counter((one.key, "missing" if one.rule == "missing-key" else "wrong") for one in found)
    for key in KEYS:
        wrong, missing = rules[key, "wrong"], rules[key, "missing"]
        yield Coverage(key, read - wrong - missing, wrong, missing)


def mended(count: int, accounts: Sequence[str], rng: random.Random) -> list[AuditFinding]:
    """Return so many findings of the last run, of resources that are gone."""
    held = (msgspec.structs.replace(one, name=f"mended-{one.name}") for one in resources(count, accounts, rng))
    told = (msgspec.structs.replace(one, arn=f"{one.arn}-mended") for one in held)
    return [msgspec.structs.replace(one, is_new=False) for one in findings(told, count, rng)]


def platform(
    folder: Path, count: int = 3_000, seed: int = 7, accounts: int = 4, fixed: int = 41, **changes: Any
) -> Path:
    """Write a run of about so many findings, with lineage, gaps and what is fixed, and return its folder."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    ids = [*NAMED, *(f"{500_000_000_000 + number}" for number in range(accounts - len(NAMED)))][:accounts]
    chains, edges, cuts = lineage(rng)
    held = [*resources(count // 2 + 10, ids, rng)]
    found = [*cuts, *findings(held, count - len(cuts), rng)]
    names = {account: NAMED.get(account, f"workload-{account[-3:]}") for account in ids}
    gone = mended(fixed, ids, random.Random(seed + 1))  # noqa: S311 (no secret)
    record = {
        "accounts": accounts_of(names),
        "gaps": GAPS,
        "counts": {"failed": 1, "unknown": sum(one.tags is None for one in held), "untaggable": 12},
        "coverage": tuple(coverage_of([*held, *chains], found)),
        "change": Change(day(25), sum(one.is_new for one in found), len(gone), sum(not one.is_new for one in found), 7),
    }
    return write_run(folder, [*held, *chains], found, edges, gone, **record | changes)


def day(number: int) -> str:
    """Return the name of a run's folder."""
    return (datetime(2026, 11, 1, 6, tzinfo=UTC) + timedelta(days=number)).strftime("%Y-%m-%dT%H-%M-%SZ")


if __name__ == "__main__":
    from harness.report.audit import write_report

    place = Path(sys.argv[1])
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000
    run = platform(place / day(26), size, accounts=400 if size > 10_000 else 4, fixed=size // 5)
    with (place / "audit.html").open("w", encoding="utf-8") as file:
        write_report(run, "html", file, static=STATIC)

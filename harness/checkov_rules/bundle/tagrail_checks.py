"""Register the rules of the tag dictionary as checks of checkov, for HCL and for plans."""

import json
import logging
import re
from pathlib import Path
from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from harness.checkov_rules.bundle.tagrail_rules.configuration import scope_of
from harness.checkov_rules.bundle.tagrail_rules.judgement import RULES, Facts, judge
from harness.checkov_rules.bundle.tagrail_rules.planned import read_plan
from harness.checkov_rules.bundle.tagrail_rules.tags import NOTHING_KNOWN, Tags

FACTS = Facts(json.loads(Path(__file__).with_name("tagrail_facts.txt").read_text(encoding="utf-8")))

_RESULTS = {True: CheckResult.PASSED, False: CheckResult.FAILED, None: CheckResult.UNKNOWN}
_LOG = logging.getLogger("tagrail")
_Place = tuple[str, Any]  # file, and the module call that leads there


class _Source:
    """Find where a resource that checkov hands over is written; checkov's graph knows, the check itself is not told."""

    def __init__(self) -> None:
        self.graph: Any = None
        self.by_conf: dict[int, _Place] = {}
        self.by_address: dict[str, list[_Place]] = {}
        self.cache: dict[int, tuple[Any, Tags | None]] = {}

    def look(self, graph: Any) -> None:
        """Take a graph's resources, once for each graph."""
        if graph is None or graph is self.graph:
            return
        is_networkx = type(graph).__module__.startswith("networkx")  # CHECKOV_GRAPH_FRAMEWORK; else rustworkx
        rows = graph.nodes(data=True) if is_networkx else graph.nodes()
        self.graph, self.by_conf, self.by_address, self.cache = graph, {}, {}, {}
        for _, vertex in rows:
            if vertex.get("block_type_") == "resource":
                place = (vertex["file_path_"], vertex.get("source_module_object_"))
                self.by_address.setdefault(vertex.get("__address__", ""), []).append(place)
                for named in vertex["config_"].values():
                    self.by_conf.update((id(conf), place) for conf in named.values())

    def tags(self, conf: dict[str, Any], kind: str, scanned: str) -> "Tags | None":
        """Return the tags of a resource, None where a plan leaves it as it is; the answer serves every rule.

        `scanned` is checkov's name of the file, below the folder that it was given.
        """
        held, found = self.cache.get(id(conf), (None, None))
        if held is not conf:
            found = self._read(conf, kind, scanned)
            self.cache[id(conf)] = conf, found
        return found

    def _read(self, conf: dict[str, Any], kind: str, scanned: str) -> "Tags | None":
        address, form = conf.get("__address__") or "", FACTS.types[kind]
        place = self.by_conf.get(id(conf)) or self._place(address, scanned)
        if place is None:
            _LOG.error("tagrail: checkov does not say where %s is written; its tags are unknown", address)
            return NOTHING_KNOWN
        file, module = place
        try:
            if file.endswith(".json"):
                return read_plan(file).tags(address, form)
            return scope_of(file, _calls(module)).tags(kind, _name(address, kind), form)
        except (OSError, ValueError, LookupError, TypeError) as error:
            _LOG.error("tagrail: %s cannot be read, the tags of %s are unknown: %r", file, address, error)
            return NOTHING_KNOWN

    def _place(self, address: str, scanned: str) -> "_Place | None":
        """Return the place of a resource of a plan, of which the graph holds a copy."""
        found = [place for place in self.by_address.get(address, ()) if place[0].endswith(scanned)]
        return found[0] if len(found) == 1 else None


def _calls(module: Any) -> list[tuple[str, str]]:
    calls: list[tuple[str, str]] = []
    while module:
        calls.append((module.path, module.name))
        module = module.nested_tf_module
    return calls[::-1]


def _name(address: str, kind: str) -> str:
    """Return the name in `module.m["a"].aws_x.name["b"]`."""
    names: list[str] = re.findall(rf"(?:^|\.){kind}\.([\w-]+)", address)
    return names[-1]


_SOURCE = _Source()


class TagCheck(BaseResourceCheck):  # type: ignore[misc]  # checkov lives in another environment
    """Judge the tags of a resource by one rule."""

    def __init__(self, rule: int) -> None:
        """Register for every type of the provider aws that takes tags."""
        self.rule = rule
        super().__init__(
            name=RULES[rule],
            id=f"CKV2_TAGRAIL_{rule}",
            categories=(CheckCategories.CONVENTION,),
            supported_resources=tuple(FACTS.types),
        )

    def scan_entity_conf(self, conf: dict[str, Any], entity_type: str) -> CheckResult:
        """Return the verdict whatever checkov takes `count` for: the unknown is false to it. Raises: nothing."""
        self.entity_type = entity_type
        return self.scan_resource_conf(conf)

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Return checkov's verdict; its UNKNOWN shows in no report. Raises: nothing."""
        _SOURCE.look(self.graph)
        tags = _SOURCE.tags(conf, self.entity_type, self.entity_path.partition(":")[0])
        if tags is None:
            return CheckResult.UNKNOWN
        verdict, faults = judge(self.rule, tags, self.entity_type, FACTS)
        self.details.extend(faults)
        self.evaluated_keys = ["tag" if FACTS.types[self.entity_type] == "pairs" else "tags"]
        return _RESULTS[verdict]


CHECKS = tuple(map(TagCheck, RULES))

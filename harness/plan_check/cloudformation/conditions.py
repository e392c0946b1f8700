"""Decide a template's conditions as far as the template and the given parameters tell."""

from collections.abc import Callable
from typing import Any, Final

from harness.plan_check.cloudformation.scope import Opaque, Scope, Undecided

_DEEPEST: Final = 60  # conditions that refer to one another
_IS: Final = "\0"  # between what is compared and the text that it may be, in the name of a comparison

Text = Callable[[Any, Scope], str | Opaque | None]


def holds(name: Any, scope: Scope, text: Text) -> bool:
    """Return whether the condition `name` holds; `text` evaluates what conditions compare.

    Raises: Undecided naming the comparison that only the deployment answers.
    """
    try:
        return _Decision(scope, text).decide({"Condition": name}, 0)
    except Undecided as question:
        if question.name in scope.choices:
            raise
        raise Undecided(question.name, question.options, f"the condition {name}") from None


class _Decision:
    """Decide expressions, each named condition once."""

    def __init__(self, scope: Scope, text: Text) -> None:
        self.scope = scope
        self.text = text
        self.known = scope.decided

    def decide(self, expression: Any, depth: int) -> bool:
        if isinstance(expression, dict) and len(expression) == 1 and depth < _DEEPEST:
            name, argument = next(iter(expression.items()))
            if name == "Condition" and isinstance(argument, str) and argument in self.scope.conditions:
                return self.named(argument, depth)
            if name == "Fn::Not" and isinstance(argument, list) and len(argument) == 1:
                return not self.decide(argument[0], depth + 1)
            if name in ("Fn::And", "Fn::Or") and isinstance(argument, list) and argument:
                return self.combined(argument, depth, wins=name == "Fn::Or")
            if name == "Fn::Equals" and isinstance(argument, list) and len(argument) == 2:
                return self.equal(argument)
        return self.asked(expression)

    def named(self, name: str, depth: int) -> bool:
        found = self.known.get(name)
        if found is None:
            try:
                found = self.decide(self.scope.conditions[name], depth + 1)
            except Undecided as question:
                found = question
            self.known[name] = found
        if isinstance(found, Undecided):
            raise Undecided(found.name, found.options, found.label)
        return found

    def combined(self, parts: list[Any], depth: int, *, wins: bool) -> bool:
        """Return what Or (wins: a true part) or And (wins: a false part) comes to; one known winner is enough."""
        question: Undecided | None = None
        for part in parts:
            try:
                if self.decide(part, depth + 1) is wins:
                    return wins
            except Undecided as asked:
                question = question or asked
        if question is not None:
            raise question
        return not wins

    def equal(self, pair: list[Any]) -> bool:
        left, right = self.text(pair[0], self.scope), self.text(pair[1], self.scope)
        if isinstance(left, str) and isinstance(right, str):
            return left == right
        if pair[0] == pair[1] and left is not None:
            return True
        if isinstance(left, str) or isinstance(right, str):
            compared, literal = (pair[1], left) if isinstance(left, str) else (pair[0], right)
            return self.equals_text(self.called(compared), str(literal))
        return self.answered(self.called(pair))

    def called(self, part: Any) -> str:
        """Return how a part of the template is written, worked out once."""
        names = self.scope.names
        if id(part) not in names:
            names[id(part)] = repr(part)
        return names[id(part)]

    def equals_text(self, compared: str, text: str) -> bool:
        """Return the assumed answer; what is one text is no other one."""
        name = f"{compared}{_IS}{text}"
        is_another = any(
            answer is True and question.startswith(f"{compared}{_IS}") and question != name
            for question, answer in self.scope.assumed.items()
        )
        return False if is_another else self.answered(name)

    def asked(self, expression: Any) -> bool:
        """Return the assumed answer to a comparison. Raises: Undecided when there is none yet."""
        return self.answered(repr(expression))

    def answered(self, name: str) -> bool:
        if name in self.scope.assumed:
            return bool(self.scope.assumed[name])
        raise Undecided(name, (True, False), "a condition")

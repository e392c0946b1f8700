"""AWS Budgets: the answers. `model` holds budgets, notifications and subscribers and their rules."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from moto.budgets import urls
from moto.budgets.models import BudgetsBackend, budgets_backends
from moto.budgets.responses import BudgetsResponse

from harness.emulator.billing.responses import cost_data
from harness.emulator.budgets.alerts import settle
from harness.emulator.budgets.model import Budget, Notification
from harness.emulator.clock import utcnow
from harness.emulator.wire import AwsError, CheckedResponse, answering, page

Method = Callable[["Budgets", dict[str, Any]], dict[str, Any] | None]


class Budgets(BudgetsBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold one account's budgets by name."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start without budgets."""
        super().__init__(region_name, account_id)
        self.held: dict[str, Budget] = {}

    @property
    def _url_module(self) -> Any:
        return urls

    def settle(self, names: Iterable[str]) -> None:
        """Bring budgets that are held under these names up to date, and alert."""
        data, now = cost_data(self.account_id), utcnow()
        for name in names:
            if name in self.held:
                settle(self.held[name], self.account_id, data, now)

    def budget(self, name: str) -> Budget:
        """Return a budget.

        Raises: AwsError NotFoundException.
        """
        if name not in self.held:
            raise AwsError("NotFoundException", f"Unable to get budget: {name} - the budget doesn't exist.")
        return self.held[name]

    def by_arn(self, arn: str) -> Budget:
        """Return the budget of an ARN.

        Raises: AwsError NotFoundException.
        """
        prefix = f"arn:{self.partition}:budgets::{self.account_id}:budget/"
        if not arn.startswith(prefix):
            raise AwsError("NotFoundException", f"Unable to get resource: {arn} - the resource doesn't exist.")
        return self.budget(arn.removeprefix(prefix))


def _named(backend: Budgets, request: dict[str, Any]) -> Iterable[str]:
    """Return the name of the budget that a request is about, or all names when it is about none."""
    whole = request.get("Budget") or request.get("NewBudget") or request
    return [whole["BudgetName"]] if "BudgetName" in whole else list(backend.held)


def _fresh(method: Method) -> Method:
    """Return the method of a request that describes budgets, which are brought up to date before."""

    @functools.wraps(method)
    def describe(backend: Budgets, request: dict[str, Any]) -> dict[str, Any] | None:
        backend.settle(_named(backend, request))
        return method(backend, request)

    return describe


def _alerting(method: Method) -> Method:
    """Return the method of a request that changes a budget, which alerts afterwards if there is a reason."""

    @functools.wraps(method)
    def change(backend: Budgets, request: dict[str, Any]) -> dict[str, Any] | None:
        answer = method(backend, request)
        backend.settle(_named(backend, request))
        return answer

    return change


def _create(backend: Budgets, request: dict[str, Any]) -> None:
    name = request["Budget"]["BudgetName"]
    if name in backend.held:
        text = f"Error creating budget: {name} - the budget already exists."
        raise AwsError("DuplicateRecordException", text)
    budget = Budget(request["Budget"])
    for entry in request.get("NotificationsWithSubscribers") or ():
        budget.add(Notification(entry["Notification"], entry["Subscribers"]))
    budget.tag(request.get("ResourceTags") or [])
    backend.held[name] = budget


def _update(backend: Budgets, request: dict[str, Any]) -> None:
    backend.budget(request["NewBudget"]["BudgetName"]).update(request["NewBudget"])


def _delete(backend: Budgets, request: dict[str, Any]) -> None:
    backend.budget(request["BudgetName"])
    del backend.held[request["BudgetName"]]


def _describe(backend: Budgets, request: dict[str, Any]) -> dict[str, Any]:
    show_filter = bool(request.get("ShowFilterExpression"))
    return {"Budget": backend.budget(request["BudgetName"]).describe(show_filter=show_filter)}


def _describe_all(backend: Budgets, request: dict[str, Any]) -> dict[str, Any]:
    show_filter = bool(request.get("ShowFilterExpression"))
    described = [budget.describe(show_filter=show_filter) for budget in backend.held.values()]
    shown, following = page(described, request, "MaxResults", 100)
    return {"Budgets": shown, **following}


def _create_notification(backend: Budgets, request: dict[str, Any]) -> None:
    backend.budget(request["BudgetName"]).add(Notification(request["Notification"], request["Subscribers"]))


def _update_notification(backend: Budgets, request: dict[str, Any]) -> None:
    backend.budget(request["BudgetName"]).replace(request["OldNotification"], request["NewNotification"])


def _delete_notification(backend: Budgets, request: dict[str, Any]) -> None:
    budget = backend.budget(request["BudgetName"])
    budget.remove(budget.notification(request["Notification"]))


def _describe_notifications(backend: Budgets, request: dict[str, Any]) -> dict[str, Any]:
    held = [notification.describe() for notification in backend.budget(request["BudgetName"]).notifications]
    shown, following = page(held, request, "MaxResults", 100)
    return {"Notifications": shown, **following}


def _describe_notifications_for_account(backend: Budgets, request: dict[str, Any]) -> dict[str, Any]:
    held = [
        {"BudgetName": name, "Notifications": [notification.describe() for notification in budget.notifications]}
        for name, budget in backend.held.items()
        if budget.notifications
    ]
    shown, following = page(held, request, "MaxResults", 50)
    return {"BudgetNotificationsForAccount": shown, **following}


def _create_subscriber(backend: Budgets, request: dict[str, Any]) -> None:
    backend.budget(request["BudgetName"]).notification(request["Notification"]).subscribe(request["Subscriber"])


def _update_subscriber(backend: Budgets, request: dict[str, Any]) -> None:
    notification = backend.budget(request["BudgetName"]).notification(request["Notification"])
    notification.exchange(request["OldSubscriber"], request["NewSubscriber"])


def _delete_subscriber(backend: Budgets, request: dict[str, Any]) -> None:
    budget = backend.budget(request["BudgetName"])
    notification = budget.notification(request["Notification"])
    notification.unsubscribe(request["Subscriber"])
    if not notification.subscribers:
        budget.remove(notification)  # as AWS: the last subscriber takes the notification along


def _describe_subscribers(backend: Budgets, request: dict[str, Any]) -> dict[str, Any]:
    held = backend.budget(request["BudgetName"]).notification(request["Notification"]).subscribers
    shown, following = page(held, request, "MaxResults", 100)
    return {"Subscribers": shown, **following}


def _tag(backend: Budgets, request: dict[str, Any]) -> None:
    backend.by_arn(request["ResourceARN"]).tag(request["ResourceTags"])


def _untag(backend: Budgets, request: dict[str, Any]) -> None:
    budget = backend.by_arn(request["ResourceARN"])
    for key in request["ResourceTagKeys"]:
        budget.tags.pop(key, None)


def _list_tags(backend: Budgets, request: dict[str, Any]) -> dict[str, Any]:
    tags = backend.by_arn(request["ResourceARN"]).tags
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}


class BudgetsExtension(CheckedResponse, BudgetsResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer AWS Budgets requests."""

    invalid_request = "InvalidParameterException"
    create_budget = answering(_alerting(_create))
    update_budget = answering(_alerting(_update))
    delete_budget = answering(_delete)
    describe_budget = answering(_fresh(_describe))
    describe_budgets = answering(_fresh(_describe_all))
    create_notification = answering(_alerting(_create_notification))
    update_notification = answering(_alerting(_update_notification))
    delete_notification = answering(_delete_notification)
    describe_notifications_for_budget = answering(_fresh(_describe_notifications))
    describe_budget_notifications_for_account = answering(_fresh(_describe_notifications_for_account))
    create_subscriber = answering(_create_subscriber)
    update_subscriber = answering(_update_subscriber)
    delete_subscriber = answering(_delete_subscriber)
    describe_subscribers_for_notification = answering(_describe_subscribers)
    tag_resource = answering(_tag)
    untag_resource = answering(_untag)
    list_tags_for_resource = answering(_list_tags)

    @property
    def extended_backend(self) -> Budgets:
        """Return the calling account's budgets."""
        backend: Budgets = budgets_backends[self.current_account][self.partition]
        return backend

    def check_caller(self, operation: str) -> None:
        """Refuse requests for another account's budgets.

        Raises: AwsError AccessDeniedException.
        """
        wanted = self.request.get("AccountId", self.current_account)
        if wanted != self.current_account:
            text = f"Account {self.current_account} may not call budgets:{operation} for account {wanted}."
            raise AwsError("AccessDeniedException", text)


def settle_all() -> None:
    """Bring every account's budgets up to date, and alert."""
    for account_id in list(budgets_backends):
        for backend in list(budgets_backends[account_id].values()):
            backend.settle(list(backend.held))


def install() -> None:
    """Put the extension in the place of moto's budgets backend and handler."""
    budgets_backends.backend = Budgets
    urls.url_paths["{0}/$"] = BudgetsExtension.dispatch

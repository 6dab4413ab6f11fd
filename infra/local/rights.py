"""Notes which of their roles' rights the functions use, for `ce test`: a right that no story uses is one too many, or a story is missing.

A line is {"role", "statement", "right", "told", "is_used"}. A right is an action, a resource or a condition's value of one statement of
the role's policies; all that a role has are noted, unused, before its first use.
"""

import json
import re
import threading

from ministack.core import iam_actions, iam_evaluator

LEADING_KEYS = "dynamodb:LeadingKeys"
PARTITION_KEYS = ("pk", "gsi1pk", "gsi2pk")


class ItemArn(str):
    """The table of one item of a transaction, with the item's key: AWS judges each item by its own."""

    leading_keys = ()


def tell_leading_keys():
    """Lets conditions on items' partition keys be judged as AWS does; the emulator alone takes any of them as met."""
    context_of, checks_of, judge = (
        iam_actions.dynamodb_service_context,
        iam_actions.dynamodb_transaction_checks,
        iam_evaluator.evaluate,
    )

    def context_with_keys(body):
        keys = leading_keys(json.loads(body or b"{}"))
        return {**context_of(body), **({LEADING_KEYS: keys} if keys else {})}

    def checks_with_keys(action, body, region, account):
        checks = checks_of(action, body, region, account)
        items = [item for item in json.loads(body or b"{}").get("TransactItems", []) if checks]
        if len(items) != len(checks):
            return checks
        of_items = []
        for (item_action, arn), item in zip(checks, items, strict=True):
            own = ItemArn(arn)
            own.leading_keys = [key for part in item.values() for key in leading_keys(part)]
            of_items.append((item_action, own))
        return of_items

    def judge_by_item(ctx, policies, *limits):
        if isinstance(ctx.resource_arn, ItemArn):
            ctx.service_context = {**ctx.service_context, LEADING_KEYS.lower(): ctx.resource_arn.leading_keys}
        return judge(ctx, policies, *limits)

    iam_actions.dynamodb_service_context = context_with_keys
    iam_actions.dynamodb_transaction_checks = checks_with_keys
    iam_evaluator.evaluate = judge_by_item


def leading_keys(call):
    """The partition keys that a call names, of the table or of the index that it asks."""
    keys = [item["pk"]["S"] for item in (call.get("Key"), call.get("Item")) if item]
    for requests in call.get("RequestItems", {}).values():
        if isinstance(requests, dict):
            keys += [key["pk"]["S"] for key in requests.get("Keys", [])]
        else:
            for request in requests:
                keys += [item["pk"]["S"] for kind in request.values() for item in (kind.get("Item"), kind.get("Key")) if item]
    names, values = call.get("ExpressionAttributeNames", {}), call.get("ExpressionAttributeValues", {})
    for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", call.get("KeyConditionExpression", "")):
        if names.get(name, name) in PARTITION_KEYS:
            keys.append(values[value]["S"])
    return keys


def note_in(path):
    notes = open(path, "w", buffering=1)  # noqa: SIM115 - for as long as the process lives
    noted = set()
    lock = threading.Lock()
    judge = iam_evaluator.evaluate

    def note(role, statement, rights, is_used):
        for kind, number, told in rights:
            right = f"{kind} {number}"
            with lock:
                if (role, statement, right, is_used) in noted:
                    continue
                noted.add((role, statement, right, is_used))
                line = {"role": role, "statement": statement, "right": right, "told": told, "is_used": is_used}
                notes.write(json.dumps(line) + "\n")

    def judge_and_note(ctx, policies, *limits):
        result = judge(ctx, policies, *limits)
        before, assumed, session = ctx.principal_arn.partition(":assumed-role/")
        if assumed and result.decision == "Allow":
            role = session.split("/")[0]
            for statement, granted in enumerate(flat(policies)):
                if granted.effect == "Allow":
                    note(role, statement, all_rights(granted), is_used=False)
                    note(role, statement, used_rights(granted, ctx), is_used=True)
        return result

    iam_evaluator.evaluate = judge_and_note


def flat(policies):
    return [statement for policy in policies for statement in policy]


def conditions(statement):
    """(key, value) of every value that a condition names."""
    blocks = [block for block in statement.conditions.values() if isinstance(block, dict)]
    pairs = [(key, values) for block in blocks for key, values in block.items()]
    return [(key, value) for key, values in pairs for value in ([values] if isinstance(values, str) else values)]


def all_rights(statement):
    rights = [("action", number, action) for number, action in enumerate(statement.actions)]
    rights += [("resource", number, resource) for number, resource in enumerate(statement.resources)]
    return rights + [("value", number, value) for number, (_, value) in enumerate(conditions(statement))]


def used_rights(statement, ctx):
    """The rights by which this call is allowed, none if another statement allows it."""
    actions = [n for n, pattern in enumerate(statement.actions) if iam_evaluator.fnmatch_iam(ctx.action, pattern)]
    resources = [
        n for n, pattern in enumerate(statement.resources) if iam_evaluator.fnmatch_iam_cs(ctx.resource_arn, pattern)
    ]
    if not actions or not resources or not iam_evaluator._conditions_met(statement.conditions, ctx):
        return []
    used = [("action", n, statement.actions[n]) for n in actions]
    used += [("resource", n, statement.resources[n]) for n in resources]
    for n, (key, pattern) in enumerate(conditions(statement)):
        actual = iam_evaluator._resolve_condition_key(key, ctx)
        actual = actual if isinstance(actual, list) else [actual]
        if any(isinstance(value, str) and iam_evaluator.fnmatch_iam_cs(value, pattern) for value in actual):
            used.append(("value", n, pattern))
    return used

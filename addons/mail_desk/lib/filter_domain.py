"""The domain of a filter that somebody saved, read without running it. Pure Python.

A filter is text typed or built in a browser. Only what search screens write is read: lists, constants, ``uid``,
``context_today()`` with days added and ``strftime``. Anything else is refused.
"""

import ast
import datetime

#: longest text of a filter, and most values in it
MAX_TEXT = 10_000
MAX_VALUES = 1_000
_UNITS = {"days": 1, "weeks": 7}


def read(text, uid, today):
    """Return the domain as plain values.

    :param str text: what ``ir.filters`` keeps
    :param int uid: account for which it is read
    :param datetime.date today: the day it is for that account
    :rtype: list
    :raise ValueError: it is not one of those
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise ValueError("too long")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError("no domain") from error
    if sum(1 for _node in ast.walk(tree)) > MAX_VALUES:
        raise ValueError("too many values")
    domain = _value(tree, uid, today)
    if not isinstance(domain, list):
        raise ValueError("no domain")
    return domain


def _value(node, uid, today):
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.List):
        return [_value(one, uid, today) for one in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(_value(one, uid, today) for one in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _value(node.operand, uid, today)
        if isinstance(number, int | float):
            return -number
    if isinstance(node, ast.Name) and node.id == "uid":
        return uid
    if isinstance(node, ast.Call):
        return _day(node, today).isoformat()
    raise ValueError("not readable")


def _constant(value):
    """Text, number, True, False or None; a database keeps no NUL and no half of a character."""
    if not isinstance(value, str | int | float | bool | None):
        raise ValueError("not readable")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("not readable")
        value.encode()
    return value


def _day(node, today):
    """``context_today()``, with days added, and ``.strftime('%Y-%m-%d')`` after it."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        days = _days(node.right)
        sign = 1 if isinstance(node.op, ast.Add) else -1
        try:
            return _day(node.left, today) + datetime.timedelta(days=sign * days)
        except OverflowError as error:
            raise ValueError("no such day") from error
    if not isinstance(node, ast.Call) or node.keywords:
        raise ValueError("not readable")
    call = node.func
    if isinstance(call, ast.Name) and call.id == "context_today" and not node.args:
        return today
    if isinstance(call, ast.Attribute) and call.attr == "strftime":
        (form,) = node.args or (None,)
        if isinstance(form, ast.Constant) and form.value == "%Y-%m-%d":
            return _day(call.value, today)
    raise ValueError("not readable")


def _days(node):
    """``relativedelta(days=7)``, ``datetime.timedelta(weeks=1)``: a number of days."""
    if not isinstance(node, ast.Call) or node.args:
        raise ValueError("not readable")
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
    if name not in ("relativedelta", "timedelta"):
        raise ValueError("not readable")
    total = 0
    for given in node.keywords:
        number = _value(given.value, 0, None)
        if given.arg not in _UNITS or not isinstance(number, int):
            raise ValueError("not readable")
        total += number * _UNITS[given.arg]
    return total

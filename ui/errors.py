"""The one place where exceptions that nobody expected arrive."""

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from db.trouble import Trouble
from ui.widgets.trouble_box import TroubleText

Told = Callable[[Trouble], TroubleText]

BUG = TroubleText(
    code="P-9999",
    happened="در برنامه خطایی رخ داد که پیش‌بینی نشده بود.",
    lost="هرچه پیغام انجامش را دیده‌اید ثبت شده است؛ اگر پیغام آخرین کار را ندیدید، آن را دوباره انجام دهید.",
    to_do="کار را ادامه دهید. اگر دوباره پیش آمد، برنامه را ببندید و باز کنید و گزارش خطا را برای پشتیبان بفرستید.",
)


def trouble_text(error: BaseException, told: Told) -> TroubleText:
    """The three parts for any exception: trouble by its catalogue entry (`told`), everything else as a bug."""
    return told(error) if isinstance(error, Trouble) else BUG


def install_excepthook(log: logging.Logger, show: Callable[[BaseException], None]) -> None:
    """Log what nobody caught and show it on a panel; the program goes on.

    PySide hands exceptions in slots to the hook. An exception raised while one is shown is only logged, or a damaged
    panel would call itself for ever.
    """
    showing = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal showing
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("nobody caught this", exc_info=(kind, error, trace))
        if showing:
            return
        showing = True
        try:
            show(error)
        finally:
            showing = False

    sys.excepthook = hook
